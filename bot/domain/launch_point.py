"""What a drill launches its servers from: fresh snapshots, the newest that exist, or the newest of before a time.

DRS keeps recovery snapshots (points in time) of each server by the server's own policy. A fresh launch has DRS take one
more at that moment. Otherwise each server's snapshot is chosen once, by the checks before Start, and recorded: what was
checked is what is launched, in a retry too.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.errors import UnfitTime
from bot.domain.mark_up import moment
from bot.domain.model import Frozen, Instant

LONGEST_KEPT = timedelta(days=365)
"""No policy keeps a snapshot longer (AWS: DRS user guide, point in time policy: 1 to 365 days)."""


class Fresh(Frozen):
    """A snapshot that DRS takes when the server is launched."""

    type: Literal["fresh"] = "fresh"


class NewestExisting(Frozen):
    """The newest snapshot that DRS had of each server when the checks were made."""

    type: Literal["newest"] = "newest"


class NewestBefore(Frozen):
    """The newest snapshot of each server that was taken at `at` or before."""

    type: Literal["before"] = "before"
    at: Instant


LaunchPoint = Annotated[Fresh | NewestExisting | NewestBefore, Field(discriminator="type")]
PlannedPoint = Literal["fresh", "newest"]
"""What a plan can ask for. A time is chosen for one drill: in a plan it would only grow old."""
PLANNED: dict[PlannedPoint, LaunchPoint] = {"fresh": Fresh(), "newest": NewestExisting()}


class RecoverySnapshot(Frozen):
    """A recovery snapshot of a server: DRS's id of it, and when it was taken."""

    id: str
    at: Instant


def check_reachable(point: LaunchPoint, now: datetime) -> None:
    """See that there can be snapshots of that time.

    Raises:
        UnfitTime: it is yet to come, or too long ago.
    """
    if not isinstance(point, NewestBefore):
        return
    asked = moment(point.at)
    if point.at > now:
        raise UnfitTime(
            f"This time is yet to come ({asked}): recovery points can only be of before one that has passed."
        )
    if point.at < now - LONGEST_KEPT:
        raise UnfitTime(
            f"This time is too long ago ({asked}): DRS keeps recovery points for {LONGEST_KEPT.days} days at most."
        )
