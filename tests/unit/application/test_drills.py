from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.deciding import TRIES
from bot.application.ports.storage import StoreUnavailable
from bot.domain.approval import Action
from bot.domain.errors import ApprovalDenied, ConcurrentUpdate, DrillError, NotAllowed, UnknownDrill, UnknownPlan
from bot.domain.events import GlassBroken, WaveApproved, WaveRejected
from bot.domain.mark_up import moment, plain
from bot.domain.offers import Offer
from bot.domain.person import Person
from bot.domain.plan import Target
from bot.domain.states import DrillState, Outcome, Purpose
from tests.fakes.plans import MemoryPlans
from tests.unit.application.faults import unavailable
from tests.unit.application.house import House
from tests.unit.builders import ADA, EVE, GRACE, HOME, LINUS, T0, a_plan

ABROAD = Target(account_id="999988887777", region="eu-central-1")


@pytest.fixture
def house() -> House:
    return House()


def test_a_proposal_is_for_the_bots_own_account_unless_the_plan_names_another() -> None:
    house = House((a_plan(("Web", 1)), a_plan(("Web", 1), name="abroad", target=ABROAD)))
    assert house.drills.propose("payments", house.click()).target == HOME
    assert house.drills.propose("abroad", house.click()).target == ABROAD
    with pytest.raises(UnknownPlan, match="There are: abroad, payments"):
        house.drills.propose("paiments", house.click())


def test_an_id_that_is_taken_is_replaced_by_another(house: House) -> None:
    ids = iter(["payments-1", "payments-1", "payments-2"])
    drills = replace(house.drills, new_id=lambda _plan, _now: next(ids))
    assert drills.propose("payments", house.click()).id == "payments-1"
    house.do("payments-1", Action.WITHDRAW)
    assert drills.propose("payments", house.click()).id == "payments-2"


def test_whoever_asks_is_told_when_no_id_is_free(house: House) -> None:
    drills = replace(house.drills, new_id=lambda _plan, _now: "payments-1")
    drills.propose("payments", house.click())
    house.do("payments-1", Action.WITHDRAW)
    house.store.calls.clear()
    with pytest.raises(ConcurrentUpdate):
        drills.propose("payments", house.click())
    assert house.store.calls.count("save") == TRIES


CLICKS: tuple[tuple[Callable[[House], str], Offer, DrillState], ...] = (
    (House.ready, Offer(Action.START), DrillState.RUNNING),
    (House.ready, Offer(Action.WITHDRAW), DrillState.ENDED),
    (House.launched, Offer(Action.HOLD), DrillState.ON_HOLD),
    (House.held, Offer(Action.RESUME, hold=1), DrillState.RUNNING),
    (House.launched, Offer(Action.ABORT), DrillState.ABORTING),
)


@pytest.mark.parametrize(("arrive", "offer", "leads_to"), CLICKS, ids=lambda each: getattr(each, "action", ""))
def test_a_click_is_one_read_and_one_write_and_asks_drs_nothing(
    house: House, arrive: Callable[[House], str], offer: Offer, leads_to: DrillState
) -> None:
    drill_id = arrive(house)
    house.store.calls.clear()
    house.drs.calls.clear()
    assert house.drills.act(drill_id, offer, house.click()).state is leads_to
    assert house.store.calls == ["load", "save"]
    assert house.drs.calls == []


def test_approvals_and_decisions_about_holds_are_one_read_and_one_write_too(house: House) -> None:
    drill_id = house.launched()
    assert house.follow(drill_id).wave(1).state == "succeeded"
    house.store.calls.clear()
    house.do(drill_id, Action.APPROVE, by=GRACE, wave=2, round=1)
    assert house.store.calls == ["load", "save"]
    house.drain(drill_id)
    held = house.follow(drill_id, failed={server.id: "no capacity" for server in house.drill(drill_id).wave(2).servers})
    assert held.hold
    house.store.calls.clear()
    assert house.do(drill_id, Action.RETRY, hold=1).state is DrillState.RUNNING
    assert house.store.calls == ["load", "save"]
    house.drain(drill_id)
    house.follow(drill_id, failed={server.id: "no capacity" for server in house.drill(drill_id).wave(2).servers})
    house.store.calls.clear()
    assert house.do(drill_id, Action.SKIP, "not needed now", hold=2).outcome is Outcome.FAILED
    assert house.store.calls == ["load", "save"]


