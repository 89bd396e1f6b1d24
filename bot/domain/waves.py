"""How one wave moves: asked for, launched in jobs, observed, settled. Pure functions from a wave to the next one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.domain import verifying
from bot.domain.access import Access
from bot.domain.approval_round import ApprovalRound, Reminder
from bot.domain.facts import JobObservation, ServerObservation
from bot.domain.launch import MAX_SERVERS_PER_JOB, Launch, LaunchKey, ServerRun
from bot.domain.states import JobStatus, LaunchState, ServerPhase, WaveState
from bot.domain.wave_run import WaveRun

_ORDER = {phase: place for place, phase in enumerate(ServerPhase)}
_STATUS_ORDER = tuple(JobStatus)
_FINAL = {ServerPhase.LAUNCHED, ServerPhase.FAILED}
_NOT_STARTED = {LaunchState.REFUSED, LaunchState.WITHDRAWN}
LOST = "DRS does not know this job any more."
ABANDONED = "DRS had not ended this job when the drill stopped following it."
UNCERTAIN = frozenset({LOST, ABANDONED})
"""Why nobody knows what became of a job: it may have launched its servers, or may yet."""
NOT_LAUNCHED = "DRS ended the job without launching this server."
UNEXPLAINED = "DRS says that the launch failed, and no more."


def ask_approval(wave: WaveRun, access: Access, now: datetime) -> WaveRun:
    """Ask for approval, or ask again."""
    asked = ApprovalRound(
        number=len(wave.rounds) + 1,
        needed=access.minimum_approvals,
        asked_at=now,
        expires_at=now + access.approval_timeout,
        escalates_at=now + access.escalation.after if access.escalation else None,
    )
    return wave.model_copy(update={"state": WaveState.AWAITING_APPROVAL, "rounds": (*wave.rounds, asked)})


def with_round(wave: WaveRun, changed: ApprovalRound) -> WaveRun:
    """The wave with its newest request for approval replaced."""
    return wave.model_copy(update={"rounds": (*wave.rounds[:-1], changed)})


def close_round(wave: WaveRun, now: datetime) -> WaveRun:
    """End the newest request for approval, if it is open, whatever was given."""
    if wave.round is None or wave.round.closed_at:
        return wave
    return with_round(wave, wave.round.model_copy(update={"closed_at": now}))


def remind(wave: WaveRun, asked: ApprovalRound, now: datetime) -> WaveRun:
    """Record that people are reminded of the open request now; what was due before and missed is over with it."""
    due = sum(moment <= now for moment in asked.planned_reminders)
    escalates = bool(asked.escalates_at and asked.escalates_at <= now and not asked.has_escalated)
    number = sum(len(each.reminders) for each in wave.rounds) + 1
    reminder = Reminder(number=number, at=now, escalates=escalates)
    return with_round(wave, asked.model_copy(update={"reminders": (*asked.reminders, reminder), "reminded": due}))


def begin(wave: WaveRun, now: datetime) -> WaveRun:
    """Start an attempt: each server neither launched nor left out, in jobs of at most `MAX_SERVERS_PER_JOB`."""
    attempt = wave.attempt + 1
    wanted = [s.id for s in wave.servers if s.phase is not ServerPhase.LAUNCHED and not s.is_left_out]
    launches = tuple(
        Launch(
            key=LaunchKey(wave=wave.number, attempt=attempt, batch=start // MAX_SERVERS_PER_JOB + 1),
            server_ids=tuple(wanted[start : start + MAX_SERVERS_PER_JOB]),
            requested_at=now,
        )
        for start in range(0, len(wanted), MAX_SERVERS_PER_JOB)
    )
    return wave.model_copy(
        update={
            "state": WaveState.LAUNCHING,
            "attempt": attempt,
            "servers": tuple(_anew(server) if server.id in wanted else server for server in wave.servers),
            "launches": (*wave.launches, *launches),
            "started_at": wave.started_at or now,
            "deadline": now + wave.launch_timeout,
            "ended_at": None,
        }
    )


def _anew(server: ServerRun) -> ServerRun:
    return server.model_copy(
        update={"phase": ServerPhase.WAITING, "failure": None, "job_id": None, "ec2_instance_id": None}
    )


def ask_again(wave: WaveRun) -> WaveRun:
    """Ask for every launch that DRS has no job of, and follow a lost job again. The keys stay: nothing is doubled.

    A wave that has been settled meanwhile wants no more launches; only its lost jobs are followed again.
    """
    wanted = wave.state is WaveState.LAUNCHING

    def again(launch: Launch) -> Launch:
        if launch.state is LaunchState.UNKNOWN and launch.job_id:
            return launch.model_copy(update={"state": LaunchState.STARTED, "error": None})
        if wanted and (launch.state in _NOT_STARTED or launch.state is LaunchState.UNKNOWN):
            return launch.model_copy(update={"state": LaunchState.REQUESTED, "error": None})
        return launch

    return wave.model_copy(update={"launches": tuple(again(launch) for launch in wave.launches)})


def give_up(wave: WaveRun) -> WaveRun:
    """Want no more launches: a job that DRS lost is over; one of unknown fate must first be looked for."""
    for launch in wave.launches:
        if launch.state is LaunchState.UNKNOWN and launch.job_id:
            wave = _over(wave, launch, LOST)
        elif launch.state is LaunchState.UNKNOWN:
            wave = wave.with_launch(launch.model_copy(update={"state": LaunchState.REQUESTED}))
    return wave


def abandon(wave: WaveRun) -> WaveRun:
    """Follow the jobs that run no longer. What they may still launch is not known."""
    for launch in wave.launches:
        if launch.state is LaunchState.STARTED:
            wave = _over(wave, launch, ABANDONED)
    return wave


def _over(wave: WaveRun, launch: Launch, why: str) -> WaveRun:
    ended = launch.model_copy(update={"state": LaunchState.COMPLETED, "error": why})
    servers = tuple(_failed(s, why) if s.job_id == launch.job_id and s.phase not in _FINAL else s for s in wave.servers)
    return wave.with_launch(ended).model_copy(update={"servers": servers})


def requested(wave: WaveRun) -> tuple[LaunchKey, ...]:
    """The launches that are asked for and of which DRS has no job yet, as far as is known."""
    return tuple(launch.key for launch in wave.launches if launch.state is LaunchState.REQUESTED)


def withdrawn(wave: WaveRun) -> tuple[LaunchKey, ...]:
    """The launches that the executor took back because the drill did not want them at that moment."""
    return tuple(launch.key for launch in wave.launches if launch.state is LaunchState.WITHDRAWN)


def started(wave: WaveRun, key: LaunchKey, job_id: str, *, adopted: bool, now: datetime) -> WaveRun:
    """DRS has a job for this launch."""
    launch = wave.launch(key).model_copy(
        update={
            "state": LaunchState.STARTED,
            "job_id": job_id,
            "job_status": JobStatus.PENDING,
            "adopted": adopted,
            "started_at": now,
            "error": None,
        }
    )
    ours = set(launch.server_ids)
    servers = tuple(s.model_copy(update={"job_id": job_id}) if s.id in ours else s for s in wave.servers)
    return wave.with_launch(launch).model_copy(update={"servers": servers})


def observe(wave: WaveRun, jobs: Iterable[JobObservation], now: datetime) -> WaveRun:
    """Take in what DRS shows of this wave's jobs."""
    seen = {job.job_id: job for job in jobs}
    for launch in wave.launches:
        if launch.job_id in seen and launch.state is LaunchState.STARTED:
            wave = _observe_job(wave, launch, seen[launch.job_id], now)
    return wave


