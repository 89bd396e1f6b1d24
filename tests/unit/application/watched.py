"""The memory stores with ears: every call is noted, and a test can act right before one, or fail it.

store.before("save", act, times=2)      # act() runs right before each of the next two saves
store.fail("load", error)               # the next load raises
store.lag(store.unfinished())           # the index shows this once more, as a global secondary index may
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.application.ports.storage import Change, Claim, Refusal, StoredDrill
from bot.application.ports.work import Due, WorkItem
from bot.domain.commands import Lane
from bot.domain.launch import LaunchKey
from tests.fakes.store import MemoryOutbox, MemoryStore, MemoryTable


class Ears:
    """Notes calls by name and runs what was planned for them."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._planned: list[tuple[str, Callable[[], object]]] = []

    def before(self, name: str, act: Callable[[], object], *, times: int = 1) -> None:
        self._planned += [(name, act)] * times

    def fail(self, name: str, error: Exception, *, times: int = 1) -> None:
        def raise_it() -> None:
            raise error

        self.before(name, raise_it, times=times)

    def hear(self, name: str) -> None:
        self.calls.append(name)
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
        self._stale: tuple[Due, ...] = ()

    def lag(self, stale: tuple[Due, ...]) -> None:
        self._stale = stale

    def load(self, drill_id: str) -> StoredDrill:
        self.ears.hear("load")
        return super().load(drill_id)

    def save(self, change: Change) -> StoredDrill:
        self.ears.hear("save")
        return super().save(change)

    def refuse(self, refusal: Refusal) -> None:
        self.ears.hear("refuse")
        super().refuse(refusal)

    def unfinished(self, until: datetime | None = None) -> tuple[Due, ...]:
        self.ears.hear("unfinished")
        stale, self._stale = self._stale, ()
        return stale or super().unfinished(until)

    def claim(self, drill_id: str, key: LaunchKey, now: datetime) -> Claim:
        self.ears.hear("claim")
        return super().claim(drill_id, key, now)

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
