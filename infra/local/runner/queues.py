"""A real queue, read as Lambda reads it for one event source mapping.

Time is the world's. A message with a delay (`infra.local.runner.delays`) is held here until it is due. A message that
failed is held for the rest of its visibility timeout and then given back to the queue, which counts its receipts and
moves it to the dead-letter queue by its own redrive policy. So in the queue itself a message stays invisible for as
long as SQS allows, and the runner alone decides when it appears again.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Thread
from typing import TYPE_CHECKING

from infra.local.aws.template import Json
from infra.local.clock import WorldClock
from infra.local.runner.activity import Activity, Progress
from infra.local.runner.batches import Filter, failed_items
from infra.local.runner.delays import deliver_at
from infra.local.runner.deployment import EventSource
from infra.local.runner.functions import Function

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# SQS: ChangeMessageVisibility, in seconds.
LONGEST_INVISIBILITY = 43200
RECEIVE_AT_ONCE = 10


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """A received message that is to be delivered, or given back if it has failed, at a world time."""

    due: datetime
    turn: int
    message: Json = field(compare=False)
    failed: bool = field(compare=False)


@dataclass(slots=True)
class QueueSource:
    """One event source mapping on a queue."""

    source: EventSource
    function: Function
    activity: Activity
    clock: WorldClock
    queues: SQSClient
    progress: Progress = field(init=False, default_factory=Progress)
    _url: str = field(init=False)
    _visibility: timedelta = field(init=False)
    _filter: Filter = field(init=False)
    _held: list[Held] = field(init=False, default_factory=list)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    _turn: Iterator[int] = field(init=False, default_factory=itertools.count)

    def __post_init__(self) -> None:
        self._url = self.queues.get_queue_url(QueueName=self.source.arn.rpartition(":")[2])["QueueUrl"]
        attributes = self.queues.get_queue_attributes(QueueUrl=self._url, AttributeNames=["VisibilityTimeout"])
        self._visibility = timedelta(seconds=int(attributes["Attributes"]["VisibilityTimeout"]))
        self._filter = Filter(self.source.patterns)

    def threads(self) -> list[Thread]:
        """Threads that run until the activity stops: as many readers as the function can serve."""
        return [Thread(target=self._run) for _ in range(self.function.processes)]

    def _run(self) -> None:
        while not self.activity.stopping.is_set():
            started = time.monotonic()
            self._receive()
            batch = self._due()
            self.progress.looked(started, len(batch))
            if batch:
                self._deliver(batch)
                self.progress.delivered(len(batch))
            else:
                self.activity.wait()

    def _receive(self) -> None:
        answer = self.queues.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=RECEIVE_AT_ONCE,
            VisibilityTimeout=LONGEST_INVISIBILITY,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        for message in answer.get("Messages", []):
            self._hold(message, deliver_at(message) or self.clock.now(), failed=False)

    def _hold(self, message: Json, due: datetime, *, failed: bool) -> None:
        with self._lock:
            heapq.heappush(self._held, Held(due, next(self._turn), message, failed))

    def _due(self) -> list[Json]:
        """The next batch of messages that are due. Failed ones that are due go back to the queue."""
        batch: list[Json] = []
        with self._lock:
            while self._held and self._held[0].due <= self.clock.now() and len(batch) < self.source.batch_size:
                held = heapq.heappop(self._held)
                if held.failed:
                    self._give_back(held.message)
                elif self._filter.passes(self._record(held.message)):
                    batch.append(held.message)
                else:
                    self._delete([held.message])  # as Lambda does with what its filter leaves out
        return batch

    def _deliver(self, batch: Sequence[Json]) -> None:
        visible_again = self.clock.now() + self._visibility
        records = [self._record(message) for message in batch]
        failed = failed_items(self.function, self.source, records, [message["MessageId"] for message in batch])
        self._delete([message for message in batch if message["MessageId"] not in failed])
        for message in batch:
            if message["MessageId"] in failed:
                self._hold(message, visible_again, failed=True)

    def _delete(self, messages: Sequence[Json]) -> None:
        entries = [{"Id": item["MessageId"], "ReceiptHandle": item["ReceiptHandle"]} for item in messages]
        if entries:
            self.queues.delete_message_batch(QueueUrl=self._url, Entries=entries)  # type: ignore[arg-type]  # dicts

    def _give_back(self, message: Json) -> None:
        receipt = message["ReceiptHandle"]
        self.queues.change_message_visibility(QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=0)
        self.activity.nudge()

    def _record(self, message: Json) -> Json:
        attributes = message.get("MessageAttributes", {})
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "messageAttributes": {name: _attribute(value) for name, value in attributes.items()},
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self.source.arn,
            "awsRegion": self.source.arn.split(":")[3],
        }


def _attribute(value: Json) -> Json:
    return {
        "stringValue": value.get("StringValue"),
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": value["DataType"],
    }
