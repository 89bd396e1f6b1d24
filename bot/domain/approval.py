"""Who may do what, as pure rules over the plan frozen in the drill.

They are asked at the click and nowhere else: what a message shows gives nobody any authority.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from bot.domain.access import Access
from bot.domain.errors import NotAllowed
from bot.domain.person import Person


class Action(StrEnum):
    """What a person can do to a drill. Also the name of its button."""

    START = "start"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REJECT = "reject"
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
    Action.REJECT: "reject waves of this drill",
    Action.HOLD: "hold this drill",
    Action.RESUME: "resume this drill",
    Action.ABORT: "abort this drill",
    Action.RETRY: "retry in this drill",
    Action.SKIP: "skip in this drill",
}


def mention(user_id: str) -> str:
    """A person, the way Slack shows a name: `<@U…>`. The only mark-up the domain knows."""
    return f"<@{user_id}>"


def names(user_ids: Iterable[str]) -> str:
    """People in a list, each once: `<@U…>, <@U…>`, or else `nobody`."""
    return ", ".join(mention(user_id) for user_id in dict.fromkeys(user_ids)) or "nobody"


def entitled(access: Access, action: Action) -> tuple[str, ...]:
    """Who may do `action` under a plan. Stopping a drill is open to approvers too: stopping is the safe side."""
    if action in {Action.APPROVE, Action.REJECT}:
        return access.approvers
    if action in _STOPS:
        return tuple(dict.fromkeys(access.operators + access.approvers))
    return access.operators


def approvers(access: Access, *, escalated: bool) -> tuple[str, ...]:
    """Who may approve a wave, and reject it; `escalated`: after the plan's escalation."""
    second = access.escalation.approvers if access.escalation and escalated else ()
    return tuple(dict.fromkeys(access.approvers + second))


def authorise(access: Access, action: Action, person: Person) -> None:
    """Let `person` do `action`, or say why not.

    Raises:
        NotAllowed: they may not; the text names who may.
    """
    who = entitled(access, action)
    if person.user_id not in who:
        raise NotAllowed(f"You may not {_VERBS[action]}. These people may: {names(who)}.")


def may_propose(access: Access, person: Person, plan_name: str) -> None:
    """Let `person` ask for a drill of a plan.

    Raises:
        NotAllowed: they are no operator of it.
    """
    if person.user_id not in access.operators:
        raise NotAllowed(f"You may not drill {plan_name}. Its operators may: {names(access.operators)}.")


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
            f"four-eyes on only {names(left)} could give one. Let somebody else ask for it or start it, "
            "or add approvers to the plan."
        )
