"""What DRS shows of jobs, for the stories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from bot.domain.facts import JobObservation, RecoveryInstance, ServerObservation
from bot.domain.leftovers import Leftover
from bot.domain.states import JobStatus, ServerPhase

RECOVERY_POINT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def job_seen(job_id: str, ids: Iterable[str], phases: Mapping[str, ServerPhase], status: JobStatus) -> JobObservation:
    return JobObservation(
        job_id=job_id, status=status, servers=tuple(_server(id_, phases[id_]) for id_ in ids if id_ in phases)
    )


def _server(server_id: str, phase: ServerPhase) -> ServerObservation:
    failure = "LAUNCH_FAILED: no capacity" if phase is ServerPhase.FAILED else None
    return ServerObservation(id=server_id, phase=phase, failure=failure)


def instance(number: int) -> RecoveryInstance:
    """The recovery instance of a plan's server, by its number in the plan."""
    return RecoveryInstance(
        id=f"i-{number:017d}",
        server_id=f"s-{number:017d}",
        is_drill=True,
        job_id="drsjob-1#1#1",
        recovery_point=RECOVERY_POINT,
    )


def left_over(number: int, drill_id: str = "payments-0", *, is_known: bool = False) -> Leftover:
    """The instance of a server of a drill that this bot has no record of, or that has ended."""
    return Leftover(instance=instance(number), name=f"host-{number}", drill_id=drill_id, is_known=is_known)
