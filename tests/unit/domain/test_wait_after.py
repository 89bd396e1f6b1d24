"""The wait that a plan wants between one wave and the next."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.commands import LaunchBatch
from bot.domain.errors import IllegalTransition
from bot.domain.events import TimePassed
from bot.domain.plan_waves import Approval
from bot.domain.states import DrillState, WaveState
from tests.unit.domain.orders import BOB, a_plan, a_wave
from tests.unit.domain.story import Story, key

TEN = timedelta(minutes=10)


def waiting(approval: Approval | None = None) -> Story:
    plan = a_plan(a_wave("Database", wait_after=TEN), a_wave("Web", approval=approval))
    return Story(plan).is_started().jobs_start().after(minutes=9).jobs_complete()


def test_nothing_is_done_about_the_next_wave_before_the_wait_is_over() -> None:
    story = waiting()
    wave = story.drill.wave(2)
    assert (story.drill.state, wave.state, wave.opens_at) == (DrillState.RUNNING, WaveState.PENDING, story.now + TEN)
    assert story.drill.wake_at == story.now + TEN
    assert (story.commands, story.drawn) == ((), ["wave/1/1"])
    assert isinstance(story.after(minutes=9).refused(TimePassed()), IllegalTransition)


def test_then_people_are_asked_for_approval() -> None:
    story = waiting().after(minutes=10).tell(TimePassed())
    assert story.drawn == ["approval/2/1"]
    assert story.approves(BOB).commands == (LaunchBatch(key=key(2)),)


def test_or_it_is_launched_where_it_needs_none() -> None:
    assert waiting(Approval.NONE).after(minutes=10).tell(TimePassed()).commands == (LaunchBatch(key=key(2)),)


def test_a_hold_meanwhile_does_not_make_the_wait_longer_nor_shorter() -> None:
    story = waiting().after(minutes=2).holds().after(minutes=3).resumes()
    assert story.drill.wake_at == story.now + timedelta(minutes=5)
    assert story.drawn == ["hold/1"]
    late = waiting().after(minutes=2).holds().after(minutes=30).resumes()
    assert late.drill.wave(2).state is WaveState.AWAITING_APPROVAL


def test_there_is_no_wait_after_a_wave_that_was_skipped() -> None:
    plan = a_plan(a_wave("Database", wait_after=TEN), a_wave("Web"))
    story = Story(plan).is_started().jobs_start().jobs_complete(failed=[1]).skips()
    assert story.drill.wave(2).state is WaveState.AWAITING_APPROVAL


def test_an_abort_does_not_wait() -> None:
    assert waiting().after(minutes=2).aborts().drill.state is DrillState.CLEANING_UP
