"""App Homes in DynamoDB: an item for each person who has opened theirs, and a lane of work for each."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.adapters.dynamodb_items import SCHEMA, VIEWER, VIEWERS, body, check, content, viewer_key
from bot.adapters.dynamodb_requests import THERE, Item, Value, delete, moment, number, read_moment, stamp, text, update
from bot.adapters.dynamodb_table import Table, Write, wall_clock
from bot.adapters.dynamodb_work import key_of, work_write
from bot.application.ports import Clock
from bot.application.ports.homes import Viewer, home_lane
from bot.application.ports.work import WorkItem
from bot.domain.commands import DrawHome
from bot.domain.errors import AlreadyDone
from bot.domain.person import Person

KEPT = timedelta(hours=12)
"""How long it is remembered that somebody has opened their Home."""


class DynamoDbHomes:
    """Fulfils `HomeStore`."""

    def __init__(self, table: Table, wall: Clock = wall_clock) -> None:
        self._table = table
        self._wall = wall

    def open(self, person: Person, now: datetime, *, is_blank: bool = False) -> None:
        """Note that somebody has opened their Home, and have it drawn; of one that is blank, forget what it shows."""
        self._note(person, {"opened_at": moment(now)}, now, forget=("looks",) if is_blank else ())

    def tell(self, person: Person, notice: str, now: datetime) -> None:
        """Have their Home drawn with a notice on it."""
        self._note(person, {"opened_at": moment(now), "notice": text(notice), "notice_at": moment(now)}, now)

    def refresh(self, person: Person, now: datetime) -> None:
        """Have their Home drawn anew."""
        self._table.transact((_drawing(person, now),))

    def viewers(self) -> tuple[Viewer, ...]:
        """Everybody who has opened their Home in the last hours, one query."""
        return tuple(_viewer(item) for item in self._table.starting(VIEWERS, VIEWER))

    def viewer(self, person: Person) -> Viewer | None:
        """One of them."""
        item = self._table.get(viewer_key(person.user_id))
        return _viewer(item) if item else None

    def keep(self, person: Person, looks: str, done: WorkItem) -> None:
        """Record what their Home shows now, and take the work that drew it out of its lane."""
        gone = AlreadyDone("This Home has been brought up to date by somebody else.")
        self._table.transact(
            (Write("Delete", delete(key_of(done), THERE), gone), self._viewed(person, {"looks": text(looks)}))
        )

    def _note(self, person: Person, fields: dict[str, Value], now: datetime, forget: Sequence[str] = ()) -> None:
        self._table.transact((self._viewed(person, fields, forget), _drawing(person, now)))

    def _viewed(self, person: Person, fields: dict[str, Value], forget: Sequence[str] = ()) -> Write:
        expires_at = number(math.ceil((self._wall() + KEPT).timestamp()))
        known = {**content(person.model_dump_json()), "schema": number(SCHEMA), "expires_at": expires_at}
        return Write("Update", update(viewer_key(person.user_id), {**known, **fields}, remove=forget))


def _drawing(person: Person, now: datetime) -> Write:
    # Two that are asked for at one moment are two: the first may have been drawn before the second was known.
    place = f"{stamp(now)}#{secrets.token_hex(4)}"
    command = DrawHome(person=person)
    return work_write(WorkItem(home_lane(person), command.lane, place, command, due_at=now))


def _viewer(item: Item) -> Viewer:
    check(item)
    never = {"S": "1970-01-01T00:00:00.000000Z"}
    return Viewer(
        person=Person.model_validate_json(body(item)),
        opened_at=read_moment(item.get("opened_at", never)),
        looks=item["looks"]["S"] if "looks" in item else None,
        notice=item["notice"]["S"] if "notice" in item else None,
        notice_at=read_moment(item["notice_at"]) if "notice_at" in item else None,
    )
