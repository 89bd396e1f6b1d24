"""Why an event does not apply, in words for the person who caused it."""

from __future__ import annotations

from bot.domain.approval import Action, mention, names
from bot.domain.approval_round import ApprovalRound
from bot.domain.cleanup_events import CleanupRequested
from bot.domain.drill import Drill
from bot.domain.drill_parts import Hold
from bot.domain.duties import can_operate
from bot.domain.events import (
    DrillHeld,
    DrillResumed,
    DrillStarted,
    Event,
    GlassBroken,
    HoldRetried,
    HoldSkipped,
    WaveApproved,
    WaveRejected,
)
from bot.domain.mark_up import moment
from bot.domain.person import Person
from bot.domain.rounds import what_became
from bot.domain.states import DrillState, HoldDecision, HoldReason

_NOW = {
    DrillState.PROPOSED: "is still being checked",
    DrillState.READY: "has not been started yet",
    DrillState.STARTING: "is being started",
    DrillState.RUNNING: "is running",
    DrillState.ON_HOLD: "is on hold and waits for a decision",
    DrillState.ABORTING: "is being aborted",
    DrillState.OPERATING: "has ended its waves, and its instances stay up until they are cleaned up",
    DrillState.CLEANING_UP: "is cleaning up its instances",
    DrillState.ENDED: "has ended",
}
Answers = WaveApproved | WaveRejected | GlassBroken
EndsAHold = DrillResumed | HoldRetried | HoldSkipped


def why_not(drill: Drill, event: Event) -> str:
    """One or two sentences: what is the case instead, and by whom if somebody decided it."""
    if isinstance(event, DrillStarted) and drill.started_at:
        return f"Already started{_by(drill.started_by)}, {moment(drill.started_at)}."
    if isinstance(event, DrillStarted) and drill.start:
        return f"Start was clicked{_by(drill.start.by)}, {moment(drill.start.at)}: its servers are looked up once more."
    if drill.aborted_at:
        return f"This drill was aborted{_by(drill.aborted_by)}, {moment(drill.aborted_at)}."
    if drill.state is DrillState.ENDED and drill.outcome:
        return f"This drill has ended ({drill.outcome.replace('_', ' ')}{_by(drill.aborted_by)})."
    return _while_under_way(drill, event)


def _while_under_way(drill: Drill, event: Event) -> str:
    if isinstance(event, DrillHeld) and drill.hold:
        return f"This drill is on hold already, since {moment(drill.hold.since)}: nothing more is launched."
    if isinstance(event, EndsAHold) and drill.started_at:
        return _why_not_end(drill, event.hold)
    if isinstance(event, Answers) and drill.hold:
        return _why_not_answer(drill, drill.hold, event)
    then = _CLEANS_UP[drill.plan.cleanup.keeps_up] if isinstance(event, CleanupRequested) else ""
    return f"This does not apply now: the drill {_NOW[drill.state]}.{then}"


_CLEANS_UP = {
    False: " It cleans up by itself once its waves have ended.",
    True: " It can be cleaned up once its waves have ended, or be aborted now.",
}
"""By whether its instances stay up after the waves."""


def _why_not_end(drill: Drill, number: int) -> str:
    """Of a hold that is not the one that is open, if any is."""
    for hold in drill.holds:
        if hold.number == number and hold.decision and hold.decided_at:
            if hold.decision is HoldDecision.OVERTAKEN:
                return f"The drill has gone on by itself, {moment(hold.decided_at)}: what it was on hold for has ended."
            return f"Already decided: {hold.decision}{_by(hold.decided_by)}, {moment(hold.decided_at)}."
    if drill.hold:
        return f"This drill was put on hold, {moment(drill.hold.since)}: see why before you decide."
    return "This drill is not on hold."


def _why_not_answer(drill: Drill, held: Hold, event: Answers) -> str:
    """Of a request for approval, while the drill is on hold: what became of the request, and who can go on."""
    asked = _request(drill, event)
    told = what_became(asked) if asked else None
    if told is None:
        return f"This drill was put on hold{_by(held.by)}, {moment(held.since)}: {_until_decided(drill, held)}"
    if held.wave == event.wave and held.reason in _ASKED_AGAIN_BY_RETRY:
        return f"{told} Retry asks for approval again ({names(can_operate(drill, Action.RETRY))} can do that)."
    return told


def _until_decided(drill: Drill, held: Hold) -> str:
    if held.is_requested:
        return f"nobody can approve until it is resumed ({names(can_operate(drill, Action.RESUME))} can do that)."
    who = names(can_operate(drill, Action.RETRY))
    return f"nobody can approve until it is decided how to go on ({who} can retry or skip the wave)."


_ASKED_AGAIN_BY_RETRY = {HoldReason.APPROVAL_EXPIRED, HoldReason.APPROVAL_REJECTED}


def _request(drill: Drill, event: Answers) -> ApprovalRound | None:
    rounds = (asked for wave in drill.waves if wave.number == event.wave for asked in wave.rounds)
    return next((asked for asked in rounds if asked.number == event.round), None)


def _by(person: Person | None) -> str:
    return f" by {mention(person.user_id)}" if person else ""
