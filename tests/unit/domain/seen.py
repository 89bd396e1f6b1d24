"""What DRS shows of jobs, for the stories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.facts import JobObservation, ServerObservation
from bot.domain.states import JobStatus, ServerPhase


def job_seen(job_id: str, ids: Iterable[str], phases: Mapping[str, ServerPhase], status: JobStatus) -> JobObservation:
    return JobObservation(
        job_id=job_id, status=status, servers=tuple(_server(id_, phases[id_]) for id_ in ids if id_ in phases)
    )


def _server(server_id: str, phase: ServerPhase) -> ServerObservation:
    failure = "LAUNCH_FAILED: no capacity" if phase is ServerPhase.FAILED else None
    return ServerObservation(id=server_id, phase=phase, failure=failure)
