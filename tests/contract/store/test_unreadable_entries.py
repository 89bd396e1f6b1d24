"""An entry of the index that cannot be read, as a newer release or a hand may leave one, stops nobody else's drill."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest

from tests.contract.store.backends import DynamoDb
from tests.contract.store.drills import NOON, proposal, save

GOOD: dict[str, Any] = {
    "pk": {"S": "DRILL#d-0"},
    "sk": {"S": "OUT#work#0000000001#001"},
    "unfinished": {"S": "1"},
    "due_at": {"S": "2026-03-02T00:00:00.000000Z"},
    "kind": {"S": "work"},
    "drill_id": {"S": "d-0"},
    "lane": {"S": "work"},
}
UNREADABLE: dict[str, dict[str, Any]] = {
    "unknown kind": {"kind": {"S": "rehearsal"}},
    "kind of another type": {"kind": {"N": "1"}},
    "unknown lane": {"lane": {"S": "pager"}},
    "no moment": {"due_at": {"S": "1 - soon"}},
    "a moment without a time zone": {"due_at": {"S": "2026-03-02T00:00:00"}},
    "wake-up of another type": {"wake_at": {"N": "1772452800"}},
    "pace that is no whole number": {"poll": {"N": "1.5"}},
    "pace of another type": {"poll": {"S": "15"}},
}


@pytest.mark.parametrize("bad", UNREADABLE.values(), ids=UNREADABLE)
def test_an_entry_that_cannot_be_read_is_skipped_and_logged_with_its_keys(
    moto_table: DynamoDb, caplog: pytest.LogCaptureFixture, bad: dict[str, Any]
) -> None:
    store = moto_table.storage().store
    save(store, None, proposal("d-1"))
    readable = store.unfinished()
    moto_table.client.put_item(TableName=moto_table.name, Item={**GOOD, **bad})
    assert store.unfinished() == readable != ()
    assert store.unfinished(NOON + timedelta(days=1)) == readable
    records = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert {(getattr(record, "pk", None), getattr(record, "sk", None)) for record in records} == {
        ("DRILL#d-0", "OUT#work#0000000001#001")
    }
    assert all(record.exc_info for record in records)


def test_the_entry_is_found_when_nothing_is_wrong_with_it(moto_table: DynamoDb) -> None:
    moto_table.client.put_item(TableName=moto_table.name, Item=GOOD)
    assert [due.drill_id for due in moto_table.storage().store.unfinished()] == ["d-0"]
