"""Answers that the model allows and nobody expects, played by botocore's own stubber."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from bot.adapters.drs import DrsAdapter
from bot.application.ports.drs import DrsError, Refused
from bot.domain.launch import LaunchKey
from infra.local.clock import ManualClock

SERVER, INSTANCE, POINT = "s-00000000000000d01", "i-00000000000000d01", "pit-00000000000000d01"


@pytest.fixture
def stubbed() -> Iterator[tuple[DrsAdapter, Stubber]]:
    client = boto3.session.Session().client(
        "drs",
        region_name="eu-west-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}),
    )
    with Stubber(client) as stubber:
        yield DrsAdapter(client, client, ManualClock().now), stubber
        stubber.assert_no_pending_responses()


def test_a_start_without_a_job_is_unclear_since_it_may_be_there(stubbed: tuple[DrsAdapter, Stubber]) -> None:
    drs, stubber = stubbed
    stubber.add_response("start_recovery", {})
    with pytest.raises(DrsError, match="StartRecovery: the answer has no job") as caught:
        drs.start_drill("drill-1", LaunchKey(wave=1, attempt=1, batch=1), [SERVER])
    assert caught.value.kind is Refused.UNCLEAR


def test_a_termination_without_a_job_is_unclear_too(stubbed: tuple[DrsAdapter, Stubber]) -> None:
    drs, stubber = stubbed
    stubber.add_response("terminate_recovery_instances", {})
    with pytest.raises(DrsError, match="TerminateRecoveryInstances: the answer has no job"):
        drs.terminate([INSTANCE])


def test_a_listing_that_never_ends_is_given_up(stubbed: tuple[DrsAdapter, Stubber]) -> None:
    drs, stubber = stubbed
    for _ in range(2):
        stubber.add_response("describe_source_servers", {"items": [], "nextToken": "again"})
    with pytest.raises(DrsError, match="DescribeSourceServers: PaginationError") as caught:
        drs.source_servers([SERVER])
    assert caught.value.kind is Refused.UNCLEAR


def test_an_empty_page_is_not_the_last_one(stubbed: tuple[DrsAdapter, Stubber]) -> None:
    drs, stubber = stubbed
    stubber.add_response("describe_source_servers", {"nextToken": "more"})
    stubber.add_response("describe_source_servers", {"items": [{"sourceServerID": SERVER}]})
    assert [server.id for server in drs.source_servers([SERVER])] == [SERVER]


def test_a_job_that_comes_in_two_pages_is_one_job(stubbed: tuple[DrsAdapter, Stubber]) -> None:
    drs, stubber = stubbed
    job = {"jobID": "drsjob-00000000000000d01", "status": "STARTED"}
    stubber.add_response("describe_jobs", {"items": [job], "nextToken": "more"})
    stubber.add_response("describe_jobs", {"items": [job]})
    assert len(drs.active_jobs()) == 1


def point(number: int, minute: int | None) -> dict[str, str]:
    """A snapshot as DRS shows it; without a minute, one that has yet to be taken."""
    taken = {} if minute is None else {"timestamp": f"2026-03-02T10:{minute:02}:00Z"}
    expected = "2026-03-02T11:00:00Z"
    return {"snapshotID": POINT[:-1] + str(number), "sourceServerID": SERVER, "expectedTimestamp": expected, **taken}


def found(drs: DrsAdapter, until: datetime | None = None) -> str | None:
    snapshot = drs.newest_snapshots([SERVER], until)[SERVER]
    return snapshot.id[-1] if snapshot else None


@pytest.mark.parametrize("odd", [None, "0000-00-00T00:00:00Z"])
def test_a_snapshot_that_has_yet_to_be_taken_is_passed_over_even_if_it_fills_a_page(
    stubbed: tuple[DrsAdapter, Stubber], odd: str | None
) -> None:
    drs, stubber = stubbed
    expected = point(1, None) | ({"timestamp": odd} if odd else {})
    stubber.add_response("describe_recovery_snapshots", {"items": [expected], "nextToken": "2"})
    stubber.add_response("describe_recovery_snapshots", {"items": [], "nextToken": "3"})
    stubber.add_response("describe_recovery_snapshots", {"items": [point(2, 30), point(3, 20)], "nextToken": "4"})
    assert found(drs) == "2"


def test_the_newest_of_a_page_is_taken_whatever_its_order(stubbed: tuple[DrsAdapter, Stubber]) -> None:
    drs, stubber = stubbed
    stubber.add_response("describe_recovery_snapshots", {"items": [point(1, 10), point(2, 30), point(3, 20)]})
    assert found(drs) == "2"


def test_a_snapshot_that_was_taken_later_than_asked_for_is_passed_over(stubbed: tuple[DrsAdapter, Stubber]) -> None:
    """DRS does not say whether its filter is about the time at which a snapshot was expected or taken."""
    drs, stubber = stubbed
    stubber.add_response("describe_recovery_snapshots", {"items": [point(1, 31), point(2, 30)]})
    assert found(drs, datetime(2026, 3, 2, 10, 30, tzinfo=UTC)) == "2"


def test_a_server_of_which_nothing_has_been_taken_has_no_snapshot(stubbed: tuple[DrsAdapter, Stubber]) -> None:
    drs, stubber = stubbed
    stubber.add_response("describe_recovery_snapshots", {})
    assert found(drs) is None
