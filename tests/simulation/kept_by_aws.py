"""The same in DynamoDB and S3 as ministack has them, through the product's own adapters and real SDK clients.

Here it is each HTTP request that can fail, be slow, lose its answer, or be the last one of a function that is killed;
the SDK's and the adapters' own retries run, in the story's time. One thread, so that the only other difference between
two tellings of a seed is in the random tokens that the adapters make.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import boto3
import botocore.endpoint
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.httpsession import URLLib3Session
from moto.core.botocore_stubber import MockRawResponse

from bot.adapters.dynamodb import DynamoDbStore
from bot.adapters.dynamodb_gathered import DynamoDbGathered
from bot.adapters.dynamodb_groups import DynamoDbGroups
from bot.adapters.dynamodb_homes import DynamoDbHomes
from bot.adapters.dynamodb_items import SCHEMA, head_key
from bot.adapters.dynamodb_messages import DynamoDbMessages
from bot.adapters.dynamodb_outbox import DynamoDbOutbox
from bot.adapters.dynamodb_results import DynamoDbResults
from bot.adapters.dynamodb_table import Table
from bot.adapters.dynamodb_work import read_work
from bot.adapters.s3_shelf import S3Shelf
from bot.application.ports import Clock
from bot.application.ports.evidence import Shelf
from bot.application.ports.storage import Change, DrillStore, StoredDrill
from bot.bootstrap_reports import QUICK
from bot.domain.audit import GENESIS, Record, record
from bot.domain.commands import Lane
from bot.domain.drill import Drill
from bot.domain.events import DrillStarted
from infra.local.aws.ministack import Ministack
from infra.local.aws.resources import create_resources
from tests.fakes.store import Listener
from tests.simulation.kept import Stores
from tests.simulation.simulation import Outcome, tell
from tests.simulation.world import World

_QUICK: Any = QUICK
READ_TIMEOUT = timedelta(seconds=_QUICK.read_timeout)
NO_DELAY: Any = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
"""As the SDK's own sessions have it: without it, each request waits 40 ms for an acknowledgement."""
PAUSE = 0.1
"""Seconds. What the SDK and the adapters draw at random is a constant here."""
_WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}
_HEARD = {f"{beginning}#{lane.value}#": lane for lane in Lane for beginning in ("OUT", "WAKE")}
"""The stream filters of the template, by the sort keys that they let through."""


class _Answered(Exception):
    def __init__(self, response: AWSResponse) -> None:
        self.response = response
        super().__init__("answered")


@dataclass(slots=True)
class Aws:
    """Clients whose requests go through the story's weather. One for all stories: a client takes long to make."""

    ministack: Ministack
    world: World | None = None
    kept: KeptByAws | None = None
    clients: dict[str, Any] = field(init=False)
    calm: dict[str, Any] = field(init=False)
    _http: URLLib3Session = field(default_factory=lambda: URLLib3Session(socket_options=NO_DELAY))

    def __post_init__(self) -> None:
        session: Any = boto3.Session(
            aws_access_key_id=self.ministack.account_id,
            aws_secret_access_key="local",
            region_name=self.ministack.region,
        )
        self.clients = {
            name: session.client(name, endpoint_url=self.ministack.endpoint_url, config=QUICK)
            for name in ("dynamodb", "s3")
        }
        self.calm = {name: self.ministack.client(name) for name in self.clients}
        for name, client in self.clients.items():
            kind = {"dynamodb": "table", "s3": "s3"}[name]
            client.meta.events.register(f"before-send.{name}", self._hook(kind))

    def _hook(self, kind: str) -> Any:
        def send(request: Any, **_: Any) -> AWSResponse:
            return self._through_weather(kind, request)

        return send

    def _through_weather(self, kind: str, request: Any) -> AWSResponse:
        world = self.world
        assert world
        operation = _operation(request)

        def error(*, is_done: bool) -> Exception:
            return ReadTimeoutError(endpoint_url=request.url) if is_done else _refusal(world, request, kind)

        begun = world.now
        try:
            answer: AWSResponse = world.call(kind, f"{kind}.{operation}", lambda: self._send(operation, request), error)
        except _Answered as answered:
            return answered.response
        if world.now - begun > READ_TIMEOUT:
            raise ReadTimeoutError(endpoint_url=request.url)
        return answer

    def _send(self, operation: str, request: Any) -> AWSResponse:
        streamed: Any = self._http.send(request)
        # Read to its end, so that no connection is left open where nobody lives to read it.
        answer = AWSResponse(streamed.url, streamed.status_code, streamed.headers, MockRawResponse(streamed.content))
        if operation in _WRITES and answer.status_code == HTTPStatus.OK and self.kept:
            self.kept.written(json.loads(request.body))
        return answer

    @contextmanager
    def patient(self) -> Iterator[None]:
        """The SDK waits in the story's time, and as long each time."""

        def sleep(_seconds: float) -> None:
            assert self.world
            self.world.pause(PAUSE)

        endpoint: Any = botocore.endpoint
        real, endpoint.time = endpoint.time, SimpleNamespace(sleep=sleep)
        try:
            yield
        finally:
            endpoint.time = real


def _operation(request: Any) -> str:
    target = request.headers.get("X-Amz-Target", b"")
    named = target.decode() if isinstance(target, bytes) else target
    return named.rpartition(".")[2] or request.method


