"""The fakes with ears: every call is noted, and a test can act right before one, or fail it.

store.before("save", act, times=2)      # act() runs right before each of the next two saves
store.fail("load", error)               # the next load raises
store.lag(store.unfinished())           # the index shows this once more, as a global secondary index may
drs.fail("observe", KeyError("a bug"))  # unlike `fail_next`, with any error
store.ears.weather = storm              # storm("save") before each call, storm("save done") after some, may raise
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.application.ports.storage import Change, Claim, Posted, Refusal, StoredDrill
from bot.application.ports.work import Due, WorkItem
from bot.domain.commands import Lane, Topic
from bot.domain.launch import LaunchKey
from bot.domain.plan import Target
from tests.fakes.drs import FakeDrs, FakeDrsClients
from tests.fakes.store import MemoryMessages, MemoryOutbox, MemoryStore, MemoryTable


class Ears:
    """Notes calls by name and runs what was planned for them."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.weather: Callable[[str], object] = lambda _name: None
        self._planned: list[tuple[str, Callable[[], object]]] = []

    def before(self, name: str, act: Callable[[], object], *, times: int = 1) -> None:
        self._planned += [(name, act)] * times

    def fail(self, name: str, error: Exception, *, times: int = 1) -> None:
        def raise_it() -> None:
            raise error

        self.before(name, raise_it, times=times)

    def hear(self, name: str) -> None:
        self.calls.append(name)
        self.weather(name)
        planned = next((plan for plan in self._planned if plan[0] == name), None)
        if planned:
            self._planned.remove(planned)
            planned[1]()


class WatchedStore(MemoryStore):
    """`MemoryStore` with ears."""

    def __init__(self, table: MemoryTable) -> None:
        super().__init__(table)
        self.ears = Ears()
        self.calls, self.before, self.fail = self.ears.calls, self.ears.before, self.ears.fail
        self.until: list[datetime | None] = []
        self._stale: tuple[Due, ...] = ()

    def lag(self, stale: tuple[Due, ...]) -> None:
        self._stale = stale

    def load(self, drill_id: str) -> StoredDrill:
        self.ears.hear("load")
        return super().load(drill_id)

    def save(self, change: Change) -> StoredDrill:
        self.ears.hear("save")
        stored = super().save(change)
        self.ears.weather("save done")
        return stored

    def refuse(self, refusal: Refusal, replay_key: str | None = None, replay_until: datetime | None = None) -> None:
        self.ears.hear("refuse")
        super().refuse(refusal, replay_key, replay_until)

    def unfinished(self, until: datetime | None = None) -> tuple[Due, ...]:
        self.ears.hear("unfinished")
        self.until.append(until)
        stale, self._stale = self._stale, ()
        return stale or super().unfinished(until)

    def claim(self, drill_id: str, key: LaunchKey, now: datetime) -> Claim:
        self.ears.hear("claim")
        claim = super().claim(drill_id, key, now)
        self.ears.weather("claim done")
        return claim

    def renew_claim(self, drill_id: str, claim: Claim, now: datetime) -> Claim:
        self.ears.hear("renew_claim")
        return super().renew_claim(drill_id, claim, now)

    def release_claim(self, drill_id: str, claim: Claim) -> None:
        self.ears.hear("release_claim")
        super().release_claim(drill_id, claim)


class WatchedOutbox(MemoryOutbox):
    """`MemoryOutbox` with ears."""

    def __init__(self, table: MemoryTable) -> None:
        super().__init__(table)
        self.ears = Ears()
        self.calls, self.before, self.fail = self.ears.calls, self.ears.before, self.ears.fail

    def lease(self, drill_id: str, lane: Lane, owner: str, now: datetime, lasting: timedelta) -> bool:
        self.ears.hear("lease")
        return super().lease(drill_id, lane, owner, now, lasting)

    def release(self, drill_id: str, lane: Lane, owner: str) -> None:
        self.ears.hear("release")
        super().release(drill_id, lane, owner)

    def pending(self, drill_id: str, lane: Lane) -> tuple[WorkItem, ...]:
        self.ears.hear("pending")
        return super().pending(drill_id, lane)

    def postpone(self, item: WorkItem, due_at: datetime, error: str | None = None) -> None:
        self.ears.hear("postpone")
        super().postpone(item, due_at, error)

    def nudge(self, drill_id: str, lane: Lane, now: datetime) -> None:
        self.ears.hear("nudge")
        super().nudge(drill_id, lane, now)


class WatchedMessages(MemoryMessages):
    """`MemoryMessages` with ears."""

    def __init__(self, table: MemoryTable) -> None:
        super().__init__(table)
        self.ears = Ears()
        self.before, self.fail = self.ears.before, self.ears.fail

    def keep(self, drill_id: str, topic: Topic, posted: Posted, done: WorkItem | None) -> None:
        self.ears.hear("keep")
        super().keep(drill_id, topic, posted, done)
        self.ears.weather("keep done")


class WatchedDrs(FakeDrs):
    """`FakeDrs` with ears."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(now)
        self.ears = Ears()
        self.before, self.fail = self.ears.before, self.ears.fail

    @contextmanager
    def _call(self, method: str, *arguments: object) -> Iterator[None]:
        self.ears.hear(method)
        with super()._call(method, *arguments):
            yield
        self.ears.weather(f"{method} done")


class WatchedDrsClients(FakeDrsClients):
    """`FakeDrsClients` whose places have ears."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(now)
        self._made: dict[tuple[str, str], WatchedDrs] = {}
        self._clock = now

    def at(self, target: Target) -> WatchedDrs:
        self.asked.append(target)
        return self._made.setdefault((target.account_id, target.region), WatchedDrs(self._clock))
