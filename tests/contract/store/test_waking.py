"""New work and a nudge wake the lane's consumer: by the table's stream in AWS, by a listener in the fake."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from bot.domain.commands import Lane
from infra.local.aws.ministack import Ministack
from tests.contract.store.backends import DynamoDb, Storage, Wall
from tests.contract.store.drills import CHECKED, FIRST, NOON, proposal, save
from tests.fakes.groups import MemoryGroups
from tests.fakes.store import MemoryMessages, MemoryOutbox, MemoryStore, MemoryTable

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

Wakes = Callable[[], list[tuple[str, str]]]


@pytest.fixture(params=["memory", pytest.param("ministack", marks=pytest.mark.ministack)])
def woken(request: pytest.FixtureRequest) -> tuple[Storage, Wakes]:
    """The stores, and who was woken so far: (drill id, lane). Not on moto: its mock mode has no streams."""
    if request.param == "memory":
        return in_memory()
    table: DynamoDb = request.getfixturevalue("ministack_table")
    ministack: Ministack = request.getfixturevalue("ministack")
    streams = ministack.client("dynamodbstreams")
    return table.storage(), lambda: inserted(streams, table.name)


def in_memory() -> tuple[Storage, Wakes]:
    table, seen = MemoryTable(), list[tuple[str, str]]()
    table.listeners.append(lambda drill_id, lane: seen.append((drill_id, str(lane))))
    return Storage(MemoryStore(table), MemoryOutbox(table), MemoryMessages(table), Wall(), MemoryGroups()), lambda: seen


def inserted(streams: DynamoDBStreamsClient, table_name: str) -> list[tuple[str, str]]:
    """Whom the stream's records would wake, by the prefixes that the functions filter for."""
    (stream,) = streams.list_streams(TableName=table_name)["Streams"]
    shards = streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]["Shards"]
    found = []
    for shard in shards:
        iterator = streams.get_shard_iterator(
            StreamArn=stream["StreamArn"], ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        for record in streams.get_records(ShardIterator=iterator)["Records"]:
            keys = record["dynamodb"]["Keys"]
            kind, _, rest = keys["sk"]["S"].partition("#")
            if record["eventName"] == "INSERT" and kind in {"OUT", "WAKE"}:
                found.append((keys["pk"]["S"].removeprefix("DRILL#"), rest.partition("#")[0]))
    return found


def test_each_new_piece_of_work_wakes_its_lane(woken: tuple[Storage, Wakes]) -> None:
    storage, seen = woken
    stored = save(storage.store, None, proposal("d-1"))
    assert sorted(seen()) == [("d-1", "slack"), ("d-1", "work")]
    save(storage.store, stored, CHECKED)
    assert sorted(seen()) == [("d-1", "slack")] * 3 + [("d-1", "work")]


def test_a_nudge_wakes_the_lane_without_any_work(woken: tuple[Storage, Wakes]) -> None:
    storage, seen = woken
    storage.outbox.nudge("d-1", Lane.SLACK, NOON)
    assert seen() == [("d-1", "slack")]
    assert storage.outbox.pending("d-1", Lane.SLACK) == ()


def test_nothing_else_wakes_anybody(woken: tuple[Storage, Wakes]) -> None:
    storage, seen = woken
    save(storage.store, None, proposal("d-1"))
    before = list(seen())
    (item,) = storage.outbox.pending("d-1", Lane.WORK)
    storage.outbox.postpone(item, NOON, "Throttled")
    storage.outbox.done(item)
    storage.store.claim("d-1", FIRST, NOON)
    assert seen() == before


def test_a_listener_sees_what_was_saved_and_may_save_in_its_turn() -> None:
    table = MemoryTable()
    store, outbox = MemoryStore(table), MemoryOutbox(table)

    def check(drill_id: str, lane: Lane) -> None:
        for item in outbox.pending(drill_id, lane):
            if lane is Lane.WORK:
                save(store, store.load(drill_id), CHECKED, done=item)

    table.listeners.append(check)
    save(store, None, proposal("d-1"))
    assert store.load("d-1").drill.version == 2