def _refusal(world: World, request: Any, kind: str) -> Exception:
    """An answer that says no, or none at all."""
    how = world.chance.one_of("how AWS refuses", ("no connection", "throttled", "server error"))
    if how == "no connection":
        return EndpointConnectionError(endpoint_url=request.url)
    status, code = (400, "ThrottlingException") if how == "throttled" else (500, "InternalServerError")
    if kind == "s3":
        status, code = 503, "SlowDown"
    body = json.dumps({"__type": f"com.amazonaws#{code}", "message": code})
    if kind == "s3":
        body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>"
    return _Answered(AWSResponse(request.url, status, HTTPHeaders(), MockRawResponse(body)))


class KeptByAws:
    """A table and a bucket of the story's own."""

    def __init__(self, world: World, aws: Aws) -> None:
        made = create_resources(aws.ministack)
        self._world, self._aws = world, aws
        aws.world, aws.kept = world, self
        self._table_name, self._bucket = made.table_name, made.buckets["EvidenceBucket"]
        self._listeners: list[Listener] = []
        self._ids: dict[str, None] = {}
        self._read: dict[str, Any] = {}
        self._odd: dict[str, StoredDrill] = {}
        self._calm_table = Table(aws.calm["dynamodb"], made.table_name)
        self._calm_shelf = S3Shelf(aws.calm["s3"], self._bucket)

    @property
    def unreadable(self) -> set[str]:
        return set(self._odd)

    def stores(self, clock: Clock) -> Stores:
        def sleep(_seconds: float) -> None:
            self._world.pause(PAUSE)

        table = Table(self._aws.clients["dynamodb"], self._table_name, sleep=sleep)
        return Stores(
            store=DynamoDbStore(table, clock),
            outbox=DynamoDbOutbox(table, clock),
            results=DynamoDbResults(table),
            messages=DynamoDbMessages(table),
            homes=DynamoDbHomes(table, clock),
            groups=DynamoDbGroups(table),
            gathered=DynamoDbGathered(table),
            shelf=S3Shelf(self._aws.clients["s3"], self._bucket),
        )

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def leave_unreadable(self, drill: Drill) -> None:
        event = DrillStarted(actor=drill.requester)
        newest = record(drill, event, self._world.now, engine="another", previous=GENESIS)
        self._odd[drill.id] = DynamoDbStore(self._calm_table).save(Change(None, drill, newest))
        self._calm_table.update(
            {
                "Key": head_key(drill.id),
                "UpdateExpression": "SET #schema = :next",
                "ExpressionAttributeNames": {"#schema": "schema"},
                "ExpressionAttributeValues": {":next": {"N": str(SCHEMA + 1)}},
            }
        )

    # ------------------------------------------------------------------ what is there

    def written(self, parameters: Mapping[str, Any]) -> None:
        """Note a write that was made, and tell the stream's listeners of it."""
        self._read.clear()
        for verb, write in _writes(parameters):
            key = write.get("Item") or write["Key"]
            pk, sk = key["pk"]["S"], key["sk"]["S"]
            if sk == "DRILL":
                self._ids[pk.removeprefix("DRILL#")] = None
            for beginning, lane in _HEARD.items():
                if verb == "Put" and sk.startswith(beginning):
                    for listener in self._listeners:
                        listener(pk.removeprefix("DRILL#"), lane)

    def _once(self, name: str, read: Any) -> Any:
        """Read again only after a write."""
        if name not in self._read:
            self._read[name] = read()
        return self._read[name]

    @property
    def drills(self) -> Mapping[str, StoredDrill]:
        store = DynamoDbStore(self._calm_table)
        return {**self._odd, **self._once("drills", lambda: {each: store.load(each) for each in self._ids})}

    def records(self, drill_id: str) -> Sequence[Record]:
        return DynamoDbStore(self._calm_table).records(drill_id)

    @property
    def work(self) -> Sequence[str]:
        found: list[str] = self._once("work", self._scan_for_work)
        return found

    def _scan_for_work(self) -> list[str]:
        pages = self._aws.calm["dynamodb"].get_paginator("scan")
        found = pages.paginate(
            TableName=self._table_name,
            FilterExpression="begins_with(sk, :out)",
            ExpressionAttributeValues={":out": {"S": "OUT#"}},
        )
        return [read_work(item).command.type for page in found for item in page["Items"]]

    @property
    def locks(self) -> Mapping[str, str]:
        store = DynamoDbStore(self._calm_table)
        return {
            name: owner for stored in self.drills.values() for name, owner in store.locks(stored.drill.target).items()
        }

    @property
    def proof(self) -> tuple[DrillStore, Shelf]:
        return DynamoDbStore(self._calm_table), self._calm_shelf


def _writes(parameters: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for each in parameters.get("TransactItems", ()):
        yield from each.items()
    if "Item" in parameters:
        yield "Put", parameters
    elif "Key" in parameters:
        yield "Other", parameters


class _Process:
    """One ministack for each process that tells stories; it ends with the process."""

    aws: Aws | None = None


def tell_by_adapters(seed: int, only: frozenset[str] | None = None) -> Outcome:
    """Let the story of a seed happen over DynamoDB and S3."""
    if _Process.aws is None:
        ministack = Ministack()
        ministack.start()
        ministack.wait_until_ready()
        _Process.aws = Aws(ministack)
    aws = _Process.aws
    with aws.patient():
        return tell(seed, only, lambda world: KeptByAws(world, aws))
