"""What DRS says about servers, instances and jobs, in the house's own shapes. Facts decide nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pydantic import Field

from bot.domain.launch import LaunchKey
from bot.domain.model import Frozen, Instant
from bot.domain.states import JobStatus, ServerPhase


class Unread(Frozen):
    """Something that could not be read, and what was said instead. `is_denied`: for want of a right."""

    error: str
    is_denied: bool = False


class ReplicatedDisk(Frozen):
    """A disk of a source server (botocore `DataReplicationInfoReplicatedDisk`). Sizes are in bytes, None: not said."""

    device: str = ""
    total: int | None = None
    replicated: int | None = None
    to_rescan: int | None = None
    backlog: int | None = None


class SourceServer(Frozen):
    """A source server as DescribeSourceServers shows it (botocore `SourceServer`).

    Attributes:
        lag: how far what is replicated is behind; None: DRS does not say.
        replication_error: DRS's word for what is wrong with the replication (botocore `DataReplicationErrorString`).
        last_seen: when its agent was last heard of; None: DRS does not say.
    """

    id: str
    name: str = ""
    replication_state: str
    lag: timedelta | None = None
    replication_direction: str = "FAILOVER"
    replication_error: str | None = None
    last_seen: Instant | None = None
    disks: tuple[ReplicatedDisk, ...] = ()
    tags: Mapping[str, str] = Field(default={})

    @property
    def called(self) -> str:
        """The name people know it by, with its id."""
        return f"{self.name} ({self.id})" if self.name else self.id


class RecoveryInstance(Frozen):
    """A recovery instance as DescribeRecoveryInstances shows it (botocore `RecoveryInstance`).

    Attributes:
        drill_id: of the drill that this bot has tagged it with; None: it has not.
    """

    id: str
    server_id: str
    is_drill: bool | None = None
    job_id: str | None = None
    ec2_instance_id: str | None = None
    ec2_state: str | None = None
    failback_state: str | None = None
    recovery_point: Instant | None = None
    arn: str | None = None
    drill_id: str | None = None


class ServerObservation(Frozen):
    """A server of a job, as the job and its log show it now."""

    id: str
    phase: ServerPhase
    ec2_instance_id: str | None = None
    launched_at: Instant | None = None
    failure: str | None = None


class JobObservation(Frozen):
    """A launch job as DRS shows it now. `status` None: DRS does not know the job (any more)."""

    job_id: str
    status: JobStatus | None
    servers: tuple[ServerObservation, ...] = ()


class TaggedJob(Frozen):
    """A job that carries this bot's tags: whose it is and which launch it is."""

    job_id: str
    drill_id: str
    key: LaunchKey


class ActiveJob(Frozen):
    """A job that DRS is working on, and the servers it occupies."""

    job_id: str
    server_ids: tuple[str, ...]


class Quotas(Frozen):
    """Quotas of DRS in an account and Region (AWS: DRS endpoints and quotas); as documented where nothing is said."""

    concurrent_jobs: int = 20
    servers_per_job: int = 100
    servers_in_all_jobs: int = 500


class LaunchSettings(Frozen):
    """How DRS is set to launch a server (botocore `LaunchConfiguration`). None: it does not say."""

    launch_disposition: str | None = None
    right_sizing: str | None = None
    copy_private_ip: bool | None = None
    copy_tags: bool | None = None
    os_byol: bool | None = None
    post_launch_enabled: bool | None = None
    recovery_mode: str | None = None
    template_id: str | None = None


class Network(Frozen):
    """Where EC2 would put instances.

    Attributes:
        subnets: launch template to the subnet that its default version names; None: it names none.
        free: subnet to its free addresses. A subnet that is not in it is not there.
    """

    subnets: Mapping[str, str | None] = Field(default={})
    free: Mapping[str, int] = Field(default={})


class SettingsOfServers(Frozen):
    """Servers that are launched in the same way. `settings` has no launch template: each server has its own."""

    settings: LaunchSettings
    server_ids: tuple[str, ...]


def alike(settings: Mapping[str, LaunchSettings]) -> tuple[SettingsOfServers, ...]:
    """The servers (by id) by how they are launched, the most frequent way first."""
    groups: dict[LaunchSettings, list[str]] = {}
    for server_id, each in settings.items():
        groups.setdefault(each.model_copy(update={"template_id": None}), []).append(server_id)
    largest = sorted(groups.items(), key=lambda group: -len(group[1]))
    return tuple(SettingsOfServers(settings=each, server_ids=tuple(ids)) for each, ids in largest)
