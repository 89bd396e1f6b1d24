"""How the adapter speaks to Slack's Web API, as far as the simulator can tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from bot.adapters.slack import EVENT_TYPE, SlackChannel
from bot.adapters.slack_groups import SlackGroups
from bot.adapters.slack_profiles import SlackProfiles
from bot.application.ports.slack import Attachment, Message, SlackError
from bot.domain.person import Person
from bot.slack.modals.opening import open_form, web_client
from bot.views.modals.told import refused
from infra.local.slack.server import SlackServer
from tests.contract.slack.rigs import CHANNEL

ROOT = Path(__file__).parents[3]
SINCE = datetime.now(UTC) - timedelta(hours=1)
MESSAGE = Message(key="payments-1:card", text="Running.", blocks='[{"type":"divider","block_id":"line"}]')
SCOPES = {
    "views.publish": set(),
    "views.open": set(),
    "auth.test": set[str](),
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "files.getUploadURLExternal": {"files:write"},
    "files.completeUploadExternal": {"files:write"},
    "conversations.history": {"channels:history", "groups:history"},
    "usergroups.users.list": {"usergroups:read"},
    "users.info": {"users:read", "users:read.email"},
    "conversations.replies": {"channels:history", "groups:history"},
}
"""The bot scopes of each method in use, for public and private channels (docs.slack.dev/reference/methods)."""


@pytest.fixture
def channel(slack: SlackServer) -> SlackChannel:
    return SlackChannel(slack.state.app.bot_token, slack.api_url)


def test_metadata_names_the_message_and_stays_when_it_is_updated(slack: SlackServer, channel: SlackChannel) -> None:
    ts = channel.post(CHANNEL, MESSAGE, None)
    channel.update(CHANNEL, ts, MESSAGE)
    named = {"event_type": EVENT_TYPE, "event_payload": {"key": "payments-1:card"}}
    shown = slack.state.messages.get(CHANNEL, ts)
    assert [revision.content.metadata for revision in shown.revisions] == [named, named]


def test_links_are_not_unfurled(slack: SlackServer, channel: SlackChannel) -> None:
    channel.post(CHANNEL, MESSAGE, None)
    (call,) = slack.calls("chat.postMessage")
    assert (call.arguments["unfurl_links"], call.arguments["unfurl_media"]) == (False, False)


def test_a_loud_reply_is_shown_in_the_channel_too_and_found_in_its_thread(
    slack: SlackServer, channel: SlackChannel
) -> None:
    card = channel.post(CHANNEL, MESSAGE, None)
    loud = Message(key="payments-1:break_glass/2/1", text="Break-glass.", blocks=MESSAGE.blocks, is_loud=True)
    ts = channel.post(CHANNEL, loud, card)
    assert slack.state.messages.get(CHANNEL, ts).broadcast
    assert channel.find(CHANNEL, loud.key, card, SINCE) == ts
    channel.update(CHANNEL, ts, loud)
    channel.post(CHANNEL, loud, None)
    assert [call.arguments.get("reply_broadcast") for call in slack.calls("chat.postMessage")] == [None, True, None]


def test_somebody_elses_message_of_the_same_key_is_not_taken_for_ours(
    slack: SlackServer, channel: SlackChannel
) -> None:
    ts = channel.post(CHANNEL, MESSAGE, None)
    slack.state.messages.post(CHANNEL, "U0ADA", slack.state.messages.get(CHANNEL, ts).content)
    assert channel.find(CHANNEL, MESSAGE.key, None, SINCE) == ts


def test_who_the_bot_is_is_asked_for_once_and_only_when_something_is_looked_for(
    slack: SlackServer, channel: SlackChannel
) -> None:
    channel.post(CHANNEL, MESSAGE, None)
    assert slack.calls("auth.test") == []
    channel.find(CHANNEL, MESSAGE.key, None, SINCE)
    channel.find(CHANNEL, MESSAGE.key, None, SINCE)
    assert len(slack.calls("auth.test")) == 1


@pytest.mark.parametrize(
    ("error", "is_gone", "is_unclear"),
    [
        ("channel_not_found", True, False),
        ("message_not_found", True, False),
        ("edit_window_closed", True, False),
        ("cant_update_message", True, False),
        ("fatal_error", False, True),
        ("internal_error", False, True),
        ("not_in_channel", False, False),
        ("invalid_auth", False, False),
        ("is_archived", False, False),
    ],
)
def test_slacks_errors_are_told_apart(
    slack: SlackServer, channel: SlackChannel, error: str, *, is_gone: bool, is_unclear: bool
) -> None:
    slack.faults.fail("chat.postMessage", error)
    with pytest.raises(SlackError, match=error) as refused:
        channel.post(CHANNEL, MESSAGE, None)
    assert (refused.value.is_gone, refused.value.is_unclear) == (is_gone, is_unclear)
    assert refused.value.retry_after is None


@pytest.mark.parametrize(
    ("error", "is_about_content"),
    [
        ("attachment_payload_limit_exceeded", True),
        ("invalid_blocks", True),
        ("invalid_blocks_format", True),
        ("invalid_metadata_format", True),
        ("invalid_metadata_schema", True),
        ("metadata_too_large", True),
        ("msg_blocks_too_long", True),
        ("msg_too_long", True),
        ("no_text", True),
        ("invalid_auth", False),
        ("token_revoked", False),
        ("not_in_channel", False),
        ("is_archived", False),
        ("channel_not_found", False),
        ("thread_not_found", False),
        ("internal_error", False),
    ],
)
def test_what_slack_has_against_a_message_itself_is_told_from_everything_else(
    slack: SlackServer, channel: SlackChannel, error: str, *, is_about_content: bool
) -> None:
    slack.faults.fail("chat.postMessage", error)
    with pytest.raises(SlackError, match=error) as refused:
        channel.post(CHANNEL, MESSAGE, None)
    assert refused.value.is_about_content is is_about_content


def test_being_told_to_wait_no_time_is_not_the_same_as_not_being_told(
    slack: SlackServer, channel: SlackChannel
) -> None:
    slack.faults.rate_limit("chat.postMessage", retry_after=0)
    with pytest.raises(SlackError) as limited:
        channel.post(CHANNEL, MESSAGE, None)
    assert limited.value.retry_after == timedelta(0)
    assert not limited.value.is_about_content


def test_what_slack_has_against_a_block_is_in_the_error(channel: SlackChannel) -> None:
    with pytest.raises(SlackError, match=r"invalid_blocks.*json-pointer:/blocks/0"):
        channel.post(CHANNEL, Message(key="k", text="t", blocks='[{"type":"nonsense"}]'), None)


def test_an_address_at_which_nobody_listens_leaves_it_unclear() -> None:
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.server_close()
    with pytest.raises(SlackError) as nobody:
        SlackChannel("xoxb-x", f"http://127.0.0.1:{server.server_port}/api/").post(CHANNEL, MESSAGE, None)
    assert nobody.value.is_unclear


class _Odd(BaseHTTPRequestHandler):
    """Answers 200 with something that is no JSON, as a proxy in between may."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = b"<html>Sign in to the network</html>"
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def test_an_answer_that_is_not_slacks_leaves_it_unclear() -> None:
    server = HTTPServer(("127.0.0.1", 0), _Odd)
    thread = Thread(target=server.handle_request)
    thread.start()
    with pytest.raises(SlackError) as odd:
        SlackChannel("xoxb-x", f"http://127.0.0.1:{server.server_port}/api/").post(CHANNEL, MESSAGE, None)
    thread.join()
    server.server_close()
    assert odd.value.is_unclear


