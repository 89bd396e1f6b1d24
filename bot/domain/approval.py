"""Who may do what, as pure rules over the plan frozen in the drill.

They are asked at the click and nowhere else: what a message shows gives nobody any authority.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.domain.drill import ApprovalRound, Approved, Drill, Person
from bot.domain.errors import ApprovalDenied, NotAllowed
from bot.domain.plan import Access


class Action(StrEnum):
    """What a person can do to a drill. Also the name of its button."""

    START = "start"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    HOLD = "hold"
    RESUME = "resume"
    ABORT = "abort"
    RETRY = "retry"
    SKIP = "skip"


_STOPS = {Action.WITHDRAW, Action.HOLD, Action.ABORT}
"""What stops a drill, for a while or for good: nothing can be lost by it but time."""
_VERBS = {
    Action.START: "start this drill",
    Action.WITHDRAW: "cancel this drill",
    Action.APPROVE: "approve waves of this drill",
    Action.HOLD: "hold this drill",
    Action.RESUME: "resume this drill",
    Action.ABORT: "abort this drill",
    Action.RETRY: "retry in this drill",
    Action.SKIP: "skip in this drill",
}


def mention(user_id: str) -> str:
    """A person, the way Slack shows a name: `<@U…>`. The only mark-up the domain knows."""
    return f"<@{user_id}>"


def _names(user_ids: tuple[str, ...] | list[str]) -> str:
    return ", ".join(mention(user_id) for user_id in dict.fromkeys(user_ids)) or "nobody"


def entitled(access: Access, action: Action) -> tuple[str, ...]:
    """Who may do `action` under a plan. Stopping a drill is open to approvers too: stopping is the safe side."""
    if action is Action.APPROVE:
        return access.approvers
    if action in _STOPS:
        return tuple(dict.fromkeys(access.operators + access.approvers))
    return access.operators


def authorise(access: Access, action: Action, person: Person) -> None:
    """Let `person` do `action`, or say why not.

    Raises:
        NotAllowed: they may not; the text names who may.
    """
    who = entitled(access, action)
    if person.user_id not in who:
        raise NotAllowed(f"You may not {_VERBS[action]}. These people may: {_names(who)}.")


def may_propose(access: Access, person: Person, plan_name: str) -> None:
    """Let `person` ask for a drill of a plan.

    Raises:
        NotAllowed: they are no operator of it.
    """
    if person.user_id not in access.operators:
        raise NotAllowed(f"You may not drill {plan_name}. Its operators may: {_names(access.operators)}.")


def barred_by_four_eyes(access: Access, *concerned: Person | None) -> frozenset[str]:
    """Who cannot approve because they asked for the drill or started it."""
    return frozenset(person.user_id for person in concerned if person) if access.four_eyes else frozenset()


def check_enough_approvers(access: Access, *concerned: Person | None) -> None:
    """See at the start, not at wave two, that the approvals can be had.

    Raises:
        NotAllowed: fewer people can approve than the plan asks for.
    """
    barred = barred_by_four_eyes(access, *concerned)
    left = [user for user in dict.fromkeys(access.approvers) if user not in barred]
    if len(left) < access.minimum_approvals:
        raise NotAllowed(
            f"Nobody could approve the waves of this drill: it needs {access.minimum_approvals} approval(s), and with "
            f"four-eyes on only {_names(left)} could give one. Let somebody else ask for it or start it, "
            "or add approvers to the plan."
        )


def approve(drill: Drill, current: ApprovalRound | None, clicked: int, person: Person, now: datetime) -> ApprovalRound:
    """Count an approval.

    Args:
        drill: the drill whose wave is to be approved.
        current: the newest request for approval of the wave; None if there was none.
        clicked: the number of the request whose button was clicked.
        person: who clicked.
        now: when.

    Raises:
        ApprovalDenied: the click does not count; the text says why.
    """
    access = drill.plan.access
    if person.user_id not in access.approvers:
        raise ApprovalDenied(f"You may not approve waves of this drill. These people may: {_names(access.approvers)}.")
    if person.user_id in barred_by_four_eyes(access, drill.requester, drill.started_by):
        raise ApprovalDenied(
            "You asked for this drill or started it, and its plan wants a second pair of eyes: "
            f"somebody else must approve ({_names([u for u in access.approvers if u != person.user_id])})."
        )
    if current is None or current.number != clicked:
        raise ApprovalDenied("This button belongs to an earlier request for approval. Use the newest message.")
    _refuse_repeat(current, person)
    if now >= current.expires_at:
        raise ApprovalDenied(f"The time for this approval was over at {current.expires_at:%H:%M} UTC.")
    given = (*current.given, Approved(by=person, at=now))
    met = len(given) >= current.needed
    return current.model_copy(update={"given": given, "closed_at": now if met else None})


def _refuse_repeat(current: ApprovalRound, person: Person) -> None:
    for approved in current.given:
        if approved.by.user_id == person.user_id:
            raise ApprovalDenied(f"You have already approved this, at {approved.at:%H:%M} UTC.")
    if current.closed_at and current.is_met:
        by = _names([approved.by.user_id for approved in current.given])
        raise ApprovalDenied(f"Already approved by {by} at {current.closed_at:%H:%M} UTC.")
    if current.closed_at:
        raise ApprovalDenied(f"This request for approval was closed at {current.closed_at:%H:%M} UTC.")
