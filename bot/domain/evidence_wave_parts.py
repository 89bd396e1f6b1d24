"""What evidence consists of, of each wave: its launches, servers and checks, and what its time was spent on.

As in `evidence_parts`: a field is never renamed or given another meaning, and a new one has a default.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Literal

from bot.domain.approval_round import ApprovalRound
from bot.domain.checks import CheckState, RoundPurpose
from bot.domain.launch import Deferral
from bot.domain.launch_point import RecoverySnapshot
from bot.domain.model import Frozen, Instant
from bot.domain.plan_servers import Impact
from bot.domain.states import LaunchState, ServerPhase, WaveState


class Failure(Frozen):
    """What DRS said of a launch that did not succeed."""

    at: Instant
    job_id: str
    error: str


class ServerEvidence(Frozen):
    """One server.

    Attributes:
        snapshot: the recovery snapshot that it was launched from by choice; None: DRS took a fresh one.
        recovery_point: the time of the point it was launched from, as DRS showed of its instance.
        phases: when it was first seen in each phase, by the newest job. DRS is asked every 15 to 45 seconds.
        took: from the first request for its launch until it was launched.
        age: how old its data would have been, had it been lost at the start (`measures.RecoveryPoint`).
        failures: of every attempt, in DRS's words.
    """

    id: str
    name: str
    impact: Impact
    phase: ServerPhase
    is_left_out: bool
    job_id: str | None
    snapshot: RecoverySnapshot | None
    recovery_point: Instant | None
    ec2_instance_id: str | None
    instance_id: str | None
    phases: dict[ServerPhase, Instant]
    launched_at: Instant | None
    took: timedelta | None
    age: timedelta | None
    age_is_met: bool | None
    age_by: Literal["lag", "snapshot"] | None
    failures: tuple[Failure, ...]


class LaunchEvidence(Frozen):
    """One StartRecovery, and the DRS job that it led to. `launch`: wave, attempt and batch, as the job is tagged."""

    launch: str
    servers: int
    job_id: str | None
    state: LaunchState
    adopted: bool
    requested_at: Instant
    started_at: Instant | None
    completed_at: Instant | None
    deferral: Deferral | None
    error: str | None


class CheckEvidence(Frozen):
    """One check of one server, or of a wave: what it showed last, and its output (what is kept of it).

    Attributes:
        round: of the wave's checks; `purpose` says what for.
        tries: how often it was begun and had ended without success.
        by: who answered, where a person was asked.
    """

    round: int
    purpose: RoundPurpose
    title: str
    kind: str
    is_critical: bool
    server_id: str | None
    state: CheckState
    tries: int
    said: str
    output: str
    since: Instant
    ended_at: Instant | None
    by: str | None


class SpanKind(StrEnum):
    """What a stretch of a drill's time was spent on."""

    APPROVAL = "approval"
    PREPARE = "prepare"
    SNAPSHOT = "snapshot"
    CONVERSION = "conversion"
    LAUNCH = "launch"
    CHECKS = "checks"
    CONFIRMATION = "confirmation"
    HOLD = "hold"
    OPERATION = "operation"
    CLEANUP = "cleanup"


WAITS_FOR_PEOPLE = frozenset({SpanKind.APPROVAL, SpanKind.CONFIRMATION, SpanKind.HOLD})


class Stretch(Frozen):
    """A stretch of time in the timeline picture. Phases of a launch end when its last server has left them."""

    kind: SpanKind
    since: Instant
    until: Instant


class WaveEvidence(Frozen):
    """One wave. `took`: from its first launch to its end. `needs`: numbers of the waves that had to be over first."""

    number: int
    name: str
    state: WaveState
    needs: tuple[int, ...]
    attempts: int
    started_at: Instant | None
    launched_at: Instant | None
    verified_at: Instant | None
    ended_at: Instant | None
    took: timedelta | None
    requests: tuple[ApprovalRound, ...]
    launches: tuple[LaunchEvidence, ...]
    servers: tuple[ServerEvidence, ...]
    checks: tuple[CheckEvidence, ...]
    stretches: tuple[Stretch, ...]
