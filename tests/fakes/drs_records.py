"""What `FakeDrs` keeps: jobs, and how servers are unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.application.ports.drs import DrsError, Refused
from bot.domain.facts import LaunchSettings, ServerObservation, SourceServer
from bot.domain.launch import LaunchKey
from bot.domain.states import JobStatus

USUAL = LaunchSettings(
    launch_disposition="STARTED",
    right_sizing="BASIC",
    copy_private_ip=False,
    copy_tags=True,
    os_byol=False,
    post_launch_enabled=False,
    recovery_mode="OPTIMAL",
    template_id="lt-0123456789abcdef0",
)
"""How a server is launched unless `FakeDrs.settings` says otherwise."""


@dataclass(slots=True)
class Job:
    """A job as it stands. Terminations have instances, launches have phases."""

    id: str
    created_at: datetime
    server_ids: tuple[str, ...]
    drill_id: str | None = None
    key: LaunchKey | None = None
    instance_ids: tuple[str, ...] = ()
    points: dict[str, datetime] = field(default_factory=dict)
    status: JobStatus = JobStatus.PENDING
    servers: dict[str, ServerObservation] = field(default_factory=dict)


def healthy(server_id: str) -> SourceServer:
    """A server that replicates without lag."""
    return SourceServer(id=server_id, replication_state="CONTINUOUS", lag=timedelta())


def expect(ids: Sequence[str], most: int) -> None:
    """Refuse what DRS does not take in one call."""
    if not 1 <= len(ids) <= most:
        raise DrsError(Refused.INVALID, f"takes 1 to {most} at once, not {len(ids)}")
