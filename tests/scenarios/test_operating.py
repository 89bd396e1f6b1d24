"""What was launched stays up after the waves, where the plan says so."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.states import DrillState
from infra.local import drs
from infra.local.world import World
from tests.scenarios.story import Story, actions

Begin = Callable[..., Story]


def terminations(world: World) -> int:
    return len(drs.recorded_calls(world.account, world.region, "TerminateRecoveryInstances"))


def test_instances_stay_up_for_their_time_and_are_then_cleaned_up(story: Begin, world: World) -> None:
    drill = story(fields={"cleanup": {"when": "after", "after": "10m"}})
    before = terminations(world)
    drill.start()
    drill.until(lambda now: now.state is DrillState.OPERATING)
    assert terminations(world) == before
    assert len(drill.instances()) == 1
    drill.until_shown("operation", "clean_up")
    assert "1 drill instance stays up until" in drill.lines("card")
    ended = drill.until_ended()
    assert ended.outcome == "passed"
    assert ended.operation
    assert ended.operation.until
    assert ended.cleanup
    assert ended.cleanup.since >= ended.operation.until
    assert "The instances stayed up after the waves" in drill.lines("operation")
    assert drill.instances() == []


def test_instances_that_wait_for_a_click_are_reminded_of_with_what_they_cost(story: Begin) -> None:
    drill = story(fields={"cleanup": {"when": "on-click", "remind_every": "6m"}})
    drill.start()
    drill.until_shown("still_up/2", "clean_up")
    assert "1 drill instance still up:" in drill.lines("still_up/2")
    assert "instance-hours so far. @ada, @linus or @grace can clean up." in drill.lines("still_up/2")
    drill.click("mallory", "still_up/2", "clean_up")
    assert "You may not clean up this drill." in drill.told("mallory")
    drill.click("grace", "still_up/2", "clean_up")
    assert drill.until_ended().outcome == "passed"
    assert "@grace had them cleaned up" in drill.lines("operation")
    assert actions(drill.message("still_up/2")) == set()
    assert drill.instances() == []


def test_a_command_cleans_up_too(story: Begin) -> None:
    drill = story(fields={"cleanup": {"when": "on-click"}})
    drill.start()
    drill.until(lambda now: now.state is DrillState.OPERATING)
    drill.command("ada", f"cleanup {drill.id}")
    assert "What is left of its instances is looked for and terminated now." in drill.told("ada")
    assert drill.until_ended().outcome == "passed"
