"""App Homes in memory, for tests: over the same table as the fakes in `store`."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.application.ports.homes import Viewer, home_lane
from bot.application.ports.work import WorkItem
from bot.domain.commands import DrawHome
from bot.domain.errors import AlreadyDone
from bot.domain.person import Person
from tests.fakes.store import MemoryTable, key_of


class MemoryHomes:
    """Fulfils `HomeStore` in memory."""

    def __init__(self, table: MemoryTable) -> None:
        self._table = table
        self._asked = itertools.count()

    def open(self, person: Person, now: datetime, *, is_blank: bool = False) -> None:
        self._note(person, now, opened_at=now, **({"looks": None} if is_blank else {}))

    def tell(self, person: Person, notice: str, now: datetime) -> None:
        self._note(person, now, opened_at=now, notice=notice, notice_at=now)

    def refresh(self, person: Person, now: datetime) -> None:
        command = DrawHome(person=person)
        place = f"{now.isoformat()}#{next(self._asked):06}"
        item = WorkItem(home_lane(person), command.lane, place, command, due_at=now)
        with self._table.mutex:
            self._table.work[key_of(item)] = item
        self._table.tell(item.drill_id, item.lane)

    def viewers(self) -> tuple[Viewer, ...]:
        with self._table.mutex:
            return tuple(self._table.viewers.values())

    def viewer(self, person: Person) -> Viewer | None:
        return self._table.viewers.get(person.user_id)

    def keep(self, person: Person, looks: str, done: WorkItem) -> None:
        with self._table.mutex:
            if self._table.work.pop(key_of(done), None) is None:
                raise AlreadyDone("This Home has been brought up to date by somebody else.")
            self._see(person, looks=looks)

    def _note(self, person: Person, now: datetime, **noted: Any) -> None:
        with self._table.mutex:
            self._see(person, **noted)
        self.refresh(person, now)

    def _see(self, person: Person, **noted: Any) -> None:
        known = self._table.viewers.get(person.user_id) or Viewer(person, datetime(1970, 1, 1, tzinfo=UTC))
        self._table.viewers[person.user_id] = replace(known, **noted)
