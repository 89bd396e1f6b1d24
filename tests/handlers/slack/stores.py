"""Tables that fail at the moment in which something is to be saved."""

from __future__ import annotations

from bot.application.ports.storage import Change, StoredDrill
from bot.domain.errors import ConcurrentUpdate
from tests.fakes.store import MemoryStore


class BrokenStore(MemoryStore):
    """Reads, but saves nothing."""

    def save(self, change: Change) -> StoredDrill:
        raise TimeoutError(f"the table did not answer about {change.after.id}")


class CrowdedStore(MemoryStore):
    """Reads, but every save has lost its race."""

    def save(self, change: Change) -> StoredDrill:
        raise ConcurrentUpdate(f"{change.after.id} has moved on")
