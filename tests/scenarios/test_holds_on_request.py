"""People stop a drill for a while and let it go on, by buttons."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.states import DrillState, WaveState
from tests.scenarios.story import Story, actions

Begin = Callable[..., Story]


def test_a_held_drill_launches_nothing_and_goes_on_where_it_was(story: Begin) -> None:
    drill = story(waves=[["critical"], ["critical"]], wave={"approval": "none"})
    drill.start("ada")
    drill.until(lambda now: bool(now.followed_jobs))
    drill.write("grace", "card", "hold", "The network team is late.")
    held = drill.until(lambda now: now.wave(1).state is WaveState.SUCCEEDED)
    drill.until_shown("hold/1", "resume")
    assert (held.state, held.wave(2).state) == (DrillState.ON_HOLD, WaveState.PENDING)
    assert "asked for by @grace" in drill.lines("hold/1")
    assert "“The network team is late.”" in drill.lines("hold/1")
    drill.until_shown("card", "resume")
    drill.click("grace", "card", "resume")
    assert "These people may: @ada, @linus" in drill.told("grace")
    drill.click("linus", "card", "resume")
    assert drill.until_ended().outcome == "passed"
    assert "@linus decided to go on" in drill.lines("hold/1")
    assert len(drill.jobs()) == 2


def test_a_request_for_approval_waits_for_the_end_of_a_hold(story: Begin) -> None:
    drill = story(waves=[["critical"], ["critical"]], access={"approval_timeout": "30m"})
    drill.start("ada")
    drill.until_asked(wave=2)
    before = drill.drill.wave(2).rounds[0]
    request = drill.message("approval/2/1")
    drill.write("ada", "card", "hold", "")
    drill.until_shown("hold/1", "resume")
    drill.until(lambda _now: "approve" not in actions(drill.message("approval/2/1")))
    drill.person("grace").click(request, "approve", revision=0)
    assert "on hold" in drill.told("grace")
    drill.click("ada", "hold/1", "resume")
    drill.approve("grace", wave=2)
    assert drill.until_ended().outcome == "passed"
    assert drill.drill.wave(2).rounds[0].expires_at > before.expires_at
    assert len(drill.drill.wave(2).rounds) == 1


def test_whoever_asks_for_a_hold_of_a_drill_that_is_on_hold_is_told_since_when(story: Begin) -> None:
    drill = story(waves=[["critical"]], wave={"approval": "required"})
    drill.start("ada")
    drill.until_asked(wave=1)
    seen = drill.until_shown("card", "hold")
    drill.write("ada", "card", "hold", "")
    drill.person("linus").click(seen, "hold", revision=len(seen.revisions) - 1)
    assert "This drill is on hold already, since" in drill.told("linus")
    assert len(drill.drill.holds) == 1
    drill.until_shown("hold/1", "abort")
    drill.click("ada", "hold/1", "abort")
    assert drill.until_ended().outcome == "aborted"
