"""What nobody can do in Slack, nobody can do on the page; and what the page is not asked for by its own window."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from infra.local.slack.records import Content
from tests.fakes.bots import bot_that
from tests.infra.page.conftest import ADA, CHANNEL, GRACE, Page

BOT, SLACKBOT = "U0DRILLBOT", "USLACKBOT"


def refusal(page: Page, who: str, act: str, **fields: Any) -> str:
    status, content = page.ask("POST", "/api/act", {"as": who, "act": act, **fields})
    assert status == 409, content
    return str(content["error"])


@pytest.mark.parametrize("who", [BOT, SLACKBOT])
def test_a_bot_does_nothing_by_hand(page: Page, who: str) -> None:
    assert "is a bot" in refusal(page, who, "say", channel=CHANNEL, text="I am no person")
    assert "is a bot" in refusal(page, who, "open_home")


@pytest.mark.parametrize("who", ["ada", "", "U0NOBODY"])
def test_people_are_named_by_id(page: Page, who: str) -> None:
    assert refusal(page, who, "open_home") == "user_not_found"


def test_what_is_said_between_others_is_neither_deleted_nor_used(page: Page) -> None:
    state = page.world.slack.state
    with_grace = state.direct_messages(GRACE).id
    ts = state.messages.post(with_grace, BOT, Content("between us")).ts
    place = {"channel": with_grace, "ts": ts}
    assert "is not in" in refusal(page, ADA, "delete", **place)
    assert "is not in" in refusal(page, ADA, "message_shortcut", **place, callbackId="explain")
    assert "is not in" in refusal(page, ADA, "click", **place, actionId="start")
    assert "is not in" in refusal(page, ADA, "say", channel=with_grace, text="hello")
    page.act(GRACE, "delete", **place)
    assert state.messages.in_channel(with_grace) == []


def test_a_revision_that_never_was_cannot_have_been_on_the_screen(page: Page) -> None:
    ts = page.world.slack.state.messages.post(CHANNEL, BOT, Content("the first")).ts
    click = {"channel": CHANNEL, "ts": ts, "actionId": "start", "revision": 1}
    assert "no revision 1" in refusal(page, ADA, "click", **click)


def modal(*elements: Any) -> Any:
    label = {"type": "plain_text", "text": "Say"}
    blocks = [
        {"type": "input", "block_id": element["action_id"], "label": label, "element": element, "optional": True}
        for element in elements
    ]
    return {"type": "modal", "callback_id": "ask", "title": label, "submit": label, "blocks": blocks}


def test_a_value_of_the_wrong_form_never_reaches_the_bot(page: Page) -> None:
    options = [{"text": {"type": "plain_text", "text": "One"}, "value": "one"}]
    definition = modal(
        {"type": "plain_text_input", "action_id": "words"},
        {"type": "static_select", "action_id": "choice", "options": options},
        {"type": "checkboxes", "action_id": "several", "options": options},
    )
    page.world.slack.state.views.open(ADA, definition)
    for values in ({"words": ["a", "b"]}, {"choice": ["one"]}, {"several": "one"}, {"several": ["two"]}, {"more": "x"}):
        refusal(page, ADA, "submit", values=values)
    page.act(ADA, "dismiss", wholeStack=True)


@pytest.mark.parametrize("path", ["/", "/api/workspace", f"/api/updates?as={ADA}", "/api/world/updates", "/files/F1/a"])
@pytest.mark.parametrize("headers", [{"Host": "rebound.example"}, {"Origin": "http://rebound.example"}])
def test_another_site_cannot_look(page: Page, path: str, headers: dict[str, str]) -> None:
    assert page.ask("GET", path, **headers)[0] == 403


def test_localhost_is_this_machine_too(page: Page) -> None:
    host = page.host.replace("127.0.0.1", "localhost")
    assert page.ask("GET", "/api/workspace", Host=host, Origin=f"http://{host}")[0] == 200
    assert page.ask("GET", "/api/workspace", Host="localhost:1")[0] == 403


def test_a_bot_that_is_not_there_gets_slacks_own_notice(page: Page) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}/slack/events"
    with bot_that(page.world, lambda _request: pytest.fail("it is not asked")):
        page.world.slack.request_url = nowhere
        outcome = page.act(ADA, "command", channel=CHANNEL, command="/drs", text="plans")
    assert outcome["status"] is None
    assert outcome["notice"]["text"] == '/drs failed with the error "dispatch_failed"'


def test_a_command_that_the_manifest_does_not_have_is_refused_by_slack(page: Page) -> None:
    outcome = page.act(ADA, "command", channel=CHANNEL, command="/drill", text="")
    assert (outcome["status"], outcome["took"]) == (None, None)
    assert outcome["notice"]["text"] == "/drill is not a valid command."
