"""The transcript is what a person reads."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from infra.local.slack.client import Person
from infra.local.slack.mrkdwn import readable
from infra.local.slack.server import SlackServer
from infra.local.slack.transcript import transcript

CHANNEL = "C0DRDRILLS"


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("*bold* _italic_ ~gone~ plain", "bold italic gone plain"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("job `drsjob_1_2` and ```code *x*```", "job drsjob_1_2 and code *x*"),
        ("<@U0ADA> and <@U0GONE|old>", "@ada and @old"),
        ("<#C0DRDRILLS> and <#C0GONE|gone>", "#dr-drills and #gone"),
        ("<!subteam^S0APPROVERS> and <!subteam^S0X|@x>", "@dr-approvers and @x"),
        ("<!channel> <!here>", "@channel @here"),
        ("<https://a.b/c|the report> <https://a.b> <mailto:a@b.c>", "the report https://a.b a@b.c"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("&amp;lt;", "&lt;"),
        ("<!date^1772442000^{date_short_pretty} at {time}|soon>", "Mar 2, 2026 at 09:00"),
        ("<!date^1772442000^{date_num} {time_secs}^https://a.b|soon>", "2026-03-02 09:00:00"),
        ("<!date^later^{date}|soon>", "soon"),
    ],
)
def test_mrkdwn_is_read_as_slack_shows_it(slack: SlackServer, text: str, read: str) -> None:
    assert readable(slack.state, text) == read


def test_every_block_can_be_read(slack: SlackServer, client: WebClient) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Start"), "value": "1"}
    menu = {
        "type": "static_select",
        "placeholder": plain("More"),
        "options": [{"text": plain("a"), "value": "a"}],
    }
    image = {"type": "image", "image_url": "https://a.b/c.png", "alt_text": "a chart"}
    spans = [
        {"type": "text", "text": "by "},
        {"type": "user", "user_id": "U0ADA"},
        {"type": "link", "url": "https://a.b"},
        {"type": "emoji", "name": "tada"},
    ]
    section = {"type": "rich_text_section", "elements": spans}
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": plain("Drill of Payments &amp; co")},
        {"type": "section", "text": mrkdwn("*Owner*\n<@U0ADA>"), "accessory": menu},
        {"type": "section", "fields": [mrkdwn("*RTO*\n15 min"), mrkdwn("*RPO*\n5 min")]},
        {"type": "divider"},
        {"type": "context", "elements": [mrkdwn("_plan_ `abc`"), image]},
        {"type": "actions", "elements": [button, {**button, "action_id": "no", "text": plain("Cancel")}]},
        image,
        {
            "type": "rich_text",
            "elements": [section, {"type": "rich_text_list", "style": "bullet", "elements": [section]}],
        },
        {"type": "table", "rows": [[{"type": "raw_text", "text": "web"}, {"type": "raw_text", "text": "ok"}]]},
        {"type": "markdown", "text": "# done"},
        {
            "type": "input",
            "label": plain("Why"),
            "element": {"type": "plain_text_input", "action_id": "why", "placeholder": plain("say")},
        },
    ]
    client.chat_postMessage(channel=CHANNEL, text="fallback", blocks=blocks)
    assert transcript(slack.state, "dr-drills") == [
        "DRS Drill Bot: Drill of Payments & co",
        "  Owner [More ▾]",
        "  @ada",
        "  RTO 15 min",
        "  RPO 5 min",
        "  ———",
        "  (plan abc  🖼 a chart)",
        "  [Start] [Cancel]",
        "  🖼 a chart",
        "  by @adahttps://a.b:tada:",
        "  • by @adahttps://a.b:tada:",
        "  web | ok",
        "  # done",
        "  Why: [say ▾]",
    ]


def test_a_channel_shows_roots_and_broadcasts_and_a_thread_shows_itself(
    slack: SlackServer, client: WebClient, ada: Person
) -> None:
    root = client.chat_postMessage(channel=CHANNEL, text="card")["ts"]
    ada.say("is it *safe*?", channel="dr-drills", thread_ts=root)
    client.chat_postMessage(channel=CHANNEL, text="passed", thread_ts=root, reply_broadcast=True)
    client.chat_update(channel=CHANNEL, ts=root, text="card, redrawn")
    assert transcript(slack.state, "#dr-drills") == ["DRS Drill Bot: card, redrawn", "DRS Drill Bot: passed"]
    assert transcript(slack.state, CHANNEL, root) == [
        "DRS Drill Bot: card, redrawn",
        "Ada: is it safe?",
        "DRS Drill Bot: passed",
    ]


def test_an_ephemeral_message_is_in_its_viewers_transcript_only(slack: SlackServer, client: WebClient) -> None:
    client.chat_postMessage(channel=CHANNEL, text="card")
    client.chat_postEphemeral(channel=CHANNEL, user="U0ADA", text="not you\nask Grace")
    client.chat_postMessage(channel=CHANNEL, text="later")
    assert transcript(slack.state, CHANNEL, viewer="ada") == [
        "DRS Drill Bot: card",
        "DRS Drill Bot (only ada sees this): not you",
        "  ask Grace",
        "DRS Drill Bot: later",
    ]
    assert len(transcript(slack.state, CHANNEL, viewer="grace")) == 2


def test_a_file_is_named(slack: SlackServer, client: WebClient) -> None:
    client.files_upload_v2(channel=CHANNEL, content="x", filename="e.pdf", title="Evidence", initial_comment="Here:")
    assert transcript(slack.state, CHANNEL) == ["DRS Drill Bot: Here:", "  📎 Evidence"]
