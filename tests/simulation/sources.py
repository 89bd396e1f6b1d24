"""What wakes the functions: the table's stream, the queues, the schedule. Each delivers at least once, when it likes.

Shapes of the events and what a source does with failures: AWS Lambda developer guide, "Using Lambda with DynamoDB" and
"with Amazon SQS" (ReportBatchItemFailures).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.domain.commands import Lane
from bot.entrypoints import executor, finder, notifier, poller
from tests.simulation.containers import SKEW, TIMEOUT, Container, Ports
from tests.simulation.world import World

STREAM_TRIES = 4
QUEUE_TRIES = 3
VISIBILITY = timedelta(minutes=6)
MINUTE = timedelta(minutes=1)
Handler = Callable[[dict[str, Any], Any], Any]
_OF_LANE: Mapping[Lane, tuple[str, Handler]] = {
    Lane.WORK: ("executor", executor.lambda_handler),
    Lane.SLACK: ("notifier", notifier.lambda_handler),
}
_OF_QUEUE: Mapping[str, tuple[str, Handler]] = {
    "poll": ("poller", poller.lambda_handler),
    "work": ("executor", executor.lambda_handler),
}


@dataclass(slots=True)
class Context:
    """What a handler gets beside the event."""

    world: World
    function_name: str
    memory_limit_in_mb: int = 1792
    invoked_function_arn: str = "arn:aws:lambda:eu-west-1:123456789012:function:simulated"
    aws_request_id: str = "simulated"

    def get_remaining_time_in_millis(self) -> int:
        return max(int(self.world.left() / timedelta(milliseconds=1)), 0)


@dataclass(slots=True)
class Functions:
    """The containers of the functions. One that was killed is never used again."""

    world: World
    ports: Ports
    alive: dict[str, list[Container]] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def run(self, name: str, handler: Handler, event: dict[str, Any], lasting: timedelta = TIMEOUT) -> tuple[bool, Any]:
        """Invoke a function: whether it has ended by itself, and its answer (an error is one, too)."""
        container = self._container(name)
        context = Context(self.world, name)
        self.world.tell(f"{name} runs in {container.name}")

        def act() -> Any:
            with container.started():
                try:
                    return handler(event, context)
                except Exception as error:  # noqa: BLE001 - Lambda takes any error for a failed invocation
                    return error

        ended, answer = self.world.invoke(name, lasting, act)
        if ended:
            self.alive[name].append(container)
        return ended, answer

    def _container(self, name: str) -> Container:
        """One that is not in use."""
        idle = self.alive.setdefault(name, [])
        if idle:
            return idle.pop()
        number = next(self._numbers)
        skew = self.world.chance.between("clock is wrong", -SKEW, SKEW) if self.world.weather.force else 0.0
        return Container(self.ports, f"{name}-{number}", timedelta(seconds=skew))


@dataclass(slots=True)
class Stream:
    """The table's stream, as two functions read it. A record is only a wake-up."""

    world: World
    functions: Functions
    waiting: dict[Lane, list[str]] = field(default_factory=lambda: {lane: [] for lane in Lane})
    busy: set[Lane] = field(default_factory=set)

    def write(self, drill_id: str, lane: Lane) -> None:
        """Something was written into a lane."""
        weather, chance = self.world.weather, self.world.chance
        if weather.happens("stream record lost", 0.02):  # expired, after what came before it failed for a day
            return
        late = weather.happens("stream record late", 0.05)
        self._send(lane, drill_id, chance.between("stream", 20, 90) if late else chance.between("stream", 0.1, 1))
        if weather.happens("stream record twice", 0.05):
            self._send(lane, drill_id, chance.between("stream", 0.1, 20))

    def _send(self, lane: Lane, drill_id: str, seconds: float) -> None:
        self.world.after(timedelta(seconds=seconds), "stream", lambda: self._arrive(lane, drill_id))

    def _arrive(self, lane: Lane, drill_id: str) -> None:
        self.waiting[lane].append(drill_id)
        self._deliver(lane, 1)

    def _deliver(self, lane: Lane, tries: int) -> None:
        """Hand a batch over; one function reads a shard at a time."""
        if not self.waiting[lane]:
            return
        if lane in self.busy or self.world.is_crowded:
            self.world.after(timedelta(seconds=1), "stream", lambda: self._deliver(lane, tries))
            return
        batch = self.waiting[lane][:10]
        self.busy.add(lane)
        try:
            failed = self._failed(lane, batch)
        finally:
            self.busy.discard(lane)
        del self.waiting[lane][: failed if failed is not None and tries < STREAM_TRIES else len(batch)]
        if self.waiting[lane]:
            again = tries + 1 if failed == 0 else 1
            pause = timedelta(seconds=2**tries if failed is not None else 0)
            self.world.after(pause, "stream", lambda: self._deliver(lane, again))

    def _failed(self, lane: Lane, batch: Sequence[str]) -> int | None:
        """From which record on a batch has failed; None: not at all."""
        name, handler = _OF_LANE[lane]
        records = [_stream_record(number, drill_id, lane) for number, drill_id in enumerate(batch)]
        ended, answer = self.functions.run(name, handler, {"Records": records})
        if not ended or isinstance(answer, Exception):
            return 0
        named = [int(each["itemIdentifier"]) for each in answer["batchItemFailures"]]
        return min(named, default=None)


