"""A person types a slash command; a real Bolt app, or one that behaves badly, answers."""

from __future__ import annotations

import json
import threading
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_bolt import Ack, App, Respond
from slack_sdk.signature import SignatureVerifier
from werkzeug.wrappers import Request, Response

from infra.local.slack.client import Person, person
from infra.local.slack.feed import ChangeKind
from infra.local.slack.interactive import NotPossible
from infra.local.slack.server import SlackServer

CHANNEL = "C0DRDRILLS"


class Recorder(Protocol):
    answer: Any
    got: list[Request]


def seen_by(slack: SlackServer, viewer: str) -> list[str]:
    return [shown.content.text for shown in slack.state.private.ephemerals(viewer)]


def test_a_command_carries_all_of_slacks_fields_and_headers(
    slack: SlackServer, recorder: Recorder, ada: Person
) -> None:
    reply = ada.command("/drs", "drill payments & more", channel="dr-drills")
    assert reply.status == 200
    request = recorder.got[0]
    fields = {name: values[0] for name, values in parse_qs(request.get_data(as_text=True)).items()}
    assert fields.pop("response_url").startswith(f"{slack.url}/commands/T0LOCALDR/")
    assert len(fields.pop("trigger_id").split(".")) == 3
    assert fields == {
        "token": "local-verification-token",
        "team_id": "T0LOCALDR",
        "team_domain": "local-dr",
        "channel_id": CHANNEL,
        "channel_name": "dr-drills",
        "user_id": "U0ADA",
        "user_name": "ada",
        "command": "/drs",
        "text": "drill payments & more",
        "api_app_id": "A0DRILLBOT",
        "is_enterprise_install": "false",
    }
    assert request.headers["User-Agent"] == "Slackbot 1.0 (+https://api.slack.com/robots)"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    verifier = SignatureVerifier(slack.state.app.signing_secret)
    assert verifier.is_valid_request(request.get_data(), dict(request.headers))


@pytest.mark.parametrize(("channel", "told"), [("secret", "privategroup"), ("D0ADA", "directmessage")])
def test_private_channel_names_are_not_told(
    slack: SlackServer, recorder: Recorder, ada: Person, channel: str, told: str
) -> None:
    slack.state.direct_messages("U0ADA")
    ada.command("/drs", channel=channel)
    assert parse_qs(recorder.got[0].get_data(as_text=True))["channel_name"] == [told]


def test_a_bolt_apps_text_is_shown_to_the_person_alone(slack: SlackServer, bolt: App, ada: Person) -> None:
    @bolt.command("/drs")
    def answer(ack: Ack, command: dict[str, Any]) -> None:
        ack(f"you typed {command['text']}")

    assert ada.command("/drs", "help", channel="dr-drills").notice is None
    assert seen_by(slack, "U0ADA") == ["you typed help"]
    assert slack.state.messages.in_channel(CHANNEL) == []


def test_an_in_channel_answer_is_a_message_for_all(slack: SlackServer, bolt: App, ada: Person) -> None:
    @bolt.command("/drs")
    def answer(ack: Ack) -> None:
        ack(text="hello all", response_type="in_channel")

    ada.command("/drs", channel="dr-drills")
    assert [message.content.text for message in slack.state.messages.in_channel(CHANNEL)] == ["hello all"]
    assert seen_by(slack, "U0ADA") == []


def test_an_empty_acknowledgement_shows_nothing(slack: SlackServer, bolt: App, ada: Person) -> None:
    @bolt.command("/drs")
    def answer(ack: Ack) -> None:
        ack()

    assert ada.command("/drs", channel="dr-drills").status == 200
    assert slack.state.feed.changes() == []


def test_bolts_respond_reaches_the_person_five_times(slack: SlackServer, bolt: App, ada: Person) -> None:
    statuses: list[int] = []

    @bolt.command("/drs")
    def answer(ack: Ack, respond: Respond) -> None:
        ack()
        statuses.extend(respond(f"part {number}").status_code for number in range(6))

    ada.command("/drs", channel="dr-drills")
    assert statuses == [200] * 5 + [404]
    assert seen_by(slack, "U0ADA") == [f"part {number}" for number in range(5)]


