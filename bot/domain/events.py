"""Facts that a drill is told, in the past tense.

Each is written whole into the audit record, so that the drill can be replayed; a field is therefore never renamed or
given another meaning.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.domain.check_events import CheckConfirmed, CheckDenied, ChecksObserved
from bot.domain.cleanup_events import CleanupHindered, CleanupRequested, InstancesObserved, LeftoversFound
from bot.domain.facts import JobObservation, SettingsOfServers
from bot.domain.findings import Check, Finding
from bot.domain.launch import LaunchKey
from bot.domain.launch_point import Fresh, LaunchPoint, RecoverySnapshot
from bot.domain.model import Frozen
from bot.domain.person import Person
from bot.domain.plan import Plan, Target
from bot.domain.report_events import (
    EvidenceFailed,
    EvidenceKept,
    FollowUpAdded,
    FollowUpFixed,
    NoteAdded,
    ReportRequested,
    SignedOff,
)
from bot.domain.states import DeferralReason, HoldReason, Purpose


class DrillProposed(Frozen):
    """Somebody asked for a drill of a plan. The plan is frozen into the drill from here on.

    `directory`: who was in the plan's user groups then. A group whose members were not known is not in it.
    `launch_point`: the person's choice, else the plan's. Events from before there was a choice have none: fresh.
    """

    type: Literal["drill_proposed"] = "drill_proposed"
    drill_id: str
    plan: Plan
    target: Target
    actor: Person
    launch_point: LaunchPoint = Fresh()
    directory: dict[str, tuple[str, ...]] = Field(default={})
    purpose: Purpose = Purpose.DRILL


class PreflightCompleted(Frozen):
    """The checks before Start were made.

    `names` maps server ids to the names people know them by; `servers` are the ids of each wave's servers, where tags
    choose some of them (empty: the plan names them all); `snapshots` to the snapshots they are launched from, where
    the drill's launch point is not fresh. `settings`: how DRS is set to launch them. `lags`: how far what DRS had
    replicated of each server was behind, where it says.
    """

    type: Literal["preflight_completed"] = "preflight_completed"
    findings: tuple[Finding, ...]
    names: dict[str, str]
    servers: tuple[tuple[str, ...], ...] = ()
    snapshots: dict[str, RecoverySnapshot] = Field(default={})
    settings: tuple[SettingsOfServers, ...] = ()
    lags: dict[str, timedelta] = Field(default={})


class ProposalWithdrawn(Frozen):
    """Somebody cancelled the drill before it was started."""

    type: Literal["proposal_withdrawn"] = "proposal_withdrawn"
    actor: Person


class WarningsWaived(Frozen):
    """Somebody answers for what the checks warn of, and said why. `checks`: whose warnings; none: all that stand."""

    type: Literal["warnings_waived"] = "warnings_waived"
    actor: Person
    reason: str
    checks: tuple[Check, ...] = ()


class DrillStarted(Frozen):
    """Somebody clicked Start. The recovery time counts from here. `directory`: as in `DrillProposed`."""

    type: Literal["drill_started"] = "drill_started"
    actor: Person
    directory: dict[str, tuple[str, ...]] = Field(default={})


class ServersSelected(Frozen):
    """After Start: the servers of each wave that its plan chooses now. `names`: as in `PreflightCompleted`."""

    type: Literal["servers_selected"] = "servers_selected"
    servers: tuple[tuple[str, ...], ...]
    names: dict[str, str]


class SelectionFailed(Frozen):
    """After Start: which servers the plan chooses could not be looked up. Nothing was started."""

    type: Literal["selection_failed"] = "selection_failed"
    error: str


class WaveApproved(Frozen):
    """Somebody approved a wave, by a button of approval round `round`."""

    type: Literal["wave_approved"] = "wave_approved"
    actor: Person
    wave: int
    round: int
    comment: str | None = None


class WaveRejected(Frozen):
    """Somebody who could have approved a wave would not have it launched, and said why."""

    type: Literal["wave_rejected"] = "wave_rejected"
    actor: Person
    wave: int
    round: int
    comment: str


class GlassBroken(Frozen):
    """Somebody named for it had a wave launched without the approvals it needs, and said why."""

    type: Literal["glass_broken"] = "glass_broken"
    actor: Person
    wave: int
    round: int
    reason: str


class DrillAborted(Frozen):
    """Somebody ended the drill early. Running jobs are followed to their end, since DRS cannot cancel them."""

    type: Literal["drill_aborted"] = "drill_aborted"
    actor: Person


class DrillHeld(Frozen):
    """Somebody asked to launch nothing more for now. `reason`: in their words, or empty."""

    type: Literal["drill_held"] = "drill_held"
    actor: Person
    reason: str = ""


class DrillResumed(Frozen):
    """Somebody decided to go on after hold `hold`, which a person had asked for."""

    type: Literal["drill_resumed"] = "drill_resumed"
    actor: Person
    hold: int


class HoldRetried(Frozen):
    """Somebody decided to try again what put the drill on hold `hold`. `reason`: in their words, or empty."""

    type: Literal["hold_retried"] = "hold_retried"
    actor: Person
    hold: int
    reason: str = ""


class HoldSkipped(Frozen):
    """Somebody decided to go on without what put the drill on hold `hold`, and said why.

    `servers`: the ids of those that are left out, of the ones that failed; none: the rest of the wave.
    """

    type: Literal["hold_skipped"] = "hold_skipped"
    actor: Person
    hold: int
    reason: str = ""
    servers: tuple[str, ...] = ()


class JobStarted(Frozen):
    """DRS has a job for this launch. `adopted`: it was found by its tags, since DRS's answer had been lost."""

    type: Literal["job_started"] = "job_started"
    key: LaunchKey
    job_id: str
    adopted: bool = False


