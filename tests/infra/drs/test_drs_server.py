"""The simulator over HTTP, and how fast it is."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from mypy_boto3_drs.client import DrsClient

from infra.local.clock import ManualClock
from infra.local.drs import (
    Settings,
    check_replies,
    configure,
    faults,
    healthy_fleet,
    jobs,
    recorded_calls,
    running_instances,
    seed,
    source_server_id,
)
from infra.local.drs.models import drs_backends
from infra.local.drs.server import DrsServer

ACCOUNT, REGION = "111122223333", "eu-west-1"
MAY_TAKE = 0.03
"""Seconds of processor time for a call, client included: 1 to 3 ms, and room for tracing and slow machines."""


def client(endpoint: str, account: str = ACCOUNT, read_timeout: float = 10) -> DrsClient:
    return boto3.client(
        "drs",
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id=account,
        aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=read_timeout),
    )


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with DrsServer() as server:
        yield server.endpoint_url


@pytest.fixture
def site(endpoint: str, clock: ManualClock) -> Iterator[str]:  # noqa: ARG001  # world time stands still
    """The endpoint, with three servers and nothing else behind it."""
    drs_backends.reset()
    seed(ACCOUNT, REGION, healthy_fleet(source_server_id(n) for n in range(3)))
    yield endpoint
    drs_backends.reset()


def drill(drs: DrsClient) -> str:
    servers = [source_server_id(n) for n in range(3)]
    return drs.start_recovery(sourceServers=[{"sourceServerID": s} for s in servers], isDrill=True)["job"]["jobID"]


def test_a_whole_drill_runs_over_http(site: str, clock: ManualClock) -> None:
    drs = client(site)
    drill(drs)
    clock.advance(timedelta(minutes=12))
    assert [job["status"] for job in drs.describe_jobs()["items"]] == ["COMPLETED"]
    found = [i["recoveryInstanceID"] for i in drs.describe_recovery_instances()["items"]]
    drs.terminate_recovery_instances(recoveryInstanceIDs=found)
    clock.advance(timedelta(minutes=3))
    assert running_instances(ACCOUNT, REGION) == []


def test_over_http_errors_are_the_same_and_accounts_are_apart(site: str) -> None:
    drs = client(site)
    drill(drs)
    with pytest.raises(drs.exceptions.ConflictException, match="currently being processed by a Job"):
        drill(drs)
    faults(ACCOUNT, REGION).fail_call("DescribeJobs", error="ThrottlingException")
    with pytest.raises(drs.exceptions.ThrottlingException) as caught:
        drs.describe_jobs()
    assert {**caught.value.response}["retryAfterSeconds"] == "3"
    with pytest.raises(ClientError, match="UninitializedAccount"):
        client(site, account="444455556666").describe_jobs()


def test_a_reply_can_be_lost_by_closing_the_connection(site: str) -> None:
    faults(ACCOUNT, REGION).lose_reply("StartRecovery", how="close")
    with pytest.raises(ConnectionClosedError):
        drill(client(site))
    assert len(jobs(ACCOUNT, REGION)) == 1


def test_a_reply_can_come_later_than_the_client_waits_and_others_are_served_meanwhile(site: str) -> None:
    faults(ACCOUNT, REGION).lose_reply("StartRecovery", how="timeout", seconds=0.6)
    with pytest.raises(ReadTimeoutError):
        drill(client(site, read_timeout=0.2))
    assert len(client(site).describe_jobs()["items"]) == 1


def test_what_the_simulator_does_not_have_is_json_and_no_html(site: str) -> None:
    with pytest.raises(ClientError, match="does not have InitializeService"):
        client(site).initialize_service()
    authorization = f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260302/{REGION}/drs/aws4_request, SignedHeaders=host"
    request = urllib.request.Request(f"{site}/Nonsense", headers={"Authorization": authorization})  # noqa: S310  # loopback
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)  # noqa: S310  # loopback
    with caught.value as reply:
        assert (reply.code, json.load(reply)["message"]) == (501, "The DRS simulator does not have GET /Nonsense")


def test_of_many_starts_at_once_one_wins_and_every_call_is_recorded(site: str) -> None:
    def attempt(drs: DrsClient) -> str:
        try:
            drill(drs)
        except drs.exceptions.ConflictException:
            return "conflict"
        return "started"

    clients = [client(site) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, clients))
    assert sorted(outcomes) == ["conflict"] * 7 + ["started"]
    assert len(jobs(ACCOUNT, REGION)) == 1
    assert len(recorded_calls(ACCOUNT, REGION, "StartRecovery")) == 8


def test_the_server_stops_and_two_can_run_beside_each_other(site: str) -> None:
    with DrsServer() as other:
        assert other.endpoint_url != site
        client(other.endpoint_url).describe_jobs()
    with pytest.raises(EndpointConnectionError):
        client(other.endpoint_url).describe_jobs()
    client(site).describe_jobs()


def test_the_server_logs_no_line_for_each_request(site: str, caplog: pytest.LogCaptureFixture) -> None:
    client(site).describe_jobs()
    assert [record for record in caplog.records if record.name == "werkzeug"] == []


def test_one_call_is_carried_out_at_a_time(site: str) -> None:
    with drs_backends[ACCOUNT][REGION].lock, pytest.raises(ReadTimeoutError):
        drill(client(site, read_timeout=0.2))
    for _ in range(100):
        if recorded_calls(ACCOUNT, REGION, "StartRecovery"):
            break
        time.sleep(0.01)
    assert [call.outcome for call in recorded_calls(ACCOUNT, REGION, "StartRecovery")] == ["ok"]


def best_of(tries: int, call: Callable[[], object]) -> float:
    def timed() -> float:
        start = time.thread_time()
        call()
        return time.thread_time() - start

    return min(timed() for _ in range(tries))


def test_five_hundred_servers_in_five_jobs_are_polled_in_milliseconds(drs: DrsClient, clock: ManualClock) -> None:
    ids = [source_server_id("large", n) for n in range(500)]
    seed(ACCOUNT, REGION, healthy_fleet(ids))
    configure(ACCOUNT, REGION, Settings(page_size=1000))
    for first in range(0, 500, 100):
        wave = ids[first : first + 100]
        job = drs.start_recovery(sourceServers=[{"sourceServerID": server} for server in wave], isDrill=True)["job"]
    last = job["jobID"]
    clock.advance(timedelta(minutes=8))
    check_replies(on=False)
    assert best_of(5, lambda: drs.describe_jobs(filters={"jobIDs": [last]})) < MAY_TAKE
    assert best_of(5, drs.describe_jobs) < MAY_TAKE
    assert best_of(5, lambda: drs.describe_job_log_items(jobID=last)) < MAY_TAKE
    assert len(drs.describe_job_log_items(jobID=last)["items"]) > 500
