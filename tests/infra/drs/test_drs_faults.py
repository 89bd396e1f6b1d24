"""Faults of calls: each arrives in boto3 as the real thing, and stops when it is used up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from mypy_boto3_drs.client import DrsClient

from infra.local.clock import ManualClock
from infra.local.drs import faults, jobs, recorded_calls, seed
from infra.local.drs.errors import MESSAGES

ACCOUNT, REGION = "111122223333", "eu-west-1"


def drill(drs: DrsClient, servers: list[str]) -> None:
    drs.start_recovery(sourceServers=[{"sourceServerID": s} for s in servers], isDrill=True, tags={"attempt": "1"})


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("AccessDeniedException", 403),
        ("ConflictException", 409),
        ("InternalServerException", 500),
        ("ResourceNotFoundException", 404),
        ("ServiceQuotaExceededException", 402),
        ("ThrottlingException", 429),
        ("UninitializedAccountException", 400),
        ("ValidationException", 400),
    ],
)
def test_every_documented_error_arrives_as_its_own_exception(
    drs: DrsClient, servers: list[str], error: str, status: int
) -> None:
    faults(ACCOUNT, REGION).fail_call("StartRecovery", error=error)
    with pytest.raises(getattr(drs.exceptions, error)) as caught:
        drill(drs, servers)
    response = caught.value.response
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == (error, status)
    assert response["Error"]["Message"]
    assert jobs(ACCOUNT, REGION) == []
    drill(drs, servers)


def test_the_errors_are_all_that_the_model_has() -> None:
    model = boto3.session.Session().client("drs", region_name=REGION).meta.service_model
    assert set(MESSAGES) == {shape.name for shape in model.error_shapes}


@pytest.mark.usefixtures("servers")
def test_retry_after_is_a_string_when_throttled_and_an_integer_on_a_server_error(drs: DrsClient) -> None:
    faults(ACCOUNT, REGION).fail_call("DescribeJobs", error="ThrottlingException")
    with pytest.raises(drs.exceptions.ThrottlingException) as throttled:
        drs.describe_jobs()
    faults(ACCOUNT, REGION).fail_call("DescribeJobs", error="InternalServerException")
    with pytest.raises(drs.exceptions.InternalServerException) as failed:
        drs.describe_jobs()
    assert {**throttled.value.response}["retryAfterSeconds"] == "3"
    assert {**failed.value.response}["retryAfterSeconds"] == 5


def test_a_call_fails_as_often_as_it_is_told_to(drs: DrsClient, servers: list[str]) -> None:
    faults(ACCOUNT, REGION).fail_call("StartRecovery", error="ThrottlingException", times=2)
    for _ in range(2):
        with pytest.raises(drs.exceptions.ThrottlingException):
            drill(drs, servers)
    drill(drs, servers)
    outcomes = [call.outcome for call in recorded_calls(ACCOUNT, REGION)]
    assert outcomes == ["ThrottlingException", "ThrottlingException", "ok"]


def test_the_sdks_own_retries_use_faults_up(servers: list[str]) -> None:
    patient = boto3.client(
        "drs",
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="any",
        config=Config(retries={"mode": "standard", "total_max_attempts": 2}),
    )
    faults(ACCOUNT, REGION).lose_reply("StartRecovery")
    with pytest.raises(patient.exceptions.ConflictException):
        drill(patient, servers)
    assert len(jobs(ACCOUNT, REGION)) == 1


@pytest.mark.usefixtures("servers")
def test_faults_happen_in_the_order_in_which_they_were_asked_for(drs: DrsClient) -> None:
    chosen = faults(ACCOUNT, REGION)
    chosen.fail_call("DescribeJobs", error="ThrottlingException")
    chosen.fail_call("*", error="InternalServerException")
    with pytest.raises(drs.exceptions.ThrottlingException):
        drs.describe_jobs()
    with pytest.raises(drs.exceptions.InternalServerException):
        drs.describe_source_servers()
    drs.describe_jobs()


def test_a_fault_without_a_count_lasts_until_it_is_cleared(drs: DrsClient, servers: list[str]) -> None:
    faults(ACCOUNT, REGION).fail_call("StartRecovery", error="AccessDeniedException", times=None)
    for _ in range(5):
        with pytest.raises(drs.exceptions.AccessDeniedException, match="drs:StartRecovery"):
            drill(drs, servers)
    faults(ACCOUNT, REGION).clear()
    drill(drs, servers)


@pytest.mark.usefixtures("servers")
def test_a_fault_can_last_for_a_stretch_of_world_time(drs: DrsClient, clock: ManualClock) -> None:
    outage = timedelta(minutes=5)
    faults(ACCOUNT, REGION).fail_call("DescribeJobs", error="InternalServerException", times=None, lasts=outage)
    clock.advance(outage - timedelta(seconds=1))
    with pytest.raises(drs.exceptions.InternalServerException):
        drs.describe_jobs()
    clock.advance(timedelta(seconds=1))
    drs.describe_jobs()


@pytest.mark.usefixtures("servers")
def test_faults_are_those_of_one_account_and_region(client_of: Callable[[str, str], DrsClient]) -> None:
    seed(ACCOUNT, "eu-central-1")
    faults(ACCOUNT, REGION).fail_call("DescribeJobs", error="ThrottlingException")
    client_of(ACCOUNT, "eu-central-1").describe_jobs()
    with pytest.raises(ClientError):
        client_of(ACCOUNT, REGION).describe_jobs()


def test_a_reply_lost_as_an_error_leaves_the_job_running_with_its_tags(drs: DrsClient, servers: list[str]) -> None:
    faults(ACCOUNT, REGION).lose_reply("StartRecovery", times=1)
    with pytest.raises(drs.exceptions.InternalServerException):
        drill(drs, servers)
    (found,) = drs.describe_jobs()["items"]
    assert found["tags"] == {"attempt": "1"}
    assert [call.reply_lost for call in recorded_calls(ACCOUNT, REGION, "StartRecovery")] == [True]


@pytest.mark.parametrize(("how", "error"), [("close", ConnectionClosedError), ("timeout", ReadTimeoutError)])
def test_in_mock_mode_a_broken_connection_is_the_sdks_own_error(
    drs: DrsClient, servers: list[str], how: str, error: type[Exception]
) -> None:
    faults(ACCOUNT, REGION).lose_reply("StartRecovery", how=how)
    with pytest.raises(error):
        drill(drs, servers)
    assert len(jobs(ACCOUNT, REGION)) == 1


def test_a_lost_reply_waits_for_a_call_that_succeeds(drs: DrsClient, servers: list[str]) -> None:
    faults(ACCOUNT, REGION).lose_reply("StartRecovery")
    faults(ACCOUNT, REGION).fail_call("StartRecovery", error="ThrottlingException")
    with pytest.raises(drs.exceptions.ThrottlingException):
        drill(drs, servers)
    with pytest.raises(drs.exceptions.InternalServerException):
        drill(drs, servers)
    assert len(jobs(ACCOUNT, REGION)) == 1


def test_a_fault_that_could_never_happen_is_refused(servers: list[str]) -> None:
    chosen = faults(ACCOUNT, REGION)
    with pytest.raises(KeyError, match="Throttled"):
        chosen.fail_call("StartRecovery", error="Throttled")
    with pytest.raises(ValueError, match="StartDrill"):
        chosen.fail_call("StartDrill", error="ThrottlingException")
    with pytest.raises(ValueError, match="StartDrill"):
        chosen.lose_reply("StartDrill")
    with pytest.raises(ValueError, match="boot"):
        chosen.fail_server(servers[0], phase="boot")
