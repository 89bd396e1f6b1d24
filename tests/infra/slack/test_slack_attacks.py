"""What an attacker, or a tired network, can send: a real Bolt app refuses it, and Slack shows nothing of it."""

from __future__ import annotations

from typing import Any, Protocol

import pytest
from slack_bolt import Ack, App
from slack_sdk.signature import SignatureVerifier
from werkzeug.wrappers import Request

from infra.local.slack.client import Person
from infra.local.slack.interactive import NotPossible
from infra.local.slack.server import SlackServer


class Recorder(Protocol):
    answer: Any
    got: list[Request]


def counting(bolt: App) -> list[str]:
    heard: list[str] = []

    @bolt.command("/drs")
    def answer(ack: Ack, command: dict[str, Any]) -> None:
        heard.append(command["text"])
        ack("heard")

    return heard


def test_a_forged_signature_is_refused(slack: SlackServer, bolt: App, ada: Person) -> None:
    heard = counting(bolt)
    reply = ada.tampered(secret="guessed").command("/drs", "drill", channel="dr-drills")
    assert (reply.status, heard) == (401, [])
    assert slack.state.feed.changes() == []


@pytest.mark.parametrize(("age", "status"), [(240.0, 200), (400.0, 401), (-400.0, 401)])
def test_a_request_is_good_for_five_minutes(bolt: App, ada: Person, age: float, status: int) -> None:
    counting(bolt)
    assert ada.tampered(age=age).command("/drs", "drill", channel="dr-drills").status == status


def test_a_replay_is_the_same_bytes_and_passes_the_signature_check(slack: SlackServer, bolt: App, ada: Person) -> None:
    heard = counting(bolt)
    first = ada.command("/drs", "drill", channel="dr-drills")
    again = ada.replay(first)
    assert (again.status, again.request, heard) == (200, first.request, ["drill", "drill"])
    assert [shown.content.text for shown in slack.state.private.ephemerals()] == ["heard"]


def test_nothing_sent_cannot_be_replayed(ada: Person) -> None:
    with pytest.raises(NotPossible):
        ada.replay(ada.command("/nope", channel="dr-drills"))


def test_a_body_that_is_no_form_can_be_sent_well_signed(slack: SlackServer, recorder: Recorder, ada: Person) -> None:
    odd = ada.tampered(body=b"\x00not a form", content_type="application/octet-stream")
    odd.command("/drs", "drill", channel="dr-drills")
    request = recorder.got[0]
    assert (request.get_data(), request.mimetype) == (b"\x00not a form", "application/octet-stream")
    verifier = SignatureVerifier(slack.state.app.signing_secret)
    assert verifier.is_valid_request(request.get_data(), dict(request.headers))


def test_extra_headers_can_be_added_unsigned(recorder: Recorder, ada: Person) -> None:
    sneaky = ada.tampered(headers={"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "f"})
    sneaky.command("/drs", "drill", channel="dr-drills")
    assert recorder.got[0].headers["x-slack-bolt-lazy-only"] == "1"


def test_an_event_that_was_not_acknowledged_is_retried_with_slacks_headers(
    slack: SlackServer, recorder: Recorder, ada: Person
) -> None:
    first = ada.open_home()
    ada.retry(first, 1)
    event, retried = recorder.got
    assert event.get_data() == retried.get_data()
    assert "X-Slack-Retry-Num" not in event.headers
    assert (retried.headers["X-Slack-Retry-Num"], retried.headers["X-Slack-Retry-Reason"]) == ("1", "http_timeout")
    verifier = SignatureVerifier(slack.state.app.signing_secret)
    assert verifier.is_valid_request(retried.get_data(), dict(retried.headers))
