"""What the last good drills of a plan let expect of the next, and nothing where they let expect nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.estimates import SAMPLE, estimate
from bot.domain.measures import RecoveryTime
from bot.domain.results import DrillResult, WaveResult
from bot.domain.states import Outcome
from tests.unit.builders import MINUTE, T0, a_plan

PLAN = a_plan(("Database", 2), ("Web", 2))


def a_result(minutes: int, outcome: Outcome = Outcome.PASSED, **fields: object) -> DrillResult:
    """Of a drill that took so long, ten minutes of it waiting; its three servers were up for half of it."""
    whole = minutes * MINUTE
    values: dict[str, object] = {
        "plan": PLAN.name,
        "drill_id": f"payments-{minutes}",
        "outcome": outcome,
        "started_at": T0,
        "ended_at": T0 + whole,
        "recovery": RecoveryTime(gross=whole - MINUTE, waiting=10 * MINUTE, objective=PLAN.objectives.rto),
        "waited": 10 * MINUTE,
        "instance_time": 3 * whole / 2,
        "waves": (
            WaveResult(name="Database", launched=2, took=whole / 4),
            WaveResult(name="Web", launched=1, took=None),
        ),
    }
    return DrillResult.model_validate({**values, **fields})


@pytest.mark.parametrize("outcome", [each for each in Outcome if not each.value.startswith("passed")])
def test_nothing_is_expected_of_a_plan_of_which_no_drill_has_passed(outcome: Outcome) -> None:
    assert estimate(4, []) is None
    assert estimate(4, [a_result(40, outcome)]) is None


def test_waiting_for_people_is_not_expected_to_happen_again() -> None:
    found = estimate(4, [a_result(40)])
    assert found
    assert (found.drills, found.whole, found.recovery) == (1, 30 * MINUTE, 29 * MINUTE)


def test_instances_are_expected_to_be_up_as_long_as_before_however_many_they_are_now() -> None:
    found = estimate(4, [a_result(40)])
    assert found
    assert found.instance_time == 4 * 20 * MINUTE


def test_only_waves_that_went_through_have_a_time() -> None:
    found = estimate(4, [a_result(40)])
    assert found
    assert found.waves == {"Database": 10 * MINUTE}


def test_it_is_the_median_of_those_that_passed() -> None:
    found = estimate(4, [a_result(30), a_result(10, Outcome.FAILED), a_result(90), a_result(40)])
    assert found
    assert (found.drills, found.whole) == (3, 30 * MINUTE)


def test_of_two_it_is_the_longer() -> None:
    found = estimate(4, [a_result(30), a_result(40)])
    assert found
    assert found.whole == 30 * MINUTE


def test_old_drills_are_not_looked_at() -> None:
    found = estimate(4, [*[a_result(30)] * SAMPLE, *[a_result(300)] * 20])
    assert found
    assert (found.drills, found.whole) == (SAMPLE, 20 * MINUTE)


def test_what_was_not_measured_is_not_made_up() -> None:
    bare = a_result(40, recovery=None, instance_time=None, waves=())
    nothing_up = bare.model_copy(update={"instance_time": timedelta(0)})
    found = estimate(4, [bare, nothing_up])
    assert found
    assert (found.recovery, found.instance_time, found.waves) == (None, None, {})
