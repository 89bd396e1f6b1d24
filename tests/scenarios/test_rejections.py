"""An approver says no, and why: the drill stops, and an operator decides how it goes on."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.states import WaveState
from tests.scenarios.story import Story, actions

Begin = Callable[..., Story]


def waiting(story: Begin) -> Story:
    drill = story(waves=[["critical"], ["critical"]])
    drill.start("ada")
    drill.until_asked(wave=2)
    return drill


def test_a_rejected_wave_is_asked_for_again_and_then_launched(story: Begin) -> None:
    drill = waiting(story)
    drill.click("mallory", "approval/2/1", "reject")
    assert "You may not reject waves of this drill." in drill.told("mallory")
    assert drill.form("mallory") == ""
    drill.reject("grace", wave=2, words="The month-end close still runs. <!channel>")
    drill.until_held()
    assert "@grace: “The month-end close still runs. <!channel>”" in drill.lines("hold/1")
    drill.until(lambda _now: "rejected by @grace" in drill.lines("approval/2/1"))
    assert actions(drill.message("approval/2/1")) == set()
    drill.click("ada", "hold/1", "retry")
    drill.until_asked(wave=2, asked=2)
    drill.approve_saying("linus", wave=2, words="The close is done.", asked=2)
    assert drill.until_ended().outcome == "passed"
    assert "@linus: “The close is done.”" in drill.lines("approval/2/2")
    assert len(drill.jobs()) == 2


def test_an_operator_skips_what_was_rejected(story: Begin) -> None:
    drill = waiting(story)
    drill.reject("linus", wave=2, words="Its owners are away.")
    drill.until_held()
    drill.write("ada", "hold/1", "skip", "Not needed before Monday.")
    assert drill.until_ended().outcome == "failed"
    assert drill.drill.wave(2).state is WaveState.SKIPPED
    assert len(drill.jobs()) == 1
