"""Servers that failed and are left out, while the rest of their wave goes on."""

from __future__ import annotations

import pytest

from bot.domain.commands import LaunchBatch
from bot.domain.errors import DrillError, IllegalTransition
from bot.domain.events import HoldSkipped
from bot.domain.states import DrillState, HoldDecision, Outcome, WaveState
from tests.unit.domain.orders import ADA, BOB, a_plan, a_wave, server
from tests.unit.domain.story import Story, key

WHY = "Not needed before Monday."


def two_failed() -> Story:
    plan = a_plan(a_wave("Database", 3, optional=1), a_wave("Web"))
    return Story(plan).is_started().jobs_start().jobs_complete(failed=[1, 2])


def test_the_others_that_failed_are_asked_about_next() -> None:
    story = two_failed().skips(BOB, 1)
    first, second = story.drill.holds
    assert (first.decision, first.left_out, first.why) == (HoldDecision.SKIPPED, (server(1),), WHY)
    assert (second.is_open, second.wave, second.failed) == (True, 1, 1)
    assert server(2) in second.detail or "2" in second.detail
    assert story.drill.wave(1).state is WaveState.FAILED
    assert story.commands == ()


def test_a_retry_then_launches_only_those() -> None:
    story = two_failed().skips(BOB, 1).retries()
    assert story.commands == (LaunchBatch(key=key(1, 2)),)
    assert story.drill.wave(1).launch(key(1, 2)).server_ids == (server(2),)
    story.jobs_start().jobs_complete()
    assert story.drill.wave(1).state is WaveState.SUCCEEDED
    assert story.drill.wave(2).state is WaveState.AWAITING_APPROVAL


def test_without_all_that_failed_the_wave_is_over_and_the_next_one_comes() -> None:
    story = two_failed().skips(BOB, 1, 2)
    assert (story.drill.state, story.drill.wave(1).state) == (DrillState.RUNNING, WaveState.SUCCEEDED)
    assert story.drawn == ["hold/1", "wave/1/1", "approval/2/1"]
    assert [each.is_left_out for each in story.drill.wave(1).servers] == [True, True, False, False]


def test_a_critical_server_that_was_left_out_makes_the_drill_fail() -> None:
    story = two_failed().skips(BOB, 1, 2).approves(BOB).jobs_start().jobs_complete().is_clean()
    assert story.drill.outcome is Outcome.FAILED


def test_a_server_can_be_left_out_when_no_attempt_is_left() -> None:
    plan = a_plan(a_wave("Database", 2, attempts=1))
    story = Story(plan).is_started().jobs_start().jobs_complete(failed=[1]).skips(BOB, 1)
    assert story.drill.state is DrillState.CLEANING_UP


@pytest.mark.parametrize("number", [3, 4, 5, 99])
def test_only_critical_servers_of_the_wave_that_failed_can_be_left_out(number: int) -> None:
    click = HoldSkipped(actor=ADA, hold=1, reason=WHY, servers=(server(1), server(number)))
    refused = two_failed().refused(click)
    assert isinstance(refused, IllegalTransition)
    assert "Only servers that have failed" in str(refused)


def test_nothing_can_be_left_out_of_a_wave_whose_jobs_still_run() -> None:
    story = Story(a_plan(a_wave("Database", 2))).is_started().jobs_start().overdue()
    click = HoldSkipped(actor=ADA, hold=1, reason=WHY, servers=(server(1),))
    assert isinstance(story.refused(click), IllegalTransition)


def test_it_takes_a_reason_like_any_skip() -> None:
    assert isinstance(two_failed().refused(HoldSkipped(actor=ADA, hold=1, servers=(server(1),))), DrillError)
