"""Answers that the model allows and nobody expects, played by botocore's own stubber."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from bot.adapters.drs import DrsAdapter
from bot.application.ports.drs import DrsError, Refused
from bot.domain.launch import LaunchKey
from infra.local.clock import ManualClock

SERVER, INSTANCE = "s-00000000000000d01", "i-00000000000000d01"


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
