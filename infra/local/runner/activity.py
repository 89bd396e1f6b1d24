"""How often the sources of events are looked at: often while functions work, seldom while nothing does.

What a function writes wakes other functions, so whoever waits for the next look is also woken when one ends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

BUSY = 0.02
IDLE = 0.25
# The end of an invocation is followed by what it caused: look often for this long.
LINGER = 0.2


class Activity:
    """Counts the invocations under way and paces the loops; thread-safe."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._running = 0
        self._last = time.monotonic()
        self.stopping = threading.Event()

    @contextmanager
    def invocation(self) -> Iterator[None]:
        """Around each invocation of a function."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def nudge(self) -> None:
        """Something was written: look at once."""
        self._count(0)

    def wait(self) -> None:
        """Until the next look."""
        with self._condition:
            if not self.stopping.is_set():
                self._condition.wait(BUSY if self._hot() else IDLE)

    def stop(self) -> None:
        """Make every loop that waits here end."""
        self.stopping.set()
        self._count(0)

    def over_since(self, moment: float) -> bool:
        """Whether nothing runs, and nothing has run since `moment` (of `time.monotonic`)."""
        with self._condition:
            return not self._running and self._last < moment

    def _count(self, change: int) -> None:
        with self._condition:
            self._running += change
            self._last = time.monotonic()
            self._condition.notify_all()

    def _hot(self) -> bool:
        return bool(self._running) or time.monotonic() - self._last < LINGER


class Progress:
    """How far a source of events is: what it has taken and not yet delivered, and when it last found nothing more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = 0
        self._found_nothing = 0.0

    def looked(self, started: float, found: int) -> None:
        """A look that began at `started` (of `time.monotonic`) found so many new records."""
        with self._lock:
            self._taken += found
            if not found:
                self._found_nothing = started

    def delivered(self, count: int) -> None:
        """So many records are done, given up, or put back."""
        with self._lock:
            self._taken -= count

    def idle(self, activity: Activity) -> bool:
        """Whether all is delivered, and a look after the last invocation found nothing more."""
        with self._lock:
            return not self._taken and activity.over_since(self._found_nothing)
