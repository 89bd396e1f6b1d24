"""Looking for drill instances that belong to no open drill."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.application.ports.drs import Refused
from bot.application.sweeping import TRIES
from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.errors import DrillError
from bot.domain.states import DrillState, Outcome, Purpose
from tests.unit.application.faults import refused
from tests.unit.application.house import House
from tests.unit.builders import a_plan

PLANS = (a_plan(("Web", 2)),)


@pytest.fixture
def house() -> House:
    return House(PLANS)


def forgotten(house: House) -> Drill:
    """A drill of which everything is up, and of which the table has lost all record."""
    drill = house.follow(house.launched())
    del house.table.drills[drill.id]
    house.table.work.clear()
    house.table.owners.clear()
    return drill


def swept(house: House) -> Drill:
    drill = house.drills.propose("payments", house.click(), purpose=Purpose.SWEEP)
    return house.drain(drill.id)


def test_instances_of_a_drill_that_is_not_known_are_found_and_cleaned_up(house: House) -> None:
    lost = forgotten(house)
    assert len(house.drs.instances) == 2
    drill = swept(house)
    assert (drill.state, drill.server_count) == (DrillState.READY, 2)
    assert drill.job_ids == lost.job_ids
    house.do(drill.id, Action.START)
    house.drain(drill.id)
    house.finish_termination()
    for _ in range(3):
        house.pass_time(timedelta(minutes=1))
        drill = house.drain(drill.id)
    assert (drill.state, drill.outcome, house.drs.instances) == (DrillState.ENDED, Outcome.SWEPT, {})


def test_instances_of_a_drill_under_way_are_not_touched(house: House) -> None:
    house.follow(house.launched())
    drill = swept(house)
    assert (drill.state, drill.outcome, drill.server_count) == (DrillState.ENDED, Outcome.SWEPT, 0)


def test_what_a_drill_that_has_ended_has_left_is_found(house: House) -> None:
    drill_id = house.launched()
    house.follow(drill_id)
    kept = dict(house.drs.instances)
    house.drs.instances.clear()
    for _ in range(3):
        house.drain(drill_id)
        house.pass_time(timedelta(minutes=11))
    assert house.drill(drill_id).state is DrillState.ENDED
    house.drs.instances.update(kept)
    assert swept(house).server_count == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"is_drill": False},
        {"is_drill": None},
        {"job_id": None},
        {"job_id": "drsjob-of-others"},
        {"ec2_state": "TERMINATED"},
    ],
)
def test_what_is_not_certainly_a_drills_of_this_bot_is_not_found(house: House, changes: dict[str, Any]) -> None:
    forgotten(house)
    for each, instance in house.drs.instances.items():
        house.drs.instances[each] = instance.model_copy(update=changes)
    assert swept(house).server_count == 0


def test_an_instance_whose_job_drs_has_forgotten_is_found_by_its_own_tag(house: House) -> None:
    lost = forgotten(house)
    for each, instance in house.drs.instances.items():
        house.drs.instances[each] = instance.model_copy(update={"drill_id": lost.id})
    for job_id in lost.job_ids:
        house.drs.forget(job_id)
    assert swept(house).server_count == 2


def test_what_may_pass_is_tried_again_and_then_said(house: House) -> None:
    drill = house.drills.propose("payments", house.click(), purpose=Purpose.SWEEP)
    for _ in range(TRIES):
        house.drs.fail_next("every_recovery_instance", refused(Refused.THROTTLED, "slow down"))
        house.drain(drill.id)
        house.pass_time(timedelta(minutes=10))
    ended = house.drill(drill.id)
    assert ended.outcome is Outcome.REFUSED
    assert "slow down" in ended.findings[0]


def test_what_is_denied_is_said_at_once(house: House) -> None:
    house.drs.fail_next("every_recovery_instance", refused(Refused.DENIED, "no right to look"))
    assert swept(house).outcome is Outcome.REFUSED


def test_one_sweep_waits_at_a_time_and_stands_in_no_drills_way(house: House) -> None:
    forgotten(house)
    swept(house)
    with pytest.raises(DrillError, match="A sweep of"):
        house.drills.propose("payments", house.click(), purpose=Purpose.SWEEP)
    house.drills.propose("payments", house.click())


def test_a_sweep_that_was_cancelled_looks_for_nothing(house: House) -> None:
    drill = house.drills.propose("payments", house.click(), purpose=Purpose.SWEEP)
    house.do(drill.id, Action.WITHDRAW)
    house.drain(drill.id)
    assert house.drs.called("every_recovery_instance") == []


def test_a_look_that_breaks_ends_the_sweep_with_what_broke(house: House) -> None:
    drill = house.drills.propose("payments", house.click(), purpose=Purpose.SWEEP)
    for _ in range(4):
        house.drs.fail_next("every_recovery_instance", RuntimeError("nobody has foreseen this"))
        house.drain(drill.id)
        house.pass_time(timedelta(minutes=10))
    assert "nobody has foreseen this" in house.drill(drill.id).findings[0]
