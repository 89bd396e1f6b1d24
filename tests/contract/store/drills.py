"""Drills for the storage suite: changes made the way the application makes them, event by event.

    stored = save(store, None, proposal("d-1", plan_of(2, 1)))
    stored = save(store, stored, CHECKED)
    stored = save(store, stored, STARTED)          # takes the locks
    change = change_for(stored, event)             # the same, not saved yet

Servers count from 1: `plan_of(2, 1)` has wave 1 with servers 1 and 2, and wave 2 with server 3.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.application.ports.storage import Change, DrillStore, StoredDrill
from bot.domain.audit import GENESIS, record
from bot.domain.cleanup_events import CleanupHindered, InstancesObserved
from bot.domain.events import (
    DrillProposed,
    DrillStarted,
    Event,
    JobsObserved,
    JobStarted,
    PreflightCompleted,
    ProposalWithdrawn,
)
from bot.domain.facts import JobObservation, ServerObservation
from bot.domain.launch import LaunchKey
from bot.domain.person import Person
from bot.domain.plan import Plan, Target
from bot.domain.state_machine import transition
from bot.domain.states import JobStatus, ServerPhase

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ADA, GRACE = (Person(user_id=user_id, team_id="T0DRILLS01") for user_id in ("U0ADA00001", "U0GRACE001"))
HOME = Target(account_id="111122223333", region="eu-west-1")
CHECKED = PreflightCompleted(findings=(), names={})
STARTED = DrillStarted(actor=ADA)
WITHDRAWN = ProposalWithdrawn(actor=ADA)
HINDERED = CleanupHindered(error="AccessDenied: TerminateRecoveryInstances")
ALL_GONE = InstancesObserved(present=())
FIRST = LaunchKey(wave=1, attempt=1, batch=1)


def server(number: int) -> str:
    return f"s-{number:017x}"


def plan_of(*sizes: int, name: str = "payments", first: int = 1, approval: str = "none") -> Plan:
    """A plan with waves of these sizes; its servers count from `first`."""
    starts = [first + sum(sizes[:n]) for n in range(len(sizes))]
    waves = [
        {"name": f"Wave {n}", "approval": approval, "servers": [{"id": server(i)} for i in range(start, start + size)]}
        for n, (start, size) in enumerate(zip(starts, sizes, strict=True), start=1)
    ]
    return Plan.model_validate(
        {
            "version": 1,
            "name": name,
            "title": "Payments",
            "description": "Recover the payment service.",
            "owner": "Payments platform",
            "channel": "C0DRILLS01",
            "objectives": {"rto": "1h30m", "rpo": "15m"},
            "access": {"operators": [ADA.user_id], "approvers": [GRACE.user_id]},
            "waves": waves,
        }
    )


def proposal(drill_id: str, plan: Plan | None = None, target: Target = HOME) -> DrillProposed:
    return DrillProposed(drill_id=drill_id, plan=plan or plan_of(1), target=target, actor=ADA)


def change_for(before: StoredDrill | None, event: Event, now: datetime = NOON, **more: Any) -> Change:
    """What the application would save for an event; `more` are further fields of the change."""
    decision = transition(before.drill if before else None, event, now)
    previous = before.audit_head if before else GENESIS
    kept = record(decision.drill, event, now, engine="test", previous=previous)
    fields = {"commands": decision.commands, "locks": decision.locks} | more
    return Change(before=before, after=decision.drill, record=kept, **fields)


def save(store: DrillStore, before: StoredDrill | None, event: Event, now: datetime = NOON, **more: Any) -> StoredDrill:
    return store.save(change_for(before, event, now, **more))


def ready(store: DrillStore, drill_id: str, plan: Plan | None = None, target: Target = HOME) -> StoredDrill:
    """A drill that waits for Start."""
    return save(store, save(store, None, proposal(drill_id, plan, target)), CHECKED)


def running(store: DrillStore, drill_id: str, plan: Plan | None = None, target: Target = HOME) -> StoredDrill:
    """A drill that was started and whose first launch is asked for."""
    return save(store, ready(store, drill_id, plan, target), STARTED)


def observed(stored: StoredDrill, status: JobStatus, phase: ServerPhase, failure: str | None = None) -> JobsObserved:
    """Each followed job of the drill with this status, and all its servers in this phase."""
    return JobsObserved(
        jobs=tuple(
            JobObservation(
                job_id=launch.job_id or "",
                status=status,
                servers=tuple(
                    ServerObservation(id=server_id, phase=phase, failure=failure) for server_id in launch.server_ids
                ),
            )
            for launch in stored.drill.followed_jobs
        )
    )


def with_jobs(store: DrillStore, stored: StoredDrill, now: datetime = NOON) -> StoredDrill:
    """The drill with a job for each launch that is asked for."""
    for launch in stored.drill.launches:
        if launch.job_id is None:
            stored = save(store, stored, JobStarted(key=launch.key, job_id=f"drsjob-{launch.key}"), now)
    return stored


def cleaning_up(store: DrillStore, drill_id: str, plan: Plan | None = None, target: Target = HOME) -> StoredDrill:
    """A drill of one wave that was launched; its locks are still held."""
    stored = with_jobs(store, running(store, drill_id, plan, target))
    return save(store, stored, observed(stored, JobStatus.COMPLETED, ServerPhase.LAUNCHED))


def ended(store: DrillStore, stored: StoredDrill) -> StoredDrill:
    """That drill once nothing of it is left."""
    return save(store, stored, ALL_GONE, NOON + timedelta(hours=1))
