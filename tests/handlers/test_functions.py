"""Four of the functions through their handlers, with AWS's events, over moto's table and queues; nothing else is there.

See `tests/handlers/slack` for the fifth.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from bot import bootstrap
from bot.adapters.dynamodb import DynamoDbStore
from bot.adapters.dynamodb_outbox import DynamoDbOutbox
from bot.adapters.dynamodb_table import Table
from bot.domain.commands import Lane
from bot.domain.drill import Drill
from bot.domain.states import Outcome
from bot.entrypoints import executor, finder, notifier, poller
from infra.local.aws.resources import TEMPLATE
from infra.local.aws.template import transform
from tests.contract.store import drills
from tests.handlers.events import context, failures, queue, schedule, slack, stream, work

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

REGION = "eu-west-1"
MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Aws:
    """What the functions find, and world time."""

    store: DynamoDbStore
    outbox: DynamoDbOutbox
    sqs: SQSClient
    poll_queue: str
    work_queue: str
    now: datetime = drills.NOON

    def drill(self, drill_id: str) -> Drill:
        return self.store.load(drill_id).drill

    def messages(self, url: str) -> list[dict[str, Any]]:
        """What can be received from a queue by now."""
        answer = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in answer.get("Messages", ())]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        client, sqs = boto3.client("dynamodb"), boto3.client("sqs")
        client.create_table(TableName="drills", **table_properties())
        poll, to_do = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("poll", "work"))
        environment = {
            "TABLE_NAME": "drills",
            "ACCOUNT_ID": drills.HOME.account_id,
            "AWS_REGION": REGION,
            "EXECUTOR_TIMEOUT": "60",
            "EVIDENCE_BUCKET": "evidence",
            "POLL_QUEUE_URL": poll,
            "WORK_QUEUE_URL": to_do,
            "SLACK_API_URL": f"http://127.0.0.1:{nobodys_port()}/api/",
            "SLACK_BOT_TOKEN": "xoxb-local",
            "SLACK_SIGNING_SECRET": "secret",
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        table = Table(client, "drills")
        found = Aws(DynamoDbStore(table), DynamoDbOutbox(table), sqs, poll, to_do)
        bootstrap.use_world_clock(lambda: found.now)
        yield found
        bootstrap.use_world_clock(bootstrap.wall_clock)
        for build in (bootstrap.executor, bootstrap._notifier, bootstrap.finder, bootstrap.poller):
            build.cache_clear()


def table_properties() -> Any:
    """The template's table as CreateTable takes it, without its stream."""
    resources = transform(TEMPLATE.read_text(), REGION)["Resources"]
    properties = resources["DrillTable"]["Properties"]
    names = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    return {name: properties[name] for name in names}


def nobodys_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_stream_record_makes_the_executor_drain_the_lane(aws: Aws) -> None:
    drills.with_jobs(aws.store, drills.running(aws.store, "d-1"))
    lane = aws.outbox.pending("d-1", Lane.WORK)
    assert [item.command.type for item in lane] == ["run_preflight", "launch_batch"]
    aws.outbox.done(lane[0])
    assert failures(executor.lambda_handler(stream(work("d-1"), work("d-1", 2)), context())) == []
    assert aws.outbox.pending("d-1", Lane.WORK) == ()  # its job is known already


def test_a_message_of_the_work_queue_makes_the_executor_look_what_is_overdue(aws: Aws) -> None:
    stored = drills.ready(aws.store, "d-1")
    for item in aws.outbox.pending("d-1", Lane.WORK):
        aws.outbox.done(item)
    aws.now = stored.drill.expires_at
    assert failures(executor.lambda_handler(queue('{"drill_id": "d-1"}'), context())) == []
    assert aws.drill("d-1").outcome is Outcome.EXPIRED


def test_messages_that_the_executor_cannot_do_are_reported_alone(aws: Aws) -> None:
    drills.ready(aws.store, "d-1")
    for item in aws.outbox.pending("d-1", Lane.WORK):
        aws.outbox.done(item)
    bodies = ('{"drill_id": "nowhere"}', '{"drill_id": "d-1"}', "no json", '{"id": "d-1"}')
    assert failures(executor.lambda_handler(queue(*bodies), context())) == ["m-0", "m-2", "m-3"]


def test_slack_being_down_fails_no_record_of_the_notifier(aws: Aws) -> None:
    drills.ready(aws.store, "d-1")
    assert failures(notifier.lambda_handler(stream(slack("d-1")), context())) == []
    (first, *_) = aws.outbox.pending("d-1", Lane.SLACK)
    assert (first.attempts, first.due_at) == (1, aws.now + timedelta(seconds=10))
    assert "Slack did not answer" in (first.last_error or "")


@pytest.mark.usefixtures("aws")
def test_a_lane_that_cannot_be_drained_fails_its_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAME", "another")
    assert failures(notifier.lambda_handler(stream(slack("d-1"), slack("d-2")), context())) == ["100", "101"]


def test_the_finders_round_queues_polls_and_wake_ups(aws: Aws) -> None:
    drills.with_jobs(aws.store, drills.running(aws.store, "d-1"))
    aws.now += 30 * MINUTE
    finder.lambda_handler(schedule(), context())
    place = {"account_id": drills.HOME.account_id, "region": drills.HOME.region}
    assert {"drill_id": "d-1"} in aws.messages(aws.work_queue)
    polls = aws.sqs.get_queue_attributes(QueueUrl=aws.poll_queue, AttributeNames=["All"])["Attributes"]
    sent = int(polls["ApproximateNumberOfMessages"]) + int(polls["ApproximateNumberOfMessagesDelayed"])
    assert sent >= 1
    assert all(message == {**place, "drills": ["d-1"]} for message in aws.messages(aws.poll_queue))


def test_the_poller_takes_the_finders_messages_and_drs_own_events_and_reports_anything_else(aws: Aws) -> None:
    drills.ready(aws.store, "d-1")
    finders = json.dumps({"account_id": "111122223333", "region": REGION, "drills": ["d-1", "nowhere"]})
    notice = json.dumps(
        {
            "detail-type": "DRS Source Server Launch Result",
            "source": "aws.drs",
            "account": "111122223333",
            "region": REGION,
            "detail": {},
        }
    )
    assert failures(poller.lambda_handler(queue(finders, notice, "{}", name="poll"), context())) == ["m-2"]
