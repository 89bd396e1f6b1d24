"""A person clicks in messages; a real Bolt app, or one that behaves badly, answers."""

from __future__ import annotations

import json
import threading
from typing import Any, Protocol
from urllib.parse import parse_qs

import pytest
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from werkzeug.wrappers import Request, Response

from infra.local.slack.client import Person, person
from infra.local.slack.interactive import NotPossible
from infra.local.slack.records import Message
from infra.local.slack.server import SlackServer

CHANNEL = "C0DRDRILLS"


class Recorder(Protocol):
    answer: Any
    got: list[Request]


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(action_id: str, value: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "value": value, "text": plain(action_id.title()), **more}


def card(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "actions", "block_id": "decide", "elements": list(elements)}] if elements else []


def menu(**more: Any) -> dict[str, Any]:
    options = [{"text": plain(word), "value": word} for word in ("retry", "skip")]
    return {"type": "static_select", "action_id": "choose", "options": options, **more}


def posted(slack: SlackServer, client: WebClient, *elements: dict[str, Any], **more: Any) -> Message:
    blocks = [{"type": "section", "text": plain("Wave 2?")}, *card(*elements)]
    ts = client.chat_postMessage(channel=CHANNEL, text="Wave 2?", blocks=blocks, **more)["ts"]
    return slack.state.messages.get(CHANNEL, ts)


def payload_of(request: Request) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(parse_qs(request.get_data(as_text=True))["payload"][0])
    return payload


def test_a_click_carries_what_slack_sends(
    slack: SlackServer, client: WebClient, recorder: Recorder, grace: Person
) -> None:
    root = posted(slack, client)
    confirm = {"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes"), "deny": plain("No")}
    message = posted(slack, client, button("approve", "w2", style="primary", confirm=confirm), thread_ts=root.ts)
    grace.click(message, "approve")
    payload = payload_of(recorder.got[0])
    assert payload["type"] == "block_actions"
    assert payload["user"] == {"id": "U0GRACE", "username": "grace", "name": "grace", "team_id": "T0LOCALDR"}
    assert payload["team"] == {"id": "T0LOCALDR", "domain": "local-dr"}
    assert (payload["api_app_id"], payload["token"]) == ("A0DRILLBOT", "local-verification-token")
    assert payload["channel"] == {"id": CHANNEL, "name": "dr-drills"}
    assert payload["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": CHANNEL,
        "is_ephemeral": False,
        "thread_ts": root.ts,
    }
    assert (payload["message"]["ts"], payload["message"]["blocks"][0]["text"]["text"]) == (message.ts, "Wave 2?")
    action = payload["actions"][0]
    assert {name: action[name] for name in ("type", "action_id", "block_id", "value", "style")} == {
        "type": "button",
        "action_id": "approve",
        "block_id": "decide",
        "value": "w2",
        "style": "primary",
    }
    assert action["confirm"]["title"]["text"] == "Sure?"
    assert float(action["action_ts"]) > float(message.ts)
    assert payload["state"] == {"values": {}}
    assert payload["response_url"].startswith(f"{slack.url}/actions/T0LOCALDR/")
    assert payload["trigger_id"]
    assert recorder.got[0].mimetype == "application/x-www-form-urlencoded"


def test_of_several_buttons_with_one_action_id_the_value_picks(
    slack: SlackServer, client: WebClient, recorder: Recorder, grace: Person
) -> None:
    blocks = [{"type": "actions", "elements": [button("retry", wave)]} for wave in ("w1", "w2")]
    ts = client.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks)["ts"]
    grace.click(slack.state.messages.get(CHANNEL, ts), "retry", "w2")
    assert payload_of(recorder.got[0])["actions"][0]["value"] == "w2"


def test_a_click_uses_the_message_as_it_is_now(
    slack: SlackServer, client: WebClient, recorder: Recorder, grace: Person
) -> None:
    old = posted(slack, client, button("approve", "v1"))
    client.chat_update(channel=CHANNEL, ts=old.ts, text="x", blocks=card(button("approve", "v2")))
    grace.click(old, "approve")
    assert payload_of(recorder.got[0])["actions"][0]["value"] == "v2"


