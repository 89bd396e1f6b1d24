"""Pages and filters of everything that is listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from mypy_boto3_drs.client import DrsClient

from infra.local.clock import ManualClock
from infra.local.drs import RecoveryInstanceSpec, Settings, configure, healthy_fleet, seed, source_server_id

ACCOUNT, REGION = "111122223333", "eu-west-1"


def drill(drs: DrsClient, server: str) -> str:
    return drs.start_recovery(sourceServers=[{"sourceServerID": server}], isDrill=True)["job"]["jobID"]


def pages(call: Callable[..., Any], **params: Any) -> Iterator[list[dict[str, Any]]]:
    reply = call(**params)
    yield reply["items"]
    while "nextToken" in reply:
        reply = call(**params, nextToken=reply["nextToken"])
        yield reply["items"]


@pytest.fixture
def seven(drs: DrsClient, clock: ManualClock) -> list[str]:
    """Ids of seven completed jobs, oldest first, on seven servers with an instance each."""
    servers = [source_server_id("listed", n) for n in range(7)]
    seed(ACCOUNT, REGION, healthy_fleet(servers, recovery_instance=RecoveryInstanceSpec(is_drill=True)))
    made = []
    for server in servers:
        made.append(drill(drs, server))
        clock.advance(timedelta(minutes=30))
    return made


@pytest.mark.parametrize(
    ("method", "params", "at_least"),
    [
        ("describe_jobs", {}, 7),
        ("describe_source_servers", {}, 7),
        ("describe_recovery_instances", {}, 7),
        ("describe_recovery_snapshots", {"sourceServerID": source_server_id("listed", 0)}, 30),
        ("describe_recovery_snapshots", {"sourceServerID": source_server_id("listed", 0), "order": "DESC"}, 30),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.usefixtures("seven")
def test_pages_together_give_everything_once(
    drs: DrsClient, method: str, params: dict[str, Any], at_least: int, size: int
) -> None:
    call = getattr(drs, method)
    whole = call(**params)["items"]
    paged = list(pages(call, **params, maxResults=size))
    assert len(whole) >= at_least
    assert [item for page in paged for item in page] == whole
    assert {len(page) for page in paged[:-1]} <= {size}


def test_the_log_of_a_job_has_pages(drs: DrsClient, seven: list[str]) -> None:
    whole = drs.describe_job_log_items(jobID=seven[0])["items"]
    paged = list(pages(drs.describe_job_log_items, jobID=seven[0], maxResults=3))
    assert len(whole) > 6
    assert [item for page in paged for item in page] == whole


@pytest.mark.parametrize(
    "operation",
    [
        "describe_jobs",
        "describe_source_servers",
        "describe_recovery_instances",
        "describe_recovery_snapshots",
        "describe_job_log_items",
    ],
)
def test_botocores_own_paginators_work(drs: DrsClient, operation: str) -> None:
    assert drs.can_paginate(operation)


def test_a_page_has_at_most_a_hundred_items_when_nothing_is_said(drs: DrsClient) -> None:
    seed(ACCOUNT, REGION, healthy_fleet(source_server_id("many", n) for n in range(101)))
    reply = drs.describe_source_servers()
    assert len(reply["items"]) == 100
    assert len(drs.describe_source_servers(nextToken=reply["nextToken"])["items"]) == 1


@pytest.mark.usefixtures("seven")
def test_the_page_size_can_be_set(drs: DrsClient) -> None:
    configure(ACCOUNT, REGION, Settings(page_size=2))
    assert [len(page) for page in pages(drs.describe_jobs)] == [2, 2, 2, 1]


def test_a_job_made_between_two_pages_moves_nothing(drs: DrsClient, seven: list[str]) -> None:
    first = drs.describe_jobs(maxResults=3)
    drill(drs, source_server_id("listed", 0))
    rest = drs.describe_jobs(nextToken=first["nextToken"])["items"]
    assert [job["jobID"] for job in [*first["items"], *rest]] == seven[::-1]


@pytest.mark.usefixtures("seven")
def test_an_instance_that_goes_between_two_pages_hides_no_other(drs: DrsClient, clock: ManualClock) -> None:
    everything = [i["recoveryInstanceID"] for i in drs.describe_recovery_instances()["items"]]
    first = drs.describe_recovery_instances(maxResults=3)
    drs.terminate_recovery_instances(recoveryInstanceIDs=[i["recoveryInstanceID"] for i in first["items"]])
    clock.advance(timedelta(minutes=5))
    rest = drs.describe_recovery_instances(nextToken=first["nextToken"])["items"]
    assert [i["recoveryInstanceID"] for i in rest] == everything[3:]


@pytest.mark.parametrize("token", ["no-token", "bm90IGpzb24=", "W10="])
@pytest.mark.usefixtures("seven")
def test_a_made_up_token_is_refused(drs: DrsClient, token: str) -> None:
    with pytest.raises(drs.exceptions.ValidationException, match="nextToken"):
        drs.describe_jobs(nextToken=token)


def test_a_token_of_another_request_is_refused(drs: DrsClient, seven: list[str]) -> None:
    token = drs.describe_jobs(maxResults=3)["nextToken"]
    with pytest.raises(drs.exceptions.ValidationException, match="nextToken"):
        drs.describe_source_servers(nextToken=token)
    with pytest.raises(drs.exceptions.ValidationException, match="nextToken"):
        drs.describe_jobs(filters={"jobIDs": seven}, nextToken=token)


def test_jobs_come_newest_first_and_can_be_chosen_by_id(drs: DrsClient, seven: list[str]) -> None:
    unknown = "drsjob-0123456789abcdef0"
    assert [job["jobID"] for job in drs.describe_jobs()["items"]] == seven[::-1]
    found = drs.describe_jobs(filters={"jobIDs": [seven[1], unknown, seven[5]]})["items"]
    assert [job["jobID"] for job in found] == [seven[5], seven[1]]


def test_jobs_can_be_chosen_by_the_time_they_were_made(drs: DrsClient, seven: list[str]) -> None:
    since, until = "2026-03-02T09:30:00Z", "2026-03-02T10:30:00.000Z"
    found = drs.describe_jobs(filters={"fromDate": since, "toDate": until})["items"]
    assert [job["jobID"] for job in found] == [seven[3], seven[2], seven[1]]


def test_servers_can_be_chosen_by_id_hardware_and_staging_account(drs: DrsClient) -> None:
    plain, extended = source_server_id("plain"), source_server_id("extended")
    seed(ACCOUNT, REGION, healthy_fleet([plain], hardware_id="hw-1"))
    seed(ACCOUNT, REGION, healthy_fleet([extended], staging_account="444455556666", staging_status="EXTENDED"))
    for filters, expected in (
        ({"sourceServerIDs": [plain, source_server_id("unknown")]}, [plain]),
        ({"hardwareId": "hw-1"}, [plain]),
        ({"stagingAccountIDs": ["444455556666"]}, [extended]),
        ({}, sorted([plain, extended])),
    ):
        reply = drs.describe_source_servers(filters=filters)  # type: ignore[arg-type]  # one table for several shapes
        assert [server["sourceServerID"] for server in reply["items"]] == expected


@pytest.mark.usefixtures("seven")
def test_instances_can_be_chosen_by_id_and_by_server(drs: DrsClient) -> None:
    wanted = drs.describe_recovery_instances()["items"][2]
    by_id = drs.describe_recovery_instances(filters={"recoveryInstanceIDs": [wanted["recoveryInstanceID"]]})
    by_server = drs.describe_recovery_instances(filters={"sourceServerIDs": [wanted["sourceServerID"]]})
    assert by_id["items"] == by_server["items"] == [wanted]
