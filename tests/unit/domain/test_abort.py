"""Abort: from each state, nothing more is launched, what runs is followed to its end, and the rest is cleaned up."""

from __future__ import annotations

import pytest

from bot.domain.commands import CleanUp, LaunchBatch
from bot.domain.errors import NotAllowed
from bot.domain.events import DrillAborted, HoldRetried
from bot.domain.person import Person
from bot.domain.plan_waves import Approval
from bot.domain.states import DrillState, LaunchState, Outcome, ServerPhase, WaveState
from tests.unit.domain.orders import ADA, BOB, CAT, DAN, EVE, a_plan, a_wave
from tests.unit.domain.story import Story, at, key


def started(servers: int = 1) -> Story:
    return Story(a_plan(a_wave("Database", servers), a_wave("Web"))).is_started()


@pytest.mark.parametrize("person", [ADA, BOB, CAT, DAN])
def test_operators_and_approvers_may_abort(person: Person) -> None:
    story = started().jobs_start().after(minutes=2).aborts(person)
    assert (story.drill.aborted_by, story.drill.aborted_at) == (person, story.now)


def test_a_stranger_may_not_abort() -> None:
    assert isinstance(started().refused(DrillAborted(actor=EVE)), NotAllowed)


def test_a_proposal_is_withdrawn_not_aborted() -> None:
    for story in (Story(a_plan()), Story(a_plan()).checked()):
        story.refused(DrillAborted(actor=ADA))


def test_a_running_job_is_followed_to_its_end_before_the_cleanup() -> None:
    story = started().jobs_start().aborts()
    assert (story.drill.state, story.commands) == (DrillState.ABORTING, ())
    assert story.drawn == ["aborted"]
    story.shows({1: ServerPhase.CONVERSION})
    assert story.drill.state is DrillState.ABORTING
    story.jobs_complete()
    assert (story.drill.state, story.commands) == (DrillState.CLEANING_UP, (CleanUp(),))
    assert story.drawn == ["wave/1/1", "cleanup"]
    assert [wave.state for wave in story.drill.waves] == [WaveState.SUCCEEDED, WaveState.NOT_RUN]


def test_the_last_of_several_jobs_ends_the_wait() -> None:
    story = started(101).jobs_start().aborts().jobs_complete(key(1, 1, 1))
    assert story.drill.state is DrillState.ABORTING
    assert story.jobs_complete(failed=[101]).drill.state is DrillState.CLEANING_UP
    assert story.drill.wave(1).state is WaveState.FAILED


def test_a_wave_whose_jobs_have_ended_is_ended_while_another_job_still_runs() -> None:
    """Wave 1 was skipped while its job ran on; wave 2 is launched when the drill is aborted."""
    story = started().jobs_start().overdue().skips().approves(BOB).jobs_start().aborts().after(minutes=5)
    story.jobs_complete(key(2))
    assert (story.drill.state, story.drill.wave(2).state) == (DrillState.ABORTING, WaveState.SUCCEEDED)
    assert story.drill.wave(2).ended_at == story.now
    assert story.drawn == ["wave/2/1"]
    assert story.after(minutes=5).jobs_complete().drawn == ["wave/1/1", "cleanup"]


def test_a_wave_whose_job_was_lost_is_ended_by_the_abort_while_another_job_still_runs() -> None:
    story = started().jobs_start().overdue().skips().approves(BOB).jobs_start().job_lost(key(2)).aborts()
    assert (story.drill.state, story.drill.wave(2).state) == (DrillState.ABORTING, WaveState.FAILED)


def test_a_launch_that_is_only_asked_for_is_looked_after_by_the_executor() -> None:
    story = started().aborts()
    assert story.commands == (LaunchBatch(key=key(1)),)
    assert not story.drill.may_launch(key(1))
    assert story.launch_withdrawn(key(1)).drill.state is DrillState.ENDED
    assert story.drill.wave(1).state is WaveState.NOT_RUN


def test_a_job_that_started_while_the_abort_was_clicked_is_followed() -> None:
    story = started().aborts().jobs_start()
    assert story.drill.state is DrillState.ABORTING
    assert story.jobs_complete().drill.state is DrillState.CLEANING_UP


def test_a_launch_of_unknown_fate_is_looked_for() -> None:
    story = started().launch_unknown(key(1)).aborts()
    assert story.commands == (LaunchBatch(key=key(1)),)
    assert story.drill.wave(1).launches[0].state is LaunchState.REQUESTED
    assert story.jobs_start().drill.followed_jobs


