"""Parts of evidence: the waves, with their launches, servers and checks, each from the drill and its record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.audit import Record
from bot.domain.check_events import ChecksObserved
from bot.domain.checks import Answer, CheckRound, CheckRun
from bot.domain.drill import Drill
from bot.domain.events import JobsObserved
from bot.domain.evidence_stretches import stretches
from bot.domain.evidence_wave_parts import CheckEvidence, Failure, LaunchEvidence, ServerEvidence, WaveEvidence
from bot.domain.launch import Launch, ServerRun
from bot.domain.measures import recovery_point
from bot.domain.states import ServerPhase
from bot.domain.wave_run import WaveRun

Seen = dict[tuple[str, str], dict[ServerPhase, datetime]]
"""Job id and server id to when the server was first seen in each phase of that job."""


def wave_evidence(drill: Drill, wave: WaveRun, records: Sequence[Record]) -> WaveEvidence:
    """One wave."""
    jobs = frozenset(launch.job_id for launch in wave.launches if launch.job_id)
    seen, failures = _seen(records, jobs), _failures(records, jobs)
    return WaveEvidence(
        number=wave.number,
        name=wave.name,
        state=wave.state,
        needs=drill.plan.needs[wave.number - 1],
        attempts=wave.attempt,
        started_at=wave.started_at,
        launched_at=wave.launch_ended_at,
        verified_at=wave.verified_at,
        ended_at=wave.ended_at,
        took=wave.ended_at - wave.started_at if wave.ended_at and wave.started_at else None,
        requests=wave.rounds,
        launches=tuple(_launch(launch) for launch in wave.launches),
        servers=tuple(_server(drill, wave, each, seen, failures.get(each.id, ())) for each in wave.servers),
        checks=tuple(_checks(wave, records)),
        stretches=tuple(stretches(drill, wave, seen)),
    )


def _launch(launch: Launch) -> LaunchEvidence:
    return LaunchEvidence(
        launch=str(launch.key),
        servers=len(launch.server_ids),
        job_id=launch.job_id,
        state=launch.state,
        adopted=launch.adopted,
        requested_at=launch.requested_at,
        started_at=launch.started_at,
        completed_at=launch.completed_at,
        deferral=launch.deferral,
        error=launch.error,
    )


def _server(
    drill: Drill, wave: WaveRun, server: ServerRun, seen: Seen, failures: tuple[Failure, ...]
) -> ServerEvidence:
    point, instance = recovery_point(drill, server), server.instance
    asked = [launch.requested_at for launch in wave.launches if server.id in launch.server_ids]
    return ServerEvidence(
        id=server.id,
        name=server.name,
        impact=server.impact,
        phase=server.phase,
        is_left_out=server.is_left_out,
        job_id=server.job_id,
        snapshot=server.snapshot,
        recovery_point=instance.recovery_point if instance else None,
        ec2_instance_id=server.ec2_instance_id,
        instance_id=instance.id if instance else None,
        phases=seen.get((server.job_id or "", server.id), {}),
        launched_at=server.launched_at,
        took=server.launched_at - min(asked) if server.launched_at and asked else None,
        age=point.age if point else None,
        age_is_met=point.is_met if point else None,
        age_by=point.by if point else None,
        failures=failures,
    )


def _seen(records: Sequence[Record], jobs: frozenset[str]) -> Seen:
    found: Seen = {}
    for record in records:
        for job in record.event.jobs if isinstance(record.event, JobsObserved) else ():
            for server in job.servers if job.job_id in jobs else ():
                phases = found.setdefault((job.job_id, server.id), {})
                phases.setdefault(server.phase, record.at)
    return found


def _failures(records: Sequence[Record], jobs: frozenset[str]) -> dict[str, tuple[Failure, ...]]:
    """By server: what DRS said of each launch of it that failed, once for each job."""
    found: dict[str, dict[str, Failure]] = {}
    for record in records:
        for job in record.event.jobs if isinstance(record.event, JobsObserved) else ():
            for server in job.servers if job.job_id in jobs else ():
                if server.phase is ServerPhase.FAILED:
                    said = Failure(at=record.at, job_id=job.job_id, error=server.failure or "DRS does not say why.")
                    found.setdefault(server.id, {}).setdefault(job.job_id, said)
    return {server_id: tuple(by_job.values()) for server_id, by_job in found.items()}


def _checks(wave: WaveRun, records: Sequence[Record]) -> Iterator[CheckEvidence]:
    last = _last_answers(wave, records)
    for each in wave.checks:
        for run in each.runs:
            yield _check(each, run, last.get((each.number, run.number, run.server_id or "-")))


def _last_answers(wave: WaveRun, records: Sequence[Record]) -> dict[tuple[int, int, str], Answer]:
    """The newest answer of each check of each server (`-`: of the wave), by round, check and server.

    A key (`CheckRound.key`) names wave, round, check, server and try.
    """
    found: dict[tuple[int, int, str], Answer] = {}
    for record in records:
        if isinstance(record.event, ChecksObserved) and record.event.wave == wave.number:
            for answer in record.event.answers:
                _wave, round_, check, server_id, _tries = answer.key.split("#")
                found[int(round_), int(check), server_id] = answer
    return found


def _check(round_: CheckRound, run: CheckRun, answer: Answer | None) -> CheckEvidence:
    check = round_.check(run)
    return CheckEvidence(
        round=round_.number,
        purpose=round_.purpose,
        title=check.title,
        kind=check.kind,
        is_critical=check.is_critical,
        server_id=run.server_id,
        state=run.state,
        tries=run.tries,
        said=run.said or (answer.said if answer else ""),
        output=answer.output if answer else "",
        since=round_.since,
        ended_at=run.ended_at,
        by=run.by.user_id if run.by else None,
    )
