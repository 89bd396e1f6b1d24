"""The adapter over real HTTP, before the simulator's server: what is sent how often, and what a silence means."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest

from bot.adapters.drs import DrsAdapter
from bot.adapters.drs_clients import DEFAULT_LIMITS, BotoDrsClients
from bot.application.ports.drs import DrsError, Refused
from bot.domain.launch import LaunchKey
from bot.domain.plan import Target
from infra.local.clock import ManualClock
from infra.local.drs import faults, healthy_fleet, jobs, recorded_calls, seed, source_server_id
from infra.local.drs.server import DrsServer

REGION = "eu-west-1"
KEY = LaunchKey(wave=1, attempt=1, batch=1)
SERVER = source_server_id("db")
HASTY = replace(DEFAULT_LIMITS, connect=0.5, launch_read=0.2)
ACCOUNTS = count(100_000_000_001)

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture(scope="module")
def server() -> Iterator[DrsServer]:
    with DrsServer() as server:
        yield server


@pytest.fixture
def account(server: DrsServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """An account of the test's own: the server's state is shared."""
    account = str(next(ACCOUNTS))
    monkeypatch.setenv("AWS_ENDPOINT_URL_DRS", server.endpoint_url)
    seed(account, REGION, healthy_fleet([SERVER]))
    return account


@pytest.fixture
def session(account: str) -> boto3.session.Session:
    return boto3.session.Session(aws_access_key_id=account, aws_secret_access_key="any", region_name=REGION)


@pytest.fixture
def drs(session: boto3.session.Session, account: str, clock: ManualClock) -> DrsAdapter:
    return BotoDrsClients(session, clock.now, HASTY).at(Target(account_id=account, region=REGION))


def arrived(account: str, operation: str) -> int:
    return len(recorded_calls(account, REGION, operation))


def start(drs: DrsAdapter) -> str:
    return drs.start_drill("drill-1", KEY, [SERVER])


def test_the_body_that_leaves_says_that_it_is_a_drill(
    session: boto3.session.Session, account: str, clock: ManualClock
) -> None:
    sent: list[AWSPreparedRequest] = []
    session.events.register("before-send.drs", lambda request, **_: sent.append(request))
    start(BotoDrsClients(session, clock.now).at(Target(account_id=account, region=REGION)))
    (request,) = sent
    assert (request.method, request.url.rpartition("/")[2]) == ("POST", "StartRecovery")
    assert isinstance(request.body, bytes)
    assert json.loads(request.body) == {
        "sourceServers": [{"sourceServerID": SERVER}],
        "isDrill": True,
        "tags": {
            "drs-drill-bot:drill": "drill-1",
            "drs-drill-bot:wave": "1",
            "drs-drill-bot:attempt": "1",
            "drs-drill-bot:batch": "1",
        },
    }


@pytest.mark.parametrize(
    ("how", "error"),
    [("error", "InternalServerException"), ("close", "ConnectionClosedError"), ("timeout", "ReadTimeoutError")],
)
def test_a_start_whose_reply_is_lost_is_sent_once_and_found_by_its_tags(
    drs: DrsAdapter, account: str, clock: ManualClock, how: str, error: str
) -> None:
    faults(account, REGION).lose_reply("StartRecovery", how=how, seconds=0.6)
    with pytest.raises(DrsError, match=error) as caught:
        start(drs)
    assert caught.value.kind is Refused.UNCLEAR
    assert arrived(account, "StartRecovery") == 1
    assert [job.key for job in drs.tagged_jobs(clock.now())] == [KEY]


@pytest.mark.parametrize("error", ["InternalServerException", "ThrottlingException"])
def test_a_start_that_is_refused_is_sent_once_whatever_the_environment_says_of_retries(
    session: boto3.session.Session, account: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "5")
    monkeypatch.setenv("AWS_RETRY_MODE", "adaptive")
    drs = BotoDrsClients(session, clock.now).at(Target(account_id=account, region=REGION))
    faults(account, REGION).fail_call("StartRecovery", error=error)
    with pytest.raises(DrsError, match=error):
        start(drs)
    assert arrived(account, "StartRecovery") == 1
    assert jobs(account, REGION) == []


def test_other_calls_are_tried_again(drs: DrsAdapter, account: str) -> None:
    faults(account, REGION).fail_call("DescribeSourceServers", error="InternalServerException")
    assert len(drs.source_servers([SERVER])) == 1
    assert arrived(account, "DescribeSourceServers") == 2


def test_other_calls_are_given_up_after_a_few_attempts(
    session: boto3.session.Session, account: str, clock: ManualClock
) -> None:
    limits = replace(HASTY, attempts=2)
    drs = BotoDrsClients(session, clock.now, limits).at(Target(account_id=account, region=REGION))
    faults(account, REGION).fail_call("DescribeJobs", error="ThrottlingException", times=None)
    with pytest.raises(DrsError) as caught:
        drs.active_jobs()
    assert caught.value.kind is Refused.THROTTLED
    assert arrived(account, "DescribeJobs") == 2


def test_other_calls_have_a_limit_of_their_own(
    session: boto3.session.Session, account: str, clock: ManualClock
) -> None:
    limits = replace(DEFAULT_LIMITS, read=0.2, attempts=1)
    drs = BotoDrsClients(session, clock.now, limits).at(Target(account_id=account, region=REGION))
    faults(account, REGION).lose_reply("DescribeJobs", how="timeout", seconds=0.6)
    with pytest.raises(DrsError, match="DescribeJobs: ReadTimeoutError"):
        drs.active_jobs()


def test_nobody_there_is_unclear_too(
    session: boto3.session.Session, account: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL_DRS", f"http://127.0.0.1:{port}")
    drs = BotoDrsClients(session, clock.now).at(Target(account_id=account, region=REGION))
    with pytest.raises(DrsError, match="StartRecovery: EndpointConnectionError") as caught:
        start(drs)
    assert caught.value.kind is Refused.UNCLEAR


def test_the_times_that_calls_may_take_are_those_of_the_limits() -> None:
    assert (DEFAULT_LIMITS.connect, DEFAULT_LIMITS.launch_read) == (3.0, 20.0)
    assert (DEFAULT_LIMITS.read, DEFAULT_LIMITS.attempts) == (10.0, 3)
