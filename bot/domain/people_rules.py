"""What people's clicks do to a drill. Authority is checked here, at the click, against the frozen plan.

What they do about holds is in `hold_rules`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain import approval, duties, rounds, sweeping, verifying, waves
from bot.domain.approval import Action
from bot.domain.approval_round import ApprovalRound
from bot.domain.commands import RunPreflight, TopicKind
from bot.domain.drill import Drill
from bot.domain.errors import IllegalTransition
from bot.domain.events import (
    DrillAborted,
    DrillProposed,
    GlassBroken,
    ProposalWithdrawn,
    WaveApproved,
    WaveRejected,
)
from bot.domain.hold_rules import decide
from bot.domain.launch import ServerRun
from bot.domain.launch_point import check_reachable
from bot.domain.plan import Plan
from bot.domain.progress import advance, hold, request
from bot.domain.proposing import proposed
from bot.domain.states import DrillState, HoldDecision, HoldReason, Outcome, Purpose, WaveState
from bot.domain.step import Step, draw
from bot.domain.wave_run import WaveRun
from bot.domain.written import as_shown

PROPOSAL_VALID = timedelta(hours=1)
"""How long a proposal waits for Start. What preflight found is no longer worth much after that."""


def propose(event: DrillProposed, now: datetime) -> Step:
    """Make the drill, and have it checked."""
    access = event.plan.access
    approval.may_propose(access, event.actor, event.plan.name)
    if event.purpose is Purpose.SWEEP:
        return sweeping.propose(event, now)
    check_reachable(event.launch_point, now)
    drill = proposed(event, now, PROPOSAL_VALID, _waves(event.plan))
    duties.check_approvable(drill)
    return Step(drill, (RunPreflight(),))


def _waves(plan: Plan) -> tuple[WaveRun, ...]:
    return tuple(
        WaveRun(
            number=number,
            name=wave.name,
            servers=tuple(ServerRun(id=server.id, impact=server.impact) for server in wave.servers),
            launch_timeout=wave.launch_timeout,
        )
        for number, wave in enumerate(plan.waves, start=1)
    )


def withdraw(drill: Drill, event: ProposalWithdrawn, now: datetime) -> Step:
    """Cancel a drill that was not started."""
    duties.authorise(drill, Action.WITHDRAW, event.actor)
    ended = {"state": DrillState.ENDED, "outcome": Outcome.WITHDRAWN, "ended_at": now}
    return Step(drill).then(**ended, aborted_by=event.actor, start=None)


def approve(drill: Drill, event: WaveApproved, now: datetime) -> Step:
    """Count an approval; the last one needed launches the wave."""
    wave = _wave(drill, event)
    counted = rounds.approve(drill, wave.round, event.round, event.actor, event.comment, now)
    return advance(_answered(drill, wave, counted), now)


def reject(drill: Drill, event: WaveRejected, now: datetime) -> Step:
    """Launch nothing, and have an operator decide what becomes of the wave."""
    wave = _wave(drill, event)
    rejected = rounds.reject(drill, wave.round, event.round, event.actor, event.comment, now)
    words = as_shown(event.comment)
    step = _answered(drill, wave, rejected)
    return hold(step, wave.number, HoldReason.APPROVAL_REJECTED, words, now, event.actor)


def break_glass(drill: Drill, event: GlassBroken, now: datetime) -> Step:
    """Launch the wave without its approvals, tell everybody, and let no drill pass as if nothing had been."""
    wave = _wave(drill, event)
    broken = rounds.break_glass(drill, wave.round, event.round, event.actor, event.reason, now)
    given = f"{len(broken.given)} of {broken.needed} approvals"
    finding = (
        f"Break-glass: wave {wave.number} ({wave.name}) was launched with {given}. Reason: {as_shown(event.reason)}"
    )
    step = _answered(drill, wave, broken).then(
        draw(TopicKind.BREAK_GLASS, wave.number, broken.number), findings=(*drill.findings, finding)
    )
    return advance(step, now)


def _wave(drill: Drill, event: WaveApproved | WaveRejected | GlassBroken) -> WaveRun:
    if not 1 <= event.wave <= len(drill.waves):
        raise IllegalTransition(f"This drill has no wave {event.wave}.")
    return drill.wave(event.wave)


def _answered(drill: Drill, wave: WaveRun, answered: ApprovalRound) -> Step:
    step = Step(drill.with_wave(waves.with_round(wave, answered)))
    return step.then(draw(TopicKind.APPROVAL, wave.number, answered.number))


def abort(drill: Drill, event: DrillAborted, now: datetime) -> Step:
    """Launch nothing more. Jobs that run are followed to their end; one of unknown fate is looked for."""
    duties.authorise(drill, Action.ABORT, event.actor)
    step = decide(Step(drill), HoldDecision.ABORTED, event.actor, now)
    step = step.then(draw(TopicKind.ABORTED), state=DrillState.ABORTING, aborted_at=now, aborted_by=event.actor)
    for wave in drill.waves:
        step = _stop(step, wave, now)
    return advance(step, now)


def _stop(step: Step, wave: WaveRun, now: datetime) -> Step:
    if wave.state is WaveState.AWAITING_APPROVAL and wave.round:
        step = step.then(draw(TopicKind.APPROVAL, wave.number, wave.round.number))
    stopped = verifying.close(waves.give_up(waves.close_round(wave, now)), now)
    return request(step.with_wave(stopped), stopped)
