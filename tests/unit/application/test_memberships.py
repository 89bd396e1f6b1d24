"""User groups at a click: who is in them as far as is known, and what somebody is told when it is not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.memberships import STALE
from bot.application.ports.groups import Membership
from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.errors import ApprovalDenied, NotAllowed
from bot.domain.events import DrillProposed, DrillStarted, WaveApproved
from bot.domain.mark_up import plain
from bot.domain.plan import Plan
from tests.unit.application.house import House
from tests.unit.builders import ADA, EVE, GRACE, LINUS, MINUTE, a_plan

DBA = "S0DBA"


def plan(**access: object) -> Plan:
    made = a_plan(("Database", 2), ("Web", 2))
    named = {"operators": (ADA.user_id,), "approvers": (DBA,)} | access
    return Plan.model_validate(made.model_dump() | {"access": made.access.model_dump() | named})


class GroupHouse(House):
    """A house whose plan names a user group as its approvers: Grace and Linus are in it."""

    def __post_init__(self) -> None:
        House.__post_init__(self)
        self.groups.keep(DBA, Membership((GRACE.user_id, LINUS.user_id), self.clock()))

    def waiting(self) -> str:
        """Wave 2 waits for approval."""
        drill_id = self.launched()
        self.follow(drill_id)
        return drill_id


@pytest.fixture
def house() -> GroupHouse:
    return GroupHouse((plan(),))


def events(house: House, kind: type) -> list[object]:
    return [record.event for record in house.table.records["payments-1"] if isinstance(record.event, kind)]


def test_somebody_in_a_group_approves_and_the_record_says_by_which_group(house: GroupHouse) -> None:
    drill_id = house.waiting()
    assert house.do(drill_id, Action.APPROVE, by=GRACE, wave=2, round=1).wave(2).state == "launching"
    (approved,) = events(house, WaveApproved)
    assert isinstance(approved, WaveApproved)
    assert approved.actor == GRACE.model_copy(update={"groups": (DBA,)})


def test_somebody_in_no_group_is_told_who_may(house: GroupHouse) -> None:
    drill_id = house.waiting()
    with pytest.raises(ApprovalDenied) as refused:
        house.do(drill_id, Action.APPROVE, by=EVE, wave=2, round=1)
    assert str(refused.value) == "You may not approve waves of this drill. These people may: <!subteam^S0DBA>."


def test_who_was_in_the_groups_is_frozen_with_the_proposal_and_again_with_the_start(house: GroupHouse) -> None:
    drill_id = house.ready()
    house.groups.keep(DBA, Membership((LINUS.user_id,), house.clock()))
    started: Drill = house.do(drill_id, Action.START)
    assert started.directory == {DBA: (LINUS.user_id,)}
    (proposed,), (start,) = events(house, DrillProposed), events(house, DrillStarted)
    assert isinstance(proposed, DrillProposed)
    assert isinstance(start, DrillStarted)
    assert proposed.directory == {DBA: (GRACE.user_id, LINUS.user_id)}
    assert start.directory == {DBA: (LINUS.user_id,)}


def test_who_was_taken_out_of_the_group_may_not_approve_any_more(house: GroupHouse) -> None:
    drill_id = house.waiting()
    house.groups.keep(DBA, Membership((LINUS.user_id,), house.clock()))
    with pytest.raises(ApprovalDenied, match="You may not approve"):
        house.do(drill_id, Action.APPROVE, by=GRACE, wave=2, round=1)


def test_what_is_an_hour_old_still_counts_and_what_is_older_is_refused_with_the_reason(house: GroupHouse) -> None:
    drill_id = house.waiting()
    house.pass_time(STALE + MINUTE)
    with pytest.raises(ApprovalDenied) as refused:
        house.do(drill_id, Action.APPROVE, by=GRACE, wave=2, round=1)
    assert plain(str(refused.value)) == (
        "The members of <!subteam^S0DBA> could not be looked up since 2026-03-02 at 10:00 UTC, so the bot does not "
        "know whether you may do this. Try again in a few minutes."
    )
    house.groups.keep(DBA, Membership((GRACE.user_id,), house.clock() - STALE))
    assert house.do(drill_id, Action.APPROVE, by=GRACE, wave=2, round=1).wave(2).state == "launching"


def test_somebody_named_by_id_needs_no_group() -> None:
    house = GroupHouse((plan(approvers=(DBA, EVE.user_id)),))
    drill_id = house.waiting()
    house.groups.kept.clear()
    with pytest.raises(ApprovalDenied) as refused:
        house.do(drill_id, Action.APPROVE, by=GRACE, wave=2, round=1)
    assert str(refused.value).endswith(
        "could not be looked up so far, so the bot does not know whether you may do this. "
        "Try again in a few minutes, or ask <@U0EVE>."
    )
    assert house.do(drill_id, Action.APPROVE, by=EVE, wave=2, round=1).wave(2).state == "launching"


def test_operators_may_be_a_group_too() -> None:
    house = GroupHouse((plan(operators=(DBA,), approvers=(EVE.user_id,)),))
    with pytest.raises(NotAllowed, match="Its operators may: <!subteam\\^S0DBA>"):
        house.drills.propose("payments", house.click(EVE))
    assert house.drills.propose("payments", house.click(LINUS)).requester.groups == (DBA,)


def test_a_drill_is_refused_when_the_group_has_nobody_left_to_approve() -> None:
    house = GroupHouse((plan(operators=(ADA.user_id, GRACE.user_id), minimum_approvals=2),))
    with pytest.raises(NotAllowed, match=r"each needs 2 approvals, .* only <@U0LINUS> could give one"):
        house.drills.propose("payments", house.click(GRACE))
    assert house.drills.propose("payments", house.click(ADA)).state == "proposed"


def test_a_drill_is_refused_when_nobody_knows_whether_anybody_can_approve(house: GroupHouse) -> None:
    house.pass_time(timedelta(hours=2))
    with pytest.raises(NotAllowed) as refused:
        house.drills.propose("payments", house.click(ADA))
    assert str(refused.value) == (
        "The members of <!subteam^S0DBA> could not be looked up, so the bot does not know whether anybody could "
        "approve the waves of this drill. Try again in a few minutes."
    )


def test_a_plan_without_groups_asks_for_none() -> None:
    house = GroupHouse()
    house.do(house.ready(), Action.START)
    assert house.groups.read == []