def test_a_button_that_is_gone_cannot_be_clicked(
    slack: SlackServer, client: WebClient, recorder: Recorder, grace: Person
) -> None:
    message = posted(slack, client, button("approve", "v1"), button("abort", "v1"))
    client.chat_update(channel=CHANNEL, ts=message.ts, text="x", blocks=card(button("abort", "v1")))
    with pytest.raises(NotPossible, match="abort=v1"):
        grace.click(message, "approve")
    client.chat_delete(channel=CHANNEL, ts=message.ts)
    with pytest.raises(NotPossible, match="gone"):
        grace.click(message, "abort")
    assert recorder.got == []


def test_in_a_window_that_was_not_refreshed_the_old_button_can_be_clicked(
    slack: SlackServer, client: WebClient, recorder: Recorder, grace: Person
) -> None:
    ts = posted(slack, client, button("approve", "v1")).ts
    client.chat_update(channel=CHANNEL, ts=ts, text="approved by Ada", blocks=[])
    message = slack.state.messages.get(CHANNEL, ts)
    grace.click(message, "approve", revision=0)
    payload = payload_of(recorder.got[0])
    assert payload["actions"][0]["value"] == "v1"
    assert (payload["message"]["text"], "edited" in payload["message"]) == ("Wave 2?", False)


def test_a_menu_tells_the_option_and_the_state_of_the_message(
    slack: SlackServer, client: WebClient, recorder: Recorder, grace: Person
) -> None:
    first = {"text": plain("retry"), "value": "retry"}
    message = posted(slack, client, menu(initial_option=first), button("go", "1"))
    grace.click(message, "choose", "skip")
    grace.click(message, "go")
    chosen = payload_of(recorder.got[0])["actions"][0]
    assert (chosen["type"], chosen["selected_option"]["value"]) == ("static_select", "skip")
    held = payload_of(recorder.got[1])["state"]["values"]["decide"]["choose"]
    assert (held["type"], held["selected_option"]["value"]) == ("static_select", "retry")
    with pytest.raises(NotPossible, match="retry"):
        grace.click(message, "choose", "explode")


def test_only_who_is_in_the_channel_can_click(slack: SlackServer, client: WebClient, recorder: Recorder) -> None:
    message = posted(slack, client, button("approve", "v1"))
    with pytest.raises(NotPossible, match="not in dr-drills"):
        person(slack, "mallory").click(message, "approve")
    assert recorder.got == []


def test_a_bolt_app_takes_the_click_and_changes_the_message(
    slack: SlackServer, client: WebClient, bolt: App, grace: Person
) -> None:
    @bolt.action("approve")
    def approved(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text=f"by {body['user']['name']}", blocks=[]
        )
        ack()

    message = posted(slack, client, button("approve", "v1"))
    assert grace.click(message, "approve").notice is None
    now = slack.state.messages.get(CHANNEL, message.ts).content
    assert (now.text, now.blocks) == ("by grace", ())


