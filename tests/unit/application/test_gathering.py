"""What DRS tells of one server a call is read in as many steps as it takes, and kept in between."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from bot.application.gathering import MOST_AGE
from bot.application.lanes import LONGEST_STEP, TimeLeft
from bot.application.ports.drs import Refused
from bot.domain.launch_point import NewestExisting, RecoverySnapshot
from bot.domain.states import DrillState, Outcome
from tests.fakes.drs_records import USUAL
from tests.unit.application.faults import refused
from tests.unit.application.house import House
from tests.unit.builders import a_plan, server_id

IDS = [server_id(number) for number in range(1, 8)]


@pytest.fixture
def house() -> House:
    """Seven servers, of which DRS tells three at once."""
    house = House((a_plan(("Database", 3), ("Web", 4)),))
    house.drs.in_a_step = 3
    return house


def one_step() -> TimeLeft:
    """An invocation that has time for one step."""
    asked = itertools.count()
    return lambda: LONGEST_STEP + timedelta(seconds=1) if next(asked) < 2 else timedelta(0)


def from_newest(house: House) -> str:
    for each in IDS:
        point = RecoverySnapshot(id=f"pit-{each[2:]}", at=house.clock() - timedelta(minutes=4))
        house.drs.set_snapshots(each, point)
    return house.drills.propose("payments", house.click(), NewestExisting()).id


def asked(house: House, method: str) -> list[int]:
    """Of how many servers each call asked."""
    return [len(server_ids) for server_ids, *_ in house.drs.called(method) if isinstance(server_ids, tuple)]


def test_steps_go_on_where_the_last_one_ended_and_the_newest_facts_are_read_last(house: House) -> None:
    drill_id = house.proposed()
    for _ in range(3):
        assert house.drill(drill_id).state is DrillState.PROPOSED
        house.executor.drain(drill_id, one_step())
    drill = house.drill(drill_id)
    assert drill.state is DrillState.READY
    assert asked(house, "launch_settings") == [7, 4, 1]
    assert len(house.drs.called("recovery_instances")) == len(house.drs.called("active_jobs")) == 1
    assert drill.preflight is not None
    assert [set(group.server_ids) for group in drill.preflight.settings] == [set(IDS)]


def test_steps_are_no_failed_attempts(house: House) -> None:
    house.drs.in_a_step = 1
    drill_id = house.proposed()
    for _ in range(6):
        house.executor.drain(drill_id, one_step())
        (item,) = house.work(drill_id)
        assert (item.attempts, item.due_at) == (0, house.clock())
    house.executor.drain(drill_id, one_step())
    assert house.drill(drill_id).state is DrillState.READY


def test_recovery_points_are_read_beside_the_settings(house: House) -> None:
    drill_id = from_newest(house)
    for _ in range(3):
        house.executor.drain(drill_id, one_step())
    assert asked(house, "launch_settings") == asked(house, "newest_snapshots") == [7, 4, 1]
    assert [server.snapshot is not None for server in house.drill(drill_id).servers] == [True] * 7


def test_a_server_without_a_recovery_point_is_read_once_and_blocks(house: House) -> None:
    drill_id = from_newest(house)
    house.drs.set_snapshots(IDS[0])
    for _ in range(3):
        house.executor.drain(drill_id, one_step())
    assert house.drill(drill_id).outcome is Outcome.REFUSED
    assert asked(house, "newest_snapshots") == [7, 4, 1]


def test_in_an_invocation_with_time_for_more_the_next_step_follows_at_once(house: House) -> None:
    assert house.drill(house.ready()).state is DrillState.READY
    assert asked(house, "launch_settings") == [7, 4, 1]


def test_what_has_been_kept_too_long_is_read_anew(house: House) -> None:
    drill_id = house.proposed()
    house.executor.drain(drill_id, one_step())
    house.pass_time(MOST_AGE - timedelta(seconds=1))
    house.executor.drain(drill_id, one_step())
    assert asked(house, "launch_settings") == [7, 4]
    house.pass_time(timedelta(seconds=2))
    house.executor.drain(drill_id, one_step())
    assert asked(house, "launch_settings") == [7, 4, 4]
    assert house.drill(drill_id).state is DrillState.PROPOSED


def test_a_step_that_was_killed_costs_what_it_has_read_and_no_more(house: House) -> None:
    drill_id = house.proposed()
    house.executor.drain(drill_id, one_step())
    house.gathered.kept.clear()
    for _ in range(3):
        house.executor.drain(drill_id, one_step())
    assert house.drill(drill_id).state is DrillState.READY
    assert asked(house, "launch_settings") == [7, 7, 4, 1]


def test_a_step_that_fails_for_the_moment_goes_on_from_what_was_kept(house: House) -> None:
    drill_id = from_newest(house)
    house.executor.drain(drill_id, one_step())
    house.drs.fail_next("newest_snapshots", refused(Refused.THROTTLED))
    house.executor.drain(drill_id, one_step())
    house.pass_time(timedelta(seconds=10))
    house.drain(drill_id)
    assert house.drill(drill_id).state is DrillState.READY
    assert asked(house, "newest_snapshots") == [7, 4, 4, 1]


def test_settings_that_may_not_be_read_are_not_tried_for_the_other_servers(house: House) -> None:
    drill_id = house.proposed()
    house.drs.fail_next("launch_settings", refused(Refused.DENIED, "AccessDenied"))
    house.drain(drill_id)
    assert house.drill(drill_id).outcome is Outcome.REFUSED
    assert asked(house, "launch_settings") == [7]
    assert house.gathered.kept == {}


def test_the_next_check_of_the_same_drill_reads_everything_anew(house: House) -> None:
    drill_id = house.proposed()
    house.executor.drain(drill_id, one_step())
    ((kept_for, check, _at),) = house.gathered.kept
    assert (kept_for, check) == (drill_id, 1)
    assert house.gathered.gathered(drill_id, 2, house.wall()).settings == {}
    assert set(house.gathered.gathered(drill_id, 1, house.wall()).settings.values()) == {USUAL}
