"""A drill that is asked for in a form, and decided about in its thread by the shortcut."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.states import DrillState
from bot.views.action_ids import DRILL_ACTIONS, MenuValue
from tests.scenarios.story import Story
from tests.scenarios.written_plans import CHANNEL

Begin = Callable[..., Story]


def chosen(drill: Story, who: str, action: str) -> str:
    """The value of the option for an action, in the form in front of somebody."""
    view = drill.world.slack.state.views.on_top(drill.person(who).user.id)
    assert view
    inputs = [block["element"] for block in view.definition["blocks"] if block["type"] == "input"]
    values = [str(option["value"]) for element in inputs for option in element["options"]]
    return next(value for value in values if MenuValue.model_validate_json(value).do == action)


def test_a_plan_is_picked_and_its_drill_decided_about_in_the_thread(story: Begin) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    drill.pick("ada")
    assert "Its card is on the way" in drill.form("ada")
    drill.until_shown("card", "start")
    drill.click("ada", "card", "start")
    drill.until_asked(wave=2)
    said = drill.person("linus").say("Shall we?", channel=CHANNEL, thread_ts=drill.message("card").ts)
    grace = drill.person("grace")
    grace.message_shortcut(said, DRILL_ACTIONS)
    assert "Waiting for approval of wave 2 of 2" in drill.form("grace")
    drill.submit("grace", {"choice": chosen(drill, "grace", "approve")})
    drill.submit("grace", {"words": "Seen in the thread."})
    assert drill.until_ended().outcome == "passed"
    assert "@grace: “Seen in the thread.”" in drill.lines("approval/2/1")


def test_what_was_decided_meanwhile_is_said_in_the_form(story: Begin) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    drill.start("ada")
    drill.until_asked(wave=2)
    drill.click("grace", "approval/2/1", "reject")
    drill.click("linus", "card", "abort")
    drill.submit("grace", {"words": "Not today."})
    assert "This drill was aborted by @linus" in drill.form("grace")
    assert drill.until_ended().state is DrillState.ENDED
