"""What the adapter asks of DynamoDB: as few calls as can be, only what has changed, and no half-read drill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.adapters.dynamodb import LOCK_RACES, READS, DynamoDbStore
from bot.adapters.dynamodb_items import PACK_ABOVE
from bot.application.ports.storage import Posted, StoredDrill, StoreUnavailable
from bot.domain.audit import digest
from bot.domain.cleanup_events import CleanupHindered
from bot.domain.commands import Lane, Topic, TopicKind
from bot.domain.errors import ConcurrentUpdate, Replayed, UnreadableDrill
from bot.domain.events import JobStarted
from bot.domain.launch import LaunchKey
from bot.domain.state_machine import Locks
from tests.contract.store.backends import DynamoDb, Storage
from tests.contract.store.drills import (
    CHECKED,
    FIRST,
    HINDERED,
    HOME,
    NOON,
    STARTED,
    change_for,
    cleaning_up,
    ended,
    plan_of,
    proposal,
    ready,
    running,
    save,
    server,
)

pytestmark = pytest.mark.ministack


def keys_written(dynamodb: DynamoDb) -> list[str]:
    """The sort keys that the last call wrote."""
    _, params = dynamodb.calls[-1]
    requests = [next(iter(write.values())) for write in params["TransactItems"]]
    return [request.get("Item", request.get("Key"))["sk"]["S"] for request in requests]


def item(dynamodb: DynamoDb, sk: str) -> dict[str, Any]:
    (found,) = [item for item in dynamodb.items() if item["sk"]["S"] == sk]
    return found


def test_an_event_is_saved_in_one_call_and_read_in_one(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    stored = running(store, "d-1", plan_of(1, 1))
    dynamodb.watch()
    save(store, stored, JobStarted(key=FIRST, job_id="drsjob-1"))
    store.load("d-1")
    assert [name for name, _ in dynamodb.calls] == ["TransactWriteItems", "Query"]


def test_starting_reads_the_locks_and_nothing_else(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    stored = ready(store, "d-1")
    dynamodb.watch()
    save(store, stored, STARTED)
    assert [name for name, _ in dynamodb.calls] == ["GetItem", "TransactWriteItems"]


def test_locks_that_do_not_change_are_not_written(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    stored = running(store, "d-1")
    dynamodb.watch()
    stored = store.save(change_for(stored, JobStarted(key=FIRST, job_id="drsjob-1"), locks=Locks.ACQUIRE))
    assert "LOCKS" not in keys_written(dynamodb)
    other = ready(store, "d-2", plan_of(1, name="shop", first=9))
    store.save(change_for(other, STARTED, locks=Locks.RELEASE))
    assert "LOCKS" not in keys_written(dynamodb)


def test_only_the_parts_that_have_changed_are_written(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    dynamodb.watch()
    stored = save(store, None, proposal("d-1", plan_of(1, 1, 1)))
    parts = [key for key in keys_written(dynamodb) if key.startswith("DRILL")]
    assert parts == ["DRILL", "DRILL#PLAN", "DRILL#WAVE#001", "DRILL#WAVE#002", "DRILL#WAVE#003"]
    stored = save(store, stored, CHECKED)
    assert [key for key in keys_written(dynamodb) if key.startswith("DRILL")] == ["DRILL", "DRILL#PREFLIGHT"]
    save(store, stored, STARTED)
    assert [key for key in keys_written(dynamodb) if key.startswith("DRILL")] == ["DRILL", "DRILL#WAVE#001"]


def test_replay_keys_expire_by_wall_time_and_are_written_over_then(dynamodb: DynamoDb) -> None:
    store = DynamoDbStore(dynamodb.table())
    wall = datetime.now(UTC)
    save(store, None, proposal("d-1"), replay_key="k", replay_until=wall - timedelta(seconds=5))
    save(store, None, proposal("d-2"), replay_key="k", replay_until=wall + timedelta(minutes=5))
    with pytest.raises(Replayed):
        save(store, None, proposal("d-3"), replay_key="k", replay_until=wall + timedelta(minutes=5))
    assert int(item(dynamodb, "REPLAY")["expires_at"]["N"]) - (wall + timedelta(minutes=5)).timestamp() < 1


def test_every_key_is_as_the_layout_has_it(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    save(store, ready(store, "d-1"), STARTED, replay_key="abc", replay_until=NOON)
    store.claim("d-1", LaunchKey(wave=3, attempt=2, batch=1), NOON)
    keys = {(item["pk"]["S"], item["sk"]["S"]) for item in dynamodb.items()}
    assert {
        ("DRILL#d-1", "DRILL"),
        ("DRILL#d-1", "DRILL#WAVE#001"),
        ("DRILL#d-1", "EVENT#0000000003"),
        ("DRILL#d-1", "OUT#work#0000000001#002"),
        ("DRILL#d-1", "OUT#slack#0000000003#001"),
        ("DRILL#d-1", "CLAIM#3#2#1"),
        ("LOCKS#111122223333#eu-west-1", "LOCKS"),
        ("REPLAY#abc", "REPLAY"),
    } < keys


def test_a_drill_is_read_through_many_pages(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    stored = running(store, "d-1", plan_of(1, 1, 1))
    dynamodb.before("Query", lambda params: params.update(Limit=2))
    dynamodb.watch()
    assert store.load("d-1") == stored
    assert len([name for name, _ in dynamodb.calls if name == "Query"]) > 2
    assert len(store.records("d-1")) == 3
    assert len(store.unfinished()) > 2


def test_a_drill_that_moves_on_while_it_is_read_is_read_again(dynamodb: DynamoDb) -> None:
    """Page by page: head and plan of version 3, then a wave of version 4."""
    store = dynamodb.storage().store
    stored = running(store, "d-1", plan_of(1, 1))
    moved: list[StoredDrill] = []

    def move_on(params: dict[str, Any]) -> None:
        params["Limit"] = 2
        if "ExclusiveStartKey" in params and not moved:
            moved.append(save(store, stored, JobStarted(key=FIRST, job_id="drsjob-1")))

    dynamodb.before("Query", move_on)
    assert [store.load("d-1")] == moved


def test_a_drill_that_is_being_made_is_not_read_without_its_head(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    stored = save(store, None, proposal("d-1"))
    head = item(dynamodb, "DRILL")
    dynamodb.client.delete_item(TableName=dynamodb.name, Key={name: head[name] for name in ("pk", "sk")})
    reads = []

    def appear(params: Any) -> None:
        reads.append(params)
        if len(reads) == 2:
            dynamodb.client.put_item(TableName=dynamodb.name, Item=head)

    dynamodb.before("Query", appear)
    assert store.load("d-1") == stored


def test_a_drill_that_never_stands_still_is_given_up(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    save(store, None, proposal("d-1"))
    dynamodb.client.put_item(TableName=dynamodb.name, Item={**item(dynamodb, "DRILL#PLAN"), "version": {"N": "9"}})
    dynamodb.watch()
    with pytest.raises(ConcurrentUpdate):
        store.load("d-1")
    assert len(dynamodb.calls) == READS


def rival(dynamodb: DynamoDb, times: int) -> list[str]:
    """Somebody who changes the locks right before each of the next transactions."""
    rivals = [f"rival-{n}" for n in range(times)]
    store = DynamoDbStore(dynamodb.table())
    stored = {name: ready(store, name, plan_of(1, name=name, first=900 + n)) for n, name in enumerate(rivals)}
    waiting, busy = list(rivals), list[bool]()

    def rush(_: Any) -> None:
        if waiting and not busy:
            busy.append(True)
            name = waiting.pop(0)
            save(store, stored[name], STARTED)
            busy.clear()

    dynamodb.before("TransactWriteItems", rush)
    return rivals


def test_locks_that_somebody_else_changed_meanwhile_are_read_again(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    stored = ready(store, "d-1")
    rivals = rival(dynamodb, 2)
    save(store, stored, STARTED)
    assert set(store.locks(HOME).values()) == {"d-1", *rivals}


def test_locks_that_somebody_else_keeps_changing_are_given_up(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    stored = ready(store, "d-1")
    rival(dynamodb, LOCK_RACES)
    with pytest.raises(ConcurrentUpdate):
        save(store, stored, STARTED)
    assert store.load("d-1") == stored
    assert server(1) not in store.locks(HOME)


def test_long_content_is_kept_packed_and_short_content_legible(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    stored = cleaning_up(store, "d-1", plan_of(90))
    assert "body" in item(dynamodb, "DRILL")
    assert {"body", "body_gzip"} & item(dynamodb, "DRILL#WAVE#001").keys() == {"body_gzip"}
    assert len(item(dynamodb, "DRILL#WAVE#001")["body_gzip"]["B"]) < PACK_ABOVE
    for error in ("x" * PACK_ABOVE, "short"):
        stored = save(store, stored, CleanupHindered(error=error))
        assert store.load("d-1") == stored
    assert {"body", "body_gzip"} & item(dynamodb, "DRILL").keys() == {"body"}
    assert all(digest(kept.model_dump(mode="json")) == kept.hash for kept in store.records("d-1"))


def test_an_ended_drill_has_left_the_index_for_good(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    ended(store, cleaning_up(store, "d-1"))
    assert not {"unfinished", "due_at", "poll", "wake_at"} & item(dynamodb, "DRILL").keys()


READERS: dict[str, Callable[[Storage], object]] = {
    "DRILL#d-1 CLAIM#1#1#1": lambda storage: storage.store.claim("d-1", FIRST, NOON),
    "DRILL#d-1 VIEW": lambda storage: storage.messages.messages("d-1"),
    "DRILL#d-1 OUT#work#0000000001#002": lambda storage: storage.outbox.pending("d-1", Lane.WORK),
    "LOCKS#111122223333#eu-west-1 LOCKS": lambda storage: storage.store.locks(HOME),
}


@pytest.mark.parametrize("key", READERS)
def test_what_a_newer_release_wrote_is_not_guessed_at(dynamodb: DynamoDb, key: str) -> None:
    storage = dynamodb.storage()
    running(storage.store, "d-1")
    storage.store.claim("d-1", FIRST, NOON)
    (drawing, *_) = storage.outbox.pending("d-1", Lane.SLACK)
    storage.messages.keep("d-1", Topic(kind=TopicKind.CARD), Posted(ts="1.0", looks="a"), drawing)
    (found,) = [item for item in dynamodb.items() if f"{item['pk']['S']} {item['sk']['S']}" == key]
    dynamodb.client.put_item(TableName=dynamodb.name, Item={**found, "schema": {"N": "2"}})
    with pytest.raises(StoreUnavailable, match=f"{key} has schema 2; this release reads 1") as refused:
        READERS[key](storage)
    assert not refused.value.retryable


BROKEN: dict[str, dict[str, Any]] = {
    "of another schema": {"schema": {"N": "2"}},
    "a body that is no drill": {"body": {"S": '{"id": "d-1"}'}},
    "a body that is no JSON": {"body": {"S": '{"id": '}},
    "a body of another type": {"body": {"N": "1"}},
    "a packed body that is torn": {"body_gzip": {"B": b"\x1f\x8b\x08"}},
    "no head of the record": {"audit_head": {"NULL": True}},
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_a_drill_that_cannot_be_read_is_told_by_its_name_and_no_other_is_held_up(
    dynamodb: DynamoDb, change: dict[str, Any]
) -> None:
    store = dynamodb.storage().store
    running(store, "d-1")
    head = item(dynamodb, "DRILL")
    kept = head if "body_gzip" not in change else {name: each for name, each in head.items() if name != "body"}
    dynamodb.client.put_item(TableName=dynamodb.name, Item={**kept, **change})
    with pytest.raises(UnreadableDrill, match="d-1 cannot be read by this release") as refused:
        store.load("d-1")
    assert refused.value.why
    assert [due.drill_id for due in store.unfinished()][:1] == ["d-1"]


def test_a_wave_of_a_drill_on_its_way_is_one_item(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    save(store, cleaning_up(store, "d-1", plan_of(101)), HINDERED)
    assert [found["sk"]["S"] for found in dynamodb.items() if "WAVE" in found["sk"]["S"]] == ["DRILL#WAVE#001"]
