"""StartRecovery and TerminateRecoveryInstances: the two calls that make jobs.

Where the model lists no fitting error (a source server or snapshot that does not exist), DRS's own answer is not
proven; here it is a ValidationException. That an unknown or already terminated recovery instance is a
ConflictException was seen by johnjcousens/aws-elasticdrs-orchestrator. That the quota of servers in one job holds for
TERMINATE jobs too is a guess, on the safe side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from infra.local.drs import ids
from infra.local.drs.errors import BUSY, conflict, invalid, over_quota
from infra.local.drs.instances import InstanceState, LaunchTarget, RecoveryInstance
from infra.local.drs.jobs import Job, JobType, job_wire
from infra.local.drs.models import DrsBackend
from infra.local.drs.phases import Phase
from infra.local.drs.snapshots import recovery_snapshots
from infra.local.drs.timeline import ServerRun

CONCURRENT_JOBS = "L-D88FAC3A"
SERVERS_IN_ONE_JOB = "L-B827C881"
SERVERS_IN_ALL_JOBS = "L-05AFA8C6"


def start_recovery(backend: DrsBackend, params: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Start a launch job. Without `isDrill` it is a real recovery, as in DRS; each server's old instance is deleted."""
    wanted = {item["sourceServerID"]: item.get("recoverySnapshotID") for item in params["sourceServers"]}
    if len(wanted) < len(params["sourceServers"]):
        raise invalid([("sourceServers", "names a source server twice")])
    points = {server: _point(backend, server, snapshot, now) for server, snapshot in wanted.items()}
    _refuse_busy(backend, wanted, now)
    _refuse_over_quota(backend, len(wanted), now)
    initiated_by = "START_DRILL" if params.get("isDrill", False) else "START_RECOVERY"
    job_id = _next_job_id(backend, now)
    targets = {server: _target(backend, job_id, server, point) for server, point in points.items()}
    runs = [_launch_run(backend, server, target, now) for server, target in targets.items()]
    job = _make_job(backend, job_id, kind=JobType.LAUNCH, initiated_by=initiated_by, runs=runs, now=now)
    backend.add_job(job, targets, params.get("tags", {}))
    return {"job": show_job(backend, job, now)}


def terminate_recovery_instances(backend: DrsBackend, params: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Start a TERMINATE job. It takes drill and real recovery instances alike, and no tags."""
    instances = [_terminable(backend, instance_id, now) for instance_id in dict.fromkeys(params["recoveryInstanceIDs"])]
    _refuse_busy(backend, [instance.source_server_id for instance in instances], now)
    _refuse_over_quota(backend, len(instances), now)
    runs = [_termination_run(backend, instance) for instance in instances]
    job_id = _next_job_id(backend, now)
    by = "TERMINATE_RECOVERY_INSTANCES"
    job = _make_job(backend, job_id, kind=JobType.TERMINATE, initiated_by=by, runs=runs, now=now)
    backend.add_job(job, {}, {})
    return {"job": show_job(backend, job, now)}


def show_job(backend: DrsBackend, job: Job, now: datetime) -> dict[str, Any]:
    """The job as DRS shows it at `now`, with its present tags."""
    return job_wire(job, backend.tags[job.arn], now, shows_instances=backend.settings.jobs_show_instances)


def _point(backend: DrsBackend, server: str, snapshot_id: str | None, now: datetime) -> datetime | None:
    if server not in backend.servers:
        raise invalid([("sourceServers", f"source server {server} does not exist")], reason="other")
    if snapshot_id is None:
        return None
    points = {snapshot.id: snapshot.at for snapshot in recovery_snapshots(backend.servers[server], now)}
    if snapshot_id not in points:
        raise invalid([("sourceServers", f"source server {server} has no snapshot {snapshot_id}")], reason="other")
    return points[snapshot_id]


def _terminable(backend: DrsBackend, instance_id: str, now: datetime) -> RecoveryInstance:
    instance = backend.listed_instance(instance_id, now)
    if instance is None:
        raise conflict(f"Recovery instance {instance_id} does not exist", instance_id, "recovery-instance")
    if backend.state_of(instance, now) in {InstanceState.SHUTTING_DOWN, InstanceState.TERMINATED}:
        raise conflict(f"Recovery instance {instance_id} is being terminated", instance_id, "recovery-instance")
    return instance


def _refuse_busy(backend: DrsBackend, servers: Iterable[str], now: datetime) -> None:
    busy = next((server for server in servers if backend.active_job_of(server, now)), None)
    if busy:
        raise conflict(BUSY, busy, "source-server")


def _refuse_over_quota(backend: DrsBackend, servers: int, now: datetime) -> None:
    quotas, active = backend.settings.quotas, backend.active_jobs(now)
    if servers > quotas.servers_in_one_job:
        raise over_quota(f"A job can have at most {quotas.servers_in_one_job} servers", SERVERS_IN_ONE_JOB)
    if len(active) >= quotas.concurrent_jobs:
        raise over_quota(f"At most {quotas.concurrent_jobs} jobs can run at once", CONCURRENT_JOBS)
    if servers + sum(len(job.runs) for job in active) > quotas.servers_in_all_jobs:
        raise over_quota(f"All jobs can have at most {quotas.servers_in_all_jobs} servers", SERVERS_IN_ALL_JOBS)


def _target(backend: DrsBackend, job_id: str, server: str, point: datetime | None) -> LaunchTarget:
    spec = backend.servers[server]
    return LaunchTarget(
        instance_id=ids.instance_id(job_id, server),
        point=point,
        lag=spec.lag,
        settled_state=InstanceState.STOPPED if spec.launch.disposition == "STOPPED" else InstanceState.RUNNING,
        origin_environment=spec.origin_environment,
    )


def _launch_run(backend: DrsBackend, server: str, target: LaunchTarget, now: datetime) -> ServerRun:
    old = backend.instance_of(server, now)
    needed = {
        Phase.CLEANUP: old is not None,
        Phase.SNAPSHOT: target.point is None,
        Phase.CONVERSION: backend.servers[server].launch.recovery_mode != "FAST",
        Phase.LAUNCH: True,
    }
    phases = tuple(phase for phase, is_needed in needed.items() if is_needed)
    troubles = backend.faults.troubles_of(server, phases)
    return ServerRun(server, phases, target.instance_id, old.id if old else None, troubles)


def _termination_run(backend: DrsBackend, instance: RecoveryInstance) -> ServerRun:
    phases = (Phase.TERMINATION,)
    troubles = backend.faults.troubles_of(instance.source_server_id, phases)
    return ServerRun(instance.source_server_id, phases, removes=instance.id, troubles=troubles)


def _next_job_id(backend: DrsBackend, now: datetime) -> str:
    return ids.job_id(backend.account_id, backend.region_name, now.isoformat(), len(backend.jobs))


def _make_job(
    backend: DrsBackend,
    job_id: str,
    *,
    kind: JobType,
    initiated_by: str,
    runs: Sequence[ServerRun],
    now: datetime,
) -> Job:
    return Job(
        number=len(backend.jobs),
        id=job_id,
        arn=backend.arn("job", job_id),
        type=kind,
        initiated_by=initiated_by,
        created_at=now,
        pace=backend.settings.pace,
        runs=tuple(runs),
    )
