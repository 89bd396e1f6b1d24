"""What happened, and what is there now: read from Python, by tests and by a console of the local stack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.local.drs.clock import world_now
from infra.local.drs.describe import show_server
from infra.local.drs.instances import InstanceState
from infra.local.drs.models import Call
from infra.local.drs.recovery import show_job
from infra.local.drs.seed import backend_of


@dataclass(frozen=True, slots=True)
class ExistingInstance:
    """A recovery instance that costs money now. DRS lists it only once it is registered."""

    id: str
    source_server_id: str
    job_id: str
    is_drill: bool
    state: str
    """EC2's: RUNNING, STOPPED or SHUTTING-DOWN."""
    launched_at: datetime
    is_registered: bool


def recorded_calls(account: str, region: str, operation: str | None = None) -> list[Call]:
    """The calls that arrived, in order; only those of one operation if it is named."""
    backend = backend_of(account, region)
    with backend.lock:
        return [call for call in backend.calls if operation in {None, call.operation}]


def jobs(account: str, region: str) -> list[dict[str, Any]]:
    """All jobs as DescribeJobs would show them now, oldest first."""
    backend = backend_of(account, region)
    with backend.lock:
        now = world_now()
        return [show_job(backend, job, now) for job in backend.jobs.values()]


def job_log(account: str, region: str, job_id: str) -> list[dict[str, Any]]:
    """The log of a job as DescribeJobLogItems would show it now.

    Raises:
        KeyError: there is no such job.
    """
    backend = backend_of(account, region)
    with backend.lock:
        return [dict(entry) for entry in backend.jobs[job_id].past_log(world_now())]


def source_servers(account: str, region: str) -> list[dict[str, Any]]:
    """All source servers as DescribeSourceServers would show them now, by id."""
    backend = backend_of(account, region)
    with backend.lock:
        now = world_now()
        return [show_server(backend, backend.servers[server_id], now) for server_id in sorted(backend.servers)]


def source_server_ids(account: str, region: str) -> frozenset[str]:
    """The ids of all source servers."""
    backend = backend_of(account, region)
    with backend.lock:
        return frozenset(backend.servers)


def running_instances(account: str, region: str) -> list[ExistingInstance]:
    """Every recovery instance that exists and is not terminated, drill or not, registered or not: empty means clean."""
    backend = backend_of(account, region)
    with backend.lock:
        now = world_now()
        return [
            ExistingInstance(
                id=instance.id,
                source_server_id=instance.source_server_id,
                job_id=instance.job_id,
                is_drill=instance.is_drill,
                state=state.value,
                launched_at=instance.launched_at,
                is_registered=instance.registered_at <= now,
            )
            for instance, state in backend.existing_instances(now)
            if state is not InstanceState.TERMINATED
        ]
