"""Modals on the page, with a bot that opens one and judges what is filled in."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect
from slack_sdk import WebClient
from werkzeug.wrappers import Request, Response

from infra.local.world import World
from tests.browser.conftest import AXE, Open
from tests.browser.window import PATIENCE, Window
from tests.fakes.bots import bot_that


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.capitalize()), "value": value}


def field(name: str, element: dict[str, Any], *, optional: bool = False) -> dict[str, Any]:
    label = plain(name.capitalize())
    return {
        "type": "input",
        "block_id": f"b-{name}",
        "label": label,
        "optional": optional,
        "element": {"action_id": name, **element},
    }


MODAL = {
    "type": "modal",
    "callback_id": "asked",
    "title": plain("Reject wave 2"),
    "submit": plain("Reject"),
    "close": plain("Not now"),
    "notify_on_close": True,
    "blocks": [
        field("why", {"type": "plain_text_input", "multiline": True}),
        field("plan", {"type": "static_select", "options": [option("payments"), option("datacenter")]}),
        field("who", {"type": "users_select"}, optional=True),
        field("checks", {"type": "checkboxes", "options": [option("disks"), option("network")]}, optional=True),
        field("severity", {"type": "radio_buttons", "options": [option("low"), option("high")]}, optional=True),
        field("day", {"type": "datepicker", "initial_date": "2026-03-02"}, optional=True),
        field("server", {"type": "external_select", "min_query_length": 1}, optional=True),
    ],
}


class Judge:
    """Opens the modal at any command; refuses a reason of one word; keeps what it is sent."""

    def __init__(self, world: World) -> None:
        app = world.slack.state.app
        self.slack = WebClient(token=app.bot_token, base_url=world.slack.api_url)
        self.sent: list[dict[str, Any]] = []
        self.came = threading.Event()

    def __call__(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs(request.get_data(as_text=True)).items()}
        if "command" in form:
            self.slack.views_open(trigger_id=form["trigger_id"], view=MODAL)
            return Response("")
        payload = json.loads(form["payload"])
        self.sent.append(payload)
        self.came.set()
        return self._answer(payload)

    def _answer(self, payload: dict[str, Any]) -> Response:
        if payload["type"] == "block_suggestion":
            found = [option("ledger-db-1")] if "ledger-db-1".startswith(payload["value"]) else []
            return Response(json.dumps({"options": found}), content_type="application/json")
        why = payload["view"]["state"]["values"].get("b-why", {}).get("why", {}).get("value") or ""
        if payload["type"] == "view_submission" and " " not in why:
            errors = {"response_action": "errors", "errors": {"b-why": "Say why, in a sentence."}}
            return Response(json.dumps(errors), content_type="application/json")
        return Response("")


@pytest.fixture
def judge(world: World) -> Iterator[Judge]:
    judge = Judge(world)
    with bot_that(world, judge):
        yield judge


def test_a_modal_is_filled_in_refused_corrected_and_submitted(ada: Window, judge: Judge, open_window: Open) -> None:
    ada.type("/drs anything")
    modal = ada.page.get_by_role("dialog", name="Reject wave 2")
    expect(modal).to_be_visible()
    assert ada.violations(AXE.read_text(), "dialog") == []
    expect(open_window("Grace").page.get_by_role("dialog")).to_have_count(0)
    modal.get_by_label("Why").fill("No")
    modal.get_by_label("Plan").select_option("datacenter")
    modal.get_by_label("Who").select_option(label="Grace")
    modal.get_by_label("Disks").check()
    modal.get_by_label("High").check()
    server = modal.get_by_label("Server")
    server.press_sequentially("ledger")
    expect(modal.locator("datalist option")).to_have_attribute("value", "Ledger-db-1")
    server.fill("Ledger-db-1")
    modal.get_by_role("button", name="Reject").click()
    expect(modal.get_by_role("alert")).to_have_text("Say why, in a sentence.")
    modal.get_by_label("Why").fill("The replica lags.")
    modal.get_by_role("button", name="Reject").click()
    expect(modal).to_have_count(0)
    values = judge.sent[-1]["view"]["state"]["values"]
    assert values["b-why"]["why"]["value"] == "The replica lags."
    assert values["b-plan"]["plan"]["selected_option"]["value"] == "datacenter"
    assert values["b-who"]["who"]["selected_user"] == "U0GRACE001"
    assert [each["value"] for each in values["b-checks"]["checks"]["selected_options"]] == ["disks"]
    assert values["b-severity"]["severity"]["selected_option"]["value"] == "high"
    assert values["b-day"]["day"]["selected_date"] == "2026-03-02"
    assert values["b-server"]["server"]["selected_option"]["value"] == "ledger-db-1"


def test_escape_closes_a_modal_and_the_bot_hears_of_it(ada: Window, judge: Judge) -> None:
    ada.type("/drs anything")
    expect(ada.dialog).to_be_visible()
    ada.page.keyboard.press("Escape")
    expect(ada.page.get_by_role("dialog")).to_have_count(0)
    assert judge.came.wait(PATIENCE / 1_000)  # nobody waits for it: the modal has gone before the bot hears of it
    assert [payload["type"] for payload in judge.sent] == ["view_closed"]
