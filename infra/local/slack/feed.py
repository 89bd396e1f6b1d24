"""What happens in the simulated Slack, in order, for whoever follows: a terminal printer, a page, a waiting test."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self, TypeAlias

from infra.local.slack.records import Ephemeral, Message, Notice, StoredFile, View

Clock: TypeAlias = Callable[[], float]
"""Seconds since the epoch."""

Subject: TypeAlias = Message | Ephemeral | Notice | View | StoredFile


class ChangeKind(StrEnum):
    """What can happen."""

    MESSAGE_POSTED = "message_posted"
    MESSAGE_UPDATED = "message_updated"
    MESSAGE_DELETED = "message_deleted"
    REACTION_ADDED = "reaction_added"
    EPHEMERAL_SHOWN = "ephemeral_shown"
    EPHEMERAL_REPLACED = "ephemeral_replaced"
    EPHEMERAL_REMOVED = "ephemeral_removed"
    NOTICE_SHOWN = "notice_shown"
    VIEW_OPENED = "view_opened"
    VIEW_UPDATED = "view_updated"
    VIEW_CLOSED = "view_closed"
    HOME_PUBLISHED = "home_published"
    FILE_SHARED = "file_shared"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened: the `seq`-th (from 1), at `at` seconds, and the record as it is after it."""

    seq: int
    kind: ChangeKind
    at: float
    subject: Subject


@dataclass(slots=True, eq=False)
class Subscription:
    """One follower's place in the feed. Use it as a context manager, or `close` it."""

    feed: Feed
    _queue: queue.SimpleQueue[Change | None] = field(default_factory=queue.SimpleQueue)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Change]:
        """Changes as they come, until the subscription or the feed is closed."""
        while (change := self._queue.get()) is not None:
            yield change

    def get(self, timeout: float) -> Change | None:
        """The next change, or None when none came within `timeout` seconds (or the feed is closed)."""
        try:
            return self._queue.get(timeout=timeout)
        except queue.Empty:
            return None

    def put(self, change: Change | None) -> None:
        """Called by the feed; None ends the iteration."""
        self._queue.put(change)

    def close(self) -> None:
        """Stop following; whoever iterates is let go."""
        self.feed.unsubscribe(self)


@dataclass(slots=True, eq=False)
class Feed:
    """The order of things: one lock for all state, unique rising timestamps, and every change ever announced."""

    clock: Clock = time.time
    lock: threading.RLock = field(default_factory=threading.RLock)
    _changes: list[Change] = field(default_factory=list)
    _followers: list[Subscription] = field(default_factory=list)
    _last_ts: int = 0

    def next_ts(self) -> str:
        """A message timestamp: seconds with six decimals, unique and later than any before, as Slack's are."""
        with self.lock:
            self._last_ts = max(int(self.clock() * 1_000_000), self._last_ts + 1)
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def announce(self, kind: ChangeKind, subject: Subject) -> None:
        """Tell every follower; call it with the lock held, so that the order told is the order done."""
        with self.lock:
            change = Change(len(self._changes) + 1, kind, self.clock(), subject)
            self._changes.append(change)
            for follower in self._followers:
                follower.put(change)

    def changes(self, after: int = 0) -> list[Change]:
        """Every change with a `seq` above `after`."""
        with self.lock:
            return self._changes[after:]

    def subscribe(self, after: int | None = None) -> Subscription:
        """Follow from now on, or from just after change number `after` (0: from the beginning)."""
        with self.lock:
            follower = Subscription(self)
            for change in self._changes[after:] if after is not None else []:
                follower.put(change)
            self._followers.append(follower)
            return follower

    def unsubscribe(self, follower: Subscription) -> None:
        """Take a follower off the list and end its iteration; harmless when done before."""
        with self.lock:
            if follower in self._followers:
                self._followers.remove(follower)
            follower.put(None)

    def close(self) -> None:
        """Let every follower go."""
        with self.lock:
            for follower in tuple(self._followers):
                self.unsubscribe(follower)
