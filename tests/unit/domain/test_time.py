"""What is overdue, and what is not: approvals, launches, and times at which nobody waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.events import TimePassed
from bot.domain.states import DrillState, HoldReason, LaunchState, ServerPhase, WaveState
from tests.unit.domain.orders import BOB, CAT, a_plan, a_wave
from tests.unit.domain.story import Story, key


def drilling(**access: Any) -> Story:
    plan = a_plan(a_wave("Database", launch_timeout=timedelta(minutes=40)), a_wave("Web"), **access)
    return Story(plan).is_started()


def test_nothing_is_overdue_a_second_too_early() -> None:
    story = drilling()
    assert story.drill.wake_at == story.now + timedelta(minutes=40)
    story.after(minutes=40, seconds=-1)
    assert str(story.refused(TimePassed())) == "Nothing is overdue."


def test_a_launch_that_takes_too_long_holds_the_drill_while_its_job_is_followed() -> None:
    story = drilling().jobs_start().after(minutes=40).tell(TimePassed())
    held = story.drill.hold
    assert held
    assert (held.reason, held.detail) == (HoldReason.LAUNCH_TIMEOUT, "The launch takes longer than 40m.")
    assert story.drill.followed_jobs
    assert story.drill.wave(1).state is WaveState.LAUNCHING


def test_a_launch_that_people_had_approved_is_overdue_as_a_launch() -> None:
    story = drilling().jobs_start().jobs_complete().approves(BOB).jobs_start().overdue()
    held, asked = story.drill.hold, story.drill.wave(2).round
    assert held
    assert asked
    assert (held.reason, held.wave, asked.is_met) == (HoldReason.LAUNCH_TIMEOUT, 2, True)
    assert story.drawn == ["hold/1"]


def test_a_launch_that_was_never_started_is_overdue_too() -> None:
    assert drilling().overdue().drill.state is DrillState.ON_HOLD


def test_a_hold_has_no_time_limit() -> None:
    story = drilling().overdue().after(days=3)
    assert story.drill.wake_at is None
    assert "on hold" in str(story.refused(TimePassed()))


def test_time_on_hold_does_not_count_against_the_launch() -> None:
    story = drilling().jobs_start().overdue().after(days=3).retries()
    assert story.drill.wake_at == story.now + timedelta(minutes=40)


def test_an_attempt_has_the_whole_time_again() -> None:
    story = drilling().jobs_start().after(minutes=30).jobs_complete(failed=[1]).after(hours=5).retries()
    assert story.drill.wake_at == story.now + timedelta(minutes=40)


def test_a_wave_that_has_ended_has_no_deadline() -> None:
    story = drilling().jobs_start().jobs_complete()
    assert story.drill.wave(1).deadline is None
    assert story.drill.wake_at == story.now + timedelta(hours=1)


def test_an_approval_that_nobody_gives_expires_after_the_plans_own_time() -> None:
    story = drilling(approval_timeout=timedelta(minutes=30)).jobs_start().jobs_complete().after(minutes=30)
    story.tell(TimePassed())
    held, asked = story.drill.hold, story.drill.wave(2).round
    assert held
    assert asked
    assert (held.reason, held.detail) == (HoldReason.APPROVAL_EXPIRED, "Not approved within 30m.")
    assert asked.closed_at == story.now
    assert story.drawn == ["approval/2/1", "hold/1"]


def test_half_the_approvals_do_not_keep_a_request_from_expiring() -> None:
    story = drilling(minimum_approvals=2).jobs_start().jobs_complete().approves(CAT)
    assert story.overdue().drill.state is DrillState.ON_HOLD


def test_an_approved_wave_is_not_overdue_by_its_approval() -> None:
    story = drilling().jobs_start().jobs_complete().after(hours=3, minutes=59).approves(BOB)
    assert story.drill.wake_at == story.now + timedelta(hours=1)


def test_a_job_behind_a_skip_is_followed_as_long_again_as_its_wave_may_take_and_then_given_up() -> None:
    story = drilling().jobs_start().overdue().skips().overdue().skips()
    assert (story.drill.state, story.drill.current_wave) == (DrillState.RUNNING, None)
    assert str(story.refused(TimePassed())) == "Nothing is overdue."
    assert story.drill.wake_at == story.now + timedelta(minutes=40)
    assert story.overdue().drill.state is DrillState.CLEANING_UP
    assert "Nobody knows what became of DRS job" in story.drill.findings[0]


def test_a_job_that_does_not_end_is_given_up_some_time_after_an_abort_so_that_the_rest_is_cleaned_up() -> None:
    story = drilling().jobs_start().aborts()
    (job,) = story.drill.job_ids
    assert story.drill.wake_at == story.now + timedelta(minutes=40)
    story.after(minutes=39)
    assert str(story.refused(TimePassed())) == "Nothing is overdue."
    assert story.overdue().drill.state is DrillState.CLEANING_UP
    (finding,) = story.drill.findings
    assert f"DRS job {job}" in finding
    assert "Look in the DRS console" in finding
    assert {server.phase for server in story.drill.wave(1).servers} == {ServerPhase.FAILED}


def test_what_a_job_that_was_given_up_may_still_have_launched_is_waited_for_before_the_end() -> None:
    story = drilling().jobs_start().aborts().overdue().instances()
    assert story.drill.state is DrillState.CLEANING_UP
    story.after(minutes=10).instances()
    assert (story.drill.state, len(story.drill.findings)) == (DrillState.ENDED, 1)


@pytest.mark.parametrize("state", [DrillState.CLEANING_UP, DrillState.ENDED])
def test_a_drill_on_its_way_out_is_not_woken(state: DrillState) -> None:
    story = drilling().jobs_start().aborts()
    story.jobs_complete()
    if state is DrillState.ENDED:
        story.is_clean()
    assert story.drill.state is state
    assert story.drill.wake_at is None
    story.after(days=2)
    story.refused(TimePassed())


def test_a_deferred_launch_still_has_to_be_in_time() -> None:
    story = drilling().overdue()
    assert story.drill.wave(1).launch(key(1)).state is LaunchState.REQUESTED
    assert story.drill.hold
    assert story.drill.hold.reason is HoldReason.LAUNCH_TIMEOUT
