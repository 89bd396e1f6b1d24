"""Holds: why a drill waits for a decision, and what each decision leads to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.actions import possible
from bot.domain.approval import Action
from bot.domain.commands import LaunchBatch
from bot.domain.errors import IllegalTransition, NotAllowed
from bot.domain.events import HoldRetried, HoldSkipped
from bot.domain.mark_up import moment
from bot.domain.person import Person
from bot.domain.states import DrillState, HoldDecision, HoldReason, LaunchState, Outcome, ServerPhase, WaveState
from tests.unit.domain.orders import ADA, BOB, CAT, EVE, a_plan, a_wave, server
from tests.unit.domain.story import NOON, Story, at, key


def started(servers: int = 1) -> Story:
    return Story(a_plan(a_wave("Database", servers), a_wave("Web"))).is_started()


def failed() -> Story:
    return started(2).jobs_start().jobs_complete(failed=[2])


def timed_out() -> Story:
    return started().jobs_start().overdue()


def lost() -> Story:
    return started().jobs_start().job_lost(key(1))


def unapproved() -> Story:
    return started().jobs_start().jobs_complete().overdue()


HOLDS: dict[HoldReason, Callable[[], Story]] = {
    HoldReason.SERVERS_FAILED: failed,
    HoldReason.LAUNCH_REFUSED: lambda: started().launch_denied(key(1)),
    HoldReason.LAUNCH_UNKNOWN: lambda: started().launch_unknown(key(1)),
    HoldReason.LAUNCH_TIMEOUT: timed_out,
    HoldReason.JOB_LOST: lost,
    HoldReason.APPROVAL_EXPIRED: unapproved,
}
on_hold = pytest.mark.parametrize("reason", HOLDS)


@on_hold
def test_a_hold_says_why_it_is_and_waits_for_a_person(reason: HoldReason) -> None:
    story = HOLDS[reason]()
    held = story.drill.hold
    assert held
    assert (held.number, held.reason, held.since) == (1, reason, story.now)
    assert held.detail
    assert story.drawn[-1] == "hold/1"
    assert story.drill.wake_at is None
    assert story.commands == ()


@on_hold
@pytest.mark.parametrize(
    ("decide", "decision"), [(Story.retries, HoldDecision.RETRIED), (Story.skips, HoldDecision.SKIPPED)]
)
def test_a_decision_is_kept_with_who_and_when(
    reason: HoldReason, decide: Callable[[Story, Person], Story], decision: HoldDecision
) -> None:
    story = HOLDS[reason]().after(minutes=7)
    decide(story, BOB)
    (held,) = story.drill.holds
    assert (held.decision, held.decided_by, held.decided_at) == (decision, BOB, story.now)
    assert story.drill.hold is None
    assert "hold/1" in story.drawn


@on_hold
@pytest.mark.parametrize("person", [CAT, EVE])
def test_only_operators_decide(reason: HoldReason, person: Person) -> None:
    story = HOLDS[reason]()
    for event in (HoldRetried, HoldSkipped):
        assert isinstance(story.refused(event(actor=person, hold=1)), NotAllowed)


@on_hold
def test_a_second_decision_is_told_of_the_first(reason: HoldReason) -> None:
    story = HOLDS[reason]().retries(BOB)
    for event in (HoldRetried(actor=ADA, hold=1), HoldSkipped(actor=ADA, hold=1, reason="not needed now")):
        assert str(story.refused(event)) == f"Already decided: retried by <@U0BOB>, {moment(story.now)}."


def test_a_decision_must_name_the_hold_that_is_open() -> None:
    story = failed().retries().jobs_start().jobs_complete(failed=[2])
    assert story.drill.hold
    assert story.drill.hold.number == 2
    assert "Already decided" in str(story.refused(HoldSkipped(actor=ADA, hold=1, reason="not needed now")))
    unborn = story.refused(HoldRetried(actor=ADA, hold=3))
    assert isinstance(unborn, IllegalTransition)
    assert str(unborn) == f"This drill was put on hold, {moment(story.now)}: see why before you decide."


def test_failed_servers_are_named_five_of_them() -> None:
    names = {server(1): "db-1"}
    story = Story(a_plan(a_wave("Database", 7))).checked(names=names).starts().jobs_start()
    story.jobs_complete(failed=range(1, 8))
    assert story.drill.hold
    assert story.drill.hold.detail.startswith("db-1: LAUNCH_FAILED: no capacity; s-00000000000000002: ")
    assert story.drill.hold.detail.endswith("; and 2 more")
    assert story.drill.hold.detail.count("no capacity") == 5


def test_five_failed_servers_are_all_there_are() -> None:
    story = Story(a_plan(a_wave("Database", 5))).is_started().jobs_start().jobs_complete(failed=range(1, 6))
    assert story.drill.hold
    assert story.drill.hold.detail.count("no capacity") == 5
    assert story.drill.hold.detail.endswith("no capacity")


def test_retrying_failed_servers_launches_them_anew() -> None:
    story = failed().retries()
    assert story.commands == (LaunchBatch(key=key(1, 2)),)
    assert story.drawn == ["hold/1", "wave/1/2"]


@pytest.mark.parametrize(("attempts", "told"), [(1, "once"), (2, "2 times")])
def test_a_wave_is_launched_as_often_as_the_plan_allows_and_no_more(attempts: int, told: str) -> None:
    story = Story(a_plan(a_wave("Database", 2, attempts=attempts))).is_started()
    for _ in range(attempts - 1):
        story.jobs_start().jobs_complete(failed=[2]).retries()
    story.jobs_start().jobs_complete(failed=[2])
    assert possible(story.drill) == {Action.SKIP, Action.ABORT}
    refused = story.refused(HoldRetried(actor=ADA, hold=attempts))
    words = f"Wave 1 was launched {told}, and the plan allows no more. Skip the wave, or abort the drill."
    assert str(refused) == words
    assert story.skips().drill.outcome is Outcome.FAILED


def test_a_retry_that_launches_nothing_once_more_is_no_attempt() -> None:
    story = Story(a_plan(a_wave("Database", attempts=1))).is_started().launch_denied(key(1)).retries()
    assert story.drill.wave(1).attempt == 1
    story.jobs_start().overdue().retries()
    assert story.drill.state is DrillState.RUNNING


def test_retrying_a_refused_launch_asks_for_it_again() -> None:
    assert started().launch_denied(key(1)).retries().commands == (LaunchBatch(key=key(1)),)


def test_retrying_a_launch_that_takes_too_long_only_gives_it_more_time() -> None:
    story = timed_out().after(minutes=10).retries()
    assert story.commands == ()
    assert story.drill.wake_at == story.now + timedelta(hours=1)
    assert story.drill.wave(1).launches[0].state is LaunchState.STARTED


def test_retrying_a_lost_job_follows_it_again() -> None:
    story = lost().retries()
    assert story.commands == ()
    assert [(launch.key, launch.error) for launch in story.drill.followed_jobs] == [(key(1), None)]
    assert story.jobs_complete().drill.wave(1).state is WaveState.SUCCEEDED


def test_a_job_that_stays_lost_holds_the_drill_again() -> None:
    story = lost().retries().job_lost(key(1))
    assert [held.reason for held in story.drill.holds] == [HoldReason.JOB_LOST, HoldReason.JOB_LOST]
    assert story.drill.hold
    assert story.drill.hold.detail == "drsjob-1#1#1: DRS does not know this job any more."


def test_retrying_an_expired_approval_asks_anew() -> None:
    story = unapproved().retries()
    asked = story.drill.wave(2).round
    assert asked
    assert (asked.number, asked.expires_at) == (2, story.now + timedelta(hours=4))
    assert story.drawn == ["hold/1", "approval/2/2"]


@on_hold
def test_a_skipped_wave_is_left_and_the_drill_goes_on(reason: HoldReason) -> None:
    story = HOLDS[reason]()
    held = story.drill.hold
    assert held
    skipped = story.skips().drill.wave(held.wave)
    assert (skipped.state, skipped.ended_at, skipped.deadline) == (WaveState.SKIPPED, story.now, None)
    current = story.drill.current_wave
    assert (current.number if current else None) == (2 if held.wave == 1 else None)


def test_a_skipped_lost_job_is_over_and_its_servers_have_failed() -> None:
    story = lost().skips()
    assert "wave/1/1" in story.drawn, "its message says that it is over"
    assert story.drill.wave(1).launches[0].state is LaunchState.COMPLETED
    assert story.drill.wave(1).servers[0].phase is ServerPhase.FAILED
    assert story.drill.wave(1).servers[0].failure == "DRS does not know this job any more."


def test_what_was_launched_before_its_job_was_lost_stays_launched() -> None:
    story = started(2).jobs_start().shows({1: ServerPhase.LAUNCHED}).job_lost(key(1)).skips()
    assert [s.phase for s in story.drill.wave(1).servers] == [ServerPhase.LAUNCHED, ServerPhase.FAILED]


def test_a_critical_server_left_behind_fails_the_drill_at_its_end() -> None:
    story = failed().skips().approves(BOB).jobs_start().jobs_complete().is_clean()
    assert story.drill.outcome is Outcome.FAILED


def test_a_job_that_ran_on_behind_a_skip_is_waited_for_at_the_end() -> None:
    story = timed_out().skips().approves(BOB).jobs_start().jobs_complete(key(2))
    assert (story.drill.state, story.drill.current_wave) == (DrillState.RUNNING, None)
    assert story.jobs_complete(key(1)).drill.state is DrillState.CLEANING_UP


def test_a_second_trouble_is_only_noted_while_the_drill_is_on_hold() -> None:
    story = started(101).launch_denied(key(1, 1, 1)).launch_denied(key(1, 1, 2))
    assert len(story.drill.holds) == 1
    assert story.drawn == []
    assert story.drill.wave(1).launches[1].error == "AccessDenied"
    assert set(story.retries().commands) == {LaunchBatch(key=key(1, 1, 1)), LaunchBatch(key=key(1, 1, 2))}


def test_a_launch_that_took_too_long_and_ends_well_after_all_lets_the_drill_go_on_by_itself() -> None:
    story = timed_out().after(minutes=5).jobs_complete()
    assert (story.drill.state, story.drill.wave(1).state) == (DrillState.RUNNING, WaveState.SUCCEEDED)
    assert story.drawn == ["wave/1/1", "hold/1", "approval/2/1"]
    (over,) = story.drill.holds
    assert (over.decision, over.decided_by, over.decided_at) == (HoldDecision.OVERTAKEN, None, story.now)
    told = f"The drill has gone on by itself, {at('13:05')}: what it was on hold for has ended."
    assert str(story.refused(HoldRetried(actor=ADA, hold=1))) == told


def test_a_launch_that_took_too_long_and_fails_after_all_is_asked_about_anew() -> None:
    story = timed_out().jobs_complete(failed=[1])
    assert [held.reason for held in story.drill.holds] == [HoldReason.LAUNCH_TIMEOUT, HoldReason.SERVERS_FAILED]
    assert story.drill.state is DrillState.ON_HOLD
    assert story.retries().commands == (LaunchBatch(key=key(1, 2)),)


def test_a_launch_of_several_jobs_that_took_too_long_is_over_with_the_last_of_them() -> None:
    story = Story(a_plan(a_wave("Database", 101))).is_started().jobs_start().overdue()
    assert story.jobs_complete(key(1, 1, 1)).drill.state is DrillState.ON_HOLD
    assert story.jobs_complete(key(1, 1, 2)).drill.state is DrillState.CLEANING_UP


def test_a_hold_that_somebody_asked_for_is_not_ended_by_jobs() -> None:
    story = started().jobs_start().holds().jobs_complete()
    assert story.drill.state is DrillState.ON_HOLD


def test_progress_on_hold_is_taken_in_without_going_on() -> None:
    story = timed_out().shows({1: ServerPhase.CONVERSION})
    assert (story.drill.state, story.drawn) == (DrillState.ON_HOLD, ["wave/1/1"])


def test_two_jobs_lost_at_once_are_asked_about_one_after_the_other() -> None:
    story = timed_out().skips().approves(BOB).jobs_start().job_lost(key(1), key(2))
    assert _asked(story) == (1, HoldReason.JOB_LOST)
    assert _asked(story.skips()) == (2, HoldReason.JOB_LOST)
    assert story.skips().drill.state is DrillState.CLEANING_UP


def _asked(story: Story) -> tuple[int, HoldReason]:
    assert story.drill.hold
    return story.drill.hold.wave, story.drill.hold.reason


def test_a_job_of_a_skipped_wave_that_is_lost_can_be_given_up() -> None:
    story = timed_out().skips().job_lost(key(1))
    assert story.drill.hold
    assert story.drill.hold.wave == 1
    story.skips()
    assert (story.drill.state, story.drill.wave(1).launches[0].state) == (DrillState.RUNNING, LaunchState.COMPLETED)
    assert story.drill.wave(2).state is WaveState.AWAITING_APPROVAL


def test_retrying_in_a_skipped_wave_wants_none_of_its_launches_again() -> None:
    story = started(101).jobs_start(key(1, 1, 1)).overdue().skips().launch_withdrawn(key(1, 1, 2))
    story.job_lost(key(1, 1, 1)).retries()
    assert story.commands == ()
    states = [launch.state for launch in story.drill.wave(1).launches]
    assert states == [LaunchState.STARTED, LaunchState.WITHDRAWN]


def test_the_next_wave_that_failed_meanwhile_holds_the_drill_when_it_goes_on() -> None:
    story = timed_out().skips().approves(BOB).jobs_start().job_lost(key(1)).jobs_complete(key(2), failed=[2])
    assert _asked(story) == (1, HoldReason.JOB_LOST)
    assert _asked(story.retries()) == (2, HoldReason.SERVERS_FAILED)


def test_an_aborted_hold_is_decided_by_the_abort() -> None:
    story = failed().after(minutes=1).aborts(CAT)
    (held,) = story.drill.holds
    assert (held.decision, held.decided_by, held.decided_at) == (HoldDecision.ABORTED, CAT, NOON + timedelta(minutes=1))
    assert "hold/1" in story.drawn
