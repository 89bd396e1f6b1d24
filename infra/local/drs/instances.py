"""Recovery instances: when they are there, in which state, and how DRS shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from infra.local.drs.clock import iso
from infra.local.drs.jobs import Job
from infra.local.drs.phases import Pace, Pause, Phase
from infra.local.drs.timeline import Mark, ServerPlan


class InstanceState(StrEnum):
    """botocore model, `EC2InstanceState`, where a recovery instance passes through it. SHUTTING-DOWN is spelled so."""

    RUNNING = "RUNNING"
    STOPPED = "STOPPED"
    SHUTTING_DOWN = "SHUTTING-DOWN"
    TERMINATED = "TERMINATED"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchTarget:
    """What a launch job is to make of one source server."""

    instance_id: str
    point: datetime | None
    """The recovery snapshot asked for; None: a fresh one."""
    lag: timedelta
    settled_state: InstanceState
    origin_environment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryInstance:
    """An EC2 instance that DRS has launched, and registers a little later."""

    id: str
    source_server_id: str
    job_id: str
    is_drill: bool
    launched_at: datetime
    registered_at: datetime
    """DRS lists the instance from here on."""
    recovery_point: datetime
    settled_state: InstanceState
    """RUNNING or STOPPED, by the launch disposition."""
    origin_environment: str
    failback_state: str = "FAILBACK_NOT_STARTED"


def launched_instances(job: Job, targets: Mapping[str, LaunchTarget]) -> Iterator[RecoveryInstance]:
    """The instances that `job`, as it is planned, launches; `targets` by source server id."""
    for server_id, target in targets.items():
        plan = job.plan.servers[server_id]
        launched_at = plan.time_of("LAUNCH_END")
        if launched_at is None:
            continue
        yield RecoveryInstance(
            id=target.instance_id,
            source_server_id=server_id,
            job_id=job.id,
            is_drill=job.is_drill,
            launched_at=launched_at,
            registered_at=launched_at + job.pace.length(Pause.REGISTRATION, target.instance_id),
            recovery_point=target.point or (plan.time_of("SNAPSHOT_START") or job.created_at) - target.lag,
            settled_state=target.settled_state,
            origin_environment=target.origin_environment,
        )


def ec2_state(
    instance: RecoveryInstance,
    removals: Iterable[ServerPlan],
    pace: Pace,
    now: datetime,
) -> InstanceState | None:
    """The instance's EC2 state at `now`, or None where there is nothing: not launched yet, or gone.

    `removals` are the plans, of drills and TERMINATE jobs, that were to delete it.
    """
    if now < instance.launched_at:
        return None
    for removal in removals:
        mark = _last_cleanup(removal, now)
        if mark and mark.event == "CLEANUP_START":
            return InstanceState.SHUTTING_DOWN
        if mark and mark.event == "CLEANUP_END":
            lingers = Phase.TERMINATION in removal.run.phases and now < mark.at + pace.length(Pause.LINGER, instance.id)
            return InstanceState.TERMINATED if lingers else None
    return instance.settled_state


def recovery_instance_wire(
    instance: RecoveryInstance,
    state: InstanceState,
    arn: str,
    tags: Mapping[str, str],
    hostname: str,
) -> dict[str, Any]:
    """The instance as botocore's `RecoveryInstance`."""
    return {
        "recoveryInstanceID": instance.id,
        "ec2InstanceID": instance.id,
        "ec2InstanceState": state.value,
        "arn": arn,
        "jobID": instance.job_id,
        "sourceServerID": instance.source_server_id,
        "isDrill": instance.is_drill,
        "pointInTimeSnapshotDateTime": iso(instance.recovery_point, instance.id),
        "failback": {"state": instance.failback_state},
        "dataReplicationInfo": {"dataReplicationState": "NOT_STARTED"},
        "originEnvironment": instance.origin_environment,
        "recoveryInstanceProperties": {"identificationHints": {"hostname": hostname}},
        "tags": dict(tags),
    }


def _last_cleanup(removal: ServerPlan, now: datetime) -> Mark | None:
    passed = (mark for mark in reversed(removal.marks) if mark.at <= now and mark.event.startswith("CLEANUP"))
    return next(passed, None)
