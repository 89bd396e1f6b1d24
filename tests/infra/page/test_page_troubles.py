"""Each trouble of the panel does what it says while it is on, and no longer. Asked of the simulators themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from infra.local import drs
from infra.local.drs.seed import backend_of
from infra.local.page.troubles import Troubles
from infra.local.world import World
from tests.infra.page.conftest import CHANNEL, PATIENCE, Page, is_on

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient

SERVER = "s-0b7c4f2e95d1a8360"


@pytest.fixture
def console(world: World) -> Iterator[DrsClient]:
    """Somebody else's client of the same DRS, which asks once. What it launched is forgotten."""
    yield boto3.client(
        "drs",
        endpoint_url=world.stack.drs_endpoint,
        region_name=world.region,
        aws_access_key_id=world.account,
        aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}),
    )
    drs.start_afresh(world.account, world.region)


@pytest.fixture
def page(page: Page) -> Page:
    """A page whose world has this one server, in no job: `console` forgets all that was there."""
    page.world.seed_server(SERVER)
    return page


def launch(console: DrsClient) -> str:
    started = console.start_recovery(isDrill=True, sourceServers=[{"sourceServerID": SERVER}])
    return started["job"]["jobID"]


def log_of(page: Page, job: str) -> list[str]:
    return [item["event"] for item in drs.job_log(page.world.account, page.world.region, job)]


def logged(page: Page, job: str, event: str) -> None:
    page.world.stack.wait_until(lambda: event in log_of(page, job), PATIENCE)


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return str(error.value.response["Error"]["Code"])


@pytest.mark.parametrize(
    ("name", "event"), [("conversion-fails", "CONVERSION_FAIL"), ("launch-fails", "LAUNCH_FAILED")]
)
def test_a_server_fails_until_it_is_mended(page: Page, console: DrsClient, name: str, event: str) -> None:
    page.order("fault", name=name, on=True, server=SERVER)
    for _ in range(2):
        failing = launch(console)
        logged(page, failing, "JOB_END")
        assert event in log_of(page, failing)
    page.order("fault", name=name, on=False, server=SERVER)
    going_well = launch(console)
    logged(page, going_well, "JOB_END")
    assert "LAUNCH_END" in log_of(page, going_well)


def test_a_stall_ends_with_its_own_mending_and_no_other(page: Page, console: DrsClient) -> None:
    page.order("fault", name="stalls", on=True, server=SERVER)
    job = launch(console)
    page.order("fault", name="launch-fails", on=True, server=SERVER)
    page.order("fault", name="launch-fails", on=False, server=SERVER)
    assert drs.jobs(page.world.account, page.world.region)[-1]["status"] != "COMPLETED"
    assert "CONVERSION_END" not in whole_log(page, job)
    page.order("fault", name="stalls", on=False, server=SERVER)
    assert "CONVERSION_END" in whole_log(page, job)
    logged(page, job, "JOB_END")


def whole_log(page: Page, job: str) -> list[str]:
    """What the log of a job will be in the end, if nothing is changed any more."""
    return [item["event"] for item in backend_of(page.world.account, page.world.region).jobs[job].log]


def test_launches_are_throttled(page: Page, console: DrsClient) -> None:
    page.order("fault", name="drs-throttles", on=True)
    for _ in range(3):
        assert refused(launch, console=console) == "ThrottlingException"
    page.order("fault", name="drs-throttles", on=False)
    assert launch(console)


def test_jobs_cannot_be_read(page: Page, console: DrsClient) -> None:
    page.order("fault", name="drs-unreadable", on=True)
    assert refused(console.describe_jobs) == "InternalServerException"
    assert console.describe_source_servers()["items"]
    page.order("fault", name="drs-unreadable", on=False)
    assert console.describe_jobs()["items"] == []


def test_one_reply_is_lost_and_its_job_is_there(page: Page, console: DrsClient) -> None:
    page.order("fault", name="reply-lost", on=True)
    assert refused(launch, console=console) == "InternalServerException"
    (job,) = console.describe_jobs()["items"]
    world = page.order("speed", speed=120)
    assert not is_on(world, "reply-lost")
    logged(page, job["jobID"], "JOB_END")
    assert launch(console)


@pytest.mark.parametrize("name", ["reply-lost", "executor-killed"])
def test_a_launch_that_drs_refuses_is_not_the_occasion(page: Page, console: DrsClient, name: str) -> None:
    page.order("fault", name="drs-throttles", on=True)
    page.order("fault", name=name, on=True)
    assert refused(launch, console=console) == "ThrottlingException"
    assert is_on(page.order("fault", name="drs-throttles", on=False), name)


def test_slack_is_busy_or_down_as_long_as_it_is_said(page: Page) -> None:
    app = page.world.slack.state.app
    slack = WebClient(app.bot_token, base_url=page.world.slack.api_url, retry_handlers=[])
    for name, status in (("slack-busy", 429), ("slack-down", 503)):
        page.order("fault", name=name, on=True)
        for _ in range(2):
            with pytest.raises(SlackApiError) as refusal:
                slack.chat_postMessage(channel=CHANNEL, text="hello")
            assert refusal.value.response.status_code == status
        page.order("fault", name=name, on=False)
        slack.chat_postMessage(channel=CHANNEL, text="hello again")


def test_a_panel_that_was_closed_listens_to_no_launch(page: Page) -> None:
    listening = len(backend_of(page.world.account, page.world.region).listeners)
    troubles = Troubles(page.world)
    assert len(backend_of(page.world.account, page.world.region).listeners) == listening + 1
    troubles.close()
    assert len(backend_of(page.world.account, page.world.region).listeners) == listening
