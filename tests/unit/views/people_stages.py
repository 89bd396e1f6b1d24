"""Where a drill can be while people answer, are reminded, stop it or let it go on."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.access import Escalation
from bot.domain.plan_waves import Approval
from tests.unit.builders import ADA, EVE, GRACE, LINUS, Story
from tests.unit.views.launch_stages import launching, partly_approved, waiting
from tests.unit.views.sizes import CROWD, NASTY, Size, names, the_plan


def _words(size: Size, usual: str = "The network team joins at half past ten.") -> str:
    return (NASTY * 20)[:500].strip() if size is Size.LARGEST else usual


def approved_with_comments(size: Size) -> Story:
    story = waiting(size)
    for person in [GRACE, LINUS, *CROWD][: story.drill.plan.access.minimum_approvals]:
        story.approved(person, _words(size, "Change 4711 is closed."))
    return story


def rejected(size: Size) -> Story:
    return partly_approved(size).rejected(LINUS, _words(size, "The month-end close is still running."))


def reminded(size: Size) -> Story:
    return partly_approved(size).reminded()


def _escalating(size: Size) -> Story:
    crowd = [person.user_id for person in CROWD] if size is Size.LARGEST else []
    plan = the_plan(size, approval=Approval.REQUIRED)
    escalation = Escalation(after=timedelta(minutes=45), approvers=(EVE.user_id, *crowd[:9]))
    access = plan.access.model_copy(update={"escalation": escalation, "approvers": plan.access.approvers[:19]})
    story = Story(plan.model_copy(update={"access": access}))
    story.checked(names=names(plan)).started()
    for _ in story.drill.waves[1:]:
        story.wave_done()
    return story


def escalated(size: Size) -> Story:
    return _escalating(size).reminded(2)


def group_waiting(size: Size) -> Story:
    """Approvers are a user group beside a person, operators a group alone but for who started it."""
    plan = the_plan(size, approval=Approval.REQUIRED)
    named = {"operators": (ADA.user_id, "S0OPERATOR"), "approvers": ("S0APPROVER", GRACE.user_id)}
    story = Story(plan.model_copy(update={"access": plan.access.model_copy(update=named)}))
    return story.checked(names=names(plan)).started()


def group_reminded(size: Size) -> Story:
    return group_waiting(size).reminded()


def glass_broken(size: Size) -> Story:
    plan = the_plan(size, approval=Approval.REQUIRED)
    story = Story(plan.model_copy(update={"access": plan.access.model_copy(update={"break_glass": (EVE.user_id,)})}))
    story.checked(names=names(plan)).started()
    for _ in story.drill.waves[1:]:
        story.wave_done()
    return story.glass_broken(EVE, _words(size, "The approvers are on a plane."))


def approved_after_all(size: Size) -> Story:
    return reminded(size).approved_by_all()


def rejection_overruled(size: Size) -> Story:
    return rejected(size).retried()


def held(size: Size) -> Story:
    return waiting(size).held(GRACE, _words(size))


def held_by_the_button(size: Size) -> Story:
    return launching(size).held()


def resumed(size: Size) -> Story:
    return held(size).resumed(LINUS)


PEOPLE_STAGES = (
    held, held_by_the_button, resumed, approved_with_comments, rejected, rejection_overruled, reminded, escalated,
    glass_broken, approved_after_all, group_waiting, group_reminded,
)  # fmt: skip