def test_glass_is_broken_by_those_named_for_it_and_the_reason_kept(house: House) -> None:
    plan = a_plan(("Database", 2), ("Web", 2))
    house = House((plan.model_copy(update={"access": plan.access.model_copy(update={"break_glass": (EVE.user_id,)})}),))
    drill_id = house.launched()
    house.follow(drill_id)
    with pytest.raises(NotAllowed, match="You may not break glass"):
        house.do(drill_id, Action.BREAK_GLASS, "Nobody else is awake.", by=GRACE, wave=2, round=1)
    broken = house.do(drill_id, Action.BREAK_GLASS, "Nobody else is awake.", by=EVE, wave=2, round=1)
    assert broken.wave(2).state == "launching"
    assert GlassBroken(actor=EVE, wave=2, round=1, reason="Nobody else is awake.") in [
        record.event for record in house.table.records[drill_id]
    ]


def test_what_approvers_say_goes_into_the_record_with_their_answer(house: House) -> None:
    drill_id = house.launched()
    house.follow(drill_id)
    rejected = house.do(drill_id, Action.REJECT, "Not today.", by=GRACE, wave=2, round=1)
    assert rejected.state is DrillState.ON_HOLD
    house.do(drill_id, Action.RETRY, hold=1)
    approved = house.do(drill_id, Action.APPROVE, "Now it is.", by=GRACE, wave=2, round=2)
    assert approved.wave(2).state == "launching"
    kept = [record.event for record in house.table.records[drill_id]]
    assert [event.comment for event in kept if isinstance(event, WaveRejected | WaveApproved)] == [
        "Not today.",
        "Now it is.",
    ]


def test_a_refused_click_is_put_on_record_with_its_reason(house: House) -> None:
    drill_id = house.launched()
    house.follow(drill_id)
    with pytest.raises(ApprovalDenied):
        house.do(drill_id, Action.APPROVE, by=EVE, wave=2, round=1)
    with pytest.raises(DrillError, match="does not apply now"):
        house.do(drill_id, Action.WITHDRAW, by=LINUS)
    approve, withdraw = house.store.refusals(drill_id)
    assert (approve.actor, approve.action, approve.at) == (EVE, "wave_approved", house.clock())
    assert "You may not approve" in approve.reason
    assert (withdraw.actor, withdraw.action) == (LINUS, "proposal_withdrawn")


def test_a_lost_race_that_cannot_be_won_is_nobodys_fault_and_not_on_record(house: House) -> None:
    drill_id = house.ready()
    house.store.fail("save", ConcurrentUpdate("a crowd"), times=TRIES)
    with pytest.raises(ConcurrentUpdate):
        house.do(drill_id, Action.START)
    with pytest.raises(UnknownDrill):
        house.do("payments-99", Action.START)
    assert house.table.refusals == {}


def test_a_click_that_cannot_be_saved_fails_loudly(house: House) -> None:
    drill_id = house.ready()
    house.store.fail("save", unavailable())
    with pytest.raises(StoreUnavailable):
        house.do(drill_id, Action.START)
    assert house.drill(drill_id).state is DrillState.READY


def test_who_is_locked_out_is_told_by_which_drill_and_that_is_on_record() -> None:
    other = a_plan(("Web", 5), name="other", operators=(LINUS,), approvers=(GRACE,))
    house = House((a_plan(("Database", 2), ("Web", 2)), other))
    mine, theirs = house.ready(), house.drills.propose("other", house.click(LINUS)).id
    house.drain(theirs)
    house.do(mine, Action.START)
    with pytest.raises(DrillError) as told:
        house.do(theirs, Action.START, by=LINUS)
    assert str(told.value) == (
        f"A drill of Payments in the recovery Region is under way, started by <@U0ADA>, {moment(T0)}, "
        "in <#C0DRDRILLS>. It holds servers of this plan (4) until it has been cleaned up. See /drs status payments-1."
    )
    (refusal,) = house.store.refusals(theirs)
    assert refusal.reason == plain(str(told.value))
    assert house.drill(theirs).state is DrillState.READY


def test_a_plan_that_is_being_drilled_cannot_be_asked_for_again(house: House) -> None:
    house.running()
    with pytest.raises(DrillError, match=r"is under way, started by <@U0ADA>, .* See /drs status payments-1\."):
        house.drills.propose("payments", house.click())
    assert list(house.table.drills) == ["payments-1"]


