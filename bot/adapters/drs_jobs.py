"""What a DRS job and its log say, read into observations. Pure: no call is made here.

A job has no status FAILED: success is each server's `launchStatus`, and that stays PENDING through snapshot and
conversion. So where a server is comes from the log, whose events are an open list: LAUNCH_END is real, and yet not in
botocore's model (the job logs published with aws-samples/drs-tools have it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.adapters.drs_errors import shortened, translating
from bot.adapters.drs_replies import DRILL_TAG, instant
from bot.domain.facts import ActiveJob, JobObservation, ServerObservation, TaggedJob
from bot.domain.launch import LaunchKey
from bot.domain.states import JobStatus, ServerPhase

WAVE_TAG = "drs-drill-bot:wave"
ATTEMPT_TAG = "drs-drill-bot:attempt"
BATCH_TAG = "drs-drill-bot:batch"
"""Letters, `-` and `:` are allowed in tag keys, and only the prefix `aws:` is not (AWS: Tagging AWS Resources)."""

LogItem = Mapping[str, Any]
"""One item of DescribeJobLogItems (botocore `JobLog`)."""

PHASES: Mapping[str, ServerPhase] = {
    "SNAPSHOT_START": ServerPhase.SNAPSHOT,
    "SNAPSHOT_END": ServerPhase.SNAPSHOT,  # it comes at once, and does not mean that the snapshot is done
    "SNAPSHOT_FAIL": ServerPhase.SNAPSHOT,
    "USING_PREVIOUS_SNAPSHOT": ServerPhase.SNAPSHOT,
    "USING_PREVIOUS_SNAPSHOT_FAILED": ServerPhase.SNAPSHOT,
    "CONVERSION_START": ServerPhase.CONVERSION,
    "CONVERSION_FAIL": ServerPhase.CONVERSION,
    "CONVERSION_END": ServerPhase.LAUNCH,
    "LAUNCH_START": ServerPhase.LAUNCH,
    "LAUNCH_END": ServerPhase.LAUNCH,
    "LAUNCH_FAILED": ServerPhase.LAUNCH,
}
"""Where a server is once an event is in the log. Events that are not here move nothing."""

TROUBLES: Mapping[str, str] = {
    "CLEANUP_FAIL": "DRS could not clean up after an earlier launch",
    "SERVER_SKIPPED": "DRS left this server out of the job",
    "SNAPSHOT_FAIL": "DRS could not take a snapshot",
    "USING_PREVIOUS_SNAPSHOT_FAILED": "DRS could not use the previous snapshot",
    "CONVERSION_FAIL": "DRS could not convert the server's disks",
    "LAUNCH_FAILED": "DRS could not launch the instance",
    "UPDATE_LAUNCH_TEMPLATE_FAILED": "DRS could not update the launch template",
    "JOB_CANCEL": "The job was cancelled",
}
"""Events that explain a failure, in plain words."""

_T = TypeVar("_T")
_ORDER = {phase: place for place, phase in enumerate(ServerPhase)}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of a job's log; `server_id` None: it concerns the whole job."""

    at: datetime | None
    event: str
    server_id: str | None
    instance_id: str | None
    error: str

    @property
    def is_trouble(self) -> bool:
        return self.event in TROUBLES or bool(self.error) or self.event.endswith(("_FAIL", "_FAILED"))

    @property
    def words(self) -> str:
        """What went wrong, for a person, with DRS's own word and text."""
        words = f"{TROUBLES.get(self.event, 'DRS reports a failure')} ({self.event})"
        return shortened(f"{words}: {self.error}" if self.error else f"{words}.")


def launch_tags(drill_id: str, key: LaunchKey) -> dict[str, str]:
    """The tags by which a job is known to be this launch."""
    return {
        DRILL_TAG: drill_id,
        WAVE_TAG: str(key.wave),
        ATTEMPT_TAG: str(key.attempt),
        BATCH_TAG: str(key.batch),
    }


def tagged_job(job: Mapping[str, Any]) -> TaggedJob | None:
    """The launch that this job is by its tags; None if it is no launch, or not tagged as `launch_tags` does it."""
    tags = job.get("tags", {})
    numbers = {"wave": tags.get(WAVE_TAG), "attempt": tags.get(ATTEMPT_TAG), "batch": tags.get(BATCH_TAG)}
    if job.get("type", "LAUNCH") != "LAUNCH" or not tags.get(DRILL_TAG):
        return None
    try:
        key = LaunchKey.model_validate(numbers)
    except ValidationError:
        return None
    return TaggedJob(job_id=job["jobID"], drill_id=tags[DRILL_TAG], key=key)


def active_job(job: Mapping[str, Any]) -> ActiveJob | None:
    """The job and the servers it occupies; None if it has ended. A status that is not known counts as active."""
    if job.get("status") == JobStatus.COMPLETED:
        return None
    servers = (server.get("sourceServerID") for server in job.get("participatingServers", ()))
    return ActiveJob(job_id=job["jobID"], server_ids=tuple(server_id for server_id in servers if server_id))


