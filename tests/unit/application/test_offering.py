"""What people are offered where no message of a drill offers it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.ports.groups import Membership
from bot.application.ports.storage import Posted
from bot.domain.approval import Action
from bot.domain.commands import Topic, TopicKind
from bot.domain.errors import ApprovalDenied, NotAllowed, UnknownDrill
from bot.domain.offers import Offer
from bot.domain.person import Person
from tests.unit.application.house import House
from tests.unit.builders import ADA, CHANNEL, EVE, GRACE, LINUS, a_plan
from tests.unit.plans import small_plan

CARD = Topic(kind=TopicKind.CARD)
GROUP = "S0APPROVER"


@pytest.fixture
def house() -> House:
    return House()


def grouped(**access: tuple[str, ...]) -> House:
    """A house whose plan names a user group."""
    plan = a_plan(("Database", 2), ("Web", 2))
    return House((plan.model_copy(update={"access": plan.access.model_copy(update=access)}),))


def known(house: House, *people: Person) -> None:
    """It is known who is in the group."""
    members = tuple(person.user_id for person in people)
    house.groups.keep(GROUP, Membership(members, house.clock()))


def waiting(house: House) -> str:
    """A drill that waits for the approval of wave 2."""
    drill_id = house.launched()
    house.follow(drill_id)
    return drill_id


def test_each_is_offered_what_they_can_do_and_told_why_not_the_rest(house: House) -> None:
    drill = house.drill(waiting(house))
    approver = house.drills.offering.of(drill, GRACE)
    assert [offer.action for offer in approver.mine] == [Action.APPROVE, Action.REJECT, Action.HOLD, Action.ABORT]
    assert approver.others == ()
    outsider = house.drills.offering.of(drill, EVE)
    assert outsider.mine == ()
    assert {offer.action for offer, _why in outsider.others} == {offer.action for offer in approver.mine}
    assert all("These people may: <@U0" in why for _offer, why in outsider.others)


def test_who_is_in_a_group_is_known() -> None:
    house = grouped(approvers=(GROUP, GRACE.user_id))
    known(house, EVE, LINUS)
    drill = house.drill(waiting(house))
    assert Action.APPROVE in {offer.action for offer in house.drills.offering.of(drill, EVE).mine}


def test_a_drill_is_known_again_by_its_card(house: House) -> None:
    drill_id = house.running()
    offering = house.drills.offering
    assert offering.of_message(CHANNEL, "1.1") is None, "the card is not posted yet"
    house.messages.keep(drill_id, CARD, Posted(ts="1.1", looks=""), None)
    found = offering.of_message(CHANNEL, "1.1")
    assert found
    assert found.id == drill_id
    assert offering.of_message(CHANNEL, "1.2") is None
    assert offering.of_message("C0ELSEWHERE", "1.1") is None


def test_a_drill_that_has_ended_without_being_run_is_not_found(house: House) -> None:
    drill_id = house.ready()
    house.messages.keep(drill_id, CARD, Posted(ts="1.1", looks=""), None)
    house.do(drill_id, Action.WITHDRAW)
    assert house.drills.offering.of_message(CHANNEL, "1.1") is None
    assert house.drills.offering.in_channel(CHANNEL) == ()


def test_a_channel_has_the_drills_of_its_plans() -> None:
    house = House((small_plan("one", 1), small_plan("two", 2)))
    ids = [house.ready("one")]
    house.pass_time(timedelta(minutes=1))
    ids.append(house.ready("two"))
    assert [drill.id for drill in house.drills.offering.in_channel(CHANNEL)] == ids
    assert house.drills.offering.in_channel("C0ELSEWHERE") == ()


def test_the_plans_are_those_that_one_can_drill_now() -> None:
    house = House((small_plan("one", 1), small_plan("two", 2)))
    assert [plan.name for plan in house.drills.offering.plans(ADA)] == ["one", "two"]
    assert house.drills.offering.plans(EVE) == ()
    house.running("one")
    assert [plan.name for plan in house.drills.offering.plans(ADA)] == ["two"]


def test_operators_may_be_a_group() -> None:
    house = grouped(operators=(GROUP,))
    assert house.drills.offering.plans(EVE) == ()
    known(house, EVE)
    assert [plan.name for plan in house.drills.offering.plans(EVE)] == ["payments"]
    house.pass_time(timedelta(hours=2))
    assert house.drills.offering.plans(EVE) == (), "nobody knows any more"


def test_a_form_gives_the_drill_and_changes_nothing(house: House) -> None:
    drill_id = waiting(house)
    before, saved = house.drill(drill_id), house.store.calls.count("save")
    assert house.drills.admit(drill_id, Offer(Action.REJECT, wave=2, round=1), house.click(GRACE)) == before
    assert house.drill(drill_id) == before
    assert house.store.calls.count("save") == saved


@pytest.mark.parametrize(
    ("offer", "refusal", "words"),
    [
        (Offer(Action.REJECT, wave=2, round=1), ApprovalDenied, "You may not reject"),
        (Offer(Action.HOLD), NotAllowed, "You may not hold"),
    ],
)
def test_a_form_that_is_refused_is_on_record(house: House, offer: Offer, refusal: type[NotAllowed], words: str) -> None:
    drill_id = waiting(house)
    with pytest.raises(refusal, match=words):
        house.drills.admit(drill_id, offer, house.click(EVE))
    (kept,) = house.store.refusals(drill_id)
    assert kept.actor.user_id == EVE.user_id
    assert kept.reason.startswith(words)


def test_a_drill_that_is_not_there_cannot_be_admitted(house: House) -> None:
    with pytest.raises(UnknownDrill):
        house.drills.admit("nothing", Offer(Action.HOLD), house.click())


def test_the_last_drill_of_a_plan_is_known_by_its_thread_though_it_has_ended() -> None:
    house = House()
    drill_id = house.ready()
    house.do(drill_id, Action.START)
    house.messages.keep(drill_id, CARD, Posted(ts="1.1", looks=""), None)
    house.abort(drill_id)
    house.drain(drill_id)
    offering = house.drills.offering
    assert offering.in_channel(CHANNEL) == ()
    found = offering.of_message(CHANNEL, "1.1")
    assert found
    assert found.id == drill_id
    assert offering.of_message("C0ELSEWHERE", "1.1") is None
    del house.table.drills[drill_id]
    assert offering.of_message(CHANNEL, "1.1") is None, "only its result is left"
