"""World time for the simulator, and the ways DRS writes time.

The clock belongs to the process, not to an account: it survives moto's resets, which wipe everything else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from infra.local.drs.ids import digest

Clock = Callable[[], datetime]


def wall_time() -> datetime:
    """The time on the wall, in UTC: what the simulator uses until it is told otherwise."""
    return datetime.now(UTC)


class WorldTime:
    """Holds the clock that every account and Region of the simulator reads."""

    clock: ClassVar[Clock] = staticmethod(wall_time)


def set_clock(now: Clock) -> None:
    """Read world time from `now`, which gives an aware `datetime`; jobs move as it moves."""
    WorldTime.clock = staticmethod(now)


def world_now() -> datetime:
    """World time, in UTC."""
    return WorldTime.clock().astimezone(UTC)


def zulu(at: datetime) -> str:
    """`2024-06-15T15:00:00.000Z`, as in the AWS CLI's DRS examples."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def offset(at: datetime) -> str:
    """`2022-12-07T19:15:38.846723+00:00`, as in the job log published with aws-samples/drs-tools."""
    return at.isoformat(timespec="microseconds")


def iso(at: datetime, owner: str) -> str:
    """`at` in one of DRS's two formats: always the same one for one `owner` (a job, server or instance id)."""
    return zulu(at) if int(digest("format", owner)[0], 16) % 2 else offset(at)


def iso_duration(span: timedelta) -> str:
    """ISO 8601 as DRS writes `lagDuration`: `P0D`, `PT3M`, `P2DT1H32M12.136909S`."""
    if not span:
        return "P0D"
    minutes, seconds = divmod(span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fine = f"{seconds}.{span.microseconds:06d}" if span.microseconds else str(seconds)
    clock = "".join(
        f"{amount}{unit}" for amount, unit in ((hours, "H"), (minutes, "M"), (fine, "S")) if str(amount) != "0"
    )
    return "P" + (f"{span.days}D" if span.days else "") + (f"T{clock}" if clock else "")


def parse(text: str) -> datetime:
    """The time that a request's filter names (the model's pattern lets only `…Z` through)."""
    return datetime.fromisoformat(text)