class LaunchDeferred(Frozen):
    """DRS would not start the job now. It will be tried again after `delay`."""

    type: Literal["launch_deferred"] = "launch_deferred"
    key: LaunchKey
    reason: DeferralReason
    error: str
    delay: timedelta


class LaunchRefused(Frozen):
    """The job cannot be started without a person: DRS said no, it is not safe, or nobody knows whether it started."""

    type: Literal["launch_refused"] = "launch_refused"
    key: LaunchKey
    reason: Literal[HoldReason.LAUNCH_REFUSED, HoldReason.LAUNCH_UNKNOWN, HoldReason.UNSAFE]
    error: str


class LaunchWithdrawn(Frozen):
    """The job was not started, for certain: the drill no longer wanted it."""

    type: Literal["launch_withdrawn"] = "launch_withdrawn"
    key: LaunchKey


class JobsObserved(Frozen):
    """Jobs of this drill have moved since the last look. Holds only what moved."""

    type: Literal["jobs_observed"] = "jobs_observed"
    jobs: tuple[JobObservation, ...]


class TimePassed(Frozen):
    """The drill's wake-up time has come: something may be overdue."""

    type: Literal["time_passed"] = "time_passed"


Event = Annotated[
    DrillProposed
    | PreflightCompleted
    | ProposalWithdrawn
    | WarningsWaived
    | DrillStarted
    | ServersSelected
    | SelectionFailed
    | WaveApproved
    | WaveRejected
    | GlassBroken
    | DrillHeld
    | DrillResumed
    | DrillAborted
    | HoldRetried
    | HoldSkipped
    | CleanupRequested
    | JobStarted
    | LaunchDeferred
    | LaunchRefused
    | LaunchWithdrawn
    | JobsObserved
    | ChecksObserved
    | CheckConfirmed
    | CheckDenied
    | InstancesObserved
    | CleanupHindered
    | LeftoversFound
    | ReportRequested
    | EvidenceKept
    | EvidenceFailed
    | SignedOff
    | FollowUpAdded
    | FollowUpFixed
    | NoteAdded
    | TimePassed,
    Field(discriminator="type"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads and writes any event."""
