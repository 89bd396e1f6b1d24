"""What DRS refuses, with the error that boto3 raises for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_drs.client import DrsClient

from infra.local.clock import ManualClock
from infra.local.drs import Quotas, Settings, configure, healthy_fleet, jobs, recorded_calls, seed, source_server_id

ACCOUNT, REGION = "111122223333", "eu-west-1"
UNKNOWN = source_server_id("unknown")


def drill(drs: DrsClient, servers: list[str]) -> str:
    return drs.start_recovery(sourceServers=[{"sourceServerID": s} for s in servers], isDrill=True)["job"]["jobID"]


def members(caught: pytest.ExceptionInfo[ClientError]) -> dict[str, Any]:
    """The whole reply: the SDK's types know only what all errors have."""
    return {**caught.value.response}


def fleet(count: int) -> list[str]:
    ids = [source_server_id("fleet", n) for n in range(count)]
    seed(ACCOUNT, REGION, healthy_fleet(ids))
    return ids


def test_a_server_in_an_active_job_is_a_conflict_in_the_real_words(drs: DrsClient, servers: list[str]) -> None:
    drill(drs, servers[:1])
    with pytest.raises(drs.exceptions.ConflictException) as caught:
        drill(drs, servers)
    assert "currently being processed by a Job" in caught.value.response["Error"]["Message"]
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409
    assert members(caught)["resourceId"] == servers[0]
    assert len(jobs(ACCOUNT, REGION)) == 1


def test_a_server_is_free_again_once_its_job_is_completed(
    drs: DrsClient, servers: list[str], clock: ManualClock
) -> None:
    drill(drs, servers)
    clock.advance(timedelta(minutes=12))
    drill(drs, servers)
    assert len(jobs(ACCOUNT, REGION)) == 2


def test_a_job_of_a_hundred_servers_is_taken_and_one_of_a_hundred_and_one_is_over_quota(drs: DrsClient) -> None:
    servers = fleet(101)
    with pytest.raises(drs.exceptions.ServiceQuotaExceededException) as caught:
        drill(drs, servers)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 402
    assert (members(caught)["quotaCode"], members(caught)["serviceCode"]) == ("L-B827C881", "drs")
    drill(drs, servers[:100])


def test_the_twenty_first_concurrent_job_is_over_quota(drs: DrsClient, clock: ManualClock) -> None:
    servers = fleet(21)
    for server in servers[:20]:
        drill(drs, [server])
    with pytest.raises(drs.exceptions.ServiceQuotaExceededException) as caught:
        drill(drs, servers[20:])
    assert members(caught)["quotaCode"] == "L-D88FAC3A"
    clock.advance(timedelta(minutes=12))
    drill(drs, servers[20:])


def test_the_five_hundred_and_first_server_in_all_jobs_is_over_quota(drs: DrsClient) -> None:
    servers = fleet(501)
    for first in range(0, 500, 100):
        drill(drs, servers[first : first + 100])
    with pytest.raises(drs.exceptions.ServiceQuotaExceededException) as caught:
        drill(drs, servers[500:])
    assert members(caught)["quotaCode"] == "L-05AFA8C6"


def test_quotas_can_be_set(drs: DrsClient, servers: list[str]) -> None:
    configure(ACCOUNT, REGION, Settings(quotas=Quotas(servers_in_one_job=2)))
    with pytest.raises(drs.exceptions.ServiceQuotaExceededException):
        drill(drs, servers)
    drill(drs, servers[:2])


@pytest.mark.usefixtures("servers")
def test_an_account_and_region_that_nobody_initialised_says_so(client_of: Callable[[str, str], DrsClient]) -> None:
    for elsewhere in (client_of(ACCOUNT, "eu-central-1"), client_of("444455556666", REGION)):
        with pytest.raises(elsewhere.exceptions.UninitializedAccountException) as caught:
            elsewhere.describe_source_servers()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_an_id_of_the_wrong_form_is_refused_with_the_member_that_is_wrong(drs: DrsClient, servers: list[str]) -> None:
    with pytest.raises(drs.exceptions.ValidationException) as caught:
        drill(drs, [servers[0], "i-0123456789abcdefg"])
    assert members(caught)["reason"] == "fieldValidationFailed"
    (field,) = members(caught)["fieldList"]
    assert field["name"] == "sourceServers[1].sourceServerID"
    assert "pattern" in field["message"]


@pytest.mark.usefixtures("servers")
def test_more_servers_than_the_array_takes_are_refused_before_any_quota(drs: DrsClient) -> None:
    with pytest.raises(drs.exceptions.ValidationException, match="at most 200"):
        drill(drs, [UNKNOWN] * 201)


def test_unknown_servers_are_refused_and_nothing_starts(drs: DrsClient, servers: list[str]) -> None:
    with pytest.raises(drs.exceptions.ValidationException, match=UNKNOWN):
        drill(drs, [servers[0], UNKNOWN])
    assert jobs(ACCOUNT, REGION) == []


def test_a_server_named_twice_is_refused(drs: DrsClient, servers: list[str]) -> None:
    with pytest.raises(drs.exceptions.ValidationException, match="twice"):
        drill(drs, [servers[0], servers[0]])


def test_a_snapshot_of_another_server_is_refused(drs: DrsClient, servers: list[str]) -> None:
    other = drs.describe_recovery_snapshots(sourceServerID=servers[1])["items"][0]["snapshotID"]
    with pytest.raises(drs.exceptions.ValidationException, match=other):
        drs.start_recovery(
            sourceServers=[{"sourceServerID": servers[0], "recoverySnapshotID": other}],
            isDrill=True,
        )


@pytest.mark.usefixtures("servers")
def test_what_is_not_there_is_not_found_or_invalid_as_the_model_allows(drs: DrsClient) -> None:
    with pytest.raises(drs.exceptions.ResourceNotFoundException) as caught:
        drs.get_launch_configuration(sourceServerID=UNKNOWN)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    with pytest.raises(drs.exceptions.ValidationException):
        drs.describe_job_log_items(jobID="drsjob-0123456789abcdef0")
    with pytest.raises(drs.exceptions.ValidationException):
        drs.describe_recovery_snapshots(sourceServerID=UNKNOWN)
    with pytest.raises(drs.exceptions.ResourceNotFoundException):
        drs.list_tags_for_resource(resourceArn=f"arn:aws:drs:{REGION}:{ACCOUNT}:source-server/{UNKNOWN}")


@pytest.mark.usefixtures("servers")
def test_dates_without_z_are_refused(drs: DrsClient) -> None:
    with pytest.raises(drs.exceptions.ValidationException, match="fromDate"):
        drs.describe_jobs(filters={"fromDate": "2026-03-02T09:00:00+00:00"})


def test_refused_calls_are_on_record_with_their_error(drs: DrsClient, servers: list[str]) -> None:
    with pytest.raises(drs.exceptions.ValidationException):
        drill(drs, [UNKNOWN])
    drill(drs, servers)
    outcomes = [call.outcome for call in recorded_calls(ACCOUNT, REGION, "StartRecovery")]
    assert outcomes == ["ValidationException", "ok"]
