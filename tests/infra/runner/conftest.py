from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from infra.local.aws.ministack import Ministack
from infra.local.stack import LocalStack

TEMPLATE = Path(__file__).parent / "template.yaml"
HOOK = "tests.infra.runner.handlers.use_world_clock"


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    headers: list[tuple[str, str]]


@dataclass(frozen=True)
class Running:
    """A stack of the test handlers, with what they noted."""

    stack: LocalStack
    notes: Path

    def noted(self, function: str) -> list[dict[str, Any]]:
        path = self.notes / f"{function}.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def batches(self, function: str, partition: str) -> list[list[str]]:
        """The sort keys, or bodies, of each batch the function got; of one partition key."""
        return [
            [key for record in entry["event"]["Records"] if (key := order(record, partition))]
            for entry in self.noted(function)
            if any(order(record, partition) for record in entry["event"]["Records"])
        ]

    def put(self, partition: str, *sort_keys: str) -> None:
        """Write items in one transaction, so that they are in the stream together."""
        table = self.stack.resources.table_name
        items: list[Any] = [
            {"Put": {"TableName": table, "Item": {"pk": {"S": partition}, "sk": {"S": key}}}} for key in sort_keys
        ]
        self.stack.client("dynamodb").transact_write_items(TransactItems=items)

    def post(
        self,
        body: str,
        *,
        method: str = "POST",
        path: str = "/slack/events",
        query: str = "",
        content_type: str = "application/x-www-form-urlencoded",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """A request to the stack's HTTP API."""
        connection = HTTPConnection(self.stack.request_url.split("/")[2], timeout=10)
        connection.request(method, path + query, body.encode(), headers or {"Content-Type": content_type})
        response = connection.getresponse()
        headers_back = [(name.lower(), value) for name, value in response.getheaders()]
        answer = Answer(response.status, response.read().decode(), headers_back)
        connection.close()
        return answer

    def send(self, queue: str, body: str) -> None:
        self.stack.client("sqs").send_message(QueueUrl=self.stack.resources.queue_urls[queue], MessageBody=body)


def order(record: dict[str, Any], partition: str) -> str | None:
    if "dynamodb" not in record:
        return str(record["body"]) if str(record["body"]).startswith(partition) else None
    keys = record["dynamodb"]["Keys"]
    return str(keys["sk"]["S"]) if keys["pk"]["S"] == partition else None


@pytest.fixture(scope="session")
def ministack() -> Iterator[Ministack]:
    with Ministack() as running:
        yield running


@pytest.fixture(scope="session")
def shared(ministack: Ministack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    notes = tmp_path_factory.mktemp("notes")
    options: dict[str, Any] = {"template": TEMPLATE, "clock_hook": HOOK, "env": {"NOTES": str(notes)}}
    with LocalStack(speed=60, ministack=ministack, **options) as stack:
        yield Running(stack, notes)


@pytest.fixture
def partition() -> str:
    """A partition key of the test's own: the stack is shared."""
    return f"DRILL-{uuid.uuid4().hex}"
