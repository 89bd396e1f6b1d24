"""Modals: opened, filled in, answered, closed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import parse_qs

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from werkzeug.wrappers import Request, Response

from infra.local.slack.acknowledgement import TROUBLE
from infra.local.slack.client import Person
from infra.local.slack.interactive import NotPossible
from infra.local.slack.server import SlackServer

Refusal = Callable[..., str]


class Recorder(Protocol):
    answer: Any
    got: list[Request]


class Seconds(Protocol):
    def pass_by(self, seconds: float) -> None: ...


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def text_input(block_id: str, action_id: str, *, optional: bool = False, **more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": action_id, **more}
    return {"type": "input", "block_id": block_id, "label": plain("?"), "element": element, "optional": optional}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    some = list(blocks) or [text_input("why", "reason")]
    return {
        "type": "modal",
        "callback_id": "hold",
        "title": plain("Hold"),
        "submit": plain("Go"),
        "blocks": some,
        **more,
    }


def payload_of(request: Request) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(parse_qs(request.get_data(as_text=True))["payload"][0])
    return payload


def opened(slack: SlackServer, client: WebClient, who: Person, view: dict[str, Any]) -> dict[str, Any]:
    trigger = slack.state.passes.trigger(who.user.id)
    shown: dict[str, Any] = client.views_open(trigger_id=trigger, view=view)["view"]
    return shown


def answering(response: dict[str, Any]) -> Callable[[], Response]:
    return lambda: Response(json.dumps(response), content_type="application/json")


def test_a_bolt_app_opens_a_modal_and_takes_what_was_filled_in(slack: SlackServer, bolt: App, ada: Person) -> None:
    heard: list[dict[str, Any]] = []

    @bolt.command("/drs")
    def hold(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(private_metadata="d1"))
        ack()

    @bolt.view("hold")
    def submitted(ack: Ack, view: dict[str, Any]) -> None:
        heard.append(view)
        ack()

    ada.command("/drs", "hold", channel="dr-drills")
    assert [view.definition["callback_id"] for view in slack.state.views.stack("U0ADA")] == ["hold"]
    assert ada.submit({"reason": "broken disk"}).notice is None
    assert heard[0]["state"]["values"] == {"why": {"reason": {"type": "plain_text_input", "value": "broken disk"}}}
    assert (heard[0]["private_metadata"], heard[0]["previous_view_id"]) == ("d1", None)
    assert slack.state.views.stack("U0ADA") == []


def test_a_trigger_is_good_once_and_for_three_seconds(
    slack: SlackServer, client: WebClient, refusal: Refusal, clock: Seconds
) -> None:
    trigger = slack.state.passes.trigger("U0ADA")
    clock.pass_by(2.9)
    client.views_open(trigger_id=trigger, view=modal())
    assert refusal(client.views_open, trigger_id=trigger, view=modal()) == "exchanged_trigger_id"
    late = slack.state.passes.trigger("U0ADA")
    clock.pass_by(3.1)
    assert refusal(client.views_open, trigger_id=late, view=modal()) == "expired_trigger_id"
    assert refusal(client.views_open, trigger_id="1.2.3", view=modal()) == "invalid_trigger_id"


def test_a_view_slack_would_refuse_is_refused_and_the_trigger_stays_good(
    slack: SlackServer, client: WebClient, refusal: Refusal
) -> None:
    trigger = slack.state.passes.trigger("U0ADA")
    too_long = modal(title=plain("x" * 25))
    assert refusal(client.views_open, trigger_id=trigger, view=too_long) == "invalid_arguments"
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    assert refusal(client.views_open, trigger_id=trigger, view=home) == "invalid_arguments"
    heavy = modal(*[{"type": "section", "text": plain("x" * 3000)}] * 90)
    assert refusal(client.views_open, trigger_id=trigger, view=heavy) == "view_too_large"
    assert client.views_open(trigger_id=trigger, view=modal())["view"]["id"]


def test_views_are_at_most_three_deep(slack: SlackServer, client: WebClient, refusal: Refusal, ada: Person) -> None:
    push = slack.state.passes.trigger
    assert refusal(client.views_push, trigger_id=push("U0ADA"), view=modal()) == "not_found"
    root = opened(slack, client, ada, modal())
    second = client.views_push(trigger_id=push("U0ADA"), view=modal())["view"]
    assert (second["root_view_id"], second["previous_view_id"]) == (root["id"], root["id"])
    client.views_push(trigger_id=push("U0ADA"), view=modal())
    assert refusal(client.views_push, trigger_id=push("U0ADA"), view=modal()) == "push_limit_reached"


def test_a_hash_guards_an_update_against_a_race(
    slack: SlackServer, client: WebClient, refusal: Refusal, ada: Person
) -> None:
    view = opened(slack, client, ada, modal(external_id="drill-1"))
    changed = client.views_update(view_id=view["id"], hash=view["hash"], view=modal())["view"]
    assert changed["hash"] != view["hash"]
    assert refusal(client.views_update, view_id=view["id"], hash=view["hash"], view=modal()) == "hash_conflict"
    assert refusal(client.views_update, view_id="V0NONE", view=modal()) == "not_found"
    assert refusal(client.api_call, api_method="views.update", json={"view": modal()}) == "invalid_arguments"


def test_a_view_can_be_found_by_its_external_id_which_is_unique(
    slack: SlackServer, client: WebClient, refusal: Refusal, ada: Person, grace: Person
) -> None:
    opened(slack, client, ada, modal(external_id="drill-1"))
    trigger = slack.state.passes.trigger(grace.user.id)
    duplicate = modal(external_id="drill-1")
    assert refusal(client.views_open, trigger_id=trigger, view=duplicate) == "duplicate_external_id"
    assert client.views_update(external_id="drill-1", view=modal(title=plain("New")))["view"]["title"]["text"] == "New"


def test_errors_are_shown_and_the_modal_stays(
    slack: SlackServer, client: WebClient, recorder: Recorder, ada: Person
) -> None:
    opened(slack, client, ada, modal())
    recorder.answer = answering({"response_action": "errors", "errors": {"why": "say more"}})
    assert ada.submit({"reason": "x"}).notice is None
    assert [view.errors for view in slack.state.views.stack("U0ADA")] == [{"why": "say more"}]


def test_update_push_and_clear_are_honoured(
    slack: SlackServer, client: WebClient, recorder: Recorder, ada: Person
) -> None:
    opened(slack, client, ada, modal())
    recorder.answer = answering({"response_action": "update", "view": modal(title=plain("Sure?"))})
    ada.submit({"reason": "x"})
    recorder.answer = answering({"response_action": "push", "view": modal(title=plain("Really?"))})
    ada.submit({"reason": "x"})
    titles = [view.definition["title"]["text"] for view in slack.state.views.stack("U0ADA")]
    assert titles == ["Sure?", "Really?"]
    recorder.answer = answering({"response_action": "clear"})
    ada.submit({"reason": "x"})
    assert slack.state.views.stack("U0ADA") == []


@pytest.mark.usefixtures("recorder")
def test_an_empty_acknowledgement_closes_the_top_view_only(slack: SlackServer, client: WebClient, ada: Person) -> None:
    root = opened(slack, client, ada, modal())
    client.views_push(trigger_id=slack.state.passes.trigger("U0ADA"), view=modal())
    ada.submit({"reason": "x"})
    assert [view.id for view in slack.state.views.stack("U0ADA")] == [root["id"]]


@pytest.mark.parametrize(
    "answer",
    [
        lambda: Response("oops", 500),
        lambda: Response("not json"),
        answering({"response_action": "errors", "errors": {"unknown": "x"}}),
        answering({"response_action": "errors", "errors": {}}),
        answering({"response_action": "explode"}),
        answering({"response_action": "update", "view": {"type": "modal"}}),
    ],
)
def test_an_answer_slack_cannot_use_is_trouble_and_the_modal_stays(
    slack: SlackServer, client: WebClient, recorder: Recorder, ada: Person, answer: Callable[[], Response]
) -> None:
    opened(slack, client, ada, modal())
    recorder.answer = answer
    notice = ada.submit({"reason": "x"}).notice
    assert notice is not None
    assert notice.text == TROUBLE
    assert len(slack.state.views.stack("U0ADA")) == 1


def test_slack_does_not_submit_what_is_not_filled_in(
    slack: SlackServer, client: WebClient, recorder: Recorder, ada: Person
) -> None:
    opened(slack, client, ada, modal(text_input("why", "reason", min_length=3), text_input("b", "note", optional=True)))
    for filled in ({}, {"reason": ""}, {"reason": "no"}, {"reason": "good", "rason": "x"}):
        with pytest.raises(NotPossible):
            ada.submit(filled)
    assert recorder.got == []
    ada.submit({"reason": "good"})
    held = payload_of(recorder.got[0])["view"]["state"]["values"]
    assert held["b"]["note"] == {"type": "plain_text_input", "value": None}


def test_an_input_that_was_emptied_is_told_as_null_and_not_as_it_began(
    slack: SlackServer, client: WebClient, recorder: Recorder, ada: Person
) -> None:
    opened(slack, client, ada, modal(text_input("b", "note", optional=True, initial_value="as it began")))
    ada.submit({"note": ""})
    held = payload_of(recorder.got[0])["view"]["state"]["values"]
    assert held["b"]["note"] == {"type": "plain_text_input", "value": None}


def test_every_kind_of_input_tells_its_value(
    slack: SlackServer, client: WebClient, recorder: Recorder, ada: Person
) -> None:
    options = [{"text": plain(word), "value": word} for word in ("a", "b", "c")]
    elements: list[dict[str, Any]] = [
        {"type": "static_select", "action_id": "one", "options": options},
        {"type": "checkboxes", "action_id": "many", "options": options},
        {"type": "users_select", "action_id": "who", "initial_user": "U0GRACE"},
        {"type": "datepicker", "action_id": "day"},
        {"type": "datetimepicker", "action_id": "moment"},
    ]
    blocks = [
        {"type": "input", "block_id": each["action_id"], "label": plain("?"), "element": each} for each in elements
    ]
    opened(slack, client, ada, modal(*blocks))
    ada.submit({"one": "b", "many": ["a", "c"], "day": "2026-03-02", "moment": "1772445600"})
    held = payload_of(recorder.got[0])["view"]["state"]["values"]
    assert held["one"]["one"]["selected_option"]["value"] == "b"
    assert [option["value"] for option in held["many"]["many"]["selected_options"]] == ["a", "c"]
    assert held["who"]["who"]["selected_user"] == "U0GRACE"
    assert held["day"]["day"]["selected_date"] == "2026-03-02"
    assert held["moment"]["moment"]["selected_date_time"] == 1_772_445_600


def test_closing_is_told_only_where_it_was_asked_for(
    slack: SlackServer, client: WebClient, recorder: Recorder, ada: Person
) -> None:
    opened(slack, client, ada, modal())
    client.views_push(
        trigger_id=slack.state.passes.trigger("U0ADA"), view=modal(notify_on_close=True, callback_id="inner")
    )
    assert len(ada.dismiss(whole_stack=True)) == 1
    payload = payload_of(recorder.got[0])
    assert (payload["type"], payload["view"]["callback_id"], payload["is_cleared"]) == ("view_closed", "inner", True)
    assert "trigger_id" not in payload
    with pytest.raises(NotPossible):
        ada.dismiss()


def test_a_click_in_a_modal_carries_the_view(
    slack: SlackServer, client: WebClient, recorder: Recorder, ada: Person
) -> None:
    button = {"type": "button", "action_id": "more", "value": "1", "text": plain("More")}
    view = opened(slack, client, ada, modal(text_input("why", "reason"), {"type": "actions", "elements": [button]}))
    ada.click_in_view("more")
    payload = payload_of(recorder.got[0])
    assert payload["container"] == {"type": "view", "view_id": view["id"]}
    assert (payload["view"]["hash"], "message" in payload, "response_url" in payload) == (view["hash"], False, False)


def test_an_external_select_offers_what_the_app_answers(
    slack: SlackServer, client: WebClient, recorder: Recorder, ada: Person
) -> None:
    element = {"type": "external_select", "action_id": "plan", "min_query_length": 1}
    opened(slack, client, ada, modal({"type": "input", "block_id": "p", "label": plain("Plan"), "element": element}))
    offered = [{"text": plain("Payments"), "value": "payments"}]
    recorder.answer = answering({"options": offered})
    assert ada.search("plan", "pay") == offered
    payload = payload_of(recorder.got[0])
    assert (payload["type"], payload["block_id"], payload["value"]) == ("block_suggestion", "p", "pay")
