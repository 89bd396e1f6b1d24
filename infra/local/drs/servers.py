"""Source servers: what a seed says of them, and how DRS shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from infra.local.drs.clock import iso, iso_duration
from infra.local.drs.ids import digest
from infra.local.drs.phases import LaunchStatus

GIB = 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchSettings:
    """A server's DRS launch configuration (members of botocore's `LaunchConfiguration`)."""

    disposition: str = "STARTED"
    """STARTED or STOPPED: whether the recovered instance runs."""
    right_sizing: str = "BASIC"
    copy_private_ip: bool = False
    copy_tags: bool = True
    os_byol: bool = False
    post_launch_enabled: bool = False
    recovery_mode: str = "OPTIMAL"
    """OPTIMAL, or FAST, which skips conversion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryInstanceSpec:
    """A recovery instance that a server already has when the story begins."""

    is_drill: bool
    launched_ago: timedelta = timedelta(days=3)
    """Before the moment of seeding."""
    failback_state: str = "FAILBACK_NOT_STARTED"
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceServerSpec:
    """A source server as an operator would find it. Times are relative to world time whenever it is asked for."""

    id: str
    hostname: str
    tags: Mapping[str, str] = field(default_factory=dict)
    replication_state: str = "CONTINUOUS"
    replication_error: str | None = None
    lag: timedelta = timedelta()
    """How far the newest replicated data is behind; no recovery snapshot is newer than this."""
    seen_ago: timedelta = timedelta(seconds=20)
    """How long ago the agent was last seen."""
    added_ago: timedelta = timedelta(days=30)
    replication_direction: str = "FAILOVER"
    origin_environment: str = "ON_PREMISES"
    staging_status: str = "NOT_EXTENDED"
    staging_account: str | None = None
    """Account of the staging area; the server's own account if absent."""
    hardware_id: str = ""
    disk_bytes: int = 8 * GIB
    rescan_bytes: int = 0
    """How much of its disk DRS has to read again."""
    operating_system: str = "Linux version 5.10.0-28-cloud-amd64"
    launch: LaunchSettings = field(default_factory=LaunchSettings)
    recovery_instance: RecoveryInstanceSpec | None = None


@dataclass(frozen=True, slots=True)
class LastLaunch:
    """The newest launch job of a server, for `lifeCycle.lastLaunch`."""

    called_at: datetime
    job_id: str
    is_drill: bool
    status: LaunchStatus


_RESULTS: Mapping[LaunchStatus, str] = {
    LaunchStatus.PENDING: "PENDING",
    LaunchStatus.IN_PROGRESS: "PENDING",
    LaunchStatus.LAUNCHED: "SUCCEEDED",
    LaunchStatus.FAILED: "FAILED",
}


def source_server_wire(
    spec: SourceServerSpec,
    *,
    arn: str,
    account: str,
    tags: Mapping[str, str],
    launch: LastLaunch | None,
    recovery_instance_id: str | None,
    now: datetime,
) -> dict[str, Any]:
    """The server as botocore's `SourceServer`."""
    wire = {
        "sourceServerID": spec.id,
        "arn": arn,
        "tags": dict(tags),
        "lastLaunchResult": _RESULTS[launch.status] if launch else "NOT_STARTED",
        "dataReplicationInfo": _replication(spec),
        "lifeCycle": _life_cycle(spec, launch, now),
        "sourceProperties": _properties(spec, now),
        "stagingArea": {"status": spec.staging_status, "stagingAccountID": spec.staging_account or account},
        "replicationDirection": spec.replication_direction,
    }
    return wire | ({"recoveryInstanceId": recovery_instance_id} if recovery_instance_id else {})


def launch_configuration_wire(spec: SourceServerSpec) -> dict[str, Any]:
    """The server's launch configuration as botocore's `LaunchConfiguration`."""
    launch = spec.launch
    return {
        "sourceServerID": spec.id,
        "name": spec.hostname,
        "ec2LaunchTemplateID": f"lt-{digest('template', spec.id)[:17]}",
        "launchDisposition": launch.disposition,
        "targetInstanceTypeRightSizingMethod": launch.right_sizing,
        "copyPrivateIp": launch.copy_private_ip,
        "copyTags": launch.copy_tags,
        "licensing": {"osByol": launch.os_byol},
        "postLaunchEnabled": launch.post_launch_enabled,
        "recoveryMode": launch.recovery_mode,
    }


def _replication(spec: SourceServerSpec) -> dict[str, Any]:
    backlog = min(spec.disk_bytes, int(spec.lag.total_seconds()) * 1024**2)
    disk = {
        "deviceName": "/dev/nvme0n1",
        "totalStorageBytes": spec.disk_bytes,
        "replicatedStorageBytes": spec.disk_bytes,
        "rescannedStorageBytes": spec.rescan_bytes,
        "backloggedStorageBytes": backlog,
    }
    wire: dict[str, Any] = {
        "dataReplicationState": spec.replication_state,
        "lagDuration": iso_duration(spec.lag),
        "replicatedDisks": [disk],
    }
    if spec.replication_error:
        wire["dataReplicationError"] = {"error": spec.replication_error}
    return wire


def _life_cycle(spec: SourceServerSpec, launch: LastLaunch | None, now: datetime) -> dict[str, Any]:
    added = now - spec.added_ago
    return {
        "addedToServiceDateTime": iso(added, spec.id),
        "firstByteDateTime": iso(added + timedelta(minutes=2, seconds=23), spec.id),
        "elapsedReplicationDuration": iso_duration(spec.added_ago),
        "lastSeenByServiceDateTime": iso(now - spec.seen_ago, spec.id),
        "lastLaunch": _last_launch(launch) if launch else {"initiated": {}},
    }


def _last_launch(launch: LastLaunch) -> dict[str, Any]:
    initiated = {
        "apiCallDateTime": iso(launch.called_at, launch.job_id),
        "jobID": launch.job_id,
        "type": "DRILL" if launch.is_drill else "RECOVERY",
    }
    return {"initiated": initiated, "status": launch.status.value}


def _properties(spec: SourceServerSpec, now: datetime) -> dict[str, Any]:
    host = digest("host", spec.id)
    address = f"10.{int(host[:2], 16)}.{int(host[2:4], 16)}.{int(host[4:6], 16)}"
    return {
        "identificationHints": {"hostname": spec.hostname, "fqdn": f"{spec.hostname}.corp.example"},
        "lastUpdatedDateTime": iso(now - timedelta(minutes=20), spec.id),
        "recommendedInstanceType": "c5.large",
        "cpus": [{"cores": 2, "modelName": "Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz"}],
        "ramBytes": 4 * GIB,
        "os": {"fullString": spec.operating_system},
        "disks": [{"deviceName": "/dev/nvme0n1", "bytes": spec.disk_bytes}],
        "networkInterfaces": [{"macAddress": "02-FE-E4-21-4C-2D", "ips": [address], "isPrimary": True}],
    }
