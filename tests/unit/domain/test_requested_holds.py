"""Holds that people ask for: who may, what stops, what goes on, and that time on hold is nobody's time limit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.actions import possible
from bot.domain.approval import Action
from bot.domain.commands import LaunchBatch
from bot.domain.errors import IllegalTransition, NotAllowed, UnfitText
from bot.domain.events import DrillHeld, DrillResumed, HoldRetried, HoldSkipped
from bot.domain.measures import recovery_time
from bot.domain.person import Person
from bot.domain.states import DrillState, HoldDecision, HoldReason, LaunchState, Outcome, WaveState
from bot.domain.written import LONGEST
from tests.unit.domain.orders import ADA, BOB, CAT, EVE, a_plan, a_wave
from tests.unit.domain.story import Story, at, key

MINUTES_40 = timedelta(minutes=40)


def running(servers: int = 1, needed: int = 1) -> Story:
    """Wave 1 is to be launched, at 12:00."""
    plan = a_plan(a_wave("Database", servers, launch_timeout=MINUTES_40), a_wave("Web"), minimum_approvals=needed)
    return Story(plan).is_started()


def waiting(needed: int = 1) -> Story:
    """Wave 2 waits for approval until 16:00."""
    return running(needed=needed).jobs_start().jobs_complete()


@pytest.mark.parametrize("person", [ADA, BOB, CAT])
def test_operators_and_approvers_may_ask_for_a_hold_since_stopping_is_the_safe_side(person: Person) -> None:
    story = running().after(minutes=4).holds(person, "  The network team is not here yet. ")
    held = story.drill.hold
    assert held
    assert (held.number, held.wave, held.reason, held.by) == (1, 1, HoldReason.REQUESTED, person)
    assert (held.detail, held.since) == ("The network team is not here yet.", story.now)
    assert story.drawn == ["hold/1"]


def test_a_stranger_may_not_ask_for_a_hold() -> None:
    told = str(running().refused(DrillHeld(actor=EVE)))
    assert told == "You may not hold this drill. These people may: <@U0ADA>, <@U0BOB>, <@U0CAT>, <@U0DAN>."


def test_only_operators_resume() -> None:
    refused = running().holds(CAT).refused(DrillResumed(actor=CAT, hold=1))
    assert isinstance(refused, NotAllowed)
    assert str(refused) == "You may not resume this drill. These people may: <@U0ADA>, <@U0BOB>."


def test_words_that_are_too_long_to_be_kept_are_refused() -> None:
    refused = running().refused(DrillHeld(actor=ADA, reason="x" * (LONGEST + 1)))
    assert isinstance(refused, UnfitText)
    assert str(refused) == "Your reason has 501 characters; at most 500 can be kept."


def test_a_resumed_drill_keeps_who_went_on_and_when() -> None:
    story = running().holds().after(minutes=7).resumes(BOB)
    (held,) = story.drill.holds
    assert (held.decision, held.decided_by, held.decided_at) == (HoldDecision.RESUMED, BOB, story.now)
    assert story.drill.state is DrillState.RUNNING


def test_a_launch_that_was_not_sent_is_taken_back_and_asked_for_again_by_the_resume() -> None:
    story = running().holds()
    assert not story.drill.may_launch(key(1))
    assert story.launch_withdrawn(key(1)).commands == ()
    assert story.resumes().commands == (LaunchBatch(key=key(1)),)


def test_a_job_that_runs_is_followed_to_its_end_and_nothing_comes_after_it() -> None:
    story = running().holds().jobs_start().jobs_complete()
    assert story.drill.wave(1).state is WaveState.SUCCEEDED
    assert (story.drill.state, story.drill.wave(2).state) == (DrillState.ON_HOLD, WaveState.PENDING)
    assert "approval/2/1" in story.resumes().drawn


def test_trouble_that_came_while_the_drill_was_on_hold_is_asked_about_when_it_goes_on() -> None:
    story = running().holds().launch_denied(key(1)).resumes()
    assert [held.reason for held in story.drill.holds] == [HoldReason.REQUESTED, HoldReason.LAUNCH_REFUSED]


def test_servers_that_failed_on_hold_are_asked_about_when_it_goes_on() -> None:
    story = running().jobs_start().holds().jobs_complete(failed=[1]).resumes()
    assert [held.reason for held in story.drill.holds] == [HoldReason.REQUESTED, HoldReason.SERVERS_FAILED]


def test_nobody_approves_on_hold_and_the_request_goes_on_afterwards_without_the_time_on_hold() -> None:
    story = waiting(needed=2).approves(CAT).after(hours=1)
    click = story.approval_by(BOB)
    story.holds()
    assert "on hold" in str(story.refused(click))
    story.after(hours=9).resumes()
    assert story.drawn == ["hold/1", "approval/2/1"]
    asked = story.drill.wave(2).round
    assert asked
    assert (asked.number, len(asked.given), asked.expires_at) == (1, 1, story.now + timedelta(hours=3))
    assert story.tell(click).commands == (LaunchBatch(key=key(2)),)


def test_a_request_that_goes_on_expires_by_the_plans_own_time() -> None:
    story = waiting().after(hours=1).holds().after(hours=1).resumes().after(hours=3).overdue()
    assert story.drill.hold
    assert story.drill.hold.detail == "Not approved within 4h."
    assert story.now == story.drill.holds[0].since + timedelta(hours=4)


def test_time_on_hold_does_not_count_against_a_launch_of_which_no_job_runs() -> None:
    story = running().after(minutes=10).holds().after(hours=5).resumes()
    assert story.drill.wave(1).deadline == story.now + timedelta(minutes=30)
    assert "wave/1/1" in story.drawn


def test_it_does_count_while_a_job_runs() -> None:
    """Held at 12:10 for an hour; the first job runs until 12:30, and the second was taken back."""
    story = running(101).after(minutes=10).jobs_start(key(1, 1, 1)).holds().launch_withdrawn(key(1, 1, 2))
    story.after(minutes=20).jobs_complete().after(minutes=40).resumes()
    assert story.drill.wave(1).deadline == story.now + timedelta(minutes=10)


def test_a_job_that_ran_on_hold_for_too_long_is_overdue_at_once_when_the_drill_goes_on() -> None:
    story = running().jobs_start().holds().after(hours=1).resumes()
    assert story.overdue().drill.hold
    assert story.drill.holds[-1].reason is HoldReason.LAUNCH_TIMEOUT
    assert story.now == story.drill.holds[-2].decided_at


def test_another_waves_hold_takes_no_time_from_a_launch_either() -> None:
    """Wave 1 was skipped while its job ran; the job is lost while wave 2 is to be launched."""
    story = running().jobs_start().overdue().skips().approves(BOB).job_lost(key(1)).after(hours=2).skips()
    assert story.drill.wave(2).deadline == story.now + timedelta(hours=1)


def test_time_on_hold_is_time_in_which_the_drill_waited_for_people() -> None:
    story = running().holds().after(hours=1).resumes().after(minutes=1).jobs_start().after(minutes=9).jobs_complete()
    story.approves(BOB).jobs_start().jobs_complete()
    reached = recovery_time(story.drill)
    assert reached
    assert (reached.net, reached.waiting) == (timedelta(minutes=10), timedelta(hours=1))


def test_a_hold_while_the_last_jobs_are_followed_keeps_the_cleanup_waiting() -> None:
    story = running().jobs_start().overdue().skips().overdue().skips()
    assert story.drill.current_wave is None
    story.holds().jobs_complete()
    assert story.drill.state is DrillState.ON_HOLD
    assert story.resumes().drill.state is DrillState.CLEANING_UP


def test_a_second_hold_is_refused_politely() -> None:
    story = running().holds(CAT).after(minutes=3)
    refused = story.refused(DrillHeld(actor=ADA))
    assert isinstance(refused, IllegalTransition)
    assert str(refused) == f"This drill is on hold already, since {at('12:00')}: nothing more is launched."


def test_a_requested_hold_offers_resume_and_abort_and_names_the_button_to_whoever_takes_another() -> None:
    story = running().holds()
    assert possible(story.drill) == {Action.RESUME, Action.ABORT}
    for event in (HoldRetried, HoldSkipped):
        assert str(story.refused(event(actor=ADA, hold=1))) == (
            "This drill is on hold because somebody asked for it, not because something failed. Use Resume."
        )


def test_any_other_hold_offers_retry_and_skip_and_names_them_to_whoever_takes_resume() -> None:
    story = running().launch_denied(key(1))
    assert possible(story.drill) == {Action.RETRY, Action.SKIP, Action.ABORT}
    assert str(story.refused(DrillResumed(actor=ADA, hold=1))) == (
        "This drill is on hold because of a problem that needs a decision. Use Retry or Skip wave."
    )


def test_a_second_resume_is_told_of_the_first_and_an_old_button_ends_no_later_hold() -> None:
    story = running().holds().resumes(BOB)
    refused = story.refused(DrillResumed(actor=ADA, hold=1))
    assert str(refused) == f"Already decided: resumed by <@U0BOB>, {at('12:00')}."
    story.holds()
    assert "Already decided" in str(story.refused(DrillResumed(actor=ADA, hold=1)))
    assert story.drill.hold


def test_a_drill_can_be_held_only_while_it_runs() -> None:
    assert "has not been started" in str(Story(a_plan()).checked().refused(DrillHeld(actor=ADA)))
    assert "aborted by" in str(running().jobs_start().aborts().refused(DrillHeld(actor=ADA)))


def test_an_abort_ends_a_requested_hold_too() -> None:
    story = running().holds().launch_withdrawn(key(1)).aborts(CAT)
    assert story.drill.holds[0].decision is HoldDecision.ABORTED
    assert (story.drill.outcome, story.drill.wave(1).launches[0].state) == (Outcome.ABORTED, LaunchState.WITHDRAWN)
