"""Runbooks before a launch: nothing is launched unless they have ended well."""

from __future__ import annotations

from bot.domain.commands import LaunchBatch, RunChecks
from bot.domain.plan_checks import AutomationCheck
from bot.domain.states import HoldDecision, HoldReason, WaveState
from bot.domain.verifying import asks
from tests.unit.domain.checked_waves import FAILED
from tests.unit.domain.orders import ADA, a_plan, a_wave
from tests.unit.domain.story import Story, key

PREPARE = (AutomationCheck(document="OpenTheDoor"), AutomationCheck(document="LightTheFire"))


def prepared() -> Story:
    return Story(a_plan(a_wave("Database", before=PREPARE))).is_started()


def test_what_comes_before_a_launch_is_run_one_after_the_other() -> None:
    story = prepared()
    assert story.drill.wave(1).state is WaveState.PREPARING
    assert list(story.commands) == [RunChecks(wave=1, round=1)]
    assert [ask.key for ask in asks(story.drill.wave(1))] == ["1#1#1#-#1"]
    story.checks_show(1)
    assert [ask.key for ask in asks(story.drill.wave(1))] == ["1#1#2#-#1"]
    story.checks_show(1)
    launching, commands = story.drill.wave(1).state, story.commands
    assert (launching, commands) == (WaveState.LAUNCHING, (LaunchBatch(key=key(1)),))


def test_what_fails_before_a_launch_holds_the_drill_and_launches_nothing() -> None:
    story = prepared().after(minutes=31).checks_show(1, FAILED, said="no such runbook")
    held = story.drill.hold
    assert held is not None
    assert (held.reason, held.detail) == (HoldReason.PREPARATION_FAILED, "Runbook OpenTheDoor: no such runbook")
    assert not list(story.drill.launches)
    story.retries().checks_show(1).checks_show(1)
    assert story.drill.wave(1).state is WaveState.LAUNCHING
    assert story.drill.holds[0].decision is HoldDecision.RETRIED


def test_a_retry_of_the_launch_does_not_prepare_again() -> None:
    story = prepared().checks_show(1).checks_show(1).jobs_start().jobs_complete(failed=[1]).retries()
    assert story.commands == (LaunchBatch(key=key(1, 2)),)


def test_nothing_is_launched_on_hold_though_it_is_prepared() -> None:
    story = prepared().holds().checks_show(1).checks_show(1)
    on_hold = story.drill.wave(1).state
    assert on_hold is WaveState.PREPARING
    assert story.resumes(ADA).commands == (LaunchBatch(key=key(1)),)
