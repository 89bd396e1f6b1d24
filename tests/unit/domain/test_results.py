"""What a drill leaves behind when it has ended, and when the next one is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.measures import recovery_time
from bot.domain.results import NO_RECORD, DrillResult, PlanRecord, WaveResult, due_in, is_overdue, record_of, result_of
from bot.domain.states import Outcome
from tests.unit.builders import ADA, MINUTE, Story, a_finding, a_plan

ONE = a_plan(("Web", 1))
QUARTER = timedelta(days=90)


def ready() -> Story:
    return Story(ONE).checked()


def launching() -> Story:
    return ready().started().jobs_started()


ENDS: dict[str, tuple[Outcome, Callable[[], Story], bool, bool]] = {
    "everything launched": (Outcome.PASSED, lambda: launching().launched().cleaned(), True, True),
    "launched too late": (
        Outcome.PASSED_WITH_FINDINGS,
        lambda: launching().launched(after=ONE.objectives.rto * 2).cleaned(),
        True,
        True,
    ),
    "a critical server was left": (
        Outcome.FAILED,
        lambda: launching().launched(failing={"server-1": "no room"}).skipped().gone(),
        True,
        False,
    ),
    "aborted": (Outcome.ABORTED, lambda: launching().aborted().launched().cleaned(), True, False),
    "not safe": (Outcome.REFUSED, lambda: Story(ONE).checked(a_finding()), False, False),
    "cancelled": (Outcome.WITHDRAWN, lambda: ready().withdrawn(ADA), False, False),
    "never started": (Outcome.EXPIRED, lambda: ready().overdue(), False, False),
}


@pytest.mark.parametrize("how", ENDS)
def test_each_drill_that_has_ended_has_a_result(how: str) -> None:
    outcome, tell, was_run, has_passed = ENDS[how]
    drill = tell().drill
    found = result_of(drill)
    assert found
    told = (found.plan, found.drill_id, found.outcome, found.started_at, found.ended_at, found.recovery)
    assert told == (drill.plan.name, drill.id, outcome, drill.started_at, drill.ended_at, recovery_time(drill))
    assert (found.was_run, found.has_passed) == (was_run, has_passed)
    assert DrillResult.model_validate_json(found.model_dump_json()) == found


def test_a_result_tells_what_a_next_drill_may_take() -> None:
    """Launched after 5 minutes, told to go a minute later; wave 2 waited for its approval for another minute."""
    found = result_of(Story(a_plan(("Database", 2), ("Web", 1))).checked().started().waves_done().cleaned().drill)
    assert found
    assert found.waited == MINUTE
    assert found.waves == (
        WaveResult(name="Database", launched=2, took=6 * MINUTE),
        WaveResult(name="Web", launched=1, took=6 * MINUTE),
    )
    assert found.instance_time == 2 * 8 * MINUTE + MINUTE


def test_a_wave_that_did_not_go_through_at_once_tells_no_time() -> None:
    retried = launching().launched(failing={"server-1": "no room"}).retried().jobs_started().launched().cleaned()
    found = result_of(retried.drill)
    assert found
    assert found.waves == (WaveResult(name="Web", launched=1, took=None),)


def test_a_drill_that_was_not_started_has_measured_nothing() -> None:
    found = result_of(ready().overdue().drill)
    assert found
    assert (found.waited, found.instance_time, found.waves) == (timedelta(0), None, ())


def test_a_result_from_before_times_were_kept_can_be_read() -> None:
    kept = passed().model_dump(mode="json", exclude={"waited", "instance_time", "waves"})
    found = DrillResult.model_validate(kept)
    assert (found.waited, found.instance_time, found.waves) == (timedelta(0), None, ())


def test_the_record_of_a_plan_is_made_of_its_newest_results() -> None:
    good = passed()
    bad = good.model_copy(update={"outcome": Outcome.FAILED})
    never_run = result_of(ready().overdue().drill)
    assert never_run
    assert record_of([never_run, bad, good]) == PlanRecord(last=bad, passed=good)
    assert record_of([never_run]) == NO_RECORD


@pytest.mark.parametrize("stage", [ready, launching, lambda: launching().launched()])
def test_a_drill_has_no_result_before_it_has_ended(stage: Callable[[], Story]) -> None:
    assert result_of(stage().drill) is None


def passed() -> DrillResult:
    found = result_of(launching().launched().cleaned().drill)
    assert found
    return found


def test_a_plan_without_an_interval_is_never_due() -> None:
    now = launching().now
    assert due_in(ONE, NO_RECORD, now) is None
    assert not is_overdue(ONE, NO_RECORD, now)


@pytest.mark.parametrize("late", [-MINUTE, timedelta(0), MINUTE])
def test_a_plan_is_due_its_interval_after_the_last_drill_that_has_passed(late: timedelta) -> None:
    plan, result = a_plan(drill_every=QUARTER), passed()
    now = result.ended_at + QUARTER + late
    record = PlanRecord(last=result.model_copy(update={"outcome": Outcome.FAILED, "ended_at": now}), passed=result)
    assert due_in(plan, record, now) == -late
    assert is_overdue(plan, record, now) is (late >= timedelta(0))


@pytest.mark.parametrize("last", [None, Outcome.FAILED])
def test_a_plan_of_which_no_drill_has_passed_is_due_now(last: Outcome | None) -> None:
    failed = passed().model_copy(update={"outcome": last}) if last else None
    assert is_overdue(a_plan(drill_every=QUARTER), PlanRecord(last=failed), launching().now)
