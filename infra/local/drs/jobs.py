"""Jobs: what is fixed about one when it is made, and how DRS shows it and its log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from infra.local.drs.clock import iso
from infra.local.drs.phases import JobStatus, LaunchStatus, Pace
from infra.local.drs.timeline import (
    Hold,
    JobPlan,
    ServerPlan,
    ServerRun,
    Trouble,
    job_status,
    launch_status,
    log_length,
    plan_job,
)


class JobType(StrEnum):
    """botocore model, `JobType`, as far as the simulator makes them."""

    LAUNCH = "LAUNCH"
    TERMINATE = "TERMINATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job and its whole plan. `number` counts the jobs of an account and Region, for the order of DescribeJobs."""

    number: int
    id: str
    arn: str
    type: JobType
    initiated_by: str
    created_at: datetime
    pace: Pace
    runs: tuple[ServerRun, ...]
    plan: JobPlan = field(init=False)
    log: tuple[Mapping[str, Any], ...] = field(init=False)
    """The whole log as botocore's `JobLog`, written once: what is past never changes."""

    def __post_init__(self) -> None:
        plan = plan_job(self.id, self.created_at, self.runs, self.pace)
        object.__setattr__(self, "plan", plan)
        object.__setattr__(self, "log", _log_wire(self.id, plan))

    @property
    def is_drill(self) -> bool:
        """Whether this is a launch job that was started as a drill."""
        return self.initiated_by == "START_DRILL"

    def is_active(self, now: datetime) -> bool:
        """Whether the job is PENDING or STARTED: it counts for quotas, and its servers are taken."""
        return job_status(self.plan, now) is not JobStatus.COMPLETED

    def server_status(self, source_server_id: str, now: datetime) -> LaunchStatus:
        """The launch status of one server of this job."""
        return launch_status(self.plan.servers[source_server_id], now)

    def past_log(self, now: datetime) -> Sequence[Mapping[str, Any]]:
        """The log entries written by `now`, oldest first."""
        return self.log[: log_length(self.plan, now)]


def released(job: Job, source_server_id: str, now: datetime) -> Job:
    """The job as it goes on when `source_server_id` is let go, at `now`, of whatever phase it is stuck in."""
    runs = [
        replace(r, troubles=_let_go(r.troubles, now)) if r.source_server_id == source_server_id else r for r in job.runs
    ]
    return replace(job, runs=tuple(runs))


def job_wire(job: Job, tags: Mapping[str, str], now: datetime, *, shows_instances: bool) -> dict[str, Any]:
    """The job as botocore's `Job`.

    A completed TERMINATE job lists no servers any more (seen by johnjcousens/aws-elasticdrs-orchestrator).
    """
    status = job_status(job.plan, now)
    forgets = job.type is JobType.TERMINATE and status is JobStatus.COMPLETED
    servers = () if forgets else job.plan.servers.values()
    wire: dict[str, Any] = {
        "jobID": job.id,
        "arn": job.arn,
        "type": job.type.value,
        "initiatedBy": job.initiated_by,
        "creationDateTime": iso(job.created_at, job.id),
        "status": status.value,
        "participatingServers": [_server_wire(server, now, shows_instance=shows_instances) for server in servers],
        "participatingResources": [],
        "tags": dict(tags),
    }
    if status is JobStatus.COMPLETED and job.plan.ended_at:
        wire["endDateTime"] = iso(job.plan.ended_at, job.id)
    return wire


def _server_wire(server: ServerPlan, now: datetime, *, shows_instance: bool) -> dict[str, Any]:
    status = launch_status(server, now)
    wire = {"sourceServerID": server.run.source_server_id, "launchStatus": status.value}
    if shows_instance and status is LaunchStatus.LAUNCHED and server.run.launches:
        wire["recoveryInstanceID"] = server.run.launches
    return wire


def _log_wire(job_id: str, plan: JobPlan) -> tuple[Mapping[str, Any], ...]:
    return tuple({"logDateTime": iso(m.at, job_id), "event": m.event, "eventData": m.data} for m in plan.log)


def _let_go(troubles: Sequence[Trouble], now: datetime) -> tuple[Trouble, ...]:
    return tuple(replace(t, released_at=now) if isinstance(t, Hold) and not t.released_at else t for t in troubles)
