"""The outbox in DynamoDB: lanes of work, and the leases on them."""

from __future__ import annotations

import math
from contextlib import suppress
from datetime import datetime, timedelta

from bot.adapters.dynamodb_items import SCHEMA, drill_pk, lane_key, wake_key
from bot.adapters.dynamodb_requests import NOT_THERE, THERE, delete, moment, number, put, text, update
from bot.adapters.dynamodb_table import ConditionFailed, Table, wall_clock
from bot.adapters.dynamodb_work import key_of, read_work
from bot.application.ports import Clock
from bot.application.ports.work import WorkItem
from bot.domain.commands import Lane

WAKE_KEPT = timedelta(hours=1)
"""How long a wake-up stays in the table; it has done its work as soon as the stream carries it."""


class DynamoDbOutbox:
    """Fulfils `Outbox`."""

    def __init__(self, table: Table, wall: Clock = wall_clock) -> None:
        self._table = table
        self._wall = wall

    def lease(self, drill_id: str, lane: Lane, owner: str, now: datetime, lasting: timedelta) -> bool:
        """Take the lane, or keep it; False when somebody else holds it."""
        fields = {"schema": number(SCHEMA), "holder": text(owner), "held_until": moment(now + lasting)}
        free = f"{NOT_THERE} OR #holder = :us OR #held_until <= :now"
        request = put({**lane_key(drill_id, lane), **fields}, free, us=text(owner), now=moment(now))
        try:
            self._table.put(request)
        except ConditionFailed:
            return False
        return True

    def release(self, drill_id: str, lane: Lane, owner: str) -> None:
        """Give the lane back; nothing happens if it is not ours any more."""
        with suppress(ConditionFailed):
            self._table.delete(delete(lane_key(drill_id, lane), "#holder = :us", us=text(owner)))

    def pending(self, drill_id: str, lane: Lane) -> tuple[WorkItem, ...]:
        """The lane's work in order, due or not."""
        return tuple(read_work(item) for item in self._table.starting(drill_pk(drill_id), f"OUT#{lane}#"))

    def done(self, item: WorkItem) -> None:
        """Take a piece of work out of the lane; nothing happens if it is gone."""
        self._table.delete(delete(key_of(item)))

    def postpone(self, item: WorkItem, due_at: datetime, error: str | None = None) -> None:
        """Try it again at `due_at`; with an error, this counts as an attempt. Nothing happens if it is gone."""
        failed = {"attempts": number(item.attempts + 1), "last_error": text(error)} if error else {}
        with suppress(ConditionFailed):
            self._table.update(update(key_of(item), {"due_at": moment(due_at), **failed}, THERE))

    def nudge(self, drill_id: str, lane: Lane, now: datetime) -> None:
        """Wake the lane's consumer: a new item passes the stream's filter as a new piece of work does."""
        expiry = number(math.ceil((self._wall() + WAKE_KEPT).timestamp()))
        self._table.put(put({**wake_key(drill_id, lane, now), "schema": number(SCHEMA), "expires_at": expiry}))
