"""What is kept, and where: in memory behind seams here, in DynamoDB and S3 in `kept_by_aws`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.application.ports import Clock
from bot.application.ports.evidence import Shelf
from bot.application.ports.storage import DrillStore, StoredDrill
from bot.domain.audit import Record
from bot.domain.drill import Drill
from tests.fakes.gathered import MemoryGathered
from tests.fakes.groups import MemoryGroups
from tests.fakes.homes import MemoryHomes
from tests.fakes.results import MemoryResults
from tests.fakes.shelf import MemoryShelf
from tests.fakes.store import Listener, MemoryMessages, MemoryOutbox, MemoryStore, MemoryTable
from tests.simulation.world import Seam, World


@dataclass(frozen=True, slots=True)
class Stores:
    """The ports of one container to what is kept: each call of them can fail."""

    store: Any
    outbox: Any
    results: Any
    messages: Any
    homes: Any
    groups: Any
    gathered: Any
    shelf: Any


class Kept(Protocol):
    """What is kept. Whoever looks at it here meets no faults."""

    @property
    def unreadable(self) -> set[str]:
        """The ids of drills that this release cannot read."""

    def stores(self, clock: Clock) -> Stores:
        """The ports of a container with that clock."""

    def listen(self, listener: Listener) -> None:
        """Call somebody for each record that the stream's filters let through."""

    def leave_unreadable(self, drill: Drill) -> None:
        """Put a drill there that another release has written, and this one cannot read."""

    @property
    def drills(self) -> Mapping[str, StoredDrill]:
        """All of them by id, those that cannot be read too, in the order in which they were proposed."""

    def records(self, drill_id: str) -> Sequence[Record]:
        """A drill's audit records."""

    @property
    def work(self) -> Sequence[str]:
        """The kinds of work that is still to be done."""

    @property
    def locks(self) -> Mapping[str, str]:
        """What is locked, and by which drill."""

    @property
    def proof(self) -> tuple[DrillStore, Shelf]:
        """What verification reads."""


class KeptInMemory:
    """The fakes that pass the adapters' contract suites; a call of a port is what can fail."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._table = MemoryTable(world.clock)
        self._groups, self._gathered, self._shelf = MemoryGroups(), MemoryGathered(), MemoryShelf()

    @property
    def unreadable(self) -> set[str]:
        return self._table.unreadable

    def stores(self, _clock: Clock) -> Stores:
        table = self._table
        behind = {
            "store": MemoryStore(table),
            "outbox": MemoryOutbox(table),
            "results": MemoryResults(table),
            "messages": MemoryMessages(table),
            "homes": MemoryHomes(table),
            "groups": self._groups,
            "gathered": self._gathered,
        }
        seams = {name: Seam(self._world, "table", name, port) for name, port in behind.items()}
        return Stores(**seams, shelf=Seam(self._world, "s3", "shelf", self._shelf))

    def listen(self, listener: Listener) -> None:
        self._table.listeners.append(listener)

    def leave_unreadable(self, drill: Drill) -> None:
        self._table.drills[drill.id] = StoredDrill(drill, "0" * 64)
        self._table.unreadable.add(drill.id)

    @property
    def drills(self) -> Mapping[str, StoredDrill]:
        return self._table.drills

    def records(self, drill_id: str) -> Sequence[Record]:
        return self._table.records.get(drill_id, ())

    @property
    def work(self) -> Sequence[str]:
        return [item.command.type for item in self._table.work.values()]

    @property
    def locks(self) -> Mapping[str, str]:
        return {name: owner for held in self._table.owners.values() for name, owner in held.items()}

    @property
    def proof(self) -> tuple[DrillStore, Shelf]:
        return MemoryStore(self._table), self._shelf
