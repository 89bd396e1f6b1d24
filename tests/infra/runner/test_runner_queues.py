"""Real queues wake functions as Lambda's event source mappings do, on world time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from tests.infra.runner.conftest import Running

A_WALL_HALF_MINUTE = timedelta(minutes=30)
"""What half a minute of wall time is in the world's time, at the tests' speed of 60."""


def times(shared: Running, function: str, body: str) -> list[datetime]:
    return [
        datetime.fromisoformat(entry["at"])
        for entry in shared.noted(function)
        if any(record.get("body") == body for record in entry["event"]["Records"])
    ]


def test_a_message_has_the_shape_that_lambda_sends(shared: Running, partition: str) -> None:
    shared.send("PollQueue", partition)
    shared.stack.settle()
    records = [record for entry in shared.noted("poller") for record in entry["event"]["Records"]]
    (record,) = [item for item in records if item["body"] == partition]
    assert set(record) == {
        "messageId",
        "receiptHandle",
        "body",
        "attributes",
        "messageAttributes",
        "md5OfBody",
        "eventSource",
        "eventSourceARN",
        "awsRegion",
    }
    assert record["eventSource"] == "aws:sqs"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageAttributes"] == {}


def test_a_reported_failure_comes_back_alone_after_the_visibility_timeout_in_world_time(
    shared: Running, partition: str
) -> None:
    bodies = [f"{partition} 1", f"{partition} 2 fail-once"]
    sent = shared.stack.clock.now()
    for body in bodies:
        shared.send("WorkQueue", body)
    shared.stack.wait_until(lambda: len(times(shared, "executor", bodies[1])) == 2)
    _, second = times(shared, "executor", bodies[1])
    # The 30 s count from the receipt, which is after the sending; in wall time they would be 1,800 s of world time.
    assert timedelta(seconds=30) <= second - sent < A_WALL_HALF_MINUTE
    assert len(times(shared, "executor", bodies[0])) == 1


def test_a_message_that_keeps_failing_goes_to_the_dead_letter_queue_by_the_queues_own_redrive(
    shared: Running, partition: str
) -> None:
    shared.send("WorkQueue", f'{{"order": "{partition} fail"}}')
    shared.stack.wait_until(lambda: {"order": f"{partition} fail"} in shared.stack.dead_letters())
    assert len(times(shared, "executor", f'{{"order": "{partition} fail"}}')) == 2


def test_a_killed_worker_is_a_failed_invocation_and_its_message_comes_again(shared: Running, partition: str) -> None:
    body = f"{partition} hang-once"
    shared.send("WorkQueue", body)
    shared.stack.wait_until(lambda: times(shared, "executor", body))
    assert shared.stack.kill("executor") >= 1
    shared.stack.wait_until(lambda: len(times(shared, "executor", body)) == 2)
    shared.stack.settle()
    pids = [entry["pid"] for entry in shared.noted("executor") if body in str(entry["event"])]
    assert pids[0] != pids[1]
    assert shared.stack.failures[-1].error.kind == "Runtime.ExitError"


@pytest.mark.parametrize("batch", ["false", "true"])
def test_a_delay_is_counted_in_world_time_and_leaves_no_trace(shared: Running, partition: str, batch: str) -> None:
    sent = shared.stack.clock.now()
    order = f'send {{"batch": {batch}, "body": "{partition}", "delay": 45}}'
    assert shared.post(order).status == 202
    shared.stack.wait_until(lambda: times(shared, "poller", partition))
    (arrived,) = times(shared, "poller", partition)
    assert timedelta(seconds=45) <= arrived - sent < A_WALL_HALF_MINUTE
    records = [record for entry in shared.noted("poller") for record in entry["event"]["Records"]]
    (record,) = [item for item in records if item["body"] == partition]
    assert record["messageAttributes"] == {}


def test_a_paused_world_delivers_no_delayed_message(shared: Running, partition: str) -> None:
    shared.stack.set_speed(0)
    shared.post(f'send {{"batch": false, "body": "{partition}", "delay": 1}}')
    shared.stack.settle()
    assert times(shared, "poller", partition) == []
    shared.stack.set_speed(60)
    shared.stack.wait_until(lambda: times(shared, "poller", partition))


def test_an_event_of_drs_that_the_rule_wants_goes_whole_to_the_poll_queue(shared: Running, partition: str) -> None:
    event = {"source": "aws.drs", "detail-type": "DRS Source Server Launch Result", "id": partition, "detail": {}}
    assert shared.stack.put_drs_event(event) == 1
    shared.stack.settle()
    bodies = [record["body"] for entry in shared.noted("poller") for record in entry["event"]["Records"]]
    assert [json.loads(body) for body in bodies if partition in body] == [event]


@pytest.mark.parametrize("change", [{"source": "aws.ec2"}, {"detail-type": "DRS PIT Snapshot Taken"}])
def test_an_event_that_the_rule_does_not_want_goes_nowhere(shared: Running, change: dict[str, str]) -> None:
    event = {"source": "aws.drs", "detail-type": "DRS Source Server Launch Result", **change}
    assert shared.stack.put_drs_event(event) == 0


def test_a_change_of_speed_reaches_the_functions_at_once(shared: Running) -> None:
    shared.stack.set_speed(0)
    shared.post("x")
    assert shared.noted("slack_events")[-1]["at"] == shared.stack.clock.now().isoformat()
    shared.stack.set_speed(60)
