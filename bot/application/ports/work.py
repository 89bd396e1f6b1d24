"""Work: the outbox of each drill, the index of what is unfinished, and the queues that wake the functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.commands import Command, Lane


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A command in a lane's outbox. Items of a lane are done in the order of `position`."""

    drill_id: str
    lane: Lane
    position: str
    command: Command
    due_at: datetime
    attempts: int = 0
    last_error: str | None = None


class DueKind(StrEnum):
    """What an entry of the index of unfinished things is."""

    DRILL = "drill"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class Due:
    """An entry of the index of unfinished things.

    A drill is in it until it has ended; a piece of work until it is done. `poll_seconds`: how often the drill's jobs
    are to be polled; None when none runs. `wake_at`: when the drill wants to be woken.
    """

    kind: DueKind
    drill_id: str
    due_at: datetime
    lane: Lane | None = None
    account_id: str | None = None
    region: str | None = None
    poll_seconds: int | None = None
    wake_at: datetime | None = None


class Outbox(Protocol):
    """The lanes of work of each drill. One consumer at a time holds a lane, by a lease that runs out by itself."""

    def lease(self, drill_id: str, lane: Lane, owner: str, now: datetime, lasting: timedelta) -> bool:
        """Take the lane; False when somebody else holds it."""
        ...

    def release(self, drill_id: str, lane: Lane, owner: str) -> None:
        """Give the lane back; nothing happens if it is not ours any more."""
        ...

    def pending(self, drill_id: str, lane: Lane) -> tuple[WorkItem, ...]:
        """The lane's work in order, due or not."""
        ...

    def done(self, item: WorkItem) -> None:
        """Take a piece of work out of the lane; nothing happens if it is gone."""
        ...

    def postpone(self, item: WorkItem, due_at: datetime, error: str | None = None) -> None:
        """Try it again at `due_at`; with an error, this counts as an attempt. Nothing happens if it is gone."""
        ...

    def nudge(self, drill_id: str, lane: Lane, now: datetime) -> None:
        """Wake the lane's consumer as a new piece of work would (a finder's way to wake the Slack lane)."""
        ...


class Wakes(Protocol):
    """The finder's two queues. Delays are in world time and at most 15 minutes (SQS)."""

    def poll(self, account_id: str, region: str, drill_ids: Sequence[str], delays: Sequence[timedelta]) -> None:
        """Have the jobs of these drills polled, once after each delay."""
        ...

    def wake(self, drill_id: str, delay: timedelta) -> None:
        """Have a drill's work lane looked at, and its overdue things, after a delay."""
        ...
