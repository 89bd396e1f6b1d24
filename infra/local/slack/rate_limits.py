"""Slack's rate limits, as docs.slack.dev/apis/web-api/rate-limits states them.

Slack promises "at least" these rates and tolerates bursts of unstated size; here the stated rate is the limit.
"""

from __future__ import annotations

import math
import threading
from collections import defaultdict, deque
from dataclasses import dataclass, field
from enum import Enum

from infra.local.slack.feed import Clock


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many calls in any window of so many seconds."""

    calls: int
    seconds: float


class Tier(Enum):
    """The tiers in use. POSTING counts per channel: one message a second, of which four may come at once."""

    POSTING = Allowance(4, 4.0)
    TIER_2 = Allowance(20, 60.0)
    TIER_3 = Allowance(50, 60.0)
    TIER_4 = Allowance(100, 60.0)
    SPECIAL = Allowance(300, 60.0)


@dataclass(slots=True)
class RateLimits:
    """Counts calls on a clock (seconds) and says when there are too many."""

    clock: Clock
    _calls: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_for(self, method: str, tier: Tier, channel: str) -> int | None:
        """None when the call may go through (and is counted); else the whole seconds of a Retry-After header."""
        allowance = tier.value
        with self._lock:
            calls = self._calls[method, channel if tier is Tier.POSTING else ""]
            now = self.clock()
            while calls and calls[0] <= now - allowance.seconds:
                calls.popleft()
            if len(calls) < allowance.calls:
                calls.append(now)
                return None
            return max(1, math.ceil(calls[0] + allowance.seconds - now))
