"""DRS through boto3: the calls, and nothing else. This is the one place in the house that can start anything."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from bot.adapters.drs_errors import CALL_ERRORS, translating
from bot.adapters.drs_jobs import active_job, launch_tags, observation, tagged_job, those
from bot.adapters.drs_replies import (
    DRILL_TAG,
    job_id_of,
    launch_settings,
    newest_snapshot,
    recovery_instance,
    required,
    source_server,
    written,
)
from bot.adapters.side_by_side import OutOfTimeError, SideBySide
from bot.application.ports.drs import DrsError, Refused
from bot.application.ports.figures import Figure, Measured, Meter, unmeasured
from bot.domain.facts import ActiveJob, JobObservation, LaunchSettings, RecoveryInstance, SourceServer, TaggedJob
from bot.domain.launch import MAX_SERVERS_PER_JOB, LaunchKey
from bot.domain.launch_point import RecoverySnapshot

if TYPE_CHECKING:
    from mypy_boto3_drs.client import DrsClient
    from mypy_boto3_drs.type_defs import (
        DescribeJobsRequestFiltersTypeDef,
        PaginatorConfigTypeDef,
        StartRecoveryRequestSourceServerTypeDef,
    )

T = TypeVar("T")

logger = logging.getLogger(__name__)

MAX_SERVERS_PER_FILTER = 200
"""botocore `DescribeSourceServersRequestFiltersIDs`; DescribeRecoveryInstances states no limit for its own."""
_WHOLE: PaginatorConfigTypeDef = {"PageSize": MAX_SERVERS_PER_FILTER}
"""One page for a whole filter: DRS's own size of a page is not documented. It may still give less."""
MAX_JOBS_PER_FILTER = 1_000
"""botocore `DescribeJobsRequestFiltersJobIDs`."""
MAX_INSTANCES_PER_TERMINATION = 200
"""botocore `RecoveryInstancesForTerminationRequest`."""
ACTIVE_JOBS_WINDOW = timedelta(days=3)
"""How far back `active_jobs` looks for jobs that have not ended.

DescribeJobs cannot be asked for running jobs only, so without a limit it would list ever more old ones. Jobs take
minutes, those of large servers hours; three days still show on Monday what was started on Friday. An older job that
hangs is missed here, and DRS itself then refuses a second job for its servers (ConflictException)."""
SNAPSHOTS_PER_PAGE = 10
"""DescribeRecoverySnapshots gives the newest first here, and only the newest that has been taken is wanted."""
CALLS_BY_SERVER = SideBySide(per_second=50, at_once=20, budget=12)
"""One call for each server, since DescribeRecoverySnapshots and GetLaunchConfiguration take one id (botocore), and each
kind at this pace. 500 servers take 10 s as long as DRS answers within 0.4 s; of more, as many as the budget allows are
read in a step of the executor (`lanes.LONGEST_STEP`). AWS publishes no rate for these calls: that DRS bears this one is
not proven, and what it throttles is tried again by boto3."""
CONNECTIONS = 2 * CALLS_BY_SERVER.at_once
"""How many calls are under way to DRS at any moment, at most: both kinds are read side by side."""
CLOCK_MARGIN = timedelta(minutes=5)
"""By how much DRS's clock, which dates jobs, may be behind the bot's."""


