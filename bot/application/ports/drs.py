"""AWS Elastic Disaster Recovery, as the application sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.facts import ActiveJob, JobObservation, LaunchSettings, RecoveryInstance, SourceServer, TaggedJob
from bot.domain.launch import LaunchKey
from bot.domain.launch_point import RecoverySnapshot
from bot.domain.place_checks import Obstacle
from bot.domain.plan import Target


class Refused(StrEnum):
    """How DRS refused a call, by what it means for the caller."""

    THROTTLED = "throttled"
    CONFLICT = "conflict"
    OVER_QUOTA = "over_quota"
    DENIED = "denied"
    INVALID = "invalid"
    UNCLEAR = "unclear"


class DrsError(Exception):
    """A call to DRS failed.

    Attributes:
        kind: what that means: all but UNCLEAR say that DRS did not do what was asked.
        retry_after: how long DRS asks to wait, if it says.
        words: what DRS said; the same for each call that fails in the same way.
        request_id: by which AWS finds the call; `str()` has it too.
        obstacle: why nothing there can be called, where that is known.
    """

    def __init__(
        self,
        kind: Refused,
        words: str,
        retry_after: timedelta | None = None,
        request_id: str | None = None,
        *,
        obstacle: Obstacle | None = None,
    ) -> None:
        self.kind = kind
        self.words = words
        self.retry_after = retry_after
        self.request_id = request_id
        self.obstacle = obstacle
        super().__init__(f"{words} (request {request_id})" if request_id else words)


class Drs(Protocol):
    """AWS Elastic Disaster Recovery in one account and Region. Each method may raise `DrsError`."""

    def source_servers(self, server_ids: Sequence[str]) -> tuple[SourceServer, ...]:
        """Those of the servers that exist."""
        ...

    def every_source_server(self) -> tuple[SourceServer, ...]:
        """All source servers of the account and Region."""
        ...

    def recovery_instances(self, server_ids: Sequence[str]) -> tuple[RecoveryInstance, ...]:
        """The recovery instances of the servers."""
        ...

    def every_recovery_instance(self) -> tuple[RecoveryInstance, ...]:
        """All recovery instances of the account and Region."""
        ...

    def active_jobs(self) -> tuple[ActiveJob, ...]:
        """The jobs that DRS is working on, whoever started them."""
        ...

    def newest_snapshots(
        self, server_ids: Sequence[str], until: datetime | None = None
    ) -> Mapping[str, RecoverySnapshot | None]:
        """The newest recovery snapshot of each server, or the newest that was taken at `until` or before; None: none.

        Of many servers it may hold the first ones only, as many as could be read in the time of a step; at least one.
        """
        ...

    def launch_settings(self, server_ids: Sequence[str]) -> Mapping[str, LaunchSettings]:
        """How DRS is set to launch each of the servers. Of many it may hold the first ones only, as above."""
        ...

    def start_drill(
        self, drill_id: str, key: LaunchKey, server_ids: Sequence[str], snapshot_ids: Mapping[str, str] | None = None
    ) -> str:
        """Start a drill job tagged with `drill_id` and `key`, in one attempt, and return its id.

        `snapshot_ids`: server id to the recovery snapshot to launch it from. A server not in it gets a fresh one.
        """
        ...

    def tagged_jobs(self, since: datetime) -> tuple[TaggedJob, ...]:
        """The launch jobs made since then that carry this bot's tags; by DRS's clock, which may be minutes behind."""
        ...

    def tagged(self, job_ids: Sequence[str]) -> tuple[TaggedJob, ...]:
        """Those of the jobs that carry this bot's tags."""
        ...

    def observe(self, job_ids: Sequence[str]) -> tuple[JobObservation, ...]:
        """How far jobs are: one DescribeJobs, then the log of each job that is under way or has just ended."""
        ...

    def tag(self, drill_id: str, instances: Sequence[RecoveryInstance]) -> None:
        """Tag recovery instances with the drill that has launched them. Doing it twice does no harm."""
        ...

    def terminate(self, instance_ids: Sequence[str]) -> str:
        """Terminate recovery instances (at most 200); the id of the job that does it."""
        ...


class DrsClients(Protocol):
    """DRS where a plan's servers are."""

    def at(self, target: Target) -> Drs:
        """DRS of an account and Region, through its role if it has one."""
        ...
