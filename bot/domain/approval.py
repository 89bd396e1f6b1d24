"""Who may do what, as pure rules over the plan frozen in the drill.

They are asked at the click and nowhere else: what a message shows gives nobody any authority.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from bot.domain.access import Access
from bot.domain.errors import NotAllowed
from bot.domain.mark_up import moment
from bot.domain.person import Person
from bot.domain.plan_parts import is_group

Directory = Mapping[str, tuple[str, ...]]
"""User groups to their members, where these are known."""


class Action(StrEnum):
    """What a person can do to a drill. Also the name of its button."""

    START = "start"
    WAIVE = "waive"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REJECT = "reject"
    HOLD = "hold"
    RESUME = "resume"
    ABORT = "abort"
    RETRY = "retry"
    SKIP = "skip"
    BREAK_GLASS = "break_glass"
    CLEAN_UP = "clean_up"
    CONFIRM = "confirm"
    DENY = "deny"
    REPORT = "report"
    SIGN_OFF = "sign_off"
    ADD_FINDING = "add_finding"
    FIX_FINDING = "fix_finding"
    NOTE = "note"


_STOPS = {Action.WITHDRAW, Action.HOLD, Action.ABORT, Action.CLEAN_UP}
"""What stops a drill, for a while or for good, or ends what it costs: nothing can be lost by it but time."""
_TESTIFIES = {Action.CONFIRM, Action.DENY}
"""What only says what is the case."""
_RECORDS = {Action.REPORT, Action.ADD_FINDING, Action.FIX_FINDING, Action.NOTE}
"""What adds to a drill's record, and moves nothing."""
_VERBS = {
    Action.START: "start this drill",
    Action.WAIVE: "waive warnings of this drill",
    Action.WITHDRAW: "cancel this drill",
    Action.APPROVE: "approve waves of this drill",
    Action.REJECT: "reject waves of this drill",
    Action.HOLD: "hold this drill",
    Action.RESUME: "resume this drill",
    Action.ABORT: "abort this drill",
    Action.RETRY: "retry in this drill",
    Action.SKIP: "skip in this drill",
    Action.BREAK_GLASS: "break glass in this drill",
    Action.CLEAN_UP: "clean up this drill",
    Action.CONFIRM: "confirm checks of this drill",
    Action.DENY: "deny checks of this drill",
    Action.REPORT: "have a report made of this drill",
    Action.SIGN_OFF: "sign this drill off",
    Action.ADD_FINDING: "add findings to this drill",
    Action.FIX_FINDING: "say that findings of this drill are fixed",
    Action.NOTE: "add notes to this drill",
}


_DEEDS = {
    False: ("asked for it or started it", "ask for it or start it"),
    True: ("asked for it, started it or waived its warnings", "start it or waive its warnings"),
}


def mention(who: str) -> str:
    """A person or a user group, the way Slack shows their name. See `mark_up` for what else the domain marks up."""
    return f"<!subteam^{who}>" if is_group(who) else f"<@{who}>"


def names(user_ids: Iterable[str]) -> str:
    """People in a list, each once: `<@U…>, <@U…>`, or else `nobody`."""
    return ", ".join(mention(user_id) for user_id in dict.fromkeys(user_ids)) or "nobody"


def entitled(access: Access, action: Action) -> tuple[str, ...]:
    """Who may do `action` under a plan. Stopping a drill is open to approvers too: stopping is the safe side.

    Waiving a warning is up to the operators, as is a retry or a skip: it lets the drill go on, and they are the ones
    who would have to look at the servers. Approvers decide about waves, not about what the checks have found.
    """
    if action in {Action.APPROVE, Action.REJECT}:
        return access.approvers
    if action is Action.SIGN_OFF:  # where nobody approves, whoever operates has to answer for it
        return access.approvers or access.operators
    if action is Action.BREAK_GLASS:
        return access.break_glass
    if action in _STOPS | _TESTIFIES | _RECORDS:
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
    if not person.is_among(who):
        raise NotAllowed(why_not_among(person, who, f"You may not {_VERBS[action]}."))


def why_not_among(person: Person, who: Iterable[str], refusal: str, may: str = "These people may") -> str:
    """Why somebody is not among those who may: for certain, or because nobody knows who is in a group."""
    who = tuple(who)
    if not who:
        return f"{refusal} The plan lets nobody do that."
    unsure = [group for group in who if group in person.unsure]
    if not unsure:
        return f"{refusal} {may}: {names(who)}."
    by_id = [user for user in who if not is_group(user)]
    since = f"since {moment(person.unsure_since)}" if person.unsure_since else "so far"
    return (
        f"The members of {names(unsure)} could not be looked up {since}, so the bot does not know whether you may do "
        f"this. Try again in a few minutes{f', or ask {names(by_id)}' if by_id else ''}."
    )


def may_propose(access: Access, person: Person, plan_name: str) -> None:
    """Let `person` ask for a drill of a plan.

    Raises:
        NotAllowed: they are no operator of it.
    """
    if not person.is_among(access.operators):
        refusal = f"You may not drill {plan_name}."
        raise NotAllowed(why_not_among(person, access.operators, refusal, "Its operators may"))


def somebody_else(action: Action, who: Iterable[str]) -> str:
    """That it takes somebody else, as whoever has clicked must not: those who could, or that there is nobody."""
    left = tuple(who)
    return (
        f"somebody else must {action.replace('_', ' ')} ({names(left)})"
        if left
        else "the plan names nobody else who could do that"
    )


def barred_at_start(access: Access, *concerned: Person | None) -> frozenset[str]:
    """Who cannot approve because they asked for the drill or started it."""
    return frozenset(person.user_id for person in concerned if person) if access.bars_whoever_starts else frozenset()


def check_enough_approvers(
    access: Access, directory: Directory, *concerned: Person | None, also_waived: bool = False
) -> None:
    """See at the start, not at wave two, that the approvals can be had.

    An escalation does not count, as it may not come; nor do those who may break glass, as nobody should have to.
    `also_waived`: whether some of those concerned have waived warnings.

    Raises:
        NotAllowed: fewer people can approve than the plan asks for, or it is not known whether enough can.
    """
    barred = barred_at_start(access, *concerned)
    known = members(access.approvers, directory)
    left = [user for user in known if user not in barred]
    if len(left) >= access.minimum_approvals:
        return
    unknown = [who for who in access.approvers if is_group(who) and who not in directory]
    if unknown:
        raise NotAllowed(
            f"The members of {names(unknown)} could not be looked up, so the bot does not know whether anybody could "
            "approve the waves of this drill. Try again in a few minutes."
        )
    without = [user for user in known if user in barred]
    did, do = _DEEDS[also_waived]
    barring = f"without {names(without)}, who {did}, " if without else ""
    needed = f"{access.minimum_approvals} approvals" if access.minimum_approvals > 1 else "an approval"
    raise NotAllowed(
        f"The waves of this drill could not be approved: each needs {needed}, and {barring}"
        f"{f'only {names(left)}' if left else 'nobody'} could give one. Let somebody else {do}, "
        "or add approvers to the plan."
    )


def members(who: Iterable[str], directory: Directory) -> tuple[str, ...]:
    """The people among `who`: those named by id, and those known to be in a group; each once."""
    named = (directory.get(each, ()) if is_group(each) else (each,) for each in who)
    return tuple(dict.fromkeys(user for people in named for user in people))
