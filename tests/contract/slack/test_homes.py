"""What every `HomePages` does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.ports.slack import SlackError
from bot.domain.person import Person
from tests.contract.slack.rigs import Rig

ADA = Person(user_id="U0ADA", team_id="T0LOCALDR")
VIEW = '{"type":"home","blocks":[{"type":"section","block_id":"now","text":{"type":"mrkdwn","text":"%s"}}]}'


def test_a_home_shows_what_was_published_last(rig: Rig) -> None:
    rig.pages.publish(ADA, VIEW % "first")
    rig.pages.publish(ADA, VIEW % "second")
    assert rig.home(ADA.user_id) == "second"


def test_a_busy_slack_says_when_to_come_again_and_shows_nothing(rig: Rig) -> None:
    rig.limit_next_call(7)
    with pytest.raises(SlackError) as busy:
        rig.pages.publish(ADA, VIEW % "first")
    assert busy.value.retry_after == timedelta(seconds=7)
    assert rig.home(ADA.user_id) is None


def test_a_slack_that_does_not_answer_is_unclear(rig: Rig) -> None:
    rig.go_down()
    with pytest.raises(SlackError) as down:
        rig.pages.publish(ADA, VIEW % "first")
    assert down.value.is_unclear