def test_in_a_thread_slack_itself_refuses_and_the_app_hears_nothing(
    slack: SlackServer, recorder: Recorder, ada: Person
) -> None:
    root = ada.say("hello", channel="dr-drills")
    reply = ada.command("/drs", "status", channel="dr-drills", thread_ts=root.ts)
    assert recorder.got == []
    assert (reply.request, reply.status) == (None, None)
    assert [notice.text for notice in slack.state.private.notices("U0ADA")] == [
        "/drs is not supported in threads. Sorry!"
    ]


def test_a_command_nobody_made_goes_nowhere(recorder: Recorder, ada: Person) -> None:
    reply = ada.command("/drss", channel="dr-drills")
    assert recorder.got == []
    assert reply.notice is not None
    assert reply.notice.text == "/drss is not a valid command."


def test_nobody_types_where_they_are_not(slack: SlackServer, recorder: Recorder) -> None:
    with pytest.raises(NotPossible):
        person(slack, "mallory").command("/drs", channel="dr-drills")
    assert recorder.got == []


@pytest.mark.parametrize("status", [401, 404, 500, 202])
def test_an_answer_other_than_200_is_slackbots_dispatch_failed(
    slack: SlackServer, recorder: Recorder, ada: Person, status: int
) -> None:
    recorder.answer = lambda: Response("secret traceback", status)
    reply = ada.command("/drs", channel="dr-drills")
    assert reply.notice is not None
    assert (reply.notice.text, reply.notice.detail) == (
        '/drs failed with the error "dispatch_failed"',
        f"HTTP {status}",
    )
    assert [change.kind for change in slack.state.feed.changes()] == [ChangeKind.NOTICE_SHOWN]


def test_an_app_that_is_not_there_is_dispatch_failed(slack: SlackServer, ada: Person) -> None:
    slack.request_url = "http://127.0.0.1:1/slack/events"
    reply = ada.command("/drs", channel="dr-drills")
    assert reply.notice is not None
    assert reply.notice.text == '/drs failed with the error "dispatch_failed"'


def test_an_answer_that_comes_too_late_is_an_operation_timeout(
    slack: SlackServer, recorder: Recorder, ada: Person
) -> None:
    let_go = threading.Event()

    def late() -> Response:
        let_go.wait(5)
        return Response("too late")

    recorder.answer = late
    hasty = Person(slack, ada.user, ack_seconds=0.1)
    reply = hasty.command("/drs", channel="dr-drills")
    let_go.set()
    assert reply.answer.failure == "timeout"
    assert reply.notice is not None
    assert reply.notice.text == '/drs failed with the error "operation_timeout"'
    assert seen_by(slack, "U0ADA") == []


def test_slack_waits_three_seconds(ada: Person) -> None:
    assert ada.ack_seconds == 3.0


def test_an_answer_with_bad_blocks_is_not_shown_but_reported(
    slack: SlackServer, recorder: Recorder, ada: Person
) -> None:
    message = {"text": "x", "blocks": [{"type": "nope"}]}
    recorder.answer = lambda: Response(json.dumps(message), content_type="application/json")
    reply = ada.command("/drs", channel="dr-drills")
    assert reply.notice is not None
    assert reply.notice.text == '/drs failed with the error "invalid_command_response"'
    assert "unsupported type: nope [json-pointer:/blocks/0/type]" in reply.notice.detail
    assert seen_by(slack, "U0ADA") == []


def test_without_a_request_url_nothing_can_be_sent(ada: Person) -> None:
    with pytest.raises(NotPossible, match="request_url"):
        ada.command("/drs", channel="dr-drills")


def test_the_request_goes_to_the_request_urls_path(slack: SlackServer, recorder: Recorder, ada: Person) -> None:
    assert slack.request_url is not None
    slack.request_url += "?stage=local"
    ada.command("/drs", channel="dr-drills")
    assert recorder.got[0].full_path == "/slack/events?stage=local"
    assert urlsplit(recorder.got[0].url).hostname == "127.0.0.1"


@pytest.mark.usefixtures("bolt")
def test_the_request_url_is_verified_by_its_challenge(ada: Person) -> None:
    assert ada.verify_request_url()


def test_a_request_url_that_does_not_answer_the_challenge_is_not_verified(recorder: Recorder, ada: Person) -> None:
    assert not ada.verify_request_url()
    body = json.loads(recorder.got[0].get_data())
    assert (body["type"], recorder.got[0].mimetype) == ("url_verification", "application/json")
