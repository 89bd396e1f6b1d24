"""A clock that stands still, for tests.

    clock = ManualClock()
    Decider(store, clock)                # it is a `Clock`
    clock.advance(timedelta(minutes=1))

World time and wall time are two of them where a test tells them apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(slots=True)
class ManualClock:
    """Fulfils `Clock`; moves only when told to."""

    time: datetime = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def advance(self, span: timedelta) -> datetime:
        """Let `span` pass and return the new time."""
        self.time += span
        return self.time
