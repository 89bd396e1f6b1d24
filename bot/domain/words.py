"""Why an event does not apply, in words for the person who caused it."""

from __future__ import annotations

from bot.domain.approval import mention
from bot.domain.drill import Drill
from bot.domain.events import CleanupRequested, DrillHeld, DrillResumed, DrillStarted, Event, HoldRetried, HoldSkipped
from bot.domain.mark_up import moment
from bot.domain.person import Person
from bot.domain.states import DrillState

_NOW = {
    DrillState.PROPOSED: "is still being checked",
    DrillState.READY: "has not been started yet",
    DrillState.RUNNING: "is running",
    DrillState.ON_HOLD: "is on hold and waits for a decision",
    DrillState.ABORTING: "is being aborted",
    DrillState.CLEANING_UP: "is cleaning up its instances",
    DrillState.ENDED: "has ended",
}


def why_not(drill: Drill, event: Event) -> str:
    """One or two sentences: what is the case instead, and by whom if somebody decided it."""
    if isinstance(event, DrillStarted) and drill.started_at:
        return f"Already started{_by(drill.started_by)}, {moment(drill.started_at)}."
    if isinstance(event, DrillHeld) and drill.hold:
        return f"This drill is on hold already, since {moment(drill.hold.since)}: nothing more is launched."
    if isinstance(event, DrillResumed | HoldRetried | HoldSkipped) and (decided := _hold_decided(drill, event.hold)):
        return decided
    if drill.aborted_at:
        return f"This drill was aborted{_by(drill.aborted_by)}, {moment(drill.aborted_at)}."
    if drill.state is DrillState.ENDED and drill.outcome:
        return f"This drill has ended ({drill.outcome.replace('_', ' ')}{_by(drill.aborted_by)})."
    then = " It cleans up by itself once its waves have ended." if isinstance(event, CleanupRequested) else ""
    return f"This does not apply now: the drill {_NOW[drill.state]}.{then}"


def _hold_decided(drill: Drill, number: int) -> str | None:
    for hold in drill.holds:
        if hold.number == number and hold.decision and hold.decided_at:
            return f"Already decided: {hold.decision}{_by(hold.decided_by)}, {moment(hold.decided_at)}."
    return None


def _by(person: Person | None) -> str:
    return f" by {mention(person.user_id)}" if person else ""
