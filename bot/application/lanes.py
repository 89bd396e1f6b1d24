"""Draining a lane of a drill: one consumer at a time, in order, as long as there is time.

A lease keeps two consumers from doing the same work side by side. Losing it does no harm, since each piece of work is
safe to do twice; it only saves the trouble.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.application.ports import Clock
from bot.application.ports.work import Outbox, WorkItem
from bot.domain.commands import Lane

LEASE = timedelta(seconds=90)
"""Longer than a function may run: a lease outlives its holder only if that was killed."""
LONGEST_STEP = timedelta(seconds=25)
"""A step is not begun with less time left than it may take (the checks before Start: two facts of each server)."""
_BACKOFF = (timedelta(seconds=10), timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=5))

log = logging.getLogger(__name__)

TimeLeft = Callable[[], timedelta]
"""How long this invocation may still run."""


def backoff(attempts: int) -> timedelta:
    """How long to wait after that many failed attempts (from 0)."""
    return _BACKOFF[min(attempts, len(_BACKOFF) - 1)]


@dataclass(frozen=True, slots=True)
class LaneDrain:
    """Drains one kind of lane.

    Attributes:
        perform: does one piece of work; False: what comes behind it in the lane has to wait.
        in_order: whether work that is not due yet holds up what comes behind it.
        comes_last: whether a piece of work comes behind all others that are due.
        owner: names this consumer in the lease.
        lease_clock: times the lease. Wall time, like the time that a function may run, where work done twice shows.
    """

    outbox: Outbox
    clock: Clock
    lane: Lane
    perform: Callable[[WorkItem], bool]
    in_order: bool
    owner: str
    lease_clock: Clock
    comes_last: Callable[[WorkItem], bool] = lambda _item: False

    def drain(self, drill_id: str, time_left: TimeLeft) -> None:
        """Do everything in the lane that is due. What is left over, the finder wakes later."""
        while self._has_due(drill_id) and time_left() > LONGEST_STEP:
            if not self.outbox.lease(drill_id, self.lane, self.owner, self.lease_clock(), LEASE):
                log.info("lane is held by another consumer", extra={"drill_id": drill_id, "lane": self.lane})
                return
            try:
                finished = self._drain(drill_id, time_left)
            finally:
                self.outbox.release(drill_id, self.lane, self.owner)
            if not finished:
                return

    def _drain(self, drill_id: str, time_left: TimeLeft) -> bool:
        while due := self._due(drill_id):
            for item in due:
                if time_left() <= LONGEST_STEP or not self.perform(item):
                    return False
        return True

    def _has_due(self, drill_id: str) -> bool:
        """Asked again after the lease is given back: work that came in meanwhile found the lane held."""
        return bool(self._due(drill_id))

    def _due(self, drill_id: str) -> list[WorkItem]:
        now, due = self.clock(), []
        for item in self.outbox.pending(drill_id, self.lane):
            if item.due_at <= now:
                due.append(item)
            elif self.in_order:
                break
        return sorted(due, key=self.comes_last)