# ---------------------------------------------------------------------- the app's manifest


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "infra/slack/manifest.yaml").read_text())
    return found


def test_the_manifest_grants_what_the_methods_in_use_need_and_nothing_else(
    slack: SlackServer, channel: SlackChannel, manifest: dict[str, Any]
) -> None:
    card = channel.post(CHANNEL, MESSAGE, None)
    channel.update(CHANNEL, card, MESSAGE)
    channel.find(CHANNEL, "nothing", None, SINCE)
    channel.find(CHANNEL, "nothing", card, SINCE)
    channel.attach(CHANNEL, Attachment("payments-1.csv", "Findings", "All of them.", b"severity"), card)
    channel.find_file(CHANNEL, "nothing.csv", card)
    channel.publish(Person(user_id="U0ADA", team_id="T0LOCALDR"), '{"type": "home", "blocks": [{"type": "divider"}]}')
    with pytest.raises(SlackError):
        SlackGroups(slack.state.app.bot_token, slack.api_url).members("S0NOBODY")
    SlackProfiles(lambda: slack.state.app.bot_token, slack.api_url).of(["U0ADA"])
    trigger = slack.state.passes.trigger("U0ADA")
    client = web_client(slack.api_url)
    client.token = slack.state.app.bot_token
    open_form(client, {"trigger_id": trigger}, refused("You may not."))
    public = {name for name in vars(SlackChannel) if not name.startswith("_")}
    assert public == {"post", "update", "find", "attach", "find_file", "publish"}, (
        "call what is new above, so that its methods are seen"
    )
    used = {call.method for call in slack.calls()}
    needed = {"commands"}.union(*(SCOPES[method] for method in used))
    assert {kind: set(scopes) for kind, scopes in manifest["oauth_config"]["scopes"].items()} == {"bot": needed}
