"""response_url: five uses, thirty minutes, and what an answer may do."""

from __future__ import annotations

from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient, WebhookResponse

from infra.local.slack.server import SlackServer

CHANNEL = "C0DRDRILLS"


class Seconds(Protocol):
    def pass_by(self, seconds: float) -> None: ...


def answer(slack: SlackServer, token: str, **message: Any) -> WebhookResponse:
    return WebhookClient(f"{slack.url}/commands/T0LOCALDR/{token}").send_dict(message)


def test_an_answer_is_ephemeral_unless_it_says_otherwise(slack: SlackServer) -> None:
    token = slack.state.passes.response_url("U0ADA", CHANNEL)
    done = answer(slack, token, text="for you")
    assert (done.status_code, done.body) == (200, "ok")
    answer(slack, token, text="for all", response_type="in_channel")
    answer(slack, token, text="for you too", response_type="ephemeral")
    shown = slack.state.private.ephemerals("U0ADA")
    assert [each.content.text for each in shown] == ["for you", "for you too"]
    assert [message.content.text for message in slack.state.messages.in_channel(CHANNEL)] == ["for all"]


def test_a_response_url_is_good_for_five_uses(slack: SlackServer) -> None:
    token = slack.state.passes.response_url("U0ADA", CHANNEL)
    statuses = [answer(slack, token, text="x").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [404]
    assert "used_url" in answer(slack, token, text="x").body


def test_a_response_url_is_good_for_thirty_minutes(slack: SlackServer, clock: Seconds) -> None:
    token = slack.state.passes.response_url("U0ADA", CHANNEL)
    clock.pass_by(29 * 60)
    assert answer(slack, token, text="x").status_code == 200
    clock.pass_by(61)
    late = answer(slack, token, text="x")
    assert (late.status_code, "expired_url" in late.body) == (404, True)
    assert answer(slack, "made-up", text="x").status_code == 404


def test_a_commands_response_url_can_only_add(slack: SlackServer) -> None:
    token = slack.state.passes.response_url("U0ADA", CHANNEL)
    answer(slack, token, text="thinking")
    answer(slack, token, text="done", replace_original=True)
    assert [shown.content.text for shown in slack.state.private.ephemerals("U0ADA")] == ["thinking", "done"]


def test_the_docs_strings_work_as_booleans_too(slack: SlackServer, client: WebClient) -> None:
    ts = client.chat_postMessage(channel=CHANNEL, text="one")["ts"]
    token = slack.state.passes.response_url("U0ADA", CHANNEL, ts)
    answer(slack, token, text="two", replace_original="true")
    assert slack.state.messages.get(CHANNEL, ts).content.text == "two"


def test_it_works_where_the_bot_is_no_member(slack: SlackServer) -> None:
    token = slack.state.passes.response_url("U0ADA", "C0ELSEWHERE")
    assert answer(slack, token, text="x", response_type="in_channel").status_code == 200


def test_an_answer_slack_would_refuse_is_refused(slack: SlackServer) -> None:
    token = slack.state.passes.response_url("U0ADA", CHANNEL, "1.000001")
    bad = answer(slack, token, text="x", blocks=[{"type": "nope"}])
    assert (bad.status_code, "invalid_blocks" in bad.body) == (400, True)
    assert "no_text" in answer(slack, token, unfurl_links=False).body
    assert "invalid_payload" in answer(slack, token).body
    assert "message_not_found" in answer(slack, token, text="x", replace_original=True).body
    assert slack.state.feed.changes() == []
