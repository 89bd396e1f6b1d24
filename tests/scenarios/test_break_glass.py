"""Nobody who may approve is there: somebody named for it breaks glass, and everybody hears of it."""

from __future__ import annotations

from collections.abc import Callable

from tests.scenarios.story import Story, menu
from tests.scenarios.written_plans import CHANNEL

Begin = Callable[..., Story]
KATHERINE = "U0KATHE001"
GLASS = "Break glass…"


def waiting(story: Begin) -> Story:
    drill = story(waves=[["critical"], ["critical"]], access={"break_glass": [KATHERINE], "minimum_approvals": 2})
    drill.start("ada")
    drill.approve("grace", wave=2)
    return drill


def opens(drill: Story, who: str) -> None:
    request = drill.message("approval/2/1")
    drill.replies.append(drill.person(who).click(request, "more", menu(request)[GLASS]))


def test_a_wave_is_launched_without_its_approvals_in_the_open(story: Begin) -> None:
    drill = waiting(story)
    opens(drill, "grace")
    assert "You may not break glass in this drill." in drill.told("grace")
    opens(drill, "katherine")
    drill.submit("katherine", {"words": "Linus cannot be reached, and the window ends at noon."})
    drill.until_shown("break_glass/2/1")
    told = drill.message("break_glass/2/1")
    assert told.broadcast, "it is to be seen in the channel, not only in the thread"
    assert told.channel == CHANNEL
    lines = drill.lines("break_glass/2/1")
    assert "@katherine decided so" in lines
    assert "“Linus cannot be reached, and the window ends at noon.”" in lines
    assert "It had 1 of 2 approvals. Its approvers: @grace and @linus." in lines
    assert drill.until_ended().outcome == "passed_with_findings"
    assert "Break-glass: wave 2 (Wave 2) was launched with 1 of 2 approvals." in drill.lines("result")


def test_where_a_plan_names_nobody_for_it_it_is_not_offered(story: Begin) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    drill.start("ada")
    drill.until_asked(wave=2)
    assert GLASS not in menu(drill.message("approval/2/1"))
