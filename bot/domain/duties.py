"""What somebody has done in a drill already, and what they therefore may not do in it any more.

Four-eyes bars those who asked for the drill or started it from approving its waves. A plan that separates duties also
bars whoever has resumed it, retried or skipped a wave, and the other way round: whoever has approved or rejected a wave
does none of that. What stops a drill stays open to everybody who may.
"""

from __future__ import annotations

from bot.domain import approval
from bot.domain.approval import Action, barred_at_start, entitled, somebody_else
from bot.domain.drill import Drill
from bot.domain.errors import NotAllowed
from bot.domain.person import Person
from bot.domain.states import HoldDecision

_OPERATING = frozenset({Action.WAIVE, Action.RESUME, Action.RETRY, Action.SKIP})
_OPERATED = frozenset({HoldDecision.RESUMED, HoldDecision.RETRIED, HoldDecision.SKIPPED})


def barred_from_answering(drill: Drill) -> frozenset[str]:
    """Who can neither approve nor reject waves of this drill, for what they have done in it."""
    barred = barred_at_start(drill.plan.access, drill.requester, drill.started_by)
    if not drill.plan.access.separation_of_duties:
        return barred
    return barred | _operated(drill) | {person.user_id for person in _waived(drill)}


def check_approvable(drill: Drill, starter: Person | None = None) -> None:
    """See, before anything is launched, that the approvals that the drill needs can be had.

    Raises:
        NotAllowed: they cannot, or it is not known whether they can.
    """
    if not any(drill.plan.needs_approval(wave.number) for wave in drill.waves):
        return
    access, waived = drill.plan.access, _waived(drill)
    approval.check_enough_approvers(
        access, drill.directory, drill.requester, starter, *waived, also_waived=bool(waived)
    )


def authorise(drill: Drill, action: Action, person: Person) -> None:
    """Let a person do something to the drill, or say why not.

    Raises:
        NotAllowed: they may not; the text names who may.
    """
    approval.authorise(drill.plan.access, action, person)
    if action in _OPERATING and person.user_id in _barred_from_operating(drill):
        raise NotAllowed(
            "You have approved or rejected a wave of this drill, and its plan separates the duties: "
            f"{somebody_else(action, can_operate(drill, action))}."
        )


def authorise_sign_off(drill: Drill, person: Person) -> None:
    """Let a person sign the drill off: one who may approve, and in whom its plan sees somebody else than who ran it.

    Raises:
        NotAllowed: they may not; the text names who may.
    """
    approval.authorise(drill.plan.access, Action.SIGN_OFF, person)
    if person.user_id in barred_from_answering(drill):
        raise NotAllowed(
            "You have asked for this drill, started it or kept it going, and its plan wants four eyes: "
            f"{somebody_else(Action.SIGN_OFF, can_sign_off(drill))}."
        )


def can_sign_off(drill: Drill) -> tuple[str, ...]:
    """Who may sign the drill off."""
    barred = barred_from_answering(drill)
    return tuple(who for who in entitled(drill.plan.access, Action.SIGN_OFF) if who not in barred)


def can_operate(drill: Drill, action: Action) -> tuple[str, ...]:
    """Who may do something to the drill: those whom the plan names for it, less those who may not any more."""
    out = _barred_from_operating(drill) if action in _OPERATING else frozenset()
    return tuple(who for who in entitled(drill.plan.access, action) if who not in out)


def _waived(drill: Drill) -> tuple[Person, ...]:
    """Who cannot answer for waves because they have waived warnings: under separated duties, that is operating."""
    return tuple(waiver.by for waiver in drill.waivers) if drill.plan.access.separation_of_duties else ()


def _operated(drill: Drill) -> frozenset[str]:
    return frozenset(h.decided_by.user_id for h in drill.holds if h.decided_by and h.decision in _OPERATED)


def _barred_from_operating(drill: Drill) -> frozenset[str]:
    if not drill.plan.access.separation_of_duties:
        return frozenset()
    rounds = [asked for wave in drill.waves for asked in wave.rounds]
    approved = {one.by.user_id for asked in rounds for one in asked.given}
    return frozenset(approved | {asked.rejected.by.user_id for asked in rounds if asked.rejected})