def _stream_record(number: int, drill_id: str, lane: Lane) -> dict[str, Any]:
    keys = {"pk": {"S": f"DRILL#{drill_id}"}, "sk": {"S": f"WORK#{lane.value}#1"}}
    return {
        "eventID": str(number),
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "dynamodb": {"Keys": keys, "SequenceNumber": str(number), "StreamViewType": "KEYS_ONLY"},
    }


@dataclass(slots=True)
class Queues:
    """The poll queue and the work queue: SQS as the product's client calls it, and what their functions get."""

    world: World
    functions: Functions | None = None
    dead: list[str] = field(default_factory=list)

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:  # noqa: N803
        """Take messages (botocore: SQS SendMessageBatch)."""
        for entry in Entries:
            self.send(QueueUrl, entry["MessageBody"], timedelta(seconds=entry["DelaySeconds"]))
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}

    def send(self, queue: str, body: str, delay: timedelta) -> None:
        """A message, which comes once or twice, and not always in time."""
        weather, chance = self.world.weather, self.world.chance
        late = chance.between("message", 1, 40) if weather.happens("message late", 0.05) else 0.0
        self._show(queue, body, delay + timedelta(seconds=late), 1)
        if weather.happens("message twice", 0.05):
            self._show(queue, body, delay + timedelta(seconds=chance.between("message", 0, 20)), 1)

    def _show(self, queue: str, body: str, delay: timedelta, tries: int) -> None:
        self.world.after(delay, queue, lambda: self._receive(queue, body, tries))

    def _receive(self, queue: str, body: str, tries: int) -> None:
        if self.functions is None or self.world.is_crowded:
            self._show(queue, body, timedelta(seconds=1), tries)
            return
        name, handler = _OF_QUEUE[queue]
        record = {"messageId": "m", "receiptHandle": "r", "body": body, "eventSource": "aws:sqs", "attributes": {}}
        ended, answer = self.functions.run(name, handler, {"Records": [record]})
        if ended and not isinstance(answer, Exception) and not answer["batchItemFailures"]:
            return
        if tries < QUEUE_TRIES:
            self._show(queue, body, VISIBILITY, tries + 1)
        else:
            self.dead.append(body)


@dataclass(slots=True)
class Schedule:
    """The finder, every minute; in bad weather not for some minutes, or twice at once."""

    world: World
    functions: Functions

    def begin(self) -> None:
        """From now on."""
        self.world.after(MINUTE, "schedule", self._fire)

    def _fire(self) -> None:
        weather = self.world.weather
        missing = weather.happens("schedule missing", 0.01)
        pause = timedelta(minutes=self.world.chance.whole("schedule missing for", 2, 8)) if missing else MINUTE
        self.world.after(pause, "schedule", self._fire)
        if missing or self.world.is_crowded:
            return
        for _ in range(2 if weather.happens("schedule twice", 0.03) else 1):
            self.functions.run("finder", finder.lambda_handler, {}, MINUTE)


def notice_of_drs(account: str, region: str) -> str:
    """An event of DRS's own, as EventBridge puts it into the poll queue."""
    detail = {"state": "COMPLETED", "status": "TERMINATED"}
    kind = "DRS Source Server Launch Result"
    return json.dumps(
        {"source": "aws.drs", "account": account, "region": region, "detail-type": kind, "detail": detail}
    )
