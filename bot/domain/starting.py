"""From ready to running: somebody clicks Start.

Where tags choose servers, others may have them by now than when the drill was checked. A click must not wait for DRS,
so the drill is *starting* while they are looked up; its servers are locked meanwhile. If they are the same, it runs,
and the recovery time counts from the click. If not, nothing is started: the drill is checked anew with the servers that
are chosen now, everybody is told what has changed, and Start must be clicked again.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain import duties, sweeping
from bot.domain.approval import Action
from bot.domain.commands import RunPreflight, SelectAgain, TopicKind
from bot.domain.drill import Drill
from bot.domain.errors import IllegalTransition
from bot.domain.events import DrillStarted, SelectionFailed, ServersSelected
from bot.domain.false_starts import FalseStart, StartClick
from bot.domain.mark_up import moment
from bot.domain.people_rules import PROPOSAL_VALID
from bot.domain.progress import advance
from bot.domain.selection import changes, with_servers
from bot.domain.states import DrillState, Purpose
from bot.domain.step import Step, draw
from bot.domain.time_checks import refuse_closed
from bot.domain.waiving import refuse_standing


def start(drill: Drill, event: DrillStarted, now: datetime) -> Step:
    """Make the drill real, at once or as soon as it is known that its servers are still the same."""
    if drill.purpose is Purpose.SWEEP:
        return sweeping.start(drill, event, now)
    duties.authorise(drill, Action.START, event.actor)
    if now >= drill.expires_at:
        raise IllegalTransition(f"This drill expired, {moment(drill.expires_at)}: ask for a new one.")
    refuse_closed(drill.plan, now)
    refuse_standing(drill)
    drill = drill.model_copy(update={"directory": event.directory})
    duties.check_approvable(drill, event.actor)
    click = StartClick(by=event.actor, at=now)
    if drill.plan.selects:
        return Step(drill).then(SelectAgain(), state=DrillState.STARTING, start=click)
    return _run(drill, click, now)


def _run(drill: Drill, click: StartClick, now: datetime) -> Step:
    running = Step(drill).then(
        draw(TopicKind.STARTED), state=DrillState.RUNNING, start=None, started_at=click.at, started_by=click.by
    )
    return advance(running, now)


def servers_selected(drill: Drill, event: ServersSelected, now: datetime) -> Step:
    """Run the drill if its servers are still those that were shown; check it anew if not."""
    click = _click(drill)
    changed = changes(drill, event.servers, event.names)
    if not changed:
        return _run(drill, click, now)
    drill = with_servers(drill, event.servers, event.names)
    step = _not_started(drill, FalseStart(click=click, at=now, changes=changed))
    return step.then(RunPreflight(), state=DrillState.PROPOSED, expires_at=now + PROPOSAL_VALID)


def selection_failed(drill: Drill, event: SelectionFailed, now: datetime) -> Step:
    """Start nothing; Start can be clicked again as long as the proposal is valid."""
    return _not_started(drill, FalseStart(click=_click(drill), at=now, error=event.error)).then(state=DrillState.READY)


def _click(drill: Drill) -> StartClick:
    if drill.start is None:
        raise IllegalTransition("Nobody has clicked Start.")
    return drill.start


def _not_started(drill: Drill, false_start: FalseStart) -> Step:
    false_starts = (*drill.false_starts, false_start)
    return Step(drill).then(draw(TopicKind.FALSE_START, None, len(false_starts)), start=None, false_starts=false_starts)
