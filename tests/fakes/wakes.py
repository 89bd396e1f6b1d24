"""The finder's two queues in memory, for tests.

wakes = MemoryWakes(clock)
finder.look_round()                  # sends into it
wakes.polls, wakes.woken             # everything that was ever sent, with its delays
wakes.deliver()                      # the messages whose delay is over, oldest first, each once
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.application.ports import Clock

LONGEST = timedelta(minutes=15)
"""SQS delays a message by no more (AWS: SQS message timers)."""


@dataclass(frozen=True, slots=True)
class PollSent:
    """One call of `poll`."""

    account_id: str
    region: str
    drill_ids: tuple[str, ...]
    delays: tuple[timedelta, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that has arrived: what to poll, or which drill to wake."""

    poll: tuple[str, ...] = ()
    wake: str | None = None


@dataclass(slots=True)
class MemoryWakes:
    """Fulfils `Wakes`."""

    clock: Clock
    polls: list[PollSent] = field(default_factory=list)
    woken: list[tuple[str, timedelta]] = field(default_factory=list)
    _waiting: list[tuple[datetime, Delivery]] = field(default_factory=list)

    def poll(self, account_id: str, region: str, drill_ids: Sequence[str], delays: Sequence[timedelta]) -> None:
        self.polls.append(PollSent(account_id, region, tuple(drill_ids), tuple(delays)))
        for delay in delays:
            self._send(Delivery(poll=tuple(drill_ids)), delay)

    def wake(self, drill_id: str, delay: timedelta) -> None:
        self.woken.append((drill_id, delay))
        self._send(Delivery(wake=drill_id), delay)

    def deliver(self) -> tuple[Delivery, ...]:
        """What has arrived by now."""
        now = self.clock()
        arrived = sorted((entry for entry in self._waiting if entry[0] <= now), key=lambda entry: entry[0])
        self._waiting = [entry for entry in self._waiting if entry[0] > now]
        return tuple(delivery for _, delivery in arrived)

    def _send(self, delivery: Delivery, delay: timedelta) -> None:
        if not timedelta(0) <= delay <= LONGEST:
            raise ValueError(f"SQS does not delay a message by {delay}")
        self._waiting.append((self.clock() + delay, delivery))
