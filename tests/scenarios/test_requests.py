"""What comes in that Slack has not sent, or has sent before: refused at the door, nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from infra.local.slack.client import Reply
from infra.local.world import World
from tests.scenarios.story import Story
from tests.scenarios.written_plans import CHANNEL

Begin = Callable[..., Story]


@pytest.mark.parametrize(
    "tampering",
    [
        pytest.param({"secret": "forged"}, id="a wrong signature"),
        pytest.param({"age": 301.0}, id="a stale timestamp"),
        pytest.param({"body": b"{}", "content_type": "application/json"}, id="a body that is no form"),
        pytest.param({"headers": {"x-slack-bolt-lazy-only": "1"}}, id="headers of a lazy listener"),
        pytest.param({"headers": {"x-slack-bolt-lazy-function-name": "f"}}, id="a lazy listener's name"),
    ],
)
def test_a_request_that_slack_did_not_send_is_refused_and_changes_nothing(
    story: Begin, tampering: dict[str, Any]
) -> None:
    drill = story()
    drill.ask()
    before = drill.drill
    reply = drill.person("ada").tampered(**tampering).click(drill.message("card"), "start")
    assert reply.status is not None
    assert 400 <= reply.status < 500
    assert drill.drill == before


def test_a_request_that_is_sent_again_byte_for_byte_is_refused_and_changes_nothing(story: Begin) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    drill.ask()
    started = drill.click("ada", "card", "start")
    drill.until_asked(wave=2)
    before = drill.drill
    again: Reply = drill.person("ada").replay(started)
    assert again.status is not None
    assert 400 <= again.status < 500
    assert drill.drill == before
    drill.approve("grace", wave=2)
    drill.until_ended()


def test_a_replayed_command_proposes_nothing(story: Begin) -> None:
    drill = story()
    reply = drill.propose()
    drills = len(drill.world.drills())
    again = drill.person("ada").replay(reply)
    assert f"See /drs status {drill.id}." in again.answer.body, "it is told of the one that waits to be started"
    assert len(drill.world.drills()) == drills


def test_an_unknown_plan_is_answered_to_the_person_alone_with_the_plans_there_are(story: Begin) -> None:
    drill = story()
    assert drill.command("ada", "drill paymets").status == 200
    assert drill.plan.name in drill.told("ada")


def test_an_unknown_word_is_answered_with_the_nearest_one_and_all_there_are(story: Begin) -> None:
    drill = story()
    assert drill.command("ada", "dril payments").status == 200
    told = drill.told("ada")
    for word in ("drill", "plans", "status", "help"):
        assert f"/drs {word}" in told


def test_in_a_thread_slack_itself_refuses_the_command(story: Begin, world: World) -> None:
    drill = story()
    drill.propose()
    card = drill.until_shown("card")
    reply = world.person("ada").command("/drs", "status", channel=CHANNEL, thread_ts=card.ts)
    assert reply.notice
    assert "not supported in threads" in reply.notice.text
