"""Checks after a launch: a wave is done only when they have passed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.check_events import ChecksObserved
from bot.domain.checks import Answer, CheckRun, CheckState
from bot.domain.commands import LaunchBatch, RunChecks
from bot.domain.errors import IllegalTransition
from bot.domain.events import JobsObserved, TimePassed
from bot.domain.facts import JobObservation, ServerObservation
from bot.domain.measures import recovery_time
from bot.domain.plan_checks import CheckKind, CommandCheck, PlanCheck
from bot.domain.plan_waves import Approval
from bot.domain.states import DrillState, HoldReason, JobStatus, Outcome, ServerPhase, WaveState
from bot.domain.verifying import LOOK_AGAIN, answered_by, asks, expire, take_in
from tests.unit.domain.checked_waves import FAILED, LOGIN, NICE, PASSED, PORT, RUNBOOK, RUNNING, STATUS, launched, runs
from tests.unit.domain.orders import BOB, a_plan, a_wave, server
from tests.unit.domain.story import NOON, Story, job, key


def test_after_the_launch_each_check_is_made_of_each_server() -> None:
    story = launched(STATUS, RUNBOOK)
    assert story.drill.wave(1).state is WaveState.VERIFYING
    assert story.commands == (RunChecks(wave=1, round=1),)
    open_ = CheckState.OPEN
    assert runs(story) == [(1, server(1), open_), (1, server(2), open_), (2, None, open_)]
    assert story.drill.wave(2).state is WaveState.PENDING


def test_the_wave_is_done_when_all_have_passed() -> None:
    story = launched(STATUS, PORT).after(minutes=2).checks_show(1)
    wave = story.drill.wave(1)
    assert (wave.state, wave.ended_at, wave.verified_at) == (WaveState.SUCCEEDED, story.now, story.now)
    assert story.commands == (LaunchBatch(key=key(2)),)


def test_what_is_open_is_looked_at_again() -> None:
    story = launched(STATUS, PORT).checks_show(1, PASSED, CheckKind.STATUS)
    assert story.commands == (RunChecks(wave=1, round=1, not_before=story.now + LOOK_AGAIN),)
    assert [ask.check for ask in asks(story.drill.wave(1))] == [PORT, PORT]


def test_what_runs_keeps_its_reference_and_a_new_try_gets_a_new_key() -> None:
    story = launched(PORT, servers=1).checks_show(1, RUNNING, ref="command-1")
    (ask,) = asks(story.drill.wave(1))
    assert (ask.key, ask.ref, ask.since) == (f"1#1#1#{server(1)}#1", "command-1", story.now)
    story.checks_show(1, FAILED, said="connection refused")
    (ask,) = asks(story.drill.wave(1))
    assert (ask.key, ask.ref) == (f"1#1#1#{server(1)}#2", None)
    assert story.drill.wave(1).checks[-1].runs[0].said == "connection refused"


def test_a_try_that_starts_nothing_keeps_its_key() -> None:
    story = launched(STATUS, servers=1).checks_show(1, FAILED, said="initializing")
    assert asks(story.drill.wave(1))[0].key == f"1#1#1#{server(1)}#1"


def test_an_answer_to_an_earlier_try_is_dropped() -> None:
    story = launched(PORT, servers=1).checks_show(1, FAILED, said="connection refused")
    late = Answer(key=f"1#1#1#{server(1)}#1", result=PASSED)
    assert "Nothing has changed" in str(story.refused(ChecksObserved(wave=1, round=1, answers=(late,))))


def test_a_critical_check_that_has_not_passed_in_its_time_holds_the_drill() -> None:
    story = launched(STATUS, PORT).checks_show(1, PASSED, CheckKind.STATUS)
    story.after(minutes=10).checks_show(1, FAILED, said="connection refused")
    held = story.drill.hold
    assert held is not None
    assert (story.drill.state, held.reason, held.wave) == (DrillState.ON_HOLD, HoldReason.CHECKS_FAILED, 1)
    assert held.detail == "; ".join(f"TCP port 5432 on {server(n)}: connection refused" for n in (1, 2))
    assert story.drill.wave(1).state is WaveState.FAILED
    assert story.commands == ()


def test_of_many_that_have_failed_the_hold_tells_some() -> None:
    story = launched(PORT, servers=7).after(minutes=11).checks_show(1, FAILED, said="refused")
    held = story.drill.hold
    assert held is not None
    assert held.detail.endswith("and 2 more")


def test_what_nobody_looks_at_fails_when_its_time_is_over() -> None:
    story = launched(PORT, servers=1)
    assert story.drill.wake_at == story.now + timedelta(minutes=10)
    assert isinstance(story.refused(TimePassed()), IllegalTransition)
    story.overdue()
    assert story.drill.wave(1).checks[-1].runs[0].said == "Nothing was heard of it within 10m."
    assert story.drill.state is DrillState.ON_HOLD


def test_what_still_runs_when_its_time_is_over_has_failed() -> None:
    story = launched(PORT, servers=1).checks_show(1, RUNNING, said="runs").after(minutes=10).checks_show(1, RUNNING)
    assert story.drill.wave(1).checks[-1].runs[0].said == "It has not ended within 10m."
    unseen = launched(PORT, servers=1).checks_show(1, RUNNING, said="runs").overdue()
    assert unseen.drill.wave(1).checks[-1].runs[0].said == "It has not ended within 10m."


def test_what_was_wrong_is_told_while_a_later_try_runs() -> None:
    story = launched(PORT, servers=1).checks_show(1, FAILED, said="refused").checks_show(1, RUNNING, said="runs")
    assert story.drill.wave(1).checks[-1].runs[0].said == "refused"
    assert story.overdue().drill.wave(1).checks[-1].runs[0].said == "refused"


def test_an_optional_check_that_fails_is_a_finding() -> None:
    story = launched(NICE, servers=1).after(minutes=11).checks_show(1, FAILED, said="no route")
    assert story.drill.findings == (f"A check did not pass: TCP port 80 on {server(1)}: no route",)
    assert story.drill.wave(1).state is WaveState.SUCCEEDED
    story.jobs_start().jobs_complete().is_clean()
    assert story.drill.outcome is Outcome.PASSED_WITH_FINDINGS


def test_a_retry_makes_only_what_has_not_passed_again() -> None:
    story = launched(STATUS, PORT).checks_show(1, PASSED, CheckKind.STATUS)
    story.after(minutes=11).checks_show(1, FAILED, said="refused").retries()
    assert story.commands == (RunChecks(wave=1, round=2),)
    assert story.drill.wave(1).state is WaveState.VERIFYING
    assert [ask.key for ask in asks(story.drill.wave(1))] == [f"1#2#2#{server(n)}#1" for n in (1, 2)]
    assert story.drill.wave(1).attempt == 1
    story.checks_show(1)
    assert story.drill.wave(1).state is WaveState.SUCCEEDED


def test_the_plan_bounds_how_often_it_is_checked() -> None:
    story = launched(PORT, attempts=2)
    for _ in range(2):
        story.after(minutes=11).checks_show(1, FAILED, said="refused")
        if len(story.drill.holds) == 1:
            story.retries()
    with pytest.raises(IllegalTransition, match="was checked 2 times"):
        story.retries()


def test_a_wave_skipped_after_its_checks_failed_makes_the_drill_fail() -> None:
    story = launched(PORT).after(minutes=11).checks_show(1, FAILED, said="refused").skips()
    assert story.drill.wave(1).state is WaveState.SKIPPED
    story.jobs_start().jobs_complete().is_clean()
    assert story.drill.outcome is Outcome.FAILED
    assert recovery_time(story.drill) is None


def test_the_time_on_hold_counts_against_no_check() -> None:
    story = launched(LOGIN).after(minutes=10).holds().after(hours=3)
    assert story.confirms(BOB, 1, 1).drill.state is DrillState.ON_HOLD
    story = launched(LOGIN).after(minutes=10).holds().after(hours=3).resumes()
    assert story.drill.wake_at == story.now + timedelta(minutes=50)


def test_checks_go_on_while_the_drill_is_on_hold_and_count_after_it() -> None:
    story = launched(STATUS).holds().checks_show(1)
    assert (story.drill.state, story.drill.wave(1).state) == (DrillState.ON_HOLD, WaveState.VERIFYING)
    story.after(minutes=30).resumes()
    wave = story.drill.wave(1)
    assert (wave.state, wave.ended_at) == (WaveState.SUCCEEDED, story.now - timedelta(minutes=30))


def test_a_launch_that_ends_on_hold_is_checked_all_the_same() -> None:
    plan = a_plan(a_wave("Database", checks=(STATUS,)))
    story = Story(plan).is_started().jobs_start().holds().jobs_complete()
    assert story.commands == (RunChecks(wave=1, round=1),)


def test_an_abort_ends_the_checks() -> None:
    story = launched(STATUS, LOGIN).aborts()
    assert story.drill.state is DrillState.CLEANING_UP
    assert story.drill.wave(1).checking is None
    click = ChecksObserved(wave=1, round=1, answers=())
    assert isinstance(story.refused(click), IllegalTransition)
    assert story.is_clean().drill.outcome is Outcome.ABORTED


def test_an_aborted_drill_begins_no_checks() -> None:
    story = Story(a_plan(a_wave("Database", checks=(STATUS,)))).is_started().jobs_start().aborts().jobs_complete()
    assert (story.drill.state, story.drill.wave(1).checks) == (DrillState.CLEANING_UP, ())


def test_only_servers_that_were_launched_are_checked() -> None:
    plan = a_plan(a_wave("Database", 1, 1, checks=(STATUS, PORT)))
    story = Story(plan).is_started().jobs_start().jobs_complete(failed=[2])
    assert {place for _n, place, _state in runs(story)} == {server(1)}


def test_a_check_of_some_servers_is_made_of_them() -> None:
    only = PlanCheck(command=CommandCheck(document="Ask"), servers=(server(2),))
    assert runs(launched(only)) == [(1, server(2), CheckState.OPEN)]


def test_a_wave_none_of_whose_servers_can_be_checked_is_done() -> None:
    plan = a_plan(a_wave("Nice", 0, 1, checks=(STATUS,)))
    story = Story(plan).is_started().jobs_start().jobs_complete(failed=[1])
    assert story.drill.wave(1).state is WaveState.SUCCEEDED


def test_servers_that_were_left_out_are_not_waited_for() -> None:
    plan = a_plan(a_wave("Database", 2, checks=(STATUS,)))
    story = Story(plan).is_started().jobs_start().jobs_complete(failed=[1]).skips(BOB, 1)
    assert runs(story) == [(1, server(2), CheckState.OPEN)]


def test_the_checks_of_the_plan_are_made_of_every_wave() -> None:
    plan = a_plan(a_wave("A", checks=(PORT,)), a_wave("B", approval=Approval.NONE), also={"checks": (STATUS,)})
    story = Story(plan).is_started().jobs_start().jobs_complete()
    assert [check.kind for check in story.drill.wave(1).checks[0].checks] == [CheckKind.STATUS, CheckKind.TCP]
    story.checks_show(1).jobs_start().jobs_complete()
    assert [check.kind for check in story.drill.wave(2).checks[0].checks] == [CheckKind.STATUS]


def test_the_recovery_time_ends_when_all_is_verified_and_the_launch_is_told_beside_it() -> None:
    story = launched(STATUS, LOGIN).after(minutes=3).checks_show(1).after(minutes=20).confirms(BOB, 1, 2)
    story.jobs_start().after(minutes=8).jobs_complete()
    reached = recovery_time(story.drill)
    assert reached is not None
    assert (reached.gross, reached.waiting) == (timedelta(minutes=40), timedelta(minutes=20))
    assert reached.launched is None, "the last one launched was not checked"
    only = Story(a_plan(a_wave("Database", checks=(STATUS,)))).is_started().jobs_start().after(minutes=9)
    reached = recovery_time(only.jobs_complete().after(minutes=4).checks_show(1).drill)
    assert reached is not None
    assert (reached.gross, reached.launched) == (timedelta(minutes=13), timedelta(minutes=9))


def test_an_answer_to_a_round_that_is_over_is_refused() -> None:
    story = launched(STATUS).checks_show(1)
    assert "These checks are over" in str(story.refused(ChecksObserved(wave=1, round=1, answers=())))


def test_only_what_has_taken_too_long_fails() -> None:
    story = launched(PORT, STATUS, servers=1).overdue()
    assert [state for _n, _place, state in runs(story)] == [CheckState.FAILED, CheckState.OPEN]
    waiting = story.drill.state
    assert waiting is DrillState.RUNNING, "the others are waited for"
    assert story.checks_show(1, PASSED).drill.hold is not None


def test_what_is_asked_names_the_instance_of_its_server_or_all() -> None:
    plan = a_plan(a_wave("Database", 2, checks=(STATUS, RUNBOOK)))
    story = Story(plan).is_started().jobs_start()
    seen = [ServerObservation(id=server(n), phase=ServerPhase.LAUNCHED, ec2_instance_id=f"i-{n}") for n in (1, 2)]
    story.tell(
        JobsObserved(jobs=(JobObservation(job_id=job(key(1)), status=JobStatus.COMPLETED, servers=tuple(seen)),))
    )
    first, second, runbook = asks(story.drill.wave(1))
    assert (first.ec2_instance_id, second.ec2_instance_id, runbook.ec2_instance_id) == ("i-1", "i-2", None)
    assert runbook.ec2_instance_ids == ("i-1", "i-2")


def test_a_wave_without_checks_has_nothing_to_be_asked_answered_or_overdue() -> None:
    wave = Story(a_plan()).is_started().drill.wave(1)
    assert asks(wave) == ()
    assert take_in(wave, (), NOON) == expire(wave, NOON) == answered_by(wave, CheckRun(number=1), NOON) == wave
