"""What a test of the storage suite gets in its hands: the stores over a table, and for DynamoDB the table's faults."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bot.adapters.dynamodb import DynamoDbStore
from bot.adapters.dynamodb_gathered import DynamoDbGathered
from bot.adapters.dynamodb_groups import DynamoDbGroups
from bot.adapters.dynamodb_homes import DynamoDbHomes
from bot.adapters.dynamodb_messages import DynamoDbMessages
from bot.adapters.dynamodb_outbox import DynamoDbOutbox
from bot.adapters.dynamodb_results import DynamoDbResults
from bot.adapters.dynamodb_table import Table
from bot.application.ports.gathered import GatheredStore
from bot.application.ports.groups import Groups
from bot.application.ports.homes import HomeStore
from bot.application.ports.results import ResultStore
from bot.application.ports.storage import DrillStore, MessageStore
from bot.application.ports.work import Outbox
from tests.fakes.gathered import MemoryGathered
from tests.fakes.groups import MemoryGroups
from tests.fakes.homes import MemoryHomes
from tests.fakes.results import MemoryResults
from tests.fakes.store import MemoryMessages, MemoryOutbox, MemoryStore, MemoryTable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MINISTACK = pytest.param("ministack", marks=pytest.mark.ministack)
BACKENDS = ["memory", "moto", MINISTACK]
CONCURRENT = ["memory", MINISTACK]
"""Where threads can be trusted: moto loses acknowledged writes beside failing transactions."""


@dataclass(slots=True)
class Wall:
    """A wall clock that a test sets."""

    time: datetime = datetime(2026, 3, 2, 13, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@dataclass(frozen=True, slots=True)
class Storage:
    """The stores over one table, and the wall clock by which replay keys expire."""

    store: DrillStore
    outbox: Outbox
    messages: MessageStore
    homes: HomeStore
    results: ResultStore
    wall: Wall
    groups: Groups
    gathered: GatheredStore


def memory() -> Storage:
    wall = Wall()
    table = MemoryTable(wall)
    return stores_of(table, wall)


def stores_of(table: MemoryTable, wall: Wall) -> Storage:
    """The fakes over one table."""
    return Storage(
        MemoryStore(table),
        MemoryOutbox(table),
        MemoryMessages(table),
        MemoryHomes(table),
        MemoryResults(table),
        wall,
        MemoryGroups(),
        MemoryGathered(),
    )


@dataclass(slots=True)
class DynamoDb:
    """A table of a real or simulated DynamoDB, its traffic and its faults.

    `calls` lists the operations since `watch`. `pauses` are those the adapter made between attempts; nobody sleeps.
    """

    client: DynamoDBClient
    name: str
    calls: list[tuple[str, Any]] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    _handlers: list[tuple[str, Callable[..., Any]]] = field(default_factory=list)

    def table(self, chance: Callable[[], float] = random.random) -> Table:
        return Table(self.client, self.name, sleep=self.pauses.append, chance=chance)

    def storage(self) -> Storage:
        table, wall = self.table(), Wall()
        return Storage(
            DynamoDbStore(table, wall),
            DynamoDbOutbox(table, wall),
            DynamoDbMessages(table),
            DynamoDbHomes(table, wall),
            DynamoDbResults(table),
            wall,
            DynamoDbGroups(table),
            DynamoDbGathered(table),
        )

    def watch(self) -> None:
        """Note each operation and its parameters from now on."""

        def note(params: Any, model: Any, **_: Any) -> None:
            self.calls.append((model.name, params))

        self.on("provide-client-params.dynamodb.*", note)

    def answers(self, operation: str, *answers: Callable[[], Any] | None) -> None:
        """The next calls of an operation get these answers instead of DynamoDB's; None lets one pass."""
        queue = list(answers)

        def answer(**_: Any) -> Any:
            planned = queue.pop(0) if queue else None
            return planned() if planned else None

        self.on(f"before-call.dynamodb.{operation}", answer)

    def loses_answer(self, operation: str, error: Exception) -> None:
        """The next call of an operation is carried out and its answer is lost."""
        errors = [error]

        def lose(**_: Any) -> None:
            if errors:
                raise errors.pop()

        self.on(f"after-call.dynamodb.{operation}", lose)

    def before(self, operation: str, act: Callable[[Any], object]) -> None:
        """Do something right before each call of an operation: change its parameters, or the table."""

        def acted(params: Any, **_: Any) -> None:
            act(params)

        self.on(f"provide-client-params.dynamodb.{operation}", acted)

    def on(self, event: str, handler: Callable[..., Any]) -> None:
        """Register one of botocore's events until the test ends."""
        self.client.meta.events.register(event, handler)
        self._handlers.append((event, handler))

    def mend(self) -> None:
        """Take out what `watch`, `answers` and the others have put in."""
        for event, handler in self._handlers:
            self.client.meta.events.unregister(event, handler)
        self._handlers.clear()

    def items(self) -> list[dict[str, Any]]:
        """Everything in the table."""
        return [dict(item) for item in self.client.scan(TableName=self.name, ConsistentRead=True)["Items"]]


def error(code: str, status: int = 400, **more: Any) -> Callable[[], Any]:
    """DynamoDB's answer with an error code."""
    parsed = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}, **more}
    return lambda: (SimpleNamespace(status_code=status), parsed)


def cancelled(*codes: str) -> Callable[[], Any]:
    """DynamoDB's answer to a transaction that it cancelled, with a reason for each write."""
    return error("TransactionCanceledException", CancellationReasons=[{"Code": code} for code in codes])
