"""The server locks of an account and Region: one item, changed only as it was read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from pydantic import Field

from bot.adapters.dynamodb_items import body, content, locks_key
from bot.adapters.dynamodb_requests import NOT_THERE, Item, number, put
from bot.adapters.dynamodb_table import Write
from bot.domain.drill import Drill
from bot.domain.errors import ServersLocked
from bot.domain.model import Frozen
from bot.domain.plan import Target
from bot.domain.state_machine import Locks


class LocksMoved(Exception):
    """Somebody else has changed the locks since they were read."""


class LockBook(Frozen):
    """Who holds what: server ids, and plans as `plan:<name>`, by drill id. Version 0 has never been written."""

    version: int = 0
    owners: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def read(cls, item: Item | None) -> Self:
        """The locks as they are kept."""
        return cls.model_validate_json(body(item)) if item else cls()

    def changed(self, drill: Drill, locks: Locks) -> Self:
        """The locks after a drill has taken, or given back, its own.

        Raises:
            ServersLocked: another drill holds some of them.
        """
        others = {name: owner for name, owner in self.owners.items() if owner != drill.id}
        if locks is Locks.RELEASE:
            return self.model_copy(update={"owners": others})
        wanted = dict.fromkeys(_names(drill), drill.id)
        if held := {name: owner for name, owner in others.items() if name in wanted}:
            raise ServersLocked(held)
        return self.model_copy(update={"owners": {**others, **wanted}})

    def write(self, target: Target) -> Write:
        """Keep them, unless somebody else has changed them meanwhile."""
        version = number(self.version + 1)
        kept = self.model_copy(update={"version": self.version + 1})
        item = {**locks_key(target), **content(kept.model_dump_json()), "version": version}
        if self.version == 0:
            return Write("Put", put(item, NOT_THERE), LocksMoved())
        return Write("Put", put(item, "#version = :read", read=number(self.version)), LocksMoved())


def _names(drill: Drill) -> Iterator[str]:
    yield from (server.id for server in drill.servers)
    yield f"plan:{drill.plan.name}"
