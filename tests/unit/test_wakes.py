"""The queues between the functions: what is sent is what is read, in the shapes that SQS and EventBridge deliver."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from bot.adapters.wakes import DrsNotice, PollMessage, SqsWakes, WakeMessage, read_poll

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

SECOND = timedelta(seconds=1)
LAUNCHED = {
    "version": "0",
    "id": "9da9af57-9253-4406-87cb-7cc400e43465",
    "detail-type": "DRS Source Server Launch Result",
    "source": "aws.drs",
    "account": "111122223333",
    "time": "2026-03-02T10:20:12Z",
    "region": "us-west-2",
    "resources": ["arn:aws:drs:us-west-2:111122223333:source-server/s-12345678901234567"],
    "detail": {"state": "RECOVERY_LAUNCH_SUCCEEDED", "job-id": "drsjob-04ca7d0d3fb6afa3e", "is-drill": "TRUE"},
}
"""As the DRS user guide has it ("EventBridge events")."""


@dataclass(slots=True)
class Queues:
    """Two queues in moto, and the batches that were sent."""

    client: SQSClient
    poll_url: str
    work_url: str
    batches: list[dict[str, Any]] = field(default_factory=list)

    @property
    def wakes(self) -> SqsWakes:
        return SqsWakes(self.client, self.poll_url, self.work_url)

    @property
    def delays(self) -> list[int]:
        return [entry["DelaySeconds"] for batch in self.batches for entry in batch["Entries"]]

    def bodies(self, url: str) -> list[str]:
        """What can be received by now."""
        answer = self.client.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [message["Body"] for message in answer.get("Messages", ())]


@pytest.fixture(scope="module")
def session() -> boto3.Session:
    """One for all clients: most of the time that a client takes to make is in its session."""
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1")


@pytest.fixture
def queues(session: boto3.Session) -> Iterator[Queues]:
    with mock_aws():
        client = session.client("sqs")
        poll, work = (client.create_queue(QueueName=name)["QueueUrl"] for name in ("poll", "work"))
        made = Queues(client, poll, work)

        def note(params: dict[str, Any], **_: object) -> None:
            made.batches.append(params)

        client.meta.events.register("provide-client-params.sqs.SendMessageBatch", note)
        yield made


def test_a_poll_that_was_sent_is_the_poll_that_is_read(queues: Queues) -> None:
    queues.wakes.poll("111122223333", "eu-west-1", ["payments-1", "web-2"], [timedelta(0)])
    (body,) = queues.bodies(queues.poll_url)
    assert json.loads(body) == {
        "account_id": "111122223333",
        "region": "eu-west-1",
        "drills": ["payments-1", "web-2"],
    }
    sent = PollMessage(account_id="111122223333", region="eu-west-1", drills=("payments-1", "web-2"))
    assert read_poll(body) == sent
    assert queues.bodies(queues.work_url) == []


def test_polls_of_a_round_are_one_message_for_each_delay_in_one_call(queues: Queues) -> None:
    delays = [timedelta(0), 15 * SECOND, 30 * SECOND, 45 * SECOND]
    queues.wakes.poll("111122223333", "eu-west-1", ["payments-1"], delays)
    assert queues.delays == [0, 15, 30, 45]
    assert len(queues.batches) == 1
    ids = [entry["Id"] for entry in queues.batches[0]["Entries"]]
    assert len(set(ids)) == 4


def test_no_delay_is_no_call(queues: Queues) -> None:
    queues.wakes.poll("111122223333", "eu-west-1", ["payments-1"], [])
    assert queues.batches == []


def test_more_messages_than_a_batch_takes_go_in_several(queues: Queues) -> None:
    queues.wakes.poll("111122223333", "eu-west-1", ["payments-1"], [n * SECOND for n in range(23)])
    assert [len(batch["Entries"]) for batch in queues.batches] == [10, 10, 3]
    assert queues.delays == list(range(23))


def test_a_wake_up_goes_to_the_work_queue(queues: Queues) -> None:
    queues.wakes.wake("payments-1", timedelta(0))
    (body,) = queues.bodies(queues.work_url)
    assert WakeMessage.model_validate_json(body) == WakeMessage(drill_id="payments-1")
    assert queues.bodies(queues.poll_url) == []


@pytest.mark.parametrize(
    ("delay", "seconds"),
    [
        (timedelta(0), 0),
        (timedelta(microseconds=1), 1),
        (29.5 * SECOND, 30),
        (30 * SECOND, 30),
        (15 * 60 * SECOND, 900),
    ],
)
def test_a_wake_up_never_comes_before_its_time(queues: Queues, delay: timedelta, seconds: int) -> None:
    queues.wakes.wake("payments-1", delay)
    assert queues.delays == [seconds]


def test_messages_that_sqs_did_not_take_fail_the_round(queues: Queues) -> None:
    with Stubber(queues.client) as stub:
        failed = {"Id": "0", "Code": "KmsAccessDenied", "SenderFault": True}
        stub.add_response("send_message_batch", {"Successful": [], "Failed": [failed]})
        with pytest.raises(RuntimeError, match="SQS did not take 1 of 1 messages: KmsAccessDenied"):
            queues.wakes.wake("payments-1", timedelta(0))


def test_an_event_of_drs_only_says_where_to_look() -> None:
    notice = read_poll(json.dumps(LAUNCHED))
    assert notice == DrsNotice(source="aws.drs", account="111122223333", region="us-west-2")


def test_what_later_releases_add_to_a_message_is_let_pass() -> None:
    body = '{"account_id": "1", "region": "eu-west-1", "drills": ["a"], "urgent": true}'
    assert read_poll(body) == PollMessage(account_id="1", region="eu-west-1", drills=("a",))
    assert WakeMessage.model_validate_json('{"drill_id": "a", "lane": "work"}').drill_id == "a"


@pytest.mark.parametrize("body", ["", "no json", "[]", '"text"', "{}", '{"detail-type": "DRS", "source": "aws.drs"}'])
def test_anything_else_is_refused(body: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whose words it is does not matter
        read_poll(body)
