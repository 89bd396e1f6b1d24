"""Recovery snapshots (points in time), which DRS takes by policy: a pure function of the server and the time.

The default policy of DRS keeps a snapshot for every 10 minutes of the last hour, every hour of the last 24 hours and
every day of the last 7 days (AWS: DRS user guide, point in time policy). None is newer than the replicated data, or
older than the server's time in DRS.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.drs.clock import iso
from infra.local.drs.ids import ebs_snapshot_id, snapshot_id
from infra.local.drs.servers import SourceServerSpec

POLICY = (
    (timedelta(minutes=10), timedelta(hours=1)),
    (timedelta(hours=1), timedelta(hours=24)),
    (timedelta(days=1), timedelta(days=7)),
)
"""Each rule: one snapshot every …, kept for …"""


@dataclass(frozen=True, slots=True)
class RecoverySnapshot:
    """A point in time that a server can be recovered to."""

    id: str
    source_server_id: str
    at: datetime


def recovery_snapshots(server: SourceServerSpec, now: datetime) -> list[RecoverySnapshot]:
    """The snapshots that exist at `now`, oldest first."""
    newest = now - server.lag
    times = sorted({at for every, kept in POLICY for at in _marks(newest, now - min(kept, server.added_ago), every)})
    return [RecoverySnapshot(snapshot_id(server.id, at.isoformat()), server.id, at) for at in times]


def snapshot_wire(snapshot: RecoverySnapshot) -> dict[str, Any]:
    """The snapshot as botocore's `RecoverySnapshot`."""
    at = iso(snapshot.at, snapshot.source_server_id)
    return {
        "snapshotID": snapshot.id,
        "sourceServerID": snapshot.source_server_id,
        "expectedTimestamp": at,
        "timestamp": at,
        "ebsSnapshots": [ebs_snapshot_id(snapshot.id)],
    }


def _marks(newest: datetime, oldest: datetime, every: timedelta) -> Iterator[datetime]:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    at = epoch + (newest - epoch) // every * every
    while at >= oldest:
        yield at
        at -= every
