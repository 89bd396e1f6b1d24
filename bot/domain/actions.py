"""What can be done to a drill now: a button is shown only when its transition is possible."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.approval import Action
from bot.domain.cleanup_events import CleanupRequested
from bot.domain.drill import Drill
from bot.domain.events import (
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
from bot.domain.report_events import FollowUpAdded, FollowUpFixed, ReportRequested, SignedOff
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
    Action.SIGN_OFF: SignedOff,
    Action.ADD_FINDING: FollowUpAdded,
    Action.FIX_FINDING: FollowUpFixed,
    Action.REPORT: ReportRequested,
}


def possible(drill: Drill) -> frozenset[Action]:
    """What may be clicked now, by somebody with the authority for it. Approving is asked per wave."""
    hindered = {Action.START if drill.standing_warnings else Action.WAIVE, *_pointless(drill)}
    return frozenset(action for action, event in _EVENTS.items() if applies(drill, event)) - hindered


def _pointless(drill: Drill) -> Iterator[Action]:
    """What would come to nothing at the end of a drill: while a report is made, or of a drill that was never run."""
    run = drill.report
    if run and run.is_being_made:
        yield Action.REPORT
    if run is None or run.newest is None or run.is_being_made or drill.started_at is None:
        yield Action.SIGN_OFF
    if drill.started_at is None:
        yield Action.ADD_FINDING
    if not any(each.is_open for each in drill.follow_ups):
        yield Action.FIX_FINDING


def awaits_approval(drill: Drill, wave: WaveRun) -> bool:
    """Whether a wave can be approved now."""
    return drill.state is DrillState.RUNNING and wave.state is WaveState.AWAITING_APPROVAL
