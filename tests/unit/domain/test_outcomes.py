"""How drills come out, and the recovery time that they prove."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.events import JobsObserved
from bot.domain.facts import JobObservation, ServerObservation
from bot.domain.measures import RecoveryTime, recovery_time, waited
from bot.domain.plan_waves import Approval
from bot.domain.states import JobStatus, Outcome, ServerPhase
from tests.unit.domain.orders import BOB, a_plan, a_wave, server
from tests.unit.domain.story import NOON, Story, job, key


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def drilling(*, optional: int = 0, rto: timedelta = timedelta(hours=2)) -> Story:
    return Story(a_plan(a_wave("Database", 1, optional), rto=rto)).is_started().jobs_start()


def measured(story: Story) -> RecoveryTime:
    found = recovery_time(story.drill)
    assert found
    return found


OUTCOMES: dict[str, tuple[Outcome, Callable[[], Story]]] = {
    "everything launched, in time": (Outcome.PASSED, lambda: drilling().jobs_complete()),
    "an optional server failed": (
        Outcome.PASSED_WITH_FINDINGS,
        lambda: drilling(optional=1).jobs_complete(failed=[2]),
    ),
    "a critical server failed and was left": (Outcome.FAILED, lambda: drilling().jobs_complete(failed=[1]).skips()),
    "a wave of critical servers was skipped": (
        Outcome.FAILED,
        lambda: drilling().overdue().skips().jobs_complete(failed=[1]),
    ),
    "everything launched, too late": (
        Outcome.PASSED_WITH_FINDINGS,
        lambda: drilling(rto=minutes(5)).after(minutes=6).jobs_complete(),
    ),
    "aborted though everything was launched": (Outcome.ABORTED, lambda: drilling().aborts().jobs_complete()),
}


@pytest.mark.parametrize("how", OUTCOMES)
def test_how_a_drill_comes_out(how: str) -> None:
    expected, tell = OUTCOMES[how]
    story = tell()
    assert story.drill.outcome is expected, "known when the waves have ended"
    assert story.is_clean().drill.outcome is expected


def test_a_plan_of_optional_servers_alone_passes_with_findings_when_all_fail() -> None:
    story = Story(a_plan(a_wave("Extras", 0, 2))).is_started().jobs_start().jobs_complete(failed=[1, 2]).is_clean()
    assert story.drill.outcome is Outcome.PASSED_WITH_FINDINGS
    assert recovery_time(story.drill) is None


def test_a_plan_of_optional_servers_alone_passes_when_all_are_launched() -> None:
    story = Story(a_plan(a_wave("Extras", 0, 2))).is_started().jobs_start().jobs_complete().is_clean()
    assert (story.drill.outcome, recovery_time(story.drill)) == (Outcome.PASSED, None)


def test_a_wave_that_is_retried_to_the_end_passes() -> None:
    story = drilling().jobs_complete(failed=[1]).retries().jobs_start().jobs_complete().is_clean()
    assert story.drill.outcome is Outcome.PASSED


def test_a_missed_recovery_time_is_a_finding_in_numbers() -> None:
    story = drilling(rto=minutes(5)).after(minutes=6, seconds=30).jobs_complete().is_clean()
    assert story.drill.findings == ("The recovery time was 6m30s, its objective 5m.",)


def test_a_recovery_time_exactly_as_wanted_is_met() -> None:
    story = drilling(rto=minutes(5)).after(minutes=5).jobs_complete().is_clean()
    assert (story.drill.outcome, story.drill.findings) == (Outcome.PASSED, ())


def test_the_recovery_time_runs_from_start_to_the_last_critical_server() -> None:
    story = drilling(optional=1).after(minutes=7).shows({1: ServerPhase.LAUNCHED}).after(minutes=9).jobs_complete()
    found = measured(story)
    assert (found.gross, found.waiting, found.net) == (minutes(7), minutes(0), minutes(7))
    assert found.objective == timedelta(hours=2)


def test_there_is_no_recovery_time_before_every_critical_server_is_launched() -> None:
    story = Story(a_plan(a_wave("Database", 2)))
    assert recovery_time(story.drill) is None
    story.is_started().jobs_start().shows({1: ServerPhase.LAUNCHED})
    assert recovery_time(story.drill) is None
    assert measured(story.shows({2: ServerPhase.LAUNCHED})).gross == timedelta(0)


def test_a_launch_time_before_start_is_no_negative_recovery_time() -> None:
    """Two machines' clocks: DRS's log may be a little behind ours."""
    seen = ServerObservation(id=server(1), phase=ServerPhase.LAUNCHED, launched_at=NOON - minutes(1))
    observed = JobsObserved(jobs=(JobObservation(job_id=job(key(1)), status=JobStatus.COMPLETED, servers=(seen,)),))
    assert measured(drilling().tell(observed)).net == timedelta(0)


def test_waiting_for_approval_is_not_counted() -> None:
    story = Story(a_plan(a_wave("Database"), a_wave("Web"))).is_started().jobs_start()
    story.after(minutes=10).jobs_complete().after(minutes=45).approves(BOB)
    story.jobs_start().after(minutes=10).jobs_complete()
    found = measured(story)
    assert (found.gross, found.waiting, found.net) == (minutes(65), minutes(45), minutes(20))


def test_waiting_on_hold_is_not_counted() -> None:
    story = drilling().after(minutes=10).jobs_complete(failed=[1]).after(minutes=50).retries()
    story.jobs_start().after(minutes=10).jobs_complete()
    found = measured(story)
    assert (found.gross, found.waiting, found.net) == (minutes(70), minutes(50), minutes(20))


def test_waiting_after_the_last_critical_server_changes_nothing() -> None:
    plan = a_plan(a_wave("Database"), a_wave("Extras", 0, 1))
    story = Story(plan).is_started().jobs_start().after(minutes=10).jobs_complete().after(hours=3)
    assert (measured(story).gross, measured(story).waiting) == (minutes(10), minutes(0))
    assert measured(story.overdue()).net == minutes(10)


def test_an_expired_request_and_the_hold_after_it_count_once_each() -> None:
    story = Story(a_plan(a_wave("Database", approval=Approval.REQUIRED), approval_timeout=minutes(30))).is_started()
    story.overdue().after(minutes=15).retries().after(minutes=5).approves(BOB)
    story.jobs_start().after(minutes=10).jobs_complete()
    found = measured(story)
    assert (found.gross, found.waiting, found.net) == (minutes(60), minutes(50), minutes(10))


def test_times_of_waiting_that_overlap_count_once() -> None:
    """Wave 2 waits for approval from minute 60 to 100; a lost job of wave 1 holds the drill from 70 to 90."""
    story = Story(a_plan(a_wave("Extras", 0, 1), a_wave("Web"))).is_started().jobs_start().overdue().skips()
    story.after(minutes=10).job_lost(key(1)).after(minutes=20).skips().after(minutes=10).approves(BOB)
    assert waited(story.drill, story.now) == minutes(40)
    assert waited(story.drill, story.now - minutes(15)) == minutes(25)
    assert waited(story.drill, NOON) == minutes(0)


def test_a_hold_during_which_a_job_runs_on_is_no_mere_waiting() -> None:
    """The launch takes 80 minutes, the last 20 of them on hold: that is 80 minutes of recovery, not 60."""
    story = drilling().overdue().after(minutes=20).jobs_complete()
    found = measured(story)
    assert (found.gross, found.waiting, found.net) == (minutes(80), minutes(0), minutes(80))


def test_a_hold_is_waiting_from_when_the_last_running_job_has_ended() -> None:
    """Batch 2 is refused at once and retried after 30 minutes; batch 1 runs for 10 of them."""
    story = Story(a_plan(a_wave("Database", 101))).is_started().jobs_start(key(1, 1, 1)).launch_denied(key(1, 1, 2))
    story.after(minutes=10).jobs_complete().after(minutes=20).retries().jobs_start().after(minutes=10).jobs_complete()
    found = measured(story)
    assert (found.gross, found.waiting, found.net) == (minutes(40), minutes(20), minutes(20))


def test_waiting_goes_on_until_somebody_decides() -> None:
    story = drilling().jobs_complete(failed=[1]).after(minutes=25)
    assert waited(story.drill, story.now) == minutes(25)
