"""A table's real stream, read as Lambda reads it for one event source mapping.

Records go into lanes by partition key (the parallelization factor, at most one per process of the function), so that
the records of one key stay in order and a slow key holds up only its lane. A batch that fails is tried again from its
first failed record, halved if the mapping says so, until its retries are used up; then the destination gets a message
about it (AWS: Lambda developer guide, "Retain discarded records for a DynamoDB event source"). Splitting a batch uses
up no retry, says the same page. AWS does not say how long Lambda waits before a retry: here it is short, in wall time.
"""

from __future__ import annotations

import json
import queue
import time
import zlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING

from infra.local.aws.template import Json
from infra.local.runner.activity import Activity, Progress
from infra.local.runner.batches import Filter, failed_items
from infra.local.runner.deployment import EventSource
from infra.local.runner.functions import Function
from infra.local.runner.givenup import given_up

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_sqs import SQSClient

RETRY_AFTER = 0.05
RETRY_AT_LAST_AFTER = 1.0
END = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A batch and how often it has been retried; a batch that was split keeps its count."""

    records: Sequence[Json]
    retries: int = 0


@dataclass(slots=True)
class StreamSource:
    """One event source mapping on a stream, with iterators of its own."""

    source: EventSource
    function: Function
    activity: Activity
    streams: DynamoDBStreamsClient
    queues: SQSClient
    progress: Progress = field(init=False, default_factory=Progress)
    _filter: Filter = field(init=False)
    _iterators: dict[str, str] = field(init=False)
    _lanes: list[queue.SimpleQueue[Json]] = field(init=False)

    def __post_init__(self) -> None:
        self._filter = Filter(self.source.patterns)
        self._lanes = [queue.SimpleQueue() for _ in range(min(self.source.lanes, self.function.processes))]
        shards = self.streams.describe_stream(StreamArn=self.source.arn)["StreamDescription"]["Shards"]
        self._iterators = {shard["ShardId"]: self._first_iterator(shard["ShardId"]) for shard in shards}

    def threads(self) -> list[Thread]:
        """Threads that run until the activity stops."""
        return [Thread(target=self._read), *(Thread(target=self._serve, args=(lane,)) for lane in self._lanes)]

    def _first_iterator(self, shard: str) -> str:
        return self.streams.get_shard_iterator(
            StreamArn=self.source.arn, ShardId=shard, ShardIteratorType=self.source.starting_position
        )["ShardIterator"]

    def _read(self) -> None:
        while not self.activity.stopping.is_set():
            started = time.monotonic()
            records = [record for shard in list(self._iterators) for record in self._next_records(shard)]
            self.progress.looked(started, len(records))
            for record in records:
                partition = json.dumps(record["dynamodb"]["Keys"]["pk"]).encode()
                self._lanes[zlib.crc32(partition) % len(self._lanes)].put(record)
            self.activity.wait()
        for lane in self._lanes:
            lane.put(END)

    def _next_records(self, shard: str) -> list[Json]:
        answer = self.streams.get_records(ShardIterator=self._iterators.pop(shard))
        if "NextShardIterator" in answer:
            self._iterators[shard] = answer["NextShardIterator"]
        records = [self._as_lambda_sends_it(record) for record in answer["Records"]]
        return [record for record in records if self._filter.passes(record)]

    def _as_lambda_sends_it(self, record: Json) -> Json:
        change = {**record["dynamodb"]}
        change["ApproximateCreationDateTime"] = change["ApproximateCreationDateTime"].timestamp()
        return {**record, "dynamodb": change, "eventSourceARN": self.source.arn}

    def _serve(self, lane: queue.SimpleQueue[Json]) -> None:
        while (first := lane.get()) is not END:
            batch = [first]
            while len(batch) < self.source.batch_size and not lane.empty():
                batch.append(lane.get())
            if batch[-1] is END:
                return
            self._deliver(batch)
            self.progress.delivered(len(batch))

    def _deliver(self, batch: Sequence[Json]) -> None:
        to_do = deque([Attempt(batch)])
        while to_do and not self.activity.stopping.is_set():
            attempt = to_do.popleft()
            ids = [record["dynamodb"]["SequenceNumber"] for record in attempt.records]
            failed = failed_items(self.function, self.source, attempt.records, ids)
            if failed:
                first = next(index for index, item in enumerate(ids) if item in failed)
                to_do.extendleft(reversed(self._after_failure(attempt, first)))

    def _after_failure(self, attempt: Attempt, first: int) -> list[Attempt]:
        """What is to be tried next when the record at index `first` was the first to fail."""
        rest = attempt.records[first:]
        if self.source.bisect and first:
            return [Attempt(rest, attempt.retries)]
        if self.source.bisect and len(rest) > 1:
            half = len(rest) // 2
            return [Attempt(rest[:half], attempt.retries), Attempt(rest[half:], attempt.retries)]
        if self.source.retries is not None and attempt.retries >= self.source.retries:
            self._give_up(rest, attempt.retries + 1)
            return []
        self.activity.stopping.wait(min(RETRY_AFTER * 2**attempt.retries, RETRY_AT_LAST_AFTER))
        return [Attempt(rest, attempt.retries + 1)]

    def _give_up(self, records: Sequence[Json], invocations: int) -> None:
        if self.source.on_failure and not self.activity.stopping.is_set():
            name = self.source.on_failure.rpartition(":")[2]
            url = self.queues.get_queue_url(QueueName=name)["QueueUrl"]
            message = given_up(records, self.function.arn, self.source.arn, invocations)
            self.queues.send_message(QueueUrl=url, MessageBody=json.dumps(message))
