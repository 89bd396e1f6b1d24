"""What was launched stays up for a while, where the plan says so: until its time is over, or somebody clicks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.actions import possible
from bot.domain.approval import Action
from bot.domain.cleanup_events import CleanupRequested
from bot.domain.commands import CleanUp
from bot.domain.errors import IllegalTransition, NotAllowed
from bot.domain.events import DrillAborted, TimePassed
from bot.domain.state_machine import transition
from bot.domain.states import DrillState, Outcome
from tests.unit.domain.orders import ADA, BOB, CAT, EVE, a_plan, a_wave
from tests.unit.domain.story import Story, key

AFTER = {"when": "after", "after": "2h"}
ON_CLICK = {"when": "on-click", "remind_every": "1h"}


def launching(cleanup: dict[str, Any], servers: int = 2) -> Story:
    return Story(a_plan(a_wave("Database", servers), also={"cleanup": cleanup})).is_started().jobs_start()


def operating(cleanup: dict[str, Any]) -> Story:
    return launching(cleanup).after(minutes=10).jobs_complete()


def test_after_the_last_wave_the_instances_stay_up_and_nothing_is_terminated() -> None:
    story = operating(AFTER)
    drill = story.drill
    assert (drill.state, drill.outcome, drill.waves_ended_at) == (DrillState.OPERATING, Outcome.PASSED, story.now)
    assert story.commands == ()
    assert story.drawn == ["wave/1/1", "operation"]
    assert drill.holds_locks
    assert possible(drill) == {Action.CLEAN_UP}


def test_they_are_cleaned_up_when_their_time_is_over() -> None:
    story = operating(AFTER)
    assert story.drill.wake_at == story.now + timedelta(hours=2)
    assert isinstance(story.refused(TimePassed()), IllegalTransition)
    story.after(hours=2).tell(TimePassed())
    assert story.drill.state is DrillState.CLEANING_UP
    assert story.commands == (CleanUp(),)
    assert story.drawn == ["operation", "cleanup"]
    assert story.is_clean().drill.outcome is Outcome.PASSED


@pytest.mark.parametrize("person", [ADA, BOB, CAT])
@pytest.mark.parametrize("cleanup", [AFTER, ON_CLICK])
def test_operators_and_approvers_can_clean_up_sooner(person: Any, cleanup: dict[str, Any]) -> None:
    story = operating(cleanup).after(minutes=5).wants_cleanup(person)
    assert (story.drill.state, story.commands) == (DrillState.CLEANING_UP, (CleanUp(),))
    assert story.drill.operation
    assert story.drill.operation.ended_by == person
    assert story.drill.cleanup
    assert story.drill.cleanup.since == story.now


def test_nobody_else_can_clean_up() -> None:
    assert isinstance(operating(ON_CLICK).refused(CleanupRequested(actor=EVE)), NotAllowed)


def test_people_are_reminded_as_often_as_the_plan_says_until_somebody_clicks() -> None:
    story = operating(ON_CLICK)
    began = story.now
    for number in (1, 2, 3):
        assert story.drill.wake_at == began + timedelta(hours=number)
        story.reminds()
        assert (story.drill.state, story.commands) == (DrillState.OPERATING, ())
        older = [f"still_up/{number - 1}"] if number > 1 else []
        assert story.drawn == ["operation", *older, f"still_up/{number}"]
    assert story.drill.operation
    assert len(story.drill.operation.reminders) == 3
    story.wants_cleanup()
    assert story.drawn == ["operation", "still_up/3", "cleanup"]
    assert story.is_clean().drill.state is DrillState.ENDED


def test_a_drill_that_has_failed_stays_up_too_to_be_looked_into() -> None:
    story = launching(ON_CLICK).jobs_complete(failed=[1]).skips()
    assert (story.drill.state, story.drill.outcome) == (DrillState.OPERATING, Outcome.FAILED)


def test_an_aborted_drill_is_cleaned_up_at_once() -> None:
    assert launching(ON_CLICK).aborts().jobs_complete().drill.state is DrillState.CLEANING_UP


def test_a_drill_that_has_launched_nothing_has_nothing_to_keep_up() -> None:
    plan = a_plan(a_wave("Database"), also={"cleanup": AFTER})
    assert Story(plan).is_started().launch_denied(key(1)).skips().drill.state is DrillState.ENDED


def test_it_cannot_be_aborted_any_more_and_says_why() -> None:
    told = str(operating(AFTER).refused(DrillAborted(actor=ADA)))
    assert told == (
        "This does not apply now: the drill has ended its waves, and its instances stay up until they are cleaned up."
    )


def test_a_cleanup_that_is_wanted_too_early_is_told_when_it_can_be_had() -> None:
    told = str(launching(AFTER).refused(CleanupRequested(actor=ADA)))
    assert told == (
        "This does not apply now: the drill is running. "
        "It can be cleaned up once its waves have ended, or be aborted now."
    )
    told = str(launching({}).refused(CleanupRequested(actor=ADA)))
    assert told.endswith("It cleans up by itself once its waves have ended.")


def test_a_second_click_is_told_that_it_cleans_up() -> None:
    story = operating(ON_CLICK).wants_cleanup()
    assert story.wants_cleanup(BOB).drill.operation
    assert story.drill.operation
    assert story.drill.operation.ended_by == ADA


def test_a_stored_drill_that_operates_without_a_beginning_is_let_be() -> None:
    drill = operating(AFTER).drill.model_copy(update={"operation": None})
    assert drill.wake_at is None
    with pytest.raises(IllegalTransition, match="Nothing is overdue"):
        transition(drill, TimePassed(), operating(AFTER).now)
    cleaned = transition(drill, CleanupRequested(actor=ADA), operating(AFTER).now).drill
    assert (cleaned.state, cleaned.operation) == (DrillState.CLEANING_UP, None)
