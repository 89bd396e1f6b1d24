"""What DRS shows of servers and instances, read into the house's own shapes. Member names are botocore's model's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.adapters.drs_errors import incomplete, translating
from bot.domain.facts import LaunchSettings, RecoveryInstance, ReplicatedDisk, SourceServer
from bot.domain.launch_point import RecoverySnapshot

DRILL_TAG = "drs-drill-bot:drill"
"""Whose a job or an instance is. Letters, `-` and `:` are allowed in tag keys (AWS: Tagging AWS Resources)."""

_DURATION = TypeAdapter(timedelta)


def source_server(item: Mapping[str, Any]) -> SourceServer:
    """A server from DescribeSourceServers.

    Raises:
        DrsError: UNCLEAR, the item does not say which server it is.
    """
    replication = item.get("dataReplicationInfo", {})
    return SourceServer(
        id=required("DescribeSourceServers", item, "sourceServerID"),
        name=_name(item),
        replication_state=replication.get("dataReplicationState", "UNKNOWN"),
        lag=duration(replication.get("lagDuration")),
        replication_direction=item.get("replicationDirection", "FAILOVER"),
        replication_error=replication.get("dataReplicationError", {}).get("error"),
        last_seen=instant(item.get("lifeCycle", {}).get("lastSeenByServiceDateTime")),
        disks=tuple(_disk(disk) for disk in replication.get("replicatedDisks", ())),
        tags=dict(item.get("tags", {})),
    )


def recovery_instance(item: Mapping[str, Any]) -> RecoveryInstance:
    """An instance from DescribeRecoveryInstances.

    Raises:
        DrsError: UNCLEAR, the item does not say which instance it is, or whose.
    """
    operation = "DescribeRecoveryInstances"
    return RecoveryInstance(
        id=required(operation, item, "recoveryInstanceID"),
        server_id=required(operation, item, "sourceServerID"),
        is_drill=item.get("isDrill"),
        job_id=item.get("jobID"),
        ec2_instance_id=item.get("ec2InstanceID"),
        ec2_state=item.get("ec2InstanceState"),
        failback_state=item.get("failback", {}).get("state"),
        recovery_point=instant(item.get("pointInTimeSnapshotDateTime")),
        arn=item.get("arn"),
        drill_id=item.get("tags", {}).get(DRILL_TAG),
    )


def recovery_snapshot(item: Mapping[str, Any]) -> RecoverySnapshot | None:
    """A snapshot from DescribeRecoverySnapshots; None as long as it has not been taken, but is only expected.

    Raises:
        DrsError: UNCLEAR, the item does not say which snapshot it is.
    """
    taken = instant(item.get("timestamp"))
    return RecoverySnapshot(id=required("DescribeRecoverySnapshots", item, "snapshotID"), at=taken) if taken else None


def newest_snapshot(items: Iterable[Mapping[str, Any]], until: datetime | None) -> RecoverySnapshot | None:
    """The newest of a page. DRS does not say whether `toDateTime` is about when a snapshot was taken or expected."""
    taken = [snapshot for item in items if (snapshot := recovery_snapshot(item))]
    fitting = [snapshot for snapshot in taken if until is None or snapshot.at <= until]
    return max(fitting, key=lambda snapshot: snapshot.at, default=None)


def job_id_of(operation: str, reply: Mapping[str, Any]) -> str:
    """The job that a call has made. The model lets DRS answer without it: then it may or may not be there.

    Raises:
        DrsError: UNCLEAR, the answer does not say.
    """
    if "job" not in reply:
        raise incomplete(operation, "job")
    with translating(operation):
        return required(operation, reply["job"], "jobID")


def launch_settings(item: Mapping[str, Any]) -> LaunchSettings:
    """How a server is launched, from GetLaunchConfiguration."""
    return LaunchSettings(
        launch_disposition=item.get("launchDisposition"),
        right_sizing=item.get("targetInstanceTypeRightSizingMethod"),
        copy_private_ip=item.get("copyPrivateIp"),
        copy_tags=item.get("copyTags"),
        os_byol=item.get("licensing", {}).get("osByol"),
        post_launch_enabled=item.get("postLaunchEnabled"),
        recovery_mode=item.get("recoveryMode"),
        template_id=item.get("ec2LaunchTemplateID"),
    )


def required(operation: str, item: Mapping[str, Any], member: str) -> str:
    """A member that the model lets DRS leave out, and without which the item is worth nothing.

    Raises:
        DrsError: UNCLEAR, it is left out.
    """
    value = item.get(member)
    if not value or not isinstance(value, str):
        raise incomplete(operation, member)
    return value


def instant(text: str | None) -> datetime | None:
    """A moment as DRS writes it, `…Z` as in the model or `…+00:00` as in its job logs; None if it cannot be read."""
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def duration(text: str | None) -> timedelta | None:
    """An ISO 8601 duration, such as `P2DT1H32M12.136909S`; None if it cannot be read."""
    try:
        return _DURATION.validate_python(text) if text else None
    except ValidationError:
        return None


def written(moment: datetime) -> str:
    """A moment, in whole seconds and not later, as DRS takes it in filters (botocore `ISO8601DatetimeString`)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _disk(disk: Mapping[str, Any]) -> ReplicatedDisk:
    return ReplicatedDisk(
        device=disk.get("deviceName", ""),
        total=disk.get("totalStorageBytes"),
        replicated=disk.get("replicatedStorageBytes"),
        to_rescan=disk.get("rescannedStorageBytes"),
        backlog=disk.get("backloggedStorageBytes"),
    )


def _name(item: Mapping[str, Any]) -> str:
    hints = item.get("sourceProperties", {}).get("identificationHints", {})
    return item.get("tags", {}).get("Name") or hints.get("hostname") or hints.get("fqdn") or ""
