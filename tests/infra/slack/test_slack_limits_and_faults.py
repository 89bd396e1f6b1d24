"""Rate limits, and every trouble that can be ordered."""

from __future__ import annotations

import http.client
import urllib.error
from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, FixedValueRetryIntervalCalculator

from infra.local.slack.faults import EVERY_METHOD, Outage
from infra.local.slack.server import SlackServer
from infra.local.slack.workspace import small_workspace

CHANNEL = "C0DRDRILLS"


class Seconds:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def limited(seconds: Seconds) -> Iterator[SlackServer]:
    workspace = small_workspace("ada", channels=["dr-drills", "other"])
    with SlackServer(workspace, rate_limits=True, clock=seconds) as server:
        yield server


def client_of(server: SlackServer) -> WebClient:
    return WebClient(token=server.state.app.bot_token, base_url=server.api_url, retry_handlers=[])


def status_of(server: SlackServer, path: str) -> int:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
    connection.request("POST", path, b"{}", {"Content-Type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    return status


def retry_after(client: WebClient, method: str, **arguments: object) -> int | None:
    """None when the call goes through, else the seconds Slack asks to wait."""
    try:
        client.api_call(method, json=arguments)
    except SlackApiError as limit:
        answer = (limit.response.status_code, limit.response["error"])
        return int(limit.response.headers["Retry-After"]) if answer == (429, "ratelimited") else -1
    return None


def test_posting_is_limited_to_one_a_second_per_channel_after_a_short_burst(
    limited: SlackServer, seconds: Seconds
) -> None:
    client = client_of(limited)
    post = {"channel": CHANNEL, "text": "x"}
    assert [retry_after(client, "chat.postMessage", **post) for _ in range(5)] == [None, None, None, None, 4]
    assert retry_after(client, "chat.postMessage", channel="C0OTHER", text="x") is None
    seconds.now += 4
    assert retry_after(client, "chat.postMessage", **post) is None
    assert len(limited.state.messages.in_channel(CHANNEL)) == 5


def test_updating_is_limited_to_fifty_a_minute(limited: SlackServer, seconds: Seconds) -> None:
    client = client_of(limited)
    ts = client.chat_postMessage(channel=CHANNEL, text="x")["ts"]
    update = {"channel": CHANNEL, "ts": ts, "text": "y"}
    assert {retry_after(client, "chat.update", **update) for _ in range(50)} == {None}
    assert retry_after(client, "chat.update", **update) == 60
    seconds.now += 60
    assert retry_after(client, "chat.update", **update) is None


def test_listing_a_user_group_is_limited_to_twenty_a_minute(limited: SlackServer) -> None:
    client = client_of(limited)
    said = []
    for _ in range(21):
        with pytest.raises(SlackApiError) as refused:
            client.usergroups_users_list(usergroup="S0NONE")
        said.append(refused.value.response["error"])
    assert said == ["no_such_subteam"] * 20 + ["ratelimited"]


def test_the_limits_can_be_counted_on_another_clock(seconds: Seconds) -> None:
    world = Seconds()
    with SlackServer(small_workspace("ada"), clock=seconds, rate_clock=world) as server:
        client = client_of(server)
        post = {"channel": CHANNEL, "text": "x"}
        for _ in range(4):
            retry_after(client, "chat.postMessage", **post)
        seconds.now += 10
        assert retry_after(client, "chat.postMessage", **post) == 4
        world.now += 10
        assert retry_after(client, "chat.postMessage", **post) is None


def test_a_rate_limit_on_request_names_its_seconds_and_ends_after_its_times(
    slack: SlackServer, client: WebClient
) -> None:
    slack.faults.rate_limit("chat.postMessage", retry_after=30, times=2)
    post = {"channel": CHANNEL, "text": "x"}
    assert [retry_after(client, "chat.postMessage", **post) for _ in range(3)] == [30, 30, None]
    assert len(slack.state.messages.in_channel(CHANNEL)) == 1
    assert [call.status for call in slack.calls("chat.postMessage")] == [429, 429, 200]


def test_an_error_on_request_is_answered_and_nothing_is_done(slack: SlackServer, client: WebClient) -> None:
    slack.faults.fail("chat.postMessage", "internal_error")
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=CHANNEL, text="x")
    assert refused.value.response["error"] == "internal_error"
    assert slack.state.messages.in_channel(CHANNEL) == []
    assert client.chat_postMessage(channel=CHANNEL, text="x")["ok"]


def test_a_fault_without_number_stays_until_cleared_and_may_hit_every_method(
    slack: SlackServer, client: WebClient
) -> None:
    slack.faults.fail(EVERY_METHOD, "fatal_error", times=None)
    for _ in range(3):
        with pytest.raises(SlackApiError):
            client.auth_test()
    slack.faults.clear()
    assert client.auth_test()["ok"]


def test_a_lost_reply_has_done_its_work(slack: SlackServer, client: WebClient) -> None:
    slack.faults.lose_reply("chat.postMessage")
    with pytest.raises(SlackApiError) as failed:
        client.chat_postMessage(channel=CHANNEL, text="once")
    assert failed.value.response.status_code == 500
    assert [message.content.text for message in slack.state.messages.in_channel(CHANNEL)] == ["once"]
    assert [call.reply_lost for call in slack.calls("chat.postMessage")] == [True]


def test_a_refused_call_does_not_use_up_a_lost_reply(slack: SlackServer, client: WebClient) -> None:
    slack.faults.lose_reply("chat.postMessage")
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel="C0NOWHERE", text="x")
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel=CHANNEL, text="once")
    assert client.chat_postMessage(channel=CHANNEL, text="again")["ok"]


def test_a_reply_lost_by_a_closed_connection_makes_the_sdks_default_retry_post_twice(slack: SlackServer) -> None:
    at_once = ConnectionErrorRetryHandler(interval_calculator=FixedValueRetryIntervalCalculator(0.0))
    retrying = WebClient(token=slack.state.app.bot_token, base_url=slack.api_url, retry_handlers=[at_once])
    slack.faults.lose_reply("chat.postMessage", how=Outage.CONNECTION_CLOSED)
    assert retrying.chat_postMessage(channel=CHANNEL, text="twice")["ok"]
    assert len(slack.state.messages.in_channel(CHANNEL)) == 2


def test_slack_being_down_is_a_503_or_a_closed_connection_everywhere(slack: SlackServer, client: WebClient) -> None:
    slack.faults.down()
    with pytest.raises(SlackApiError) as failed:
        client.auth_test()
    assert failed.value.response.status_code == 503
    assert status_of(slack, "/commands/T0/x") == 503
    assert status_of(slack, "/upload/v1/F0") == 503
    slack.faults.down(how=Outage.CONNECTION_CLOSED)
    with pytest.raises(http.client.RemoteDisconnected):
        client.auth_test()
    slack.faults.down(on=False)
    assert client.auth_test()["ok"]


def test_an_unknown_address_is_a_404(slack: SlackServer) -> None:
    assert status_of(slack, "/somewhere") == 404
    assert status_of(slack, "/upload/v1/F0NONE") == 404


def test_a_stopped_server_refuses_connections() -> None:
    server = SlackServer(small_workspace("ada"))
    client = client_of(server)
    server.stop()
    server.stop()
    with pytest.raises(urllib.error.URLError):
        client.auth_test()
