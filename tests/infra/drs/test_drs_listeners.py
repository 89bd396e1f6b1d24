"""What can be let happen between a call and its reply."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from mypy_boto3_drs.client import DrsClient

from infra.local.drs import faults, jobs, on_call, recorded_calls

ACCOUNT, REGION = "111122223333", "eu-west-1"


def drill(drs: DrsClient, server: str) -> None:
    drs.start_recovery(sourceServers=[{"sourceServerID": server}], isDrill=True)


def test_a_listener_is_told_once_the_call_is_carried_out_and_before_its_reply(
    drs: DrsClient, servers: list[str]
) -> None:
    seen: list[int] = []
    on_call(ACCOUNT, REGION, "StartRecovery", lambda: seen.append(len(jobs(ACCOUNT, REGION))))
    drs.describe_jobs()
    assert seen == []
    drill(drs, servers[0])
    assert seen == [1]


def test_the_reply_shows_what_was_when_the_call_was_carried_out(drs: DrsClient, servers: list[str]) -> None:
    stop = on_call(ACCOUNT, REGION, "DescribeJobs", lambda: drill(drs, servers[0]))
    assert drs.describe_jobs()["items"] == []
    stop()
    assert len(drs.describe_jobs()["items"]) == 1


def test_a_listener_is_told_of_a_refused_call_too(drs: DrsClient, servers: list[str]) -> None:
    told: list[str] = []
    on_call(ACCOUNT, REGION, "StartRecovery", lambda: told.append("call"))
    faults(ACCOUNT, REGION).fail_call("StartRecovery", error="ThrottlingException")
    with pytest.raises(drs.exceptions.ThrottlingException):
        drill(drs, servers[0])
    assert told == ["call"]


def test_while_a_listener_is_told_other_threads_can_use_the_simulator(drs: DrsClient, servers: list[str]) -> None:
    def look_from_another_thread() -> None:
        with ThreadPoolExecutor() as pool:
            assert pool.submit(recorded_calls, ACCOUNT, REGION).result(timeout=5)

    on_call(ACCOUNT, REGION, "StartRecovery", look_from_another_thread)
    drill(drs, servers[0])


def test_a_listener_can_be_taken_away_while_it_is_told_and_others_stay(drs: DrsClient, servers: list[str]) -> None:
    told: list[str] = []

    def once() -> None:
        told.append("once")
        stop()

    stop = on_call(ACCOUNT, REGION, "StartRecovery", once)
    on_call(ACCOUNT, REGION, "StartRecovery", lambda: told.append("always"))
    for server in servers[:2]:
        drill(drs, server)
    stop()
    assert told == ["once", "always", "always"]


@pytest.mark.usefixtures("servers")
def test_an_operation_that_the_simulator_does_not_have_cannot_be_listened_to() -> None:
    with pytest.raises(ValueError, match="InitializeService"):
        on_call(ACCOUNT, REGION, "InitializeService", print)