def test_an_ephemeral_answer_to_a_click_is_for_the_clicker_in_the_thread_asked_for(
    slack: SlackServer, client: WebClient, bolt: App, grace: Person
) -> None:
    @bolt.action("approve")
    def refused(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        respond("not you", replace_original=False, thread_ts=body["container"]["thread_ts"])

    root = posted(slack, client)
    message = posted(slack, client, button("approve", "v1"), thread_ts=root.ts)
    grace.click(message, "approve")
    shown = slack.state.private.ephemerals()
    assert [(each.viewer, each.content.text, each.thread_ts) for each in shown] == [("U0GRACE", "not you", root.ts)]
    assert len(slack.state.messages.get(CHANNEL, message.ts).revisions) == 1


def test_a_response_url_can_replace_and_delete_the_message_clicked(
    slack: SlackServer, client: WebClient, bolt: App, grace: Person
) -> None:
    @bolt.action("approve")
    def replace(ack: Ack, respond: Respond) -> None:
        ack()
        respond("replaced", blocks=card(button("abort", "v2")), replace_original=True)

    @bolt.action("abort")
    def delete(ack: Ack, respond: Respond) -> None:
        ack()
        respond(delete_original=True)

    message = posted(slack, client, button("approve", "v1"))
    grace.click(message, "approve")
    assert slack.state.messages.get(CHANNEL, message.ts).content.text == "replaced"
    grace.click(message, "abort")
    assert slack.state.messages.in_channel(CHANNEL) == []


def test_a_button_in_an_ephemeral_message_can_replace_and_remove_it(
    slack: SlackServer, client: WebClient, bolt: App, grace: Person
) -> None:
    bodies: list[dict[str, Any]] = []

    @bolt.action("next")
    def replace(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        bodies.append(body)
        ack()
        respond("page 2", blocks=card(button("done", "1")), replace_original=True)

    @bolt.action("done")
    def remove(ack: Ack, respond: Respond) -> None:
        ack()
        respond(delete_original=True)

    client.chat_postEphemeral(channel=CHANNEL, user="U0GRACE", text="page 1", blocks=card(button("next", "1")))
    shown = slack.state.private.ephemerals("U0GRACE")[0]
    grace.click(shown, "next")
    assert bodies[0]["container"] == {
        "type": "message",
        "message_ts": shown.ts,
        "channel_id": CHANNEL,
        "is_ephemeral": True,
    }
    assert "message" not in bodies[0]
    assert [each.content.text for each in slack.state.private.ephemerals()] == ["page 2"]
    with pytest.raises(NotPossible):
        person(slack, "ada").click(shown, "done")
    grace.click(shown, "done")
    assert slack.state.private.ephemerals() == []
    with pytest.raises(NotPossible, match="does not see"):
        grace.click(shown, "done")


def test_an_unmatched_action_or_a_failing_app_is_a_warning_to_the_clicker(
    slack: SlackServer, client: WebClient, bolt: App, grace: Person
) -> None:
    @bolt.action("abort")
    def fails() -> None:
        raise RuntimeError("save failed")

    message = posted(slack, client, button("approve", "v1"), button("abort", "v1"))
    assert grace.click(message, "approve").status == 404
    assert grace.click(message, "abort").status == 500
    notices = slack.state.private.notices("U0GRACE")
    assert [(notice.text, notice.about) for notice in notices] == [
        ("This app responded with Status Code 404.", "approve"),
        ("This app responded with Status Code 500.", "abort"),
    ]


def test_a_late_acknowledgement_is_told_to_the_clicker(
    slack: SlackServer, client: WebClient, recorder: Recorder, grace: Person
) -> None:
    let_go = threading.Event()

    def late() -> Response:
        let_go.wait(5)
        return Response()

    recorder.answer = late
    reply = Person(slack, grace.user, ack_seconds=0.1).click(posted(slack, client, button("go", "1")), "go")
    let_go.set()
    assert reply.notice is not None
    assert reply.notice.text == "Operation timed out. Apps need to respond within 3 seconds."


def test_the_body_of_an_acknowledged_click_is_not_shown(
    slack: SlackServer, client: WebClient, recorder: Recorder, grace: Person
) -> None:
    recorder.answer = lambda: Response("thanks")
    grace.click(posted(slack, client, button("go", "1")), "go")
    assert slack.state.private.ephemerals() == []


def test_shortcuts_reach_the_app(slack: SlackServer, client: WebClient, recorder: Recorder, grace: Person) -> None:
    message = posted(slack, client)
    grace.shortcut("start_drill")
    grace.message_shortcut(message, "explain")
    anywhere, on_message = map(payload_of, recorder.got)
    assert (anywhere["type"], anywhere["callback_id"], "channel" in anywhere) == ("shortcut", "start_drill", False)
    assert (on_message["type"], on_message["callback_id"]) == ("message_action", "explain")
    assert on_message["message_ts"] == on_message["message"]["ts"] == message.ts
    assert on_message["response_url"].startswith(f"{slack.url}/app/T0LOCALDR/")
