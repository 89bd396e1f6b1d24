"""The drill's record: each event whole, with its time, chained by hashes so that a change anywhere shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bot.domain.drill import Drill
from bot.domain.events import Event
from bot.domain.model import Frozen, Instant

GENESIS = "0" * 64
"""What the first record names as the one before it."""


class Record(Frozen):
    """One event of a drill, as it is kept. `version` is that of the drill which the event made."""

    drill_id: str
    version: int
    at: Instant
    engine: str
    previous: str
    event: Event
    hash: str


def record(drill: Drill, event: Event, at: Instant, *, engine: str, previous: str) -> Record:
    """Chain the event that made `drill` to the record before it, by that record's hash (the first one: `GENESIS`)."""
    unsealed = Record(
        drill_id=drill.id, version=drill.version, at=at, engine=engine, previous=previous, event=event, hash=""
    )
    return unsealed.model_copy(update={"hash": digest(unsealed.model_dump(mode="json"))})


def digest(written: Mapping[str, Any]) -> str:
    """SHA-256 over everything in a record but its own hash, in canonical JSON.

    Args:
        written: the record's JSON as it was stored. Never by way of `Record`: a later version's model has fields that
            the record was written without, and so would read another content.
    """
    content = {name: value for name, value in written.items() if name != "hash"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