def test_a_plan_whose_servers_were_all_exchanged_is_still_the_plan_that_is_being_drilled() -> None:
    house = House((a_plan(("Web", 1)),))
    house.running()
    exchanged = a_plan(("Nothing of the old", 2)).model_copy(update={"waves": a_plan(("Old", 1), ("New", 1)).waves[1:]})
    drills = replace(house.drills, plan_source=MemoryPlans(exchanged))
    with pytest.raises(DrillError, match="It holds this plan until it has been cleaned up"):
        drills.propose("payments", house.click())


def test_a_drill_that_was_proposed_and_not_started_is_described_by_who_asked_for_it(house: House) -> None:
    drill_id = house.proposed()
    house.table.owners[HOME.account_id, HOME.region] = {"plan:payments": drill_id}
    with pytest.raises(DrillError, match="asked for by <@U0ADA>, "):
        house.drills.propose("payments", house.click(LINUS))


def test_a_lock_whose_drill_is_gone_still_says_which_one_to_look_for(house: House) -> None:
    house.table.owners[HOME.account_id, HOME.region] = {"plan:payments": "payments-0"}
    with pytest.raises(DrillError) as told:
        house.drills.propose("payments", house.click())
    assert str(told.value) == (
        "Drill payments-0 is under way. It holds this plan until it has been cleaned up. See /drs status payments-0."
    )
    drill_id = "payments-1"
    house.table.owners.clear()
    house.ready()
    house.table.owners[HOME.account_id, HOME.region] = {"plan:payments": "payments-0"}
    with pytest.raises(DrillError, match="Drill payments-0 is under way"):
        house.do(drill_id, Action.START)
    assert len(house.store.refusals(drill_id)) == 1


@pytest.mark.parametrize(("purpose", "called"), [(Purpose.DRILL, "drill"), (Purpose.CHECK, "check")])
def test_a_plan_of_which_a_drill_or_check_waits_for_its_start_has_no_second_card(
    house: House, purpose: Purpose, called: str
) -> None:
    """The first one's drill would leave the second "Ready to start" as it is."""
    waits = house.drills.propose("payments", house.click(), purpose=purpose).id
    for again in (Purpose.DRILL, Purpose.CHECK):
        with pytest.raises(DrillError) as told:
            house.drills.propose("payments", house.click(LINUS), purpose=again)
        assert str(told.value) == (
            f"A {called} of Payments in the recovery Region waits to be started already: <@U0ADA> asked for it, "
            f"{moment(T0)}, in <#C0DRDRILLS>. Start or cancel that one. See /drs status {waits}."
        )
    house.drain(waits)
    with pytest.raises(DrillError, match="waits to be started already"):
        house.proposed()
    house.do(waits, Action.WITHDRAW)
    assert house.proposed() != waits


def test_a_proposal_that_has_expired_stands_in_nobodys_way_and_one_of_another_plan_neither() -> None:
    house = House((a_plan(), a_plan(name="another")))
    house.proposed()
    house.proposed("another")
    house.pass_time(timedelta(hours=1))
    assert house.proposed()


def test_only_plans_that_can_be_read_are_listed(house: House) -> None:
    good, also = a_plan(), a_plan(name="also-good")
    drills = replace(house.drills, plan_source=MemoryPlans(good, also, broken=("bad",)))
    assert drills.plans() == (also, good)


def test_active_drills_are_those_that_have_not_ended_the_oldest_first() -> None:
    house = House(tuple(a_plan(("Web", 1), name=name) for name in ("payments", "another", "third")))
    house.proposed()
    house.pass_time(timedelta(minutes=1))
    second = house.drills.propose("another", house.click(LINUS)).id
    house.pass_time(timedelta(minutes=1))
    third = house.proposed("third")
    assert [drill.id for drill in house.drills.active()] == ["payments-1", second, third]
    house.do(second, Action.WITHDRAW, by=LINUS)
    assert [drill.id for drill in house.drills.active()] == ["payments-1", third]
    assert house.drills.status(second).outcome is Outcome.WITHDRAWN


def test_a_drill_that_has_ended_is_not_active_even_where_the_index_still_has_it(house: House) -> None:
    drill_id = house.proposed()
    stale = house.store.unfinished()
    house.store.before("unfinished", lambda: house.do(drill_id, Action.WITHDRAW))
    house.store.lag(stale)
    assert house.drills.active() == ()


def test_a_stranger_cannot_ask_for_a_drill(house: House) -> None:
    with pytest.raises(NotAllowed, match="Its operators may: <@U0ADA>, <@U0LINUS>"):
        house.drills.propose("payments", house.click(Person(user_id="U0NOBODY", team_id="T0LOCALDR")))
    assert house.table.drills == {}
    assert ADA.user_id in house.plans[0].access.operators
