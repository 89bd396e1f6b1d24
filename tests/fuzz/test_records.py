"""Whatever is in a record of the stream or a message of a queue: the batch is answered, and no drill is touched."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.entrypoints import executor, notifier, poller
from tests.fuzz.shapes import ANYTHING, FUZZ, changed
from tests.simulation.chance import Chance
from tests.simulation.containers import Ports
from tests.simulation.kept import KeptInMemory
from tests.simulation.sources import Functions, Handler, Queues, notice_of_drs
from tests.simulation.weather import Weather
from tests.simulation.world import World
from tests.unit.plans import a_plan

POLL = {"account_id": "123456789012", "region": "eu-west-1", "drills": ["payments-1"]}
MESSAGES = (POLL, {"drill_id": "payments-1"}, json.loads(notice_of_drs("123456789012", "eu-west-1")))
KEYS = {"pk": {"S": "DRILL#payments-1"}, "sk": {"S": "OUT#work#0000000001#001"}}


@pytest.fixture(scope="module")
def functions() -> Functions:
    """The functions over empty ports, in fine weather."""
    chance = Chance(0)
    world = World(chance, Weather(chance, 0.0))
    return Functions(world, Ports(world, a_plan(), Queues(world), KeptInMemory(world)))


def expect_answer(functions: Functions, name: str, handler: Handler, record: dict[str, Any]) -> None:
    ended, answer = functions.run(name, handler, {"Records": [record]})
    assert ended
    assert isinstance(answer, dict), answer
    assert len(answer["batchItemFailures"]) <= 1
    assert functions.ports.kept.drills == {}
    assert functions.ports.drs.called("start_drill") == functions.ports.drs.called("terminate") == []


def message(body: str) -> dict[str, Any]:
    return {"messageId": "m", "receiptHandle": "r", "body": body, "eventSource": "aws:sqs", "attributes": {}}


@FUZZ
@given(data=st.data())
def test_a_message_that_is_not_as_it_is_sent_is_given_back_and_no_more(
    functions: Functions, data: st.DataObject
) -> None:
    body = json.dumps(changed(data.draw(st.sampled_from(MESSAGES)), data))
    for name, handler in (("poller", poller.lambda_handler), ("executor", executor.lambda_handler)):
        expect_answer(functions, name, handler, message(body))


@FUZZ
@given(body=st.text(max_size=200) | ANYTHING.map(json.dumps))
def test_a_message_of_anything_is_given_back_and_no_more(functions: Functions, body: str) -> None:
    for name, handler in (("poller", poller.lambda_handler), ("executor", executor.lambda_handler)):
        expect_answer(functions, name, handler, message(body))


@FUZZ
@given(pk=st.text(max_size=60), sk=st.text(max_size=60))
def test_a_record_of_whatever_keys_wakes_nobody(functions: Functions, pk: str, sk: str) -> None:
    for keys in (KEYS, {"pk": {"S": pk}, "sk": {"S": sk}}):
        record = {
            "eventID": "1",
            "eventName": "INSERT",
            "eventSource": "aws:dynamodb",
            "dynamodb": {"Keys": keys, "SequenceNumber": "1", "StreamViewType": "KEYS_ONLY"},
        }
        for name, handler in (("executor", executor.lambda_handler), ("notifier", notifier.lambda_handler)):
            expect_answer(functions, name, handler, record)
