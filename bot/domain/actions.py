"""What can be done to a drill now: a button is shown only when its transition is possible."""

from __future__ import annotations

from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.events import (
    CleanupRequested,
    DrillAborted,
    DrillHeld,
    DrillResumed,
    DrillStarted,
    Event,
    HoldRetried,
    HoldSkipped,
    ProposalWithdrawn,
    WarningsWaived,
)
from bot.domain.state_machine import applies
from bot.domain.states import DrillState, WaveState
from bot.domain.wave_run import WaveRun

_EVENTS: dict[Action, type[Event]] = {
    Action.START: DrillStarted,
    Action.WAIVE: WarningsWaived,
    Action.WITHDRAW: ProposalWithdrawn,
    Action.HOLD: DrillHeld,
    Action.RESUME: DrillResumed,
    Action.ABORT: DrillAborted,
    Action.RETRY: HoldRetried,
    Action.SKIP: HoldSkipped,
    Action.CLEAN_UP: CleanupRequested,
}


def possible(drill: Drill) -> frozenset[Action]:
    """What may be clicked now, by somebody with the authority for it. Approving is asked per wave."""
    hindered = Action.START if drill.standing_warnings else Action.WAIVE
    return frozenset(action for action, event in _EVENTS.items() if applies(drill, event)) - {hindered}


def awaits_approval(drill: Drill, wave: WaveRun) -> bool:
    """Whether a wave can be approved now."""
    return drill.state is DrillState.RUNNING and wave.state is WaveState.AWAITING_APPROVAL
