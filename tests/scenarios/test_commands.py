"""Whole drills that are led by commands alone, but for what only buttons do: Start and Approve."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.states import DrillState, HoldReason, WaveState
from infra.local.world import World
from tests.scenarios.story import Story

Begin = Callable[..., Story]


def named(drill: Story, who: str, word: str, rest: str = "") -> str:
    """Type a command about this drill: other stories' drills may be under way in the same channel."""
    assert drill.command(who, f"{word} {drill.id} {rest}").status == 200
    return drill.told(who)


def test_a_drill_is_held_resumed_retried_skipped_and_aborted_by_commands(story: Begin, world: World) -> None:
    drill = story(waves=[["critical"], ["optional", "critical"], ["critical"]], wave={"approval": "none"})
    world.faults.fail_server(drill.plan.server_ids[0], times=1)
    drill.start("ada")
    drill.until(lambda now: bool(now.followed_jobs))
    assert "Held: nothing more is launched" in named(drill, "grace", "hold", "Waiting for change 4711.")
    drill.until_shown("hold/1", "resume")
    assert "“Waiting for change 4711.”" in drill.lines("hold/1")
    assert "These people may: @ada, @linus" in named(drill, "grace", "resume")
    drill.until(lambda now: now.wave(1).state is WaveState.FAILED)
    assert "Resumed" in named(drill, "linus", "resume")
    assert "on hold because of a problem" in named(drill, "ada", "resume")

    held = drill.until_held()
    assert (held.holds[-1].reason, held.wave(1).state) == (HoldReason.SERVERS_FAILED, WaveState.FAILED)
    world.faults.fail_server(drill.plan.server_ids[2], times=1)
    assert "Retried" in named(drill, "ada", "retry")

    drill.until(lambda now: now.state is DrillState.ON_HOLD and now.holds[-1].wave == 2)
    assert "needs at least 10 characters" in named(drill, "ada", "skip", "so what")
    assert drill.drill.state is DrillState.ON_HOLD
    assert "Skipped" in named(drill, "ada", "skip", "Known fault, see 4711.")
    assert drill.drill.holds[-1].why == "Known fault, see 4711."

    drill.until(lambda now: now.wave(3).state is WaveState.LAUNCHING)
    assert "Nothing is done yet" in named(drill, "grace", "abort")
    assert "Aborted" in named(drill, "grace", "abort", "confirm")
    ended = drill.until_ended()
    assert ended.outcome == "aborted"
    assert [wave.attempt for wave in ended.waves] == [2, 1, 1]
    assert drill.instances() == []
    assert "🛑 Aborted" in _told(drill, f"history {drill.plan.name}")
    assert "🛑" in _told(drill, f"status {drill.plan.name}")
    assert "This drill was aborted by @grace" in named(drill, "ada", "hold")


def _told(drill: Story, text: str) -> str:
    drill.command("mallory", text)
    return drill.told("mallory")


def test_what_is_checked_and_not_started_is_told_as_that(story: Begin, world: World) -> None:
    drill = story()
    known = {each.id for each in world.drills()}
    drill.command("ada", f"check {drill.plan.name}")
    (drill.id,) = {each.id for each in world.drills()} - known
    drill.until(lambda now: now.state is DrillState.READY)
    drill.until_shown("card", "start")
    assert "Only a check" in drill.lines("card")
    named(drill, "ada", "abort")
    drill.until(lambda _now: "Checked, not started" in drill.lines("card"))
    assert "☑️ Checked, not started" in _told(drill, f"history {drill.plan.name}")
    assert drill.jobs() == []


def test_what_was_checked_is_started_from_its_card(story: Begin, world: World) -> None:
    drill = story()
    known = {each.id for each in world.drills()}
    drill.command("ada", f"check {drill.plan.name}")
    (drill.id,) = {each.id for each in world.drills()} - known
    drill.until_shown("card", "start")
    drill.click("linus", "card", "start")
    assert drill.until_ended().outcome == "passed"
    assert "Recovered in" in _told(drill, f"history {drill.plan.name}")
