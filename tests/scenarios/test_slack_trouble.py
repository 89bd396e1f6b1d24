"""Slack being busy or down never delays a launch, and the thread catches up in order, telling each thing once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from infra.local.slack.faults import Outage
from infra.local.world import World
from tests.scenarios.story import Story

Begin = Callable[..., Story]
WHOLE_THREAD = ["card", "preflight", "started", "wave/1/1", "cleanup", "result", "report"]


@pytest.mark.parametrize("how", [Outage.HTTP_ERROR, Outage.CONNECTION_CLOSED])
def test_the_drill_goes_on_while_slack_is_down_and_the_thread_catches_up(
    story: Begin, world: World, how: Outage
) -> None:
    drill = story()
    drill.start()
    world.slack.faults.down(how=how)
    drill.until(lambda now: now.state == "ended")
    assert drill.drill.outcome == "passed"
    assert drill.find("result") is None
    world.slack.faults.down(on=False)
    drill.until_ended()
    assert drill.topics() == WHOLE_THREAD


def test_a_busy_slack_is_obeyed_and_told_everything_once(story: Begin, world: World) -> None:
    drill = story()
    world.slack.faults.rate_limit("chat.postMessage", retry_after=1, times=6)
    drill.propose()
    drill.until_shown("card", "start")
    drill.click("ada", "card", "start")
    drill.until_ended()
    assert drill.topics() == WHOLE_THREAD


@pytest.mark.parametrize("how", [Outage.HTTP_ERROR, Outage.CONNECTION_CLOSED])
def test_a_post_whose_answer_was_lost_is_found_again_and_not_doubled(story: Begin, world: World, how: Outage) -> None:
    drill = story()
    world.slack.faults.lose_reply("chat.postMessage", times=2, how=how)
    drill.ask()
    drill.click("ada", "card", "start")
    drill.until_ended()
    assert Counter(drill.topics()) == Counter(WHOLE_THREAD)


def test_a_card_that_was_deleted_in_slack_is_drawn_again_and_changes_nothing(story: Begin, world: World) -> None:
    drill = story()
    drill.ask()
    world.person("ada").delete(drill.message("card"))
    assert drill.find("card") is None
    world.stack.settle()
    assert drill.drill.state == "ready"
    withdraw(drill)
    drill.until_ended()
    assert "Cancelled" in drill.lines("card")


def withdraw(drill: Story) -> None:
    """Cancel the drill by the button of a card that somebody still has on their screen."""
    (card,) = [message for message in drill.world.slack.state.messages.deleted() if drill.owns(message)]
    drill.person("ada").click(card, "withdraw", revision=len(card.revisions) - 1)
