"""What one release has written can be read, and gone on with, by the next: items of drills as they were once stored.

While a release is deployed, functions of the old and of the new one are at the same drills. `--update-golden` writes
them anew: only with a schema that is raised, or where readers take both (docs/reference/items.md).
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.application.ports.storage import Posted, Refusal
from bot.domain.audit import digest
from bot.domain.commands import Lane, Topic, TopicKind
from bot.domain.events import DrillHeld, WaveApproved
from bot.domain.replay import replay
from bot.domain.report_events import NoteAdded
from bot.domain.states import DrillState, JobStatus, ServerPhase
from tests.contract.store.backends import DynamoDb, Storage
from tests.contract.store.drills import (
    ADA,
    FIRST,
    GRACE,
    HOME,
    NOON,
    cleaning_up,
    ended,
    observed,
    plan_of,
    ready,
    running,
    save,
    with_jobs,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "items.json"
LOT = re.compile(r'("S": "|\.\d{6}Z#)([0-9a-f]{32}|[0-9a-f]{8})(?=")')
"""Who claims a launch, and the end of the key of a Home that is to be drawn."""
CARD = Topic(kind=TopicKind.CARD)


def happen(storage: Storage) -> None:
    """One drill has ended, another one is on its way, with something of each kind of item."""
    store = storage.store
    ended(store, cleaning_up(store, "d-1", plan_of(1)))
    stored = running(store, "d-2", plan_of(2, 1, approval="required", first=10))
    stored = save(store, stored, WaveApproved(actor=GRACE, wave=1, round=1, comment="Go on."))
    store.claim("d-2", FIRST, NOON)
    stored = with_jobs(store, stored)
    stored = save(store, stored, observed(stored, JobStatus.STARTED, ServerPhase.CONVERSION))
    stored = save(
        store, stored, NoteAdded(actor=ADA, author=GRACE.user_id, text="So far so good.", permalink="https://p/1")
    )
    save(store, stored, DrillHeld(actor=ADA, reason="The network team is not here yet."))
    (drawing, *_) = storage.outbox.pending("d-2", Lane.SLACK)
    storage.messages.keep("d-2", CARD, Posted(ts="1772452800.000100", looks="a" * 64), drawing)
    storage.outbox.lease("d-2", Lane.WORK, "executor-1", NOON, timedelta(seconds=90))
    refusal = Refusal(drill_id="d-2", at=NOON, actor=ADA, action="wave_approved", reason="You may not approve waves.")
    store.refuse(refusal)
    storage.homes.open(ADA, NOON)
    ready(store, "d-3", plan_of(1, name="web", first=20))


def items(table: DynamoDb) -> str:
    """Everything in the table, in order; what is drawn by lot is zeros."""
    found = sorted(table.items(), key=lambda item: (item["pk"]["S"], item["sk"]["S"]))
    written = json.dumps(found, indent=1, sort_keys=True, default=lambda raw: {"bytes": raw.hex()}) + "\n"
    return LOT.sub(lambda lot: lot[1] + "0" * len(lot[2]), written)


def test_a_drill_is_stored_as_it_was_when_somebody_last_decided_so(
    moto_table: DynamoDb, pytestconfig: pytest.Config
) -> None:
    happen(moto_table.storage())
    written = items(moto_table)
    if pytestconfig.getoption("--update-golden"):
        GOLDEN.write_text(written)
    assert written == GOLDEN.read_text(), "what is stored has changed; see the module"


@pytest.fixture
def kept(moto_table: DynamoDb) -> Storage:
    """A table in which an earlier release has left what it left."""
    for item in json.loads(GOLDEN.read_text(), object_hook=_with_bytes):
        moto_table.client.put_item(TableName=moto_table.name, Item=item)
    return moto_table.storage()


def _with_bytes(value: dict[str, Any]) -> Any:
    return bytes.fromhex(value["bytes"]) if set(value) == {"bytes"} else value


def test_what_was_stored_then_is_read_now(kept: Storage) -> None:
    states = {drill_id: kept.store.load(drill_id).drill.state for drill_id in ("d-1", "d-2", "d-3")}
    assert states == {"d-1": DrillState.ENDED, "d-2": DrillState.ON_HOLD, "d-3": DrillState.READY}
    assert {due.drill_id for due in kept.store.unfinished()} >= {"d-2", "d-3"}
    assert kept.messages.messages("d-2")[CARD.key].ts == "1772452800.000100"
    assert [refusal.reason for refusal in kept.store.refusals("d-2")] == ["You may not approve waves."]
    assert set(kept.store.locks(HOME).values()) == {"d-2"}
    assert [result.drill_id for result in kept.results.results("payments", 5)] == ["d-1"]
    assert kept.outbox.pending("d-2", Lane.SLACK)
    assert not kept.store.claim("d-2", FIRST, NOON).is_ours


def test_its_record_is_whole_and_makes_the_drill_once_more(kept: Storage) -> None:
    for drill_id in ("d-1", "d-2"):
        records = kept.store.records(drill_id)
        assert all(digest(json.loads(each)) == json.loads(each)["hash"] for each in kept.store.written(drill_id))
        assert replay(records) == kept.store.load(drill_id).drill


def test_it_is_gone_on_with_where_it_was_left(kept: Storage) -> None:
    stored = kept.store.load("d-2")
    after = save(kept.store, stored, observed(stored, JobStatus.COMPLETED, ServerPhase.LAUNCHED))
    assert after.drill.version == stored.drill.version + 1
    assert kept.store.load("d-2") == after