def _observe_job(wave: WaveRun, launch: Launch, job: JobObservation, now: datetime) -> WaveRun:
    if job.status is None:
        return wave.with_launch(launch.model_copy(update={"state": LaunchState.UNKNOWN, "error": LOST}))
    over = job.status is JobStatus.COMPLETED
    shown = {server.id: server for server in job.servers}
    servers = tuple(_observe_server(s, job.job_id, shown, over=over, now=now) for s in wave.servers)
    ended = {"state": LaunchState.COMPLETED, "completed_at": now} if over else {}
    status = max(job.status, launch.job_status or job.status, key=_STATUS_ORDER.index)
    moved = launch.model_copy(update={"job_status": status, **ended})
    return wave.with_launch(moved).model_copy(update={"servers": servers})


def _observe_server(
    server: ServerRun, job_id: str, shown: Mapping[str, ServerObservation], *, over: bool, now: datetime
) -> ServerRun:
    if server.job_id != job_id:
        return server
    if seen := shown.get(server.id):
        server = _moved(server, seen, now)
    return _failed(server, NOT_LAUNCHED) if over and server.phase not in _FINAL else server


def _moved(server: ServerRun, seen: ServerObservation, now: datetime) -> ServerRun:
    """Phases only go forward: an older look must not undo a newer one."""
    if server.phase in _FINAL or _ORDER[seen.phase] < _ORDER[server.phase]:
        return server
    launched = seen.launched_at or now if seen.phase is ServerPhase.LAUNCHED else None
    return server.model_copy(
        update={
            "phase": seen.phase,
            "ec2_instance_id": seen.ec2_instance_id or server.ec2_instance_id,
            "launched_at": launched,
            "failure": seen.failure or (UNEXPLAINED if seen.phase is ServerPhase.FAILED else None),
        }
    )


def _failed(server: ServerRun, why: str) -> ServerRun:
    return server.model_copy(update={"phase": ServerPhase.FAILED, "failure": why})


def settle(wave: WaveRun, now: datetime) -> WaveRun:
    """End the wave's attempt if each of its jobs has ended: by its critical servers it has succeeded or failed."""
    if wave.state is not WaveState.LAUNCHING or any(not _has_ended(launch) for launch in wave.launches):
        return wave
    state = WaveState.FAILED if wave.failed(critical=True) else WaveState.SUCCEEDED
    return wave.model_copy(update={"state": state, "ended_at": now, "deadline": None})


def leave_out(wave: WaveRun, server_ids: Iterable[str]) -> WaveRun:
    """Go on without these servers, which have failed; the wave has succeeded if no other critical one has."""
    out = set(server_ids)
    servers = tuple(s.model_copy(update={"is_left_out": True}) if s.id in out else s for s in wave.servers)
    without = wave.model_copy(update={"servers": servers})
    state = WaveState.FAILED if without.failed(critical=True) else WaveState.SUCCEEDED
    return without.model_copy(update={"state": state})


def _has_ended(launch: Launch) -> bool:
    return launch.state is LaunchState.COMPLETED


def end(wave: WaveRun, state: WaveState, now: datetime) -> WaveRun:
    """End the wave without launching more of it."""
    ended = verifying.close(close_round(give_up(wave), now), now)
    return ended.model_copy(update={"state": state, "ended_at": now, "deadline": None})