class DrsAdapter:
    """DRS in one account and Region (port `Drs`).

    Args:
        calls: for everything but launching. It may retry: of these calls only TerminateRecoveryInstances changes
            anything, and a second one of those is refused as a conflict.
        launches: for StartRecovery alone. It must make ONE attempt: StartRecovery has no idempotency token, so that
            each further attempt after an unclear answer could be a second drill.
        now: the time as DRS has it, to say since when jobs are of interest.
        calls_by_server: how DRS is asked for what it tells of one server at a time.
    """

    def __init__(
        self,
        calls: DrsClient,
        launches: DrsClient,
        now: Callable[[], datetime],
        calls_by_server: SideBySide = CALLS_BY_SERVER,
        meter: Meter = unmeasured,
    ) -> None:
        self._calls = calls
        self._launches = launches
        self._now = now
        self._calls_by_server = calls_by_server
        self._meter = meter

    def source_servers(self, server_ids: Sequence[str]) -> tuple[SourceServer, ...]:
        """Those of the servers that exist."""
        paginator = self._calls.get_paginator("describe_source_servers")
        pages = (
            paginator.paginate(filters={"sourceServerIDs": chunk}, PaginationConfig=_WHOLE)
            for chunk in _chunks(server_ids)
        )
        return tuple(server for some in pages for server in self._items("DescribeSourceServers", some, source_server))

    def every_source_server(self) -> tuple[SourceServer, ...]:
        """All source servers of the account and Region, each once."""
        pages = self._calls.get_paginator("describe_source_servers").paginate(PaginationConfig=_WHOLE)
        found = self._items("DescribeSourceServers", pages, source_server)
        return tuple({server.id: server for server in found}.values())

    def recovery_instances(self, server_ids: Sequence[str]) -> tuple[RecoveryInstance, ...]:
        """The recovery instances of the servers."""
        paginator = self._calls.get_paginator("describe_recovery_instances")
        pages = (
            paginator.paginate(filters={"sourceServerIDs": chunk}, PaginationConfig=_WHOLE)
            for chunk in _chunks(server_ids)
        )
        return tuple(
            found for some in pages for found in self._items("DescribeRecoveryInstances", some, recovery_instance)
        )

    def every_recovery_instance(self) -> tuple[RecoveryInstance, ...]:
        """All recovery instances of the account and Region, each once."""
        pages = self._calls.get_paginator("describe_recovery_instances").paginate(PaginationConfig=_WHOLE)
        found = self._items("DescribeRecoveryInstances", pages, recovery_instance)
        return tuple({instance.id: instance for instance in found}.values())

    def active_jobs(self) -> tuple[ActiveJob, ...]:
        """The jobs of the last `ACTIVE_JOBS_WINDOW` that DRS is working on, of every type, whoever started them."""
        jobs = self._jobs({"fromDate": written(self._now() - ACTIVE_JOBS_WINDOW)})
        return those("DescribeJobs", jobs, active_job)

    def newest_snapshots(
        self, server_ids: Sequence[str], until: datetime | None = None
    ) -> Mapping[str, RecoverySnapshot | None]:
        """The newest recovery snapshot of each server (taken at `until` or before), or None, as far as time allows.

        Raises:
            DrsError: of one server they could not be read, or of none in time (UNCLEAR).
        """
        return self._of_each("DescribeRecoverySnapshots", lambda each: self._newest_snapshot(each, until), server_ids)

    def launch_settings(self, server_ids: Sequence[str]) -> Mapping[str, LaunchSettings]:
        """How DRS is set to launch each of the servers, as far as time allows.

        Raises:
            DrsError: of one server they could not be read, or of none in time (UNCLEAR).
        """
        return self._of_each("GetLaunchConfiguration", self._launch_settings, server_ids)

    def start_drill(
        self, drill_id: str, key: LaunchKey, server_ids: Sequence[str], snapshot_ids: Mapping[str, str] | None = None
    ) -> str:
        """Start a drill job in one attempt, from these snapshots or else from fresh ones, and return its id.

        Raises:
            DrsError: UNCLEAR when the job may have been made all the same: look for it in `tagged_jobs`.
        """
        _expect("StartRecovery", server_ids, MAX_SERVERS_PER_JOB)
        points = snapshot_ids or {}
        with self._calling("StartRecovery"):
            # A literal, since DRS takes a call without it for a real recovery. No setting may ever reach it.
            reply = self._launches.start_recovery(
                sourceServers=[_source_server(server_id, points.get(server_id)) for server_id in server_ids],
                isDrill=True,
                tags=launch_tags(drill_id, key),
            )
        return job_id_of("StartRecovery", reply)

    def tagged_jobs(self, since: datetime) -> tuple[TaggedJob, ...]:
        """The launch jobs made since then, or up to `CLOCK_MARGIN` earlier, that carry this bot's tags."""
        return those("DescribeJobs", self._jobs({"fromDate": written(since - CLOCK_MARGIN)}), tagged_job)

    def tagged(self, job_ids: Sequence[str]) -> tuple[TaggedJob, ...]:
        """Those of the jobs that carry this bot's tags."""
        return those("DescribeJobs", self._named(job_ids), tagged_job)

    def observe(self, job_ids: Sequence[str]) -> tuple[JobObservation, ...]:
        """How far jobs are, in the order of `job_ids`, but for those that cannot be read. A log costs only detail."""
        jobs = self._named(job_ids)
        seen = (self._observe(job_id, jobs.get(job_id)) for job_id in dict.fromkeys(job_ids))
        return tuple(job for job in seen if job)

    def tag(self, drill_id: str, instances: Sequence[RecoveryInstance]) -> None:
        """Tag recovery instances with the drill that has launched them, as its jobs are: one call for each."""
        arns = [instance.arn for instance in instances if instance.arn]
        self._of_each("TagResource", lambda arn: self._tag(arn, drill_id), arns)

    def _tag(self, arn: str, drill_id: str) -> None:
        with self._calling("TagResource"):
            self._calls.tag_resource(resourceArn=arn, tags={DRILL_TAG: drill_id})

    def terminate(self, instance_ids: Sequence[str]) -> str:
        """Terminate recovery instances (at most 200); the id of the job that does it.

        DRS asks nothing here: whether an instance is a drill's, and this drill's, is for the caller to know.
        """
        _expect("TerminateRecoveryInstances", instance_ids, MAX_INSTANCES_PER_TERMINATION)
        with self._calling("TerminateRecoveryInstances"):
            reply = self._calls.terminate_recovery_instances(recoveryInstanceIDs=list(instance_ids))
        return job_id_of("TerminateRecoveryInstances", reply)

    def _of_each(self, operation: str, call: Callable[[str], T], ids: Sequence[str]) -> dict[str, T]:
        each = list(dict.fromkeys(ids))
        try:
            return dict(zip(each, self._calls_by_server.each(call, each), strict=False))
        except OutOfTimeError as late:
            raise DrsError(Refused.UNCLEAR, f"{operation}: of the servers, {late}.") from late

    def _launch_settings(self, server_id: str) -> LaunchSettings:
        with self._calling("GetLaunchConfiguration"):
            return launch_settings(dict(self._calls.get_launch_configuration(sourceServerID=server_id)))

    def _newest_snapshot(self, server_id: str, until: datetime | None) -> RecoverySnapshot | None:
        pages = self._calls.get_paginator("describe_recovery_snapshots").paginate(
            sourceServerID=server_id,
            order="DESC",
            filters={"toDateTime": written(until)} if until else {},
            PaginationConfig={"PageSize": SNAPSHOTS_PER_PAGE},
        )
        with self._calling("DescribeRecoverySnapshots"):
            return next((newest for page in pages if (newest := newest_snapshot(page.get("items", ()), until))), None)

    def _observe(self, job_id: str, job: Mapping[str, Any] | None) -> JobObservation | None:
        if job is None:
            return JobObservation(job_id=job_id, status=None)
        for log in [[]] if job.get("status") == "PENDING" else [self._log(job_id), None]:
            try:
                return observation(job, log)
            except CALL_ERRORS:
                logger.exception("DRS job %s, or its log, cannot be read", job_id, extra={"job_id": job_id})
        return None

    def _log(self, job_id: str) -> list[Mapping[str, Any]] | None:
        """The job's whole log; None if it cannot be read, which must not cost the caller the other jobs."""
        pages = self._calls.get_paginator("describe_job_log_items").paginate(jobID=job_id)
        try:
            return self._items("DescribeJobLogItems", pages, dict)
        except DrsError as error:
            logger.warning("The log of DRS job %s could not be read: %s", job_id, error, extra={"job_id": job_id})
            return None

    def _named(self, job_ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        jobs: dict[str, Mapping[str, Any]] = {}
        for chunk in _chunks(job_ids, MAX_JOBS_PER_FILTER):
            jobs |= self._jobs({"jobIDs": chunk})
        return jobs

    def _jobs(self, filters: DescribeJobsRequestFiltersTypeDef) -> dict[str, Mapping[str, Any]]:
        """Jobs by id, newest first: an item that comes in two pages, since others came or went between, is one."""
        pages = self._calls.get_paginator("describe_jobs").paginate(filters=filters)
        return {required("DescribeJobs", job, "jobID"): job for job in self._items("DescribeJobs", pages, dict)}

    def _items(self, operation: str, pages: Iterable[Mapping[str, Any]], read: Callable[[Any], T]) -> list[T]:
        """What each item is read as, within the call: an item that cannot be read is an answer that cannot be."""
        with self._calling(operation):
            return [read(item) for page in pages for item in page.get("items", ())]

    @contextmanager
    def _calling(self, operation: str) -> Iterator[None]:
        """Log a call, with all its pages and retries, and translate its errors."""
        started, outcome = time.perf_counter(), "ok"
        try:
            with translating(operation):
                yield
        except DrsError as refused:
            outcome = refused.kind.value
            self._meter([Measured(Figure.DRS_ERRORS, 1, of=("kind", outcome))])
            raise
        finally:
            seen = {
                "operation": operation,
                "region": self._calls.meta.region_name,
                "duration_ms": round((time.perf_counter() - started) * 1_000),
                "outcome": outcome,
            }
            logger.debug("DRS call", extra=seen)


def _chunks(ids: Sequence[str], size: int = MAX_SERVERS_PER_FILTER) -> Iterator[list[str]]:
    """The ids, each once, in lists that a filter takes. None at all for no ids: to DRS, an empty filter means "all"."""
    each = list(dict.fromkeys(ids))
    return (each[start : start + size] for start in range(0, len(each), size))


def _source_server(server_id: str, snapshot_id: str | None) -> StartRecoveryRequestSourceServerTypeDef:
    """Without a snapshot id, DRS takes a fresh one (botocore: "an on-demand snapshot")."""
    if snapshot_id is None:
        return {"sourceServerID": server_id}
    return {"sourceServerID": server_id, "recoverySnapshotID": snapshot_id}


def _expect(operation: str, ids: Sequence[str], most: int) -> None:
    if not 1 <= len(ids) <= most:
        raise DrsError(Refused.INVALID, f"{operation}: takes 1 to {most} at once, not {len(ids)}. Nothing was sent.")
