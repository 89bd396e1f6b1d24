"""Drills in DynamoDB: one transaction for each event, conditional on what was read."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from pydantic import TypeAdapter

from bot.adapters.dynamodb_claims import Claims
from bot.adapters.dynamodb_drills import assemble, drill_writes, due, moved_on
from bot.adapters.dynamodb_items import (
    SCHEMA,
    body,
    content,
    drill_pk,
    event_key,
    locks_key,
    refusal_key,
    replay_key,
)
from bot.adapters.dynamodb_locks import LockBook, LocksMoved
from bot.adapters.dynamodb_requests import NOT_THERE, THERE, Item, delete, number, put
from bot.adapters.dynamodb_results import result_writes
from bot.adapters.dynamodb_table import ConditionFailed, Contended, Table, Write, wall_clock
from bot.adapters.dynamodb_work import key_of, work_writes
from bot.application.ports import Clock
from bot.application.ports.storage import Change, Claim, Refusal, StoredDrill, StoreUnavailable
from bot.application.ports.work import Due
from bot.domain.audit import Record
from bot.domain.errors import AlreadyDone, ConcurrentUpdate, Replayed, UnknownDrill, UnreadableDrill
from bot.domain.launch import LaunchKey
from bot.domain.plan import Target
from bot.domain.state_machine import Locks
from bot.domain.written import none_named

READS = 5
"""How often a drill is read before it is taken to change too fast."""
LOCK_RACES = 10
"""How many lost races for the locks of an account and Region are tried again: each has one winner."""
log = logging.getLogger(__name__)
_REFUSAL: TypeAdapter[Refusal] = TypeAdapter(Refusal)


def _assembled(drill_id: str, items: Sequence[Item]) -> StoredDrill | None:
    try:
        return assemble(items)
    except (StoreUnavailable, LookupError, ValueError, TypeError, OSError, EOFError) as broken:
        raise UnreadableDrill(drill_id, str(broken)) from broken


class DynamoDbStore:
    """Fulfils `DrillStore`. Saving a drill is one call; one that changes locks reads those first."""

    def __init__(self, table: Table, wall: Clock = wall_clock) -> None:
        self._table = table
        self._wall = wall
        self._claims = Claims(table)

    def load(self, drill_id: str) -> StoredDrill:
        """Read a drill, whole and at one version.

        Raises:
            UnknownDrill: there is none of that id.
            UnreadableDrill: it was written by another release, or is broken.
            ConcurrentUpdate: it changes too fast.
        """
        for _ in range(READS):
            items = self._table.starting(drill_pk(drill_id), "DRILL")
            if not items:
                raise UnknownDrill(none_named("drill", drill_id))
            if stored := _assembled(drill_id, items):
                return stored
        raise ConcurrentUpdate("The drill changes faster than it can be read.")

    def save(self, change: Change) -> StoredDrill:
        """Save all of a change or nothing."""
        try:
            self._save(change)
        except Contended as contended:
            raise moved_on() from contended
        return StoredDrill(change.after, change.record.hash)

    def _save(self, change: Change) -> None:
        # Of several conditions that fail, the first one is told: a replay is one whatever else has happened, and work
        # that is done has moved the drill on as well.
        writes = (
            *self._guards(change),
            *drill_writes(change),
            _event_write(change),
            *work_writes(change),
            *result_writes(change),
        )
        if change.locks is Locks.KEEP:
            return self._table.transact(writes)
        for _ in range(LOCK_RACES):
            with suppress(LocksMoved):
                return self._table.transact((*writes, *self._lock_writes(change)))
        raise Contended

    def _guards(self, change: Change) -> Iterator[Write]:
        yield from self._once(change.replay_key, change.replay_until)
        if change.done:
            done = AlreadyDone("This piece of work has been completed by somebody else.")
            yield Write("Delete", delete(key_of(change.done), THERE), done)

    def _once(self, key: str | None, until: datetime | None) -> Iterator[Write]:
        if key and until:
            item = {**replay_key(key), "schema": number(SCHEMA), "expires_at": number(math.ceil(until.timestamp()))}
            # Time to live deletes days late (AWS), so that an expired key may still be there.
            gone = put(item, f"{NOT_THERE} OR #expires_at < :now", now=number(math.floor(self._wall().timestamp())))
            yield Write("Put", gone, Replayed("This request was taken before. Nothing was changed."))

    def _lock_writes(self, change: Change) -> tuple[Write, ...]:
        drill = change.after
        book = LockBook.read(self._table.get(locks_key(drill.target)))
        changed = book.changed(drill, change.locks)
        return () if changed == book else (changed.write(drill.target),)

    def records(self, drill_id: str) -> tuple[Record, ...]:
        """The drill's audit records, oldest first."""
        return tuple(Record.model_validate_json(each) for each in self.written(drill_id))

    def written(self, drill_id: str) -> tuple[str, ...]:
        """The same as they were stored."""
        return tuple(body(item) for item in self._table.starting(drill_pk(drill_id), "EVENT#"))

    def refuse(self, refusal: Refusal, replay_key: str | None = None, replay_until: datetime | None = None) -> None:
        """Put a refused click on record: at most one a minute for each person and action."""
        item = {**refusal_key(refusal), **content(_REFUSAL.dump_json(refusal).decode())}
        with suppress(ConditionFailed):
            self._table.transact(
                (*self._once(replay_key, replay_until), Write("Put", put(item, NOT_THERE), ConditionFailed({})))
            )

    def refusals(self, drill_id: str) -> tuple[Refusal, ...]:
        """The refused clicks on record, by minute."""
        items = self._table.starting(drill_pk(drill_id), "REFUSED#")
        return tuple(_REFUSAL.validate_json(body(item)) for item in items)

    def locks(self, target: Target) -> Mapping[str, str]:
        """What is held in an account and Region, and by which drill."""
        return LockBook.read(self._table.get(locks_key(target))).owners

    def unfinished(self, until: datetime | None = None) -> tuple[Due, ...]:
        """The index of unfinished things, one query. What cannot be read is logged, and keeps nobody from the rest."""
        return tuple(found for item in self._table.unfinished(until) if (found := _due(item)))

    def claim(self, drill_id: str, key: LaunchKey, now: datetime) -> Claim:
        """Claim the right to send one StartRecovery."""
        return self._claims.make(drill_id, key, now)

    def renew_claim(self, drill_id: str, claim: Claim, now: datetime) -> Claim:
        """Take over a claim under which, for certain, nothing was started."""
        return self._claims.renew(drill_id, claim, now)

    def release_claim(self, drill_id: str, claim: Claim) -> None:
        """Give a claim back because DRS has refused to start the job."""
        self._claims.release(drill_id, claim)


def _due(item: Item) -> Due | None:
    try:
        return due(item)
    except (KeyError, ValueError):
        keys = {name: item[name]["S"] for name in ("pk", "sk")}
        log.exception("an entry of the index of unfinished things cannot be read; it is skipped", extra=keys)
        return None


def _event_write(change: Change) -> Write:
    item = {**event_key(change.after.id, change.after.version), **content(change.record.model_dump_json())}
    return Write("Put", put(item, NOT_THERE), moved_on())
