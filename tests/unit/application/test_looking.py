"""What people look up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.looking import NEWEST, Looking, PlanHistory, PlanStatus
from bot.application.ports.groups import Membership
from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.errors import UnknownDrill, UnknownPlan
from bot.domain.results import NO_RECORD
from bot.domain.states import Purpose
from tests.unit.application.house import House
from tests.unit.builders import ADA, CHANNEL, EVE, GRACE, a_plan


@pytest.fixture
def house() -> House:
    return House((a_plan(("Web", 1)), a_plan(("Web", 1), name="shop")))


def looking(house: House) -> Looking:
    return Looking(house.drills)


def aborted(house: House, plan: str = "payments") -> str:
    """A drill that was run and has ended."""
    drill_id = house.running(plan)
    house.abort(drill_id)
    assert house.drain(drill_id).ended_at
    return drill_id


def test_a_plan_is_found_however_it_is_capitalised(house: House) -> None:
    assert looking(house).plan_name("Payments") == "payments"


def test_a_plan_that_is_not_there_is_answered_with_the_nearest_and_all(house: House) -> None:
    with pytest.raises(UnknownPlan) as told:
        looking(house).plan_name("paymnts")
    assert str(told.value) == "There is no plan paymnts. Did you mean payments? There are: payments, shop."
    with pytest.raises(UnknownPlan, match=r"There is no plan payments\. There are no plans yet\."):
        looking(House(())).plan_name("payments")


def test_the_plans_come_with_what_they_have_shown(house: House) -> None:
    drill_id = aborted(house)
    board = looking(house).plans()
    assert [plan.name for plan in board.plans] == ["payments", "shop"]
    last = board.record(board.plans[0]).last
    assert last
    assert (last.drill_id, board.record(board.plans[1]), board.now) == (drill_id, NO_RECORD, house.clock())


def test_the_report_that_is_meant_is_the_last_drills_of_the_plan_or_of_the_channel(house: House) -> None:
    first = aborted(house)
    house.pass_time(timedelta(minutes=1))
    second = aborted(house, "shop")
    find = looking(house).reported
    assert find(CHANNEL) == second
    assert find(CHANNEL, "Payments") == first
    assert find("C0ELSEWHERE", first) == first
    with pytest.raises(UnknownDrill, match="No drill of this channel's plans has been run yet"):
        find("C0ELSEWHERE")
    with pytest.raises(UnknownDrill, match="There is no drill or plan"):
        find(CHANNEL, "warehouse-1")


def test_there_is_no_report_of_a_plan_of_which_no_drill_has_ended(house: House) -> None:
    with pytest.raises(UnknownDrill, match=r"No drill of payments has ended yet\."):
        looking(house).reported(CHANNEL, "payments")


def test_one_drill_is_found_by_its_id(house: House) -> None:
    drill_id = house.proposed()
    found = looking(house).status(drill_id.upper())
    assert isinstance(found, Drill)
    assert found.id == drill_id


def test_a_plan_is_found_by_its_drills_under_way_and_the_last_one_that_was_run(house: House) -> None:
    ended = aborted(house)
    house.proposed("shop")
    running = house.proposed()
    found = looking(house).status("PAYMENTS")
    assert isinstance(found, PlanStatus)
    assert [drill.id for drill in found.active] == [running]
    assert found.record.last
    assert found.record.last.drill_id == ended
    assert looking(house).status("shop") != found


def test_what_is_neither_drill_nor_plan_is_answered_with_the_nearest_of_both(house: House) -> None:
    house.proposed()
    with pytest.raises(UnknownDrill, match=r"There is no drill or plan shap\. Did you mean shop\?"):
        looking(house).status("shap")
    with pytest.raises(UnknownDrill, match=r"Did you mean payments-1\?"):
        looking(house).status("payments-")


def test_a_history_has_every_drill_that_ended_the_newest_first(house: House) -> None:
    first = aborted(house)
    house.pass_time(timedelta(minutes=1))
    checked = house.drills.propose("payments", house.click(), purpose=Purpose.CHECK).id
    house.drain(checked)
    house.do(checked, Action.WITHDRAW)
    found = looking(house).history("PAYMENTS")
    assert [(result.drill_id, result.only_checked) for result in found.results] == [(checked, True), (first, False)]
    assert looking(house).history("shop") == PlanHistory("shop", ())


def test_a_history_is_as_long_as_can_be_shown(house: House) -> None:
    for _ in range(NEWEST + 1):
        house.do(house.proposed(), Action.WITHDRAW)
        house.pass_time(timedelta(minutes=1))
    assert len(looking(house).history("payments").results) == NEWEST


def test_a_plan_that_is_no_more_still_has_its_history(house: House) -> None:
    drill_id = aborted(house)
    later = House((a_plan(name="shop"),))
    later.table.results.extend(house.table.results)
    (result,) = looking(later).history("payments").results
    assert result.drill_id == drill_id


@pytest.mark.parametrize("typed", ["paymnts", "x" * 3_000])
def test_a_plan_that_never_was_has_none(house: House, typed: str) -> None:
    with pytest.raises(UnknownPlan, match="There are: payments, shop"):
        looking(house).history(typed)


def test_without_a_plan_there_is_the_last_drill_of_each(house: House) -> None:
    aborted(house)
    assert set(looking(house).records()) == {"payments"}


def test_what_somebody_may_do_is_told_by_the_groups_they_are_in() -> None:
    named = {"operators": (ADA.user_id, "S0OPERATOR"), "approvers": (GRACE.user_id, "S0APPROVER")}
    plan = a_plan(("Web", 1))
    house = House((plan.model_copy(update={"access": plan.access.model_copy(update=named)}),))
    house.groups.keep("S0OPERATOR", Membership((EVE.user_id,), house.clock()))
    drill_id = house.proposed()
    home = looking(house).person(EVE)
    assert (home.person.groups, home.person.unsure) == (("S0OPERATOR",), ("S0APPROVER",))
    assert [drill.id for drill in home.drills] == [drill_id]
    assert home.can(home.drills[0]) == (Action.WITHDRAW,)


def test_what_can_be_approved_is_among_what_somebody_can_do_now() -> None:
    house = House()
    drill_id = house.launched()
    house.follow(drill_id)
    home = looking(house).person(GRACE)
    assert home.can(home.drills[0]) == (Action.APPROVE, Action.REJECT, Action.HOLD, Action.ABORT)
    assert looking(house).person(EVE).can(home.drills[0]) == ()
