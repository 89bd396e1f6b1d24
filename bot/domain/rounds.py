"""Answers to a request for approval: whose counts, and what it makes of the request.

Breaking glass is no answer: it is for people whom the plan names for it, and does without.
Rejecting is held to the same policy as approving: whoever may not say yes may not say no for the approvers either. They
can ask for a hold, or abort.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.access import Access
from bot.domain.approval import Action, approvers, authorise, barred_at_start, names, somebody_else, why_not_among
from bot.domain.approval_round import ApprovalRound, Approved, BrokenGlass, Rejected
from bot.domain.drill import Drill
from bot.domain.duties import barred_from_answering
from bot.domain.errors import ApprovalDenied
from bot.domain.mark_up import moment
from bot.domain.person import Person
from bot.domain.plan_parts import is_group
from bot.domain.written import REASON_LEAST, fit


def approve(  # noqa: PLR0917 - what a click on Approve consists of
    drill: Drill, current: ApprovalRound | None, clicked: int, person: Person, comment: str | None, now: datetime
) -> ApprovalRound:
    """Count an approval.

    Args:
        drill: the drill whose wave is to be approved.
        current: the newest request for approval of the wave; None if there was none.
        clicked: the number of the request whose button was clicked.
        person: who clicked.
        comment: what they had to say, if anything.
        now: when.

    Raises:
        ApprovalDenied: the click does not count; the text says why.
        UnfitText: the comment is too long.
    """
    asked = _the_request(drill, Action.APPROVE, current, clicked, person, now)
    _refuse_repeat(asked, person)
    _refuse_late(asked, now)
    given = (*asked.given, Approved(by=person, at=now, comment=fit(comment or "", "Your comment") or None))
    met = len(given) >= asked.needed
    return asked.model_copy(update={"given": given, "closed_at": now if met else None})


def reject(  # noqa: PLR0917 - what a submitted rejection consists of
    drill: Drill, current: ApprovalRound | None, clicked: int, person: Person, comment: str, now: datetime
) -> ApprovalRound:
    """Close a request as rejected, also by somebody who had approved before. The arguments are those of `approve`.

    Raises:
        ApprovalDenied: the click does not count; the text says why.
        UnfitText: the comment is missing or too long.
    """
    asked = _the_request(drill, Action.REJECT, current, clicked, person, now)
    _refuse_late(asked, now)
    rejected = Rejected(by=person, at=now, comment=fit(comment, "Your comment", least=1))
    return asked.model_copy(update={"rejected": rejected, "closed_at": now})


def break_glass(  # noqa: PLR0917 - what a submitted form consists of
    drill: Drill, current: ApprovalRound | None, clicked: int, person: Person, reason: str, now: datetime
) -> ApprovalRound:
    """Close a request as met without its approvals. Neither four-eyes nor separated duties stand in the way of it.

    The arguments are those of `approve`.

    Raises:
        ApprovalDenied: the person may not, or the request is no longer open; the text says why.
        UnfitText: the reason is missing, too short or too long.
    """
    authorise(drill.plan.access, Action.BREAK_GLASS, person)
    asked = _newest(current, clicked)
    _refuse_late(asked, now)
    broken = BrokenGlass(by=person, at=now, reason=fit(reason, "Your reason", least=REASON_LEAST))
    return asked.model_copy(update={"broken": broken, "closed_at": now})


def could_approve(drill: Drill) -> tuple[str, ...]:
    """Who could approve a wave that nobody is asked about yet: with four-eyes on, not who asked for or started it."""
    return _left(drill, frozenset(), escalated=False)


def can_answer(drill: Drill, asked: ApprovalRound) -> tuple[str, ...]:
    """Who can still approve a request, as far as people have been told: those of an escalation only after it."""
    done = frozenset(approved.by.user_id for approved in asked.given)
    return _left(drill, done, escalated=asked.has_escalated)


def _left(drill: Drill, done: frozenset[str], *, escalated: bool) -> tuple[str, ...]:
    access = drill.plan.access
    out = done | barred_from_answering(drill)
    return tuple(who for who in approvers(access, escalated=escalated) if _is_left(drill, who, out))


def _is_left(drill: Drill, who: str, out: frozenset[str]) -> bool:
    """Whether a person, or anybody in a group as far as that is known, is not out."""
    people = drill.directory.get(who) if is_group(who) else (who,)
    return people is None or not out.issuperset(people)


def _the_request(  # noqa: PLR0917 - what a click consists of
    drill: Drill, action: Action, current: ApprovalRound | None, clicked: int, person: Person, now: datetime
) -> ApprovalRound:
    access = drill.plan.access
    escalates_at = current.escalates_at if current else None
    who = approvers(access, escalated=escalates_at is not None and escalates_at <= now)
    if not person.is_among(who):
        raise ApprovalDenied(why_not_among(person, who, _not_yet(access, action, person, escalates_at)))
    _refuse_barred(drill, action, person, who)
    return _newest(current, clicked)


def _refuse_barred(drill: Drill, action: Action, person: Person, who: Iterable[str]) -> None:
    barred = barred_from_answering(drill)
    if person.user_id not in barred:
        return
    if person.user_id in barred_at_start(drill.plan.access, drill.requester, drill.started_by):
        why = "You asked for this drill or started it, and its plan wants a second pair of eyes"
    elif person.user_id in {waiver.by.user_id for waiver in drill.waivers}:
        why = "You have waived warnings of this drill, and its plan separates the duties"
    else:
        why = "You have let this drill go on after a hold, and its plan separates the duties"
    raise ApprovalDenied(f"{why}: {somebody_else(action, (user for user in who if user not in barred))}.")


def _newest(current: ApprovalRound | None, clicked: int) -> ApprovalRound:
    if current is None:
        raise ApprovalDenied("Nobody is asked to approve this wave.")
    if current.number != clicked:
        raise ApprovalDenied("This was about an earlier request for approval. Only the newest one can be answered.")
    return current


def _not_yet(access: Access, action: Action, person: Person, escalates_at: datetime | None) -> str:
    if escalates_at and person.is_among(approvers(access, escalated=True)):
        return f"You may {action} this wave from {moment(escalates_at)} on, if it still waits then."
    return f"You may not {action} waves of this drill."


def _refuse_repeat(asked: ApprovalRound, person: Person) -> None:
    for approved in asked.given:
        if approved.by.user_id == person.user_id:
            raise ApprovalDenied(f"You have already approved this, {moment(approved.at)}.")


def _refuse_late(asked: ApprovalRound, now: datetime) -> None:
    if told := what_became(asked):
        raise ApprovalDenied(told)
    if now >= asked.expires_at:
        raise ApprovalDenied(_over(asked))


def what_became(asked: ApprovalRound) -> str | None:
    """How a request was closed, by whom and when; None while it is open."""
    return _closed(asked, asked.closed_at) if asked.closed_at else None


def _closed(asked: ApprovalRound, at: datetime) -> str:
    if asked.rejected:
        return f"Already rejected by {names([asked.rejected.by.user_id])}, {moment(at)}."
    if asked.broken:
        return f"{names([asked.broken.by.user_id])} broke glass for this wave, {moment(at)}."
    if asked.is_met:
        return f"Already approved by {names(approved.by.user_id for approved in asked.given)}, {moment(at)}."
    if at >= asked.expires_at:
        return _over(asked)
    return f"This request for approval was closed, {moment(at)}."


def _over(asked: ApprovalRound) -> str:
    return f"The time for this approval is over, since {moment(asked.expires_at)}."
