"""Posting, changing and deleting through the real slack_sdk client."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient

from infra.local.slack.client import Person
from infra.local.slack.server import SlackServer

CHANNEL = "C0DRDRILLS"
Refusal = Callable[..., str]


def section(text: str = "hello") -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def go() -> dict[str, Any]:
    return {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}}]}


def post_raw(slack: SlackServer, method: str, body: bytes, content_type: str, token: str | None) -> Any:
    headers = {"Content-Type": content_type}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(f"{slack.api_url}{method}", body, headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=5) as reply:  # noqa: S310
        return json.loads(reply.read())


def test_a_posted_message_carries_the_apps_identity(slack: SlackServer, client: WebClient) -> None:
    reply = client.chat_postMessage(channel=CHANNEL, text="hello", blocks=[section()])
    message = reply["message"]
    assert reply["channel"] == CHANNEL
    assert message["ts"] == reply["ts"]
    assert (message["user"], message["bot_id"], message["app_id"]) == ("U0DRILLBOT", "B0DRILLBOT", "A0DRILLBOT")
    assert message["bot_profile"]["name"] == "DRS Drill Bot"
    assert message["team"] == "T0LOCALDR"
    assert [kept.content.text for kept in slack.state.messages.in_channel(CHANNEL)] == ["hello"]


def test_timestamps_are_unique_and_rise_though_the_clock_stands_still(client: WebClient) -> None:
    stamps = [client.chat_postMessage(channel=CHANNEL, text=str(index))["ts"] for index in range(5)]
    assert stamps == sorted(set(stamps))
    assert stamps[0] == "1772442000.000000"


def test_slack_fills_in_missing_ids_and_text_defaults(client: WebClient) -> None:
    blocks = client.chat_postMessage(channel=CHANNEL, text="x", blocks=[section(), go()])["message"]["blocks"]
    assert blocks[0]["text"]["verbatim"] is False
    assert blocks[1]["elements"][0]["text"]["emoji"] is True
    made_up = {blocks[0]["block_id"], blocks[1]["block_id"], blocks[1]["elements"][0]["action_id"]}
    assert len(made_up) == 3


def test_a_channel_may_be_given_by_name_and_a_person_for_direct_messages(slack: SlackServer, client: WebClient) -> None:
    assert client.chat_postMessage(channel="#dr-drills", text="x")["channel"] == CHANNEL
    direct = client.chat_postMessage(channel="U0ADA", text="only us")["channel"]
    assert direct == "D0ADA"
    assert slack.state.channel(direct).is_im


def test_a_reply_belongs_to_its_thread(slack: SlackServer, client: WebClient) -> None:
    root = client.chat_postMessage(channel=CHANNEL, text="card")["ts"]
    reply = client.chat_postMessage(channel=CHANNEL, text="log", thread_ts=root)["message"]
    assert (reply["thread_ts"], reply["parent_user_id"]) == (root, "U0DRILLBOT")
    assert [message.content.text for message in slack.state.messages.thread(CHANNEL, root)] == ["card", "log"]


def test_a_broadcast_reply_says_so(client: WebClient) -> None:
    root = client.chat_postMessage(channel=CHANNEL, text="card")["ts"]
    reply = client.chat_postMessage(channel=CHANNEL, text="over", thread_ts=root, reply_broadcast=True)
    assert reply["message"]["subtype"] == "thread_broadcast"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0SECRET", "text": "x"}, "channel_not_found"),
        ({"channel": "C0ELSEWHERE", "text": "x"}, "not_in_channel"),
        ({"channel": "C0OLD", "text": "x"}, "is_archived"),
        ({"channel": "", "text": "x"}, "invalid_arguments"),
        ({"channel": CHANNEL, "text": ""}, "no_text"),
        ({"channel": CHANNEL, "text": "", "blocks": [section()]}, "no_text"),
        ({"channel": CHANNEL, "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": CHANNEL, "text": "x", "blocks": [section("x" * 3001)]}, "invalid_blocks"),
        ({"channel": CHANNEL, "text": "x", "blocks": [section("x" * 3000)] * 5}, "msg_blocks_too_long"),
        ({"channel": CHANNEL, "text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"channel": CHANNEL, "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"channel": CHANNEL, "text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_schema"),
        ({"channel": CHANNEL, "text": "x", "metadata": "oops"}, "invalid_metadata_format"),
        (
            {"channel": CHANNEL, "text": "x", "metadata": {"event_type": "a", "event_payload": {"b": "c" * 16_000}}},
            "metadata_too_large",
        ),
        ({"channel": CHANNEL, "text": "x", "attachments": [{"text": "old"}]}, "invalid_attachments"),
    ],
)
@pytest.mark.filterwarnings("ignore:The top-level `text` argument:UserWarning")
@pytest.mark.filterwarnings("ignore:Additionally, the attachment-level:UserWarning")
def test_a_post_slack_would_refuse_is_refused_and_leaves_nothing(
    slack: SlackServer, client: WebClient, refusal: Refusal, arguments: dict[str, Any], error: str
) -> None:
    assert refusal(client.chat_postMessage, **arguments) == error
    assert slack.state.feed.changes() == []
    assert [call.error for call in slack.calls("chat.postMessage")] == [error]


def test_a_reply_to_a_reply_is_refused(client: WebClient, refusal: Refusal) -> None:
    root = client.chat_postMessage(channel=CHANNEL, text="card")["ts"]
    reply = client.chat_postMessage(channel=CHANNEL, text="log", thread_ts=root)["ts"]
    error = refusal(client.chat_postMessage, channel=CHANNEL, text="x", thread_ts=reply)
    assert error == "cannot_reply_to_message"


def test_invalid_blocks_say_where_as_slack_does(slack: SlackServer) -> None:
    body = json.dumps({"channel": CHANNEL, "text": "x", "blocks": [section("x" * 3001)]}).encode()
    answer = post_raw(slack, "chat.postMessage", body, "application/json", slack.state.app.bot_token)
    said = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert answer == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [said],
        "response_metadata": {"messages": [f"[ERROR] {said}"]},
    }


def test_an_update_keeps_every_earlier_revision(slack: SlackServer, client: WebClient) -> None:
    ts = client.chat_postMessage(channel=CHANNEL, text="one", blocks=[section("one")])["ts"]
    reply = client.chat_update(channel=CHANNEL, ts=ts, text="two", blocks=[section("two")])
    assert (reply["ts"], reply["text"], reply["message"]["edited"]["user"]) == (ts, "two", "U0DRILLBOT")
    message = slack.state.messages.get(CHANNEL, ts)
    assert [revision.content.text for revision in message.revisions] == ["one", "two"]
    assert [revision.content.blocks[0]["text"]["text"] for revision in message.revisions] == ["one", "two"]
    assert message.revisions[1].ts == message.edited_ts == reply["message"]["edited"]["ts"]


def test_an_update_without_blocks_or_metadata_keeps_them_and_empty_ones_take_them_away(
    slack: SlackServer, client: WebClient
) -> None:
    metadata = {"event_type": "drill", "event_payload": {"id": "d1"}}
    ts = client.chat_postMessage(channel=CHANNEL, text="one", blocks=[section()], metadata=metadata)["ts"]
    client.chat_update(channel=CHANNEL, ts=ts, text="two")
    kept = slack.state.messages.get(CHANNEL, ts).content
    assert (len(kept.blocks), kept.metadata) == (1, metadata)
    client.api_call("chat.update", json={"channel": CHANNEL, "ts": ts, "text": "three", "blocks": [], "metadata": {}})
    gone = slack.state.messages.get(CHANNEL, ts).content
    assert (gone.blocks, gone.metadata) == ((), None)


def test_an_update_is_refused_as_slack_refuses_it(client: WebClient, refusal: Refusal, ada: Person) -> None:
    ts = client.chat_postMessage(channel=CHANNEL, text="one")["ts"]
    theirs = ada.say("mine", channel="dr-drills").ts
    update = client.chat_update
    assert refusal(update, channel=CHANNEL, ts="1.0", text="x") == "message_not_found"
    assert refusal(update, channel=CHANNEL, ts=theirs, text="x") == "cant_update_message"
    assert refusal(update, channel=CHANNEL, ts=ts, text="x" * 4001) == "msg_too_long"
    assert refusal(update, channel="C0NOWHERE", ts=ts, text="x") == "channel_not_found"
    assert refusal(update, channel=CHANNEL, ts=ts, text="x", blocks=[{"type": "nope"}]) == "invalid_blocks"


def test_a_deleted_message_is_gone_but_remembered(slack: SlackServer, client: WebClient, refusal: Refusal) -> None:
    ts = client.chat_postMessage(channel=CHANNEL, text="oops")["ts"]
    client.chat_delete(channel=CHANNEL, ts=ts)
    assert slack.state.messages.in_channel(CHANNEL) == []
    assert [message.content.text for message in slack.state.messages.deleted()] == ["oops"]
    assert refusal(client.chat_delete, channel=CHANNEL, ts=ts) == "message_not_found"
    assert refusal(client.chat_update, channel=CHANNEL, ts=ts, text="x") == "message_not_found"
    assert refusal(client.chat_postMessage, channel=CHANNEL, text="x", thread_ts=ts) == "thread_not_found"


def test_somebody_elses_message_cannot_be_deleted_by_the_bot(client: WebClient, refusal: Refusal, ada: Person) -> None:
    theirs = ada.say("mine", channel="dr-drills").ts
    assert refusal(client.chat_delete, channel=CHANNEL, ts=theirs) == "cant_delete_message"


def test_a_deleted_root_with_replies_leaves_a_tombstone_that_can_be_replied_to(
    slack: SlackServer, client: WebClient, ada: Person
) -> None:
    root = client.chat_postMessage(channel=CHANNEL, text="card", blocks=[section()])["ts"]
    client.chat_postMessage(channel=CHANNEL, text="log", thread_ts=root)
    ada.delete(slack.state.messages.get(CHANNEL, root))
    client.chat_postMessage(channel=CHANNEL, text="more", thread_ts=root)
    first, *replies = client.conversations_replies(channel=CHANNEL, ts=root)["messages"]
    assert (first["subtype"], first["text"], "blocks" in first) == ("tombstone", "This message was deleted.", False)
    assert [reply["text"] for reply in replies] == ["log", "more"]


def test_an_ephemeral_message_is_seen_by_one_person_and_cannot_be_updated(
    slack: SlackServer, client: WebClient, refusal: Refusal
) -> None:
    shown = client.chat_postEphemeral(channel=CHANNEL, user="U0ADA", text="psst", blocks=[section("psst")])
    ts = shown["message_ts"]
    assert [(each.viewer, each.content.text) for each in slack.state.private.ephemerals()] == [("U0ADA", "psst")]
    assert slack.state.private.ephemerals("U0GRACE") == []
    assert client.conversations_history(channel=CHANNEL)["messages"] == []
    assert refusal(client.chat_update, channel=CHANNEL, ts=ts, text="x") == "message_not_found"
    assert refusal(client.chat_postEphemeral, channel=CHANNEL, user="U0MALLORY", text="x") == "user_not_in_channel"


def test_a_permalink_leads_to_the_message(client: WebClient, refusal: Refusal) -> None:
    ts = client.chat_postMessage(channel=CHANNEL, text="x")["ts"]
    link = client.chat_getPermalink(channel=CHANNEL, message_ts=ts)["permalink"]
    assert link == f"https://local-dr.slack.com/archives/{CHANNEL}/p{ts.replace('.', '')}"
    assert refusal(client.chat_getPermalink, channel=CHANNEL, message_ts="1.0") == "message_not_found"


def test_a_form_body_with_json_in_it_is_as_good_as_json(slack: SlackServer, client: WebClient) -> None:
    fields = {"channel": CHANNEL, "text": "x", "blocks": json.dumps([section("from a form")])}
    assert client.api_call("chat.postMessage", params=fields)["message"]["blocks"][0]["text"]["text"] == "from a form"
    assert client.api_call("chat.postMessage", data=fields)["ok"]
    assert len(slack.state.messages.in_channel(CHANNEL)) == 2


@pytest.mark.parametrize(
    ("method", "body", "content_type", "error"),
    [
        ("chat.postMessage", b"{", "application/json", "invalid_json"),
        ("chat.postMessage", b"[]", "application/json", "json_not_object"),
        ("users.info", b'{"user": "U0ADA"}', "application/json", "invalid_arguments"),
        ("chat.explode", b"", "application/x-www-form-urlencoded", "unknown_method"),
    ],
)
def test_a_body_slack_cannot_read_is_refused(
    slack: SlackServer, method: str, body: bytes, content_type: str, error: str
) -> None:
    assert post_raw(slack, method, body, content_type, slack.state.app.bot_token)["error"] == error


def test_without_the_right_token_nothing_works(slack: SlackServer) -> None:
    form = "application/x-www-form-urlencoded"
    assert post_raw(slack, "auth.test", b"", form, None)["error"] == "not_authed"
    assert post_raw(slack, "auth.test", b"", form, "xoxb-stolen")["error"] == "invalid_auth"
    assert post_raw(slack, "auth.test", b"token=xoxb-local-drill-bot", form, None)["ok"] is True
    assert [dict(call.arguments) for call in slack.calls("auth.test")] == [{}, {}, {}]
    body = json.dumps({"token": slack.state.app.bot_token, "channel": CHANNEL, "text": "x"}).encode()
    assert post_raw(slack, "chat.postMessage", body, "application/json", None)["error"] == "not_authed"


def test_auth_test_names_the_bot(client: WebClient) -> None:
    who = client.auth_test()
    assert (who["user_id"], who["bot_id"], who["team_id"]) == ("U0DRILLBOT", "B0DRILLBOT", "T0LOCALDR")