def those(
    operation: str, found: Mapping[str, Mapping[str, Any]], read: Callable[[Mapping[str, Any]], _T | None]
) -> tuple[_T, ...]:
    """What is read out of those that are of that kind. One that cannot be read may be one: it is unclear."""
    with translating(operation):
        return tuple(kind for each in found.values() if (kind := read(each)))


def observation(job: Mapping[str, Any], log: Iterable[LogItem] | None) -> JobObservation:
    """How far a job is.

    Args:
        job: an item of DescribeJobs (botocore `Job`).
        log: its log, in any order; None if it could not be read: then only final states are seen.
    """
    status = _status(job)
    entries = _entries(log or ())
    shown = {
        server["sourceServerID"]: server for server in job.get("participatingServers", ()) if "sourceServerID" in server
    }
    known = dict.fromkeys([*shown, *(entry.server_id for entry in entries if entry.server_id)])
    silence = "its log could not be read" if log is None else "its log does not say why"
    over = status is JobStatus.COMPLETED
    servers = tuple(
        _server(server_id, shown.get(server_id, {}), concerning, over=over, silence=silence)
        for server_id, concerning in _by_server(known, entries).items()
    )
    return JobObservation(job_id=job["jobID"], status=status, servers=servers)


def _status(job: Mapping[str, Any]) -> JobStatus:
    """A status that is new to us means nothing more than that the job has not ended."""
    said = job.get("status")
    return JobStatus(said) if said in set(JobStatus) else JobStatus.STARTED


def _entries(log: Iterable[LogItem]) -> list[_Entry]:
    """The log, oldest first: DRS does not promise an order."""
    return sorted((_entry(item) for item in log), key=lambda entry: entry.at or _LONG_AGO)


def _entry(item: LogItem) -> _Entry:
    told = item.get("eventData", {})
    return _Entry(
        at=instant(item.get("logDateTime")),
        event=item.get("event", ""),
        server_id=told.get("sourceServerID"),
        instance_id=told.get("targetInstanceID"),
        error=told.get("rawError", ""),
    )


def _by_server(server_ids: Iterable[str], entries: Iterable[_Entry]) -> dict[str, list[_Entry]]:
    """The entries that concern each server, its own and those of the whole job, still in order."""
    found: dict[str, list[_Entry]] = {server_id: [] for server_id in server_ids}
    for entry in entries:
        for server_id in [entry.server_id] if entry.server_id else found:
            found[server_id].append(entry)
    return found


def _server(
    server_id: str, server: Mapping[str, Any], entries: Sequence[_Entry], *, over: bool, silence: str
) -> ServerObservation:
    status = server.get("launchStatus", "")
    failure = _failure(status, entries, over=over, silence=silence)
    own = [entry for entry in entries if entry.server_id]
    phase = _phase(status, own, failed=failure is not None)
    launched_at = _latest(entry.at for entry in own if entry.event == "LAUNCH_END")
    return ServerObservation(
        id=server_id,
        phase=phase,
        ec2_instance_id=_latest(entry.instance_id for entry in own) or server.get("recoveryInstanceID"),
        launched_at=launched_at if phase is ServerPhase.LAUNCHED else None,
        failure=failure,
    )


def _phase(status: str, entries: Iterable[_Entry], *, failed: bool) -> ServerPhase:
    """The furthest phase, not that of the last event: DRS may retry a step, and phases only go forward."""
    if failed:
        return ServerPhase.FAILED
    if status == "LAUNCHED":
        return ServerPhase.LAUNCHED
    reached = (PHASES[entry.event] for entry in entries if entry.event in PHASES)
    return max(reached, key=_ORDER.__getitem__, default=ServerPhase.WAITING)


def _failure(status: str, entries: Sequence[_Entry], *, over: bool, silence: str) -> str | None:
    """Why the server failed; None while it has not.

    Trouble in the log alone is no failure as long as the job goes on: DRS retries, and falls back on older snapshots.
    """
    if status == "LAUNCHED":
        return None
    troubles = [entry for entry in entries if entry.is_trouble]
    if status in {"FAILED", "TERMINATED"}:
        return _cause(troubles) if troubles else _unexplained(status, silence)
    return _cause(troubles) if over and troubles else None


def _cause(troubles: Sequence[_Entry]) -> str:
    """The last trouble; one while cleaning up only if there is no other, since cleaning up follows failures too."""
    causes = [entry for entry in troubles if entry.event != "CLEANUP_FAIL"]
    return (causes or troubles)[-1].words


def _latest(values: Iterable[_T | None]) -> _T | None:
    return next((value for value in reversed(list(values)) if value), None)


def _unexplained(status: str, silence: str) -> str:
    """As seen where the caller had no right to `drs:GetLaunchConfiguration`: server FAILED, and nothing in the log."""
    return f"DRS shows the launch as {status}, and {silence}. A right that the bot lacks can look like this."
