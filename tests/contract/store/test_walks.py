"""Whatever happens to a drill, it is loaded as it was saved, and its record replays to the same drill."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.application.ports.storage import DrillStore, StoredDrill
from bot.domain.cleanup_events import InstancesObserved
from bot.domain.drill import Drill
from bot.domain.errors import IllegalTransition, NotAllowed
from bot.domain.events import (
    DrillAborted,
    Event,
    HoldRetried,
    HoldSkipped,
    JobsObserved,
    JobStarted,
    LaunchDeferred,
    LaunchRefused,
    LaunchWithdrawn,
    PreflightCompleted,
    TimePassed,
    WaveApproved,
)
from bot.domain.facts import JobObservation, RecoveryInstance, ServerObservation
from bot.domain.findings import Check, Finding, Severity
from bot.domain.launch import Launch
from bot.domain.launch_point import RecoverySnapshot
from bot.domain.state_machine import transition
from bot.domain.states import DeferralReason, HoldReason, JobStatus, LaunchState, ServerPhase
from tests.contract.store.backends import CONCURRENT, Storage
from tests.contract.store.drills import (
    ADA,
    GRACE,
    HINDERED,
    HOME,
    NOON,
    STARTED,
    WITHDRAWN,
    plan_of,
    proposal,
    save,
)

WORDS = st.text(max_size=20)
NUMBERS = count()
REASONS = (HoldReason.LAUNCH_REFUSED, HoldReason.LAUNCH_UNKNOWN, HoldReason.UNSAFE)


def checked(data: st.DataObject, drill: Drill) -> PreflightCompleted:
    names = data.draw(st.dictionaries(st.sampled_from([server.id for server in drill.servers]), WORDS, max_size=2))
    findings = st.builds(
        Finding, check=st.sampled_from(Check), severity=st.just(Severity.WARN), fact=WORDS, remedy=WORDS
    )
    points = st.builds(RecoverySnapshot, id=WORDS, at=st.just(NOON))
    snapshots = data.draw(st.dictionaries(st.sampled_from([server.id for server in drill.servers]), points, max_size=2))
    found = tuple(data.draw(st.lists(findings, max_size=2)))
    return PreflightCompleted(findings=found, names=names, snapshots=snapshots)


def of_launch(data: st.DataObject, launch: Launch) -> Iterator[Event]:
    if launch.state is LaunchState.REQUESTED:
        yield JobStarted(key=launch.key, job_id=f"drsjob-{launch.key}", adopted=data.draw(st.booleans()))
        reason, error = data.draw(st.sampled_from(DeferralReason)), data.draw(WORDS)
        delay = timedelta(microseconds=data.draw(st.integers(1, 10**10)))
        yield LaunchDeferred(key=launch.key, reason=reason, error=error, delay=delay)
        yield LaunchRefused(key=launch.key, reason=data.draw(st.sampled_from(REASONS)), error=error)
        yield LaunchWithdrawn(key=launch.key)
    if launch.state is LaunchState.STARTED:
        status = data.draw(st.sampled_from([None, *JobStatus]))
        servers = tuple(
            ServerObservation(id=server_id, phase=data.draw(st.sampled_from(ServerPhase)), failure=data.draw(WORDS))
            for server_id in launch.server_ids
        )
        yield JobsObserved(jobs=(JobObservation(job_id=launch.job_id or "", status=status, servers=servers),))


def of_people(drill: Drill) -> Iterator[Event]:
    yield from (STARTED, WITHDRAWN, DrillAborted(actor=ADA))
    for wave in drill.waves:
        if wave.round:
            yield WaveApproved(actor=GRACE, wave=wave.number, round=wave.round.number)
    if drill.hold:
        yield from (
            HoldRetried(actor=ADA, hold=drill.hold.number),
            HoldSkipped(actor=ADA, hold=drill.hold.number, reason="not needed now"),
        )


def of_cleanup(data: st.DataObject, drill: Drill) -> Iterator[Event]:
    yield HINDERED
    present = tuple(
        RecoveryInstance(id=f"i-{server.id}", server_id=server.id, is_drill=True, job_id=server.job_id)
        for server in drill.servers
        if data.draw(st.booleans())
    )
    yield InstancesObserved(present=present, terminating=tuple(seen.id for seen in present[:1]), job_ids=("drsjob-t",))


def possible(data: st.DataObject, drill: Drill) -> list[Event]:
    """Everything that may happen to a drill now, of which some is refused."""
    launches = [event for launch in drill.launches for event in of_launch(data, launch)]
    return [checked(data, drill), *of_people(drill), *launches, *of_cleanup(data, drill), TimePassed()]


def walk(data: st.DataObject, store: DrillStore, number: int) -> StoredDrill:
    """Up to twelve random events; each that applies is saved, and loaded as it was saved.

    The drill has an account of its own: the locks of an earlier walk must not change the course of this one.
    """
    now = NOON
    plan = plan_of(*data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=3)))
    place = HOME.model_copy(update={"account_id": f"{number:012}"})
    stored = save(store, None, proposal(f"d-{number}", plan, place), now)
    for _ in range(data.draw(st.integers(2, 12))):
        now += timedelta(seconds=data.draw(st.integers(0, 3000)))
        event = data.draw(st.sampled_from(possible(data, stored.drill)))
        try:
            stored = save(store, stored, event, now)
        except (IllegalTransition, NotAllowed):
            continue
        assert store.load(stored.drill.id) == stored
    return stored


@pytest.mark.parametrize("storage", CONCURRENT, indirect=True)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_drill_is_loaded_as_it_was_saved_and_its_record_replays_to_it(storage: Storage, data: st.DataObject) -> None:
    stored = walk(data, storage.store, next(NUMBERS))
    replayed: Drill | None = None
    for kept in storage.store.records(stored.drill.id):
        replayed = transition(replayed, kept.event, kept.at).drill
    assert replayed == stored.drill
