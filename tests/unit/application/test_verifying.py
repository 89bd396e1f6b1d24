"""The executor's looks at the checks of a wave: each bounded, none waiting, and no write where nothing is new."""

from __future__ import annotations

from datetime import timedelta

from bot.application.verifying import MOST_ANSWERS
from bot.domain.approval import Action
from bot.domain.commands import RunChecks
from bot.domain.drill import Drill
from bot.domain.plan import Plan
from bot.domain.plan_checks import CheckKind, PlanCheck
from bot.domain.states import DrillState, WaveState
from bot.domain.verifying import LOOK_AGAIN
from tests.unit.application.house import House
from tests.unit.builders import GRACE, a_plan, server_id

STATUS, PORT = PlanCheck(status="ok"), PlanCheck(tcp=5432)


def with_checks(*checks: PlanCheck, servers: int = 2) -> House:
    return House((checked(a_plan(("Database", servers)), *checks),))


def checked(plan: Plan, *checks: PlanCheck) -> Plan:
    return plan.model_copy(update={"checks": checks})


def verifying(house: House) -> Drill:
    """A drill of which every server is launched, and no check was looked at."""
    drill = house.follow(house.launched())
    assert drill.wave(1).state is WaveState.VERIFYING
    return drill


def look(house: House, drill: Drill, after: timedelta = timedelta(0)) -> Drill:
    house.pass_time(after)
    return house.drain(drill.id)


def test_what_passes_at_once_needs_one_look() -> None:
    house = with_checks(STATUS)
    drill = look(house, verifying(house))
    assert (drill.state, house.checkers.looks) == (DrillState.CLEANING_UP, 1)


def test_what_is_begun_is_looked_at_again_later() -> None:
    house = with_checks(PORT)
    drill = look(house, verifying(house))
    assert (drill.wave(1).state, len(house.checkers.begun)) == (WaveState.VERIFYING, 2)
    assert look(house, drill, LOOK_AGAIN - timedelta(seconds=1)).version == drill.version
    assert look(house, drill, timedelta(seconds=1)).state is DrillState.CLEANING_UP
    assert len(house.checkers.begun) == 2


def test_nothing_is_written_while_nothing_is_new() -> None:
    house = with_checks(STATUS)
    house.checkers.faults[CheckKind.STATUS, server_id(1)] = "initializing"
    drill = look(house, verifying(house))
    again = look(house, drill, LOOK_AGAIN)
    assert (again.version, house.checkers.looks) == (drill.version, 2)
    house.checkers.faults.clear()
    assert look(house, drill, LOOK_AGAIN).state is DrillState.CLEANING_UP


def test_many_answers_come_in_events_of_a_bounded_size() -> None:
    house = with_checks(STATUS, servers=MOST_ANSWERS + 1)
    drill = look(house, verifying(house))
    assert len(drill.wave(1).checks[-1].open_runs) == 1
    assert look(house, drill, LOOK_AGAIN).state is DrillState.CLEANING_UP


def test_checks_that_are_over_are_not_looked_at() -> None:
    house = with_checks(STATUS)
    drill = verifying(house)
    house.abort(drill.id)
    house.drain(drill.id)
    assert house.checkers.looks == 0


def test_a_look_that_breaks_is_tried_again_until_the_time_is_over() -> None:
    house = with_checks(STATUS)
    drill = verifying(house)
    house.checkers.is_broken = True
    for _ in range(40):
        drill = look(house, drill, timedelta(minutes=1))
    house.executor.wake(drill.id, lambda: timedelta(minutes=1))
    assert house.drill(drill.id).state is DrillState.ON_HOLD
    house.checkers.is_broken = False
    house.do(drill.id, Action.RETRY, hold=1)
    assert house.drain(drill.id).state is DrillState.CLEANING_UP


def test_a_person_is_asked_and_answers() -> None:
    house = with_checks(PlanCheck(manual="Finance has logged in"))
    drill = verifying(house)
    assert not [item for item in house.work(drill.id) if isinstance(item.command, RunChecks)]
    house.do(drill.id, Action.CONFIRM, by=GRACE, wave=1, round=1, check=1)
    assert house.drill(drill.id).state is DrillState.CLEANING_UP
