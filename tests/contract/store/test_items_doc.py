"""docs/reference/items.md describes each item as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.application.ports.gathered import GatheredFacts
from bot.application.ports.groups import Membership
from bot.application.ports.homes import home_lane
from bot.application.ports.storage import Posted, Refusal
from bot.domain.commands import Lane, Topic, TopicKind
from tests.contract.store.backends import DynamoDb, Storage
from tests.contract.store.drills import (
    ADA,
    FIRST,
    NOON,
    STARTED,
    WITHDRAWN,
    cleaning_up,
    ended,
    plan_of,
    proposal,
    ready,
    save,
    with_jobs,
)

pytestmark = pytest.mark.ministack
DOC = Path(__file__).parents[3] / "docs" / "reference" / "items.md"
ROW = re.compile(
    r"^\| (?P<name>[^|`]+) \| `(?P<pk>[^`]+)` \| `(?P<sk>[^`]+)` \| (?P<schema>\d+) \| (?P<attributes>.+) \|$"
)


@dataclass(frozen=True)
class Described:
    """A row of the table: which items it is about, and what it says that they have."""

    name: str
    key: re.Pattern[str]
    schema: str
    always: frozenset[str]
    sometimes: frozenset[str]


def described() -> list[Described]:
    return [row(found) for line in DOC.read_text().splitlines() if (found := ROW.match(line))]


def row(found: re.Match[str]) -> Described:
    pattern = re.sub(r"<\w+>", "[^#]+", f"{found['pk']} {found['sk']}")
    attributes = re.findall(r"`([^`]+)`(\??)", found["attributes"])
    return Described(
        found["name"],
        re.compile(pattern),
        found["schema"],
        frozenset(name for name, mark in attributes if not mark),
        frozenset(name for name, mark in attributes if mark),
    )


def everything(storage: Storage) -> None:
    """A drill with every kind of item, and one that has ended."""
    until = storage.wall.time + timedelta(minutes=5)
    save(storage.store, ready(storage.store, "d-0"), WITHDRAWN)
    ended(storage.store, cleaning_up(storage.store, "d-4", plan_of(1, name="canary", first=500)))
    stored = save(storage.store, ready(storage.store, "d-1", plan_of(1, 1)), STARTED)
    save(storage.store, ready(storage.store, "d-2", plan_of(200, name="big", first=9)), STARTED)
    with_jobs(storage.store, stored)
    (preflight, *_) = storage.outbox.pending("d-1", Lane.WORK)
    (drawing, *_) = storage.outbox.pending("d-1", Lane.SLACK)
    storage.outbox.postpone(preflight, NOON, "Throttled")
    storage.outbox.lease("d-1", Lane.WORK, "ann", NOON, timedelta(minutes=1))
    storage.outbox.nudge("d-1", Lane.SLACK, NOON)
    storage.store.claim("d-1", FIRST, NOON)
    storage.gathered.keep("d-1", 1, NOON, GatheredFacts())
    storage.store.refuse(Refusal("d-1", NOON, ADA, "approve", "You asked for it."))
    storage.messages.keep("d-1", Topic(kind=TopicKind.CARD), Posted("1.0", "a"), drawing)
    storage.homes.open(ADA, NOON)
    storage.homes.tell(ADA, "You may not.", NOON)
    storage.homes.keep(ADA, "a1b2", storage.outbox.pending(home_lane(ADA), Lane.SLACK)[0])
    storage.groups.keep("S0DBA", Membership(("U0ADA",), NOON))
    save(storage.store, None, proposal("d-3"), replay_key="k", replay_until=until)


def attributes(item: dict[str, Any]) -> set[str]:
    """An item's attributes by the names that the document has for them."""
    names = {re.sub("^(part:|topic:).*", r"\1", name) for name in item} - {"pk", "sk", "schema"}
    return {"body" if name == "body_gzip" else name for name in names}


def test_each_item_has_a_row_and_has_what_the_row_says(dynamodb: DynamoDb) -> None:
    everything(dynamodb.storage())
    rows, seen = described(), dict[str, set[str]]()
    for item in dynamodb.items():
        key = f"{item['pk']['S']} {item['sk']['S']}"
        (about,) = [row for row in rows if row.key.fullmatch(key)]
        found = attributes(item)
        assert about.always <= found <= about.always | about.sometimes, key
        assert item["schema"] == {"N": about.schema}, key
        seen.setdefault(about.name, set()).update(found)
    assert seen == {row.name: {*row.always, *row.sometimes} for row in rows}
