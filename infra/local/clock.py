"""World time for the local stack: drills, DRS jobs, schedules and queue delays run on it, at any speed.

Signatures, HTTP time-outs and trigger ids stay on wall time, as they do in production.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A point at which world time and wall time were both known; enough to rebuild the clock in another process."""

    wall: float
    world: float
    speed: float

    def now(self) -> datetime:
        """World time now, in UTC."""
        return datetime.fromtimestamp(self.world + (time.time() - self.wall) * self.speed, UTC)


@dataclass(slots=True)
class WorldClock:
    """World time that runs `speed` times as fast as wall time and can be paused (speed 0)."""

    speed: float = 1.0
    start: datetime | None = None
    _reading: ClockReading = field(init=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        wall = time.time()
        world = self.start.timestamp() if self.start else wall
        self._reading = ClockReading(wall, world, self.speed)

    def now(self) -> datetime:
        """World time now, in UTC."""
        return self._reading.now()

    def reading(self) -> ClockReading:
        """What another process needs to keep the same time."""
        return self._reading

    def set_speed(self, speed: float) -> None:
        """Change the factor from this moment on; world time does not jump."""
        with self._lock:
            self._reading = ClockReading(time.time(), self.now().timestamp(), speed)
            self.speed = speed

    def wall_seconds(self, span: timedelta) -> float:
        """How many seconds of wall time `span` of world time takes at the present speed (infinite when paused)."""
        return span.total_seconds() / self.speed if self.speed else float("inf")


@dataclass(slots=True)
class ManualClock:
    """World time that moves only when told to: for tests."""

    time: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """World time now, in UTC."""
        return self.time

    def advance(self, span: timedelta) -> datetime:
        """Move time on by `span` and return the new time."""
        self.time += span
        return self.time