def test_a_launch_whose_fate_stays_unknown_does_not_keep_the_drill_but_is_a_finding() -> None:
    story = started().launch_unknown(key(1)).aborts().launch_unknown(key(1))
    assert (story.drill.state, story.drill.outcome) == (DrillState.ENDED, Outcome.ABORTED)
    (finding,) = story.drill.findings
    assert finding.startswith("Nobody knows whether DRS started a job for launch 1#1#1 of wave Database (no answer)")


def test_a_batch_whose_fate_stays_unknown_leaves_the_others_to_be_followed() -> None:
    story = started(101).jobs_start(key(1, 1, 1)).launch_unknown(key(1, 1, 2)).aborts().launch_unknown(key(1, 1, 2))
    assert story.drill.state is DrillState.ABORTING
    assert story.jobs_complete().drill.state is DrillState.CLEANING_UP
    assert len(story.drill.findings) == 1
    assert story.drill.wave(1).state is WaveState.FAILED


def test_a_refused_launch_ends_the_wait_of_an_aborted_drill() -> None:
    assert started().aborts().launch_denied(key(1)).drill.state is DrillState.ENDED


def test_a_job_that_was_lost_before_the_abort_is_over() -> None:
    story = started().jobs_start().job_lost(key(1)).aborts()
    assert story.drill.state is DrillState.CLEANING_UP
    assert story.drill.wave(1).servers[0].phase is ServerPhase.FAILED


def test_a_job_that_is_lost_after_the_abort_is_over() -> None:
    story = started().jobs_start().aborts().job_lost(key(1))
    assert story.drill.state is DrillState.CLEANING_UP
    assert story.drill.wave(1).servers[0].failure == "DRS does not know this job any more."


def test_a_drill_that_has_launched_nothing_ends_at_once() -> None:
    story = Story(a_plan(a_wave("Database", approval=Approval.REQUIRED))).is_started().aborts(CAT)
    assert (story.drill.state, story.drill.outcome) == (DrillState.ENDED, Outcome.ABORTED)
    assert story.drawn == ["aborted", "approval/1/1", "result"]


def test_an_open_request_for_approval_is_closed() -> None:
    story = started().jobs_start().jobs_complete().aborts()
    assert story.drill.state is DrillState.CLEANING_UP
    asked = story.drill.wave(2).round
    assert asked
    assert (asked.closed_at, asked.is_met) == (story.now, False)
    assert story.drawn == ["aborted", "approval/2/1", "cleanup"]


def test_a_hold_is_decided_by_the_abort_and_what_was_launched_is_cleaned_up() -> None:
    story = started(2).jobs_start().jobs_complete(failed=[2]).aborts()
    assert (story.drill.state, story.drill.wave(1).state) == (DrillState.CLEANING_UP, WaveState.FAILED)
    assert story.is_clean().drill.outcome is Outcome.ABORTED


def test_a_launch_that_was_taken_back_on_hold_is_not_asked_for_by_the_abort() -> None:
    story = started(101).launch_denied(key(1, 1, 1)).launch_withdrawn(key(1, 1, 2)).aborts()
    assert story.commands == ()
    assert story.drill.state is DrillState.ENDED


def test_an_aborted_drill_launches_no_further_wave() -> None:
    story = started().jobs_start().aborts().jobs_complete().is_clean()
    assert story.drill.wave(2).launches == ()
    assert not any(isinstance(c, LaunchBatch) for _e, _at, d in story.history[4:] for c in d.commands)


def test_a_second_abort_is_told_of_the_first() -> None:
    story = started().jobs_start().aborts(BOB)
    assert str(story.refused(DrillAborted(actor=ADA))) == f"This drill was aborted by <@U0BOB>, {at('12:00')}."


def test_a_hold_button_after_the_abort_is_told_of_it() -> None:
    story = started().launch_denied(key(1)).aborts(BOB)
    assert str(story.refused(HoldRetried(actor=ADA, hold=1))) == f"This drill was aborted by <@U0BOB>, {at('12:00')}."


def test_a_failure_after_the_abort_asks_nobody() -> None:
    story = started().jobs_start().aborts().jobs_complete(failed=[1])
    assert (story.drill.state, story.drill.holds) == (DrillState.CLEANING_UP, ())
