"""What part somebody has in a plan, and why."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.access import Access, Escalation
from bot.domain.approval import Action
from bot.domain.parts import Part, Role, may, parts, unsure
from tests.unit.builders import ADA, EVE, GRACE

ACCESS = Access(
    operators=(ADA.user_id, "S0OPERATOR"),
    approvers=(GRACE.user_id, "S0APPROVER"),
    escalation=Escalation(after=timedelta(minutes=30), approvers=("S0SECOND",)),
)


def test_somebody_who_is_not_named_has_no_part() -> None:
    assert parts(ACCESS, EVE) == ()
    assert may(ACCESS, EVE) == ()


def test_each_part_says_by_what_somebody_has_it() -> None:
    ada = ADA.model_copy(update={"groups": ("S0OPERATOR", "S0SECOND", "S0ELSEWHERE")})
    assert parts(ACCESS, ada) == (
        Part(Role.OPERATOR, (ADA.user_id, "S0OPERATOR")),
        Part(Role.ESCALATION, ("S0SECOND",)),
    )


def test_a_plan_without_escalation_has_no_such_part() -> None:
    grace = GRACE.model_copy(update={"groups": ("S0SECOND",)})
    assert parts(ACCESS.model_copy(update={"escalation": None}), grace) == (Part(Role.APPROVER, (GRACE.user_id,)),)


def test_who_may_break_glass_has_a_part_of_their_own() -> None:
    access = ACCESS.model_copy(update={"break_glass": (EVE.user_id,)})
    assert parts(access, EVE) == (Part(Role.BREAK_GLASS, (EVE.user_id,)),)
    assert may(access, EVE) == (Action.BREAK_GLASS,)


def test_what_a_part_lets_them_do_is_what_the_policy_says() -> None:
    both = {Action.WITHDRAW, Action.HOLD, Action.ABORT}
    assert {Action.APPROVE, Action.REJECT} | both <= set(may(ACCESS, GRACE))
    assert {Action.START, Action.RESUME, Action.RETRY, Action.SKIP}.isdisjoint(may(ACCESS, GRACE))
    through = EVE.model_copy(update={"groups": ("S0OPERATOR",)})
    assert may(ACCESS, through) == may(ACCESS, ADA)
    assert {Action.START, Action.RESUME, Action.RETRY, Action.SKIP} | both <= set(may(ACCESS, ADA))


def test_groups_whose_members_are_not_known_are_named_if_they_are_the_plans() -> None:
    eve = EVE.model_copy(update={"unsure": ("S0ELSEWHERE", "S0APPROVER")})
    assert unsure(ACCESS, eve) == ("S0APPROVER",)
    assert unsure(ACCESS, EVE) == ()
