"""Requests that do not come from Slack, or come twice: refused, and nothing is changed."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.domain.states import DrillState
from bot.slack.app import answer
from bot.slack.door import MAX_BODY, Admitted, Refused, admit
from infra.local.slack.client import Person, Reply
from infra.local.slack.delivery import FORM, JSON
from tests.handlers.slack.bot import CHANNEL, Bot

HEADERS = {
    "content-type": FORM,
    "x-slack-signature": "v0=" + "0" * 64,
    "x-slack-request-timestamp": "1772445600",
}
COMMAND = "command=%2Fdrs&text=help"
OPENED = '{"type":"event_callback","team_id":"T0LOCALDR","event":{"type":"app_home_opened","user":"U0ADA"}}'


def event(body: str = COMMAND, headers: Mapping[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    """An event of the HTTP API."""
    return {
        "version": "2.0",
        "requestContext": {"http": {"method": "POST", "path": "/slack/events"}},
        "headers": {**HEADERS, **(headers or {})},
        "body": base64.b64encode(body.encode()).decode(),
        "isBase64Encoded": True,
        **changes,
    }


# ---------------------------------------------------------------------- over HTTP


def start(bot: Bot, somebody: Person) -> Reply:
    return somebody.click(bot.card(), "start")


def assert_refused(bot: Bot, reply: Reply, status: HTTPStatus) -> None:
    assert reply.status == status
    assert bot.drill.state is DrillState.READY
    assert len(bot.told(bot.ada)) == 1, "but for the answer to the command before, nobody is told anything"


def test_a_wrong_signature(bot: Bot) -> None:
    bot.ready()
    assert_refused(bot, start(bot, bot.ada.tampered(secret="guessed")), HTTPStatus.UNAUTHORIZED)


@pytest.mark.parametrize("age", [301, 86_400, -400])
def test_a_timestamp_too_far_from_now(bot: Bot, age: float) -> None:
    bot.ready()
    assert_refused(bot, start(bot, bot.ada.tampered(age=age)), HTTPStatus.UNAUTHORIZED)


@pytest.mark.parametrize("header", ["X-Slack-Bolt-Lazy-Only", "x-slack-bolt-lazy-function-name"])
def test_headers_that_only_bolt_itself_may_send(bot: Bot, header: str) -> None:
    bot.ready()
    assert_refused(bot, start(bot, bot.ada.tampered(headers={header: "1"})), HTTPStatus.BAD_REQUEST)


def test_a_body_that_is_no_form(bot: Bot) -> None:
    bot.ready()
    body = json.dumps({"type": "block_actions", "actions": []}).encode()
    attack = bot.ada.tampered(body=body, content_type=JSON)
    assert_refused(bot, start(bot, attack), HTTPStatus.BAD_REQUEST)
    attack = bot.ada.tampered(body=body, content_type="text/plain")
    assert_refused(bot, start(bot, attack), HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


def test_a_click_sent_a_second_time(bot: Bot) -> None:
    bot.ready()
    first = start(bot, bot.ada)
    started = bot.drill
    assert bot.ada.replay(first).status == HTTPStatus.CONFLICT
    assert bot.drill == started
    assert len(bot.told(bot.ada)) == 1, "nobody is told anything of it"


def test_a_command_sent_a_second_time_asks_for_no_second_drill(bot: Bot) -> None:
    reply = bot.ada.command("/drs", "drill payments", channel=CHANNEL)
    again = bot.ada.replay(reply)
    assert "waits to be started already" in again.answer.body
    assert len(bot.table.drills) == 1
    assert len(bot.told(bot.ada)) == 1


def test_a_command_sent_a_second_time_asks_for_no_drill_once_the_first_one_is_over(bot: Bot) -> None:
    reply = bot.ada.command("/drs", "drill payments", channel=CHANNEL)
    bot.ada.command("/drs", "abort", channel=CHANNEL)
    assert bot.ada.replay(reply).status == HTTPStatus.CONFLICT
    assert len(bot.table.drills) == 1


def test_an_approval_sent_a_second_time_counts_once(bot: Bot) -> None:
    bot.started()
    bot.launched()
    reply = bot.grace.click(bot.message("approval/2/1"), "approve")
    approved = bot.drill
    bot.grace.replay(reply)
    assert bot.drill == approved


# ---------------------------------------------------------------------- at the door


def test_a_form_of_slacks_is_let_in() -> None:
    admitted = admit(event(headers={"Content-Type": f"{FORM}; charset=utf-8"}))
    assert isinstance(admitted, Admitted)
    assert admitted.body == COMMAND
    assert admit({**event(), "isBase64Encoded": False, "body": COMMAND}) == admit(event())


@pytest.mark.parametrize("kind", [JSON, f"{JSON}; charset=utf-8", "Application/JSON"])
def test_an_event_of_slacks_is_let_in_as_text_and_as_base64(kind: str) -> None:
    admitted = admit(event(OPENED, {"content-type": kind}))
    assert isinstance(admitted, Admitted)
    assert (admitted.body, admitted.is_command) == (OPENED, False)
    assert admit({**event(headers={"content-type": kind}), "isBase64Encoded": False, "body": OPENED}) == admitted


def test_a_retry_of_slacks_is_let_in() -> None:
    retry = {"content-type": JSON, "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"}
    assert isinstance(admit(event(OPENED, retry)), Admitted)


NO_HTTP = {"version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}}


@pytest.mark.parametrize(
    ("refused", "status"),
    [
        ({}, HTTPStatus.BAD_REQUEST),
        (NO_HTTP, HTTPStatus.BAD_REQUEST),
        ({"Records": [{"eventSource": "aws:sqs"}]}, HTTPStatus.BAD_REQUEST),
        ({"requestContext": {"http": "POST"}, "isBase64Encoded": True}, HTTPStatus.BAD_REQUEST),
        ({key: value for key, value in event().items() if key != "isBase64Encoded"}, HTTPStatus.BAD_REQUEST),
        (event(isBase64Encoded="true"), HTTPStatus.BAD_REQUEST),
        (event(requestContext={"http": {"method": "GET"}}), HTTPStatus.METHOD_NOT_ALLOWED),
        (event(headers={"content-type": "application/json"}), HTTPStatus.BAD_REQUEST),
        (event(headers={"content-type": "multipart/form-data; boundary=x"}), HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
        ({**event(), "headers": None}, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
        (event(headers={"x-slack-bolt-lazy-only": ""}), HTTPStatus.BAD_REQUEST),
        (event(headers={"X-SLACK-BOLT-ANYTHING": "1"}), HTTPStatus.BAD_REQUEST),
        (event(headers={"x-slack-signature": ""}), HTTPStatus.UNAUTHORIZED),
        (event(headers={"x-slack-signature": "v0=é"}), HTTPStatus.UNAUTHORIZED),
        (event(headers={"x-slack-request-timestamp": "yesterday"}), HTTPStatus.UNAUTHORIZED),
        (event(headers={"x-slack-request-timestamp": ""}), HTTPStatus.UNAUTHORIZED),
        (event(body="not base64 at all"), HTTPStatus.BAD_REQUEST),
        ({**event(), "body": "%%%"}, HTTPStatus.BAD_REQUEST),
        ({**event(), "body": base64.b64encode(b"\xff\xfe").decode()}, HTTPStatus.BAD_REQUEST),
        ({**event(), "body": None}, HTTPStatus.BAD_REQUEST),
        (event('{"command":"/drs"}'), HTTPStatus.BAD_REQUEST),
        (event('{"a":1}&payload={}'), HTTPStatus.BAD_REQUEST),
        (event("challenge=1"), HTTPStatus.BAD_REQUEST),
        (event(OPENED), HTTPStatus.BAD_REQUEST),
        (event(OPENED, {"content-type": "text/plain"}), HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
        (event(OPENED, {"content-type": "application/json-patch+json"}), HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
        (event(f" {OPENED}", {"content-type": JSON}), HTTPStatus.BAD_REQUEST),
        (event(f"[{OPENED}]", {"content-type": JSON}), HTTPStatus.BAD_REQUEST),
        (event('{"type":"event_callback"}', {"content-type": JSON}), HTTPStatus.BAD_REQUEST),
        (event('{"type":"app_rate_limited"}', {"content-type": JSON}), HTTPStatus.BAD_REQUEST),
        (event(COMMAND, {"content-type": JSON}), HTTPStatus.BAD_REQUEST),
        (event(OPENED + " " * MAX_BODY, {"content-type": JSON}), HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        (event("command=" + "x" * MAX_BODY), HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    ],
)
def test_anything_else_is_turned_away(refused: dict[str, Any], status: HTTPStatus) -> None:
    turned_away = admit(refused)
    assert isinstance(turned_away, Refused)
    assert turned_away.response["statusCode"] == status
    assert json.loads(turned_away.response["body"]) == {"error": turned_away.why}


@pytest.mark.parametrize(
    "payload", ["", "no json", "[]", "null", "1", '{"team":5}', '{"user":[]}', "[" * 100_000, '{"view":{"team_id":[]}}']
)
def test_what_bolt_would_stumble_over_before_it_has_verified_anything_is_refused(bot: Bot, payload: str) -> None:
    response = answer(bot.app, event(urlencode({"payload": payload})))
    assert response["statusCode"] in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}


@pytest.mark.parametrize(
    "payload",
    [
        '{"type":"view_submission","view":null}',
        '{"type":"view_submission","view":{"callback_id":null}}',
        '{"type":"view_submission","view":{"callback_id":"reject","blocks":["a"]}}',
        '{"type":"view_submission","view":{"callback_id":"reject","blocks":5}}',
        '{"type":"view_submission","view":[]}',
    ],
)
def test_a_signed_form_that_is_not_shaped_as_slacks_is_told_so(
    bot: Bot, caplog: pytest.LogCaptureFixture, payload: str
) -> None:
    reply = sends(bot, payload)
    assert reply.status == HTTPStatus.OK
    assert json.loads(reply.answer.body)["response_action"] in {"push", "update"}
    if found := re.search(r"under the reference `?([0-9a-f]{8})", reply.answer.body):
        assert logged(caplog) == [found[1]]
    else:
        assert "The bot does not understand what Slack sent." in reply.answer.body


@pytest.mark.parametrize(
    "payload",
    [
        '{"type":"block_actions","actions":{}}',
        '{"type":"block_actions","actions":[]}',
        '{"type":"block_actions","actions":null,"response_url":"http://127.0.0.1:9/"}',
        '{"type":"event_callback","event":null}',
    ],
)
def test_what_else_is_signed_and_not_shaped_as_slacks_is_refused_and_logged_under_the_reference_it_is_given(
    bot: Bot, caplog: pytest.LogCaptureFixture, payload: str
) -> None:
    reply = sends(bot, payload)
    assert reply.status == HTTPStatus.BAD_REQUEST
    said = json.loads(reply.answer.body)
    assert said == {"error": "unreadable payload", "reference": said["reference"]}
    assert logged(caplog) == [said["reference"]]


def sends(bot: Bot, payload: str) -> Reply:
    body = urlencode({"payload": payload}).encode()
    return bot.ada.tampered(body=body, content_type=FORM).command("/drs", "help", channel=CHANNEL)


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.reference for record in caplog.records if hasattr(record, "reference")]


def test_the_door_leaves_the_event_as_it_is() -> None:
    given = event()
    before = json.dumps(given)
    admit(given)
    assert json.dumps(given) == before
