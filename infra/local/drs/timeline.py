"""What happens to the servers of a job, and when: pure functions of the job and the time.

A job is planned whole when it is made: `plan_job` lays down every log entry that will ever be, with its time. Reading
is asking how much of the plan lies behind `now`. Nothing runs in the background, and asking changes nothing.

Order and lengths are those of the job logs published with aws-samples/drs-tools (two jobs, four Linux servers with
8 GB): SNAPSHOT_START, 0.2 s, SNAPSHOT_END, 52 s, CONVERSION_START, 175-198 s, CONVERSION_END, LAUNCH_START at once,
280-310 s, LAUNCH_END, and JOB_END 2-4 s after the last server. Each server varies within these by its own ids.

Not proven, and so guesses: that the old instance is cleaned up before the snapshot and how long that takes, the events
of a TERMINATE job, that a launch in FAST mode or from an existing snapshot just leaves out the phases it does not need.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from infra.local.drs.ids import instance_id
from infra.local.drs.phases import FINAL, STAGGER, STEPS, JobStatus, LaunchStatus, Pace, Pause, Phase


@dataclass(frozen=True, slots=True)
class Failure:
    """The server fails at the end of `phase`, with `error` as the log's raw error."""

    phase: Phase
    error: str


@dataclass(frozen=True, slots=True)
class Hold:
    """The server stays in `phase` for `lasts` longer than it would (None: for ever), or until released."""

    phase: Phase
    lasts: timedelta | None
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    """DRS leaves the server out of the job."""

    error: str


Trouble = Failure | Hold | Skip


@dataclass(frozen=True, slots=True)
class ServerRun:
    """What a job is to do with one source server."""

    source_server_id: str
    phases: tuple[Phase, ...]
    launches: str | None = None
    """Id of the instance that the launch ends in."""
    removes: str | None = None
    """Id of the recovery instance that cleanup or termination deletes."""
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry of the job log; `status` is the server's launch status from here on (None: of the job itself)."""

    at: datetime
    event: str
    data: Mapping[str, str]
    status: LaunchStatus | None = None


@dataclass(frozen=True, slots=True)
class ServerPlan:
    """All that will happen to one server of a job, in order."""

    run: ServerRun
    marks: tuple[Mark, ...]

    @property
    def ended_at(self) -> datetime | None:
        """When the server is done, for good or ill; None while nothing says so (it is stuck)."""
        last = self.marks[-1]
        return last.at if last.status in FINAL else None

    def time_of(self, event: str) -> datetime | None:
        """When `event` happens to this server, if it ever does."""
        return next((mark.at for mark in self.marks if mark.event == event), None)


@dataclass(frozen=True, slots=True)
class JobPlan:
    """A job from its call to its end, with its whole log in order of time."""

    started_at: datetime
    ended_at: datetime | None
    servers: Mapping[str, ServerPlan]
    log: tuple[Mark, ...]


def plan_job(job_id: str, created_at: datetime, runs: Sequence[ServerRun], pace: Pace) -> JobPlan:
    """Lay down everything that will happen in a job made at `created_at`."""
    started_at = created_at + pace.length(Pause.START, job_id)
    servers = {}
    for position, run in enumerate(runs):
        begins = started_at + pace.length(Pause.HANDOVER, job_id) + position * STAGGER
        servers[run.source_server_id] = _plan_server(job_id, begins, run, pace)
    ended_at = _job_end(job_id, list(servers.values()), pace)
    marks = [mark for server in servers.values() for mark in server.marks]
    log = [Mark(started_at, "JOB_START", {}), *sorted(marks, key=attrgetter("at"))]
    return JobPlan(started_at, ended_at, servers, (*log, *([Mark(ended_at, "JOB_END", {})] if ended_at else ())))


def job_status(plan: JobPlan, now: datetime) -> JobStatus:
    """The job's status at `now`."""
    if now < plan.started_at:
        return JobStatus.PENDING
    return JobStatus.COMPLETED if plan.ended_at and plan.ended_at <= now else JobStatus.STARTED


def launch_status(server: ServerPlan, now: datetime) -> LaunchStatus:
    """The server's launch status at `now`: PENDING through cleanup, snapshot and conversion."""
    passed = (mark.status for mark in reversed(server.marks) if mark.at <= now and mark.status)
    return next(passed, LaunchStatus.PENDING)


def log_length(plan: JobPlan, now: datetime) -> int:
    """How many entries of `plan.log` have been written by `now`."""
    return bisect_right(plan.log, now, key=attrgetter("at"))


def _job_end(job_id: str, servers: Sequence[ServerPlan], pace: Pace) -> datetime | None:
    ends = [server.ended_at for server in servers]
    known = [end for end in ends if end is not None]
    return max(known) + pace.length(Pause.WIND_UP, job_id) if len(known) == len(ends) else None


def _plan_server(job_id: str, begins: datetime, run: ServerRun, pace: Pace) -> ServerPlan:
    skip = next((trouble for trouble in run.troubles if isinstance(trouble, Skip)), None)
    if skip:
        return ServerPlan(run, (_mark(job_id, run, begins, "SERVER_SKIPPED", LaunchStatus.FAILED, error=skip.error),))
    marks: list[Mark] = []
    at, previous = begins, None
    for phase in run.phases:
        marks += _phase_marks(job_id, at + _gap(job_id, run, previous, pace), run, phase, pace)
        at, previous = marks[-1].at, phase
        if marks[-1].event != STEPS[phase].end:
            break
    return ServerPlan(run, tuple(marks))


def _gap(job_id: str, run: ServerRun, previous: Phase | None, pace: Pace) -> timedelta:
    if previous is None:
        return timedelta()
    pause = Pause.SETTLING if previous is Phase.SNAPSHOT else Pause.HANDOVER
    return pace.length(pause, job_id, run.source_server_id, previous)


def _phase_marks(job_id: str, at: datetime, run: ServerRun, phase: Phase, pace: Pace) -> list[Mark]:
    step = STEPS[phase]
    start = _mark(job_id, run, at, step.start, step.during)
    end = _phase_end(at + pace.length(phase, job_id, run.source_server_id), run, phase)
    if end is None:
        return [start]
    failure = next((t for t in run.troubles if isinstance(t, Failure) and t.phase is phase), None)
    if failure:
        return [start, _mark(job_id, run, end, step.failure, LaunchStatus.FAILED, error=failure.error)]
    return [start, _mark(job_id, run, end, step.end, step.after)]


def _phase_end(natural: datetime, run: ServerRun, phase: Phase) -> datetime | None:
    hold = next((t for t in run.troubles if isinstance(t, Hold) and t.phase is phase), None)
    if hold is None:
        return natural
    if hold.released_at is not None:
        return max(natural, hold.released_at)
    return None if hold.lasts is None else natural + hold.lasts


def _mark(job_id: str, run: ServerRun, at: datetime, event: str, status: LaunchStatus, *, error: str = "") -> Mark:
    data = {"sourceServerID": run.source_server_id}
    if event == "CONVERSION_END":
        data["conversionServerID"] = instance_id(job_id, run.source_server_id, "conversion")
    if event == "LAUNCH_END" and run.launches:
        data["targetInstanceID"] = run.launches
    if error:
        data["rawError"] = error
    return Mark(at, event, data, status)
