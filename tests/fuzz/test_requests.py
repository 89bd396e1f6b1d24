"""Whatever a signed request says: it is answered in order, changes nothing, and no secret gets into the log."""

from __future__ import annotations

import copy
import io
import json
import logging
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt import App
from slack_sdk.signature import SignatureVerifier

from bot.adapters.secrets import GivenSecrets
from bot.domain.approval import Action
from bot.slack.app import answer, build_app
from tests.fuzz.shapes import ANYTHING, FUZZ, changed
from tests.unit.application.house import House
from tests.unit.plans import CHANNEL, EVE, TEAM

SIGNING_SECRET, BOT_TOKEN = "signing-secret-of-nobody", "xoxb-token-of-nobody"
NOWHERE = "http://127.0.0.1:9/"
VALUE = json.dumps({"drill": "payments-1", "wave": 2, "round": 1})
PERSON = {"id": EVE.user_id, "team_id": TEAM, "username": "eve"}
COMMON = {"user": PERSON, "team": {"id": TEAM, "domain": "simulated"}, "trigger_id": "1.1", "api_app_id": "A0"}
MESSAGE = {"ts": "1772445600.000100", "type": "message", "text": "Started.", "user": "U0BOT"}
STATE = {"values": {"words": {"words": {"type": "plain_text_input", "value": "No."}}}}
PAYLOADS: tuple[dict[str, Any], ...] = (
    {
        **COMMON,
        "type": "block_actions",
        "channel": {"id": CHANNEL, "name": "drills"},
        "container": {"type": "message", "message_ts": MESSAGE["ts"], "channel_id": CHANNEL},
        "message": MESSAGE,
        "response_url": NOWHERE,
        "actions": [{"type": "button", "action_id": "approve", "block_id": "actions", "value": VALUE}],
    },
    {
        **COMMON,
        "type": "view_submission",
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": "reject",
            "private_metadata": VALUE,
            "state": STATE,
            "team_id": TEAM,
        },
    },
    {
        **COMMON,
        "type": "message_action",
        "callback_id": "add_note",
        "channel": {"id": CHANNEL},
        "message": MESSAGE,
        "response_url": NOWHERE,
    },
)
COMMAND = {
    "command": "/drs",
    "text": "approve payments-1",
    "user_id": EVE.user_id,
    "team_id": TEAM,
    "channel_id": CHANNEL,
    "response_url": NOWHERE,
    "trigger_id": "1.1",
}
OPENED = {"type": "event_callback", "team_id": TEAM, "event": {"type": "app_home_opened", "user": EVE.user_id}}
ANSWERS = {200, 400, 404, 409, 500, 503}


class Bot:
    """The bot's door over a drill that waits for the approval of its second wave."""

    def __init__(self) -> None:
        self.house = House()
        drill_id = self.house.launched()
        self.house.follow(drill_id)
        secrets = GivenSecrets(bot_token=BOT_TOKEN, signing_secret=SIGNING_SECRET)
        self.app: App = build_app(self.house.drills, secrets=secrets, slack_api_url=NOWHERE)

    @property
    def state(self) -> object:
        """All that is stored but for refusals, which are there to be written."""
        table = self.house.table
        return table.drills, dict(table.work), {name: list(found) for name, found in table.records.items()}

    def ask(self, body: str, content_type: str = "application/x-www-form-urlencoded") -> dict[str, Any]:
        """Send it, signed."""
        timestamp = str(int(time.time()))
        signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=timestamp, body=body)
        headers = {
            "content-type": content_type,
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": signature,
        }
        http = {"method": "POST", "path": "/slack/events"}
        event = {"version": "2.0", "requestContext": {"http": http}, "headers": headers, "body": body}
        return answer(self.app, {**event, "isBase64Encoded": False})


@pytest.fixture(scope="module")
def bot() -> Bot:
    return Bot()


@pytest.fixture(autouse=True)
def log() -> Iterator[io.StringIO]:
    """All that is logged, with tracebacks: no secret is in it at the end."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)
    assert SIGNING_SECRET not in written.getvalue()
    assert BOT_TOKEN not in written.getvalue()


def expect_order(bot: Bot, before: object, given: dict[str, Any]) -> None:
    """Slack, or whoever has its secret, gets an answer that has a reference if it is an error; nothing has changed."""
    status, body = given["statusCode"], given["body"]
    assert status in ANSWERS, given
    assert status != 500 or json.loads(body)["reference"], given
    assert bot.state == before


@FUZZ
@given(data=st.data())
def test_an_interaction_that_is_not_as_slack_sends_it_changes_nothing(bot: Bot, data: st.DataObject) -> None:
    before = copy.deepcopy(bot.state)
    payload = changed(data.draw(st.sampled_from(PAYLOADS)), data)
    expect_order(bot, before, bot.ask(urlencode({"payload": json.dumps(payload)})))


@FUZZ
@given(text=st.text(max_size=300), field=st.sampled_from(sorted(COMMAND)), junk=st.text(max_size=60))
def test_a_command_of_whatever_words_changes_nothing(bot: Bot, text: str, field: str, junk: str) -> None:
    before = copy.deepcopy(bot.state)
    encodable = text.encode("utf-8", "replace").decode()
    fields = {**COMMAND, "text": encodable}
    expect_order(bot, before, bot.ask(urlencode(fields)))
    expect_order(bot, before, bot.ask(urlencode({**fields, field: junk.encode("utf-8", "replace").decode()})))


@FUZZ
@given(data=st.data())
def test_an_event_that_is_not_as_slack_sends_it_changes_nothing(bot: Bot, data: st.DataObject) -> None:
    before = [bot.house.table.drills, bot.house.table.records]
    event = changed(OPENED, data)
    given = bot.ask(json.dumps(event), "application/json")
    assert given["statusCode"] in ANSWERS
    assert [bot.house.table.drills, bot.house.table.records] == before


@FUZZ
@given(body=st.text(max_size=400))
def test_a_body_of_anything_is_answered(bot: Bot, body: str) -> None:
    before = copy.deepcopy(bot.state)
    expect_order(bot, before, bot.ask(body.encode("utf-8", "replace").decode()))


@FUZZ
@given(value=st.text(max_size=200) | ANYTHING.map(json.dumps), action=st.sampled_from(sorted(Action)))
def test_a_button_of_whatever_value_gives_a_stranger_nothing(bot: Bot, value: str, action: Action) -> None:
    before = copy.deepcopy(bot.state)
    click = copy.deepcopy(PAYLOADS[0])
    click["actions"][0] |= {"action_id": action.value, "value": value.encode("utf-8", "replace").decode()}
    expect_order(bot, before, bot.ask(urlencode({"payload": json.dumps(click)})))
    click["actions"][0]["value"] = VALUE
    expect_order(bot, before, bot.ask(urlencode({"payload": json.dumps(click)})))
