"""What must be true of approvals after every step of every drill; `laws.hold` asks for it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.approval_round import ApprovalRound, BrokenGlass
from bot.domain.commands import LaunchBatch
from bot.domain.drill import Drill
from bot.domain.state_machine import Decision
from bot.domain.states import (
    HoldDecision,
    Outcome,
    Purpose,
)
from bot.domain.wave_run import WaveRun
from bot.domain.written import REASON_LEAST


def launches_are_approved(decision: Decision) -> None:
    """No launch is asked for unless the approvals that its wave needs were given by people who may."""
    drill = decision.drill
    if drill.purpose is Purpose.SWEEP:
        assert not any(isinstance(command, LaunchBatch) for command in decision.commands)
        return
    asked = {command.key.wave for command in decision.commands if isinstance(command, LaunchBatch)}
    for wave in drill.waves:
        if not drill.plan.needs_approval(wave.number) or (wave.number not in asked and not wave.launches):
            continue
        assert wave.round
        assert wave.round.rejected is None
        if wave.round.broken:
            _glass_was_broken_in_the_open(drill, wave, wave.round.broken)
            continue
        givers = {approved.by.user_id for approved in wave.round.given}
        concerned = {person.user_id for person in (drill.requester, drill.started_by) if person}
        assert len(givers) == len(wave.round.given) >= drill.plan.access.minimum_approvals
        assert all(each.by.is_among(_approvers(drill, wave.round, each.at)) for each in wave.round.given)
        assert not (drill.plan.access.bars_whoever_starts and givers & concerned)
        waived = {waiver.by.user_id for waiver in drill.waivers}
        assert not (drill.plan.access.separation_of_duties and givers & (_went_on(drill) | waived))


def _went_on(drill: Drill) -> set[str]:
    """Who has let the drill go on after a hold."""
    return {h.decided_by.user_id for h in drill.holds if h.decided_by and h.decision is not HoldDecision.ABORTED}


def _glass_was_broken_in_the_open(drill: Drill, wave: WaveRun, broken: BrokenGlass) -> None:
    assert broken.by.user_id in drill.plan.access.break_glass
    assert len(broken.reason) >= REASON_LEAST
    assert [f for f in drill.findings if f.startswith(f"Break-glass: wave {wave.number} ") and broken.reason in f]
    assert drill.outcome is not Outcome.PASSED


def _approvers(drill: Drill, asked: ApprovalRound, at: datetime) -> set[str]:
    access = drill.plan.access
    second = access.escalation.approvers if access.escalation and asked.escalates_at else ()
    return {*access.approvers, *(second if asked.escalates_at and at >= asked.escalates_at else ())}


def reminders_are_sent_once(drill: Drill) -> None:
    for wave in drill.waves:
        sent = [reminder for asked in wave.rounds for reminder in asked.reminders]
        assert [reminder.number for reminder in sent] == list(range(1, len(sent) + 1))
        for asked in wave.rounds:
            assert len(asked.reminders) <= asked.reminded <= len(asked.planned_reminders)
            assert sum(reminder.escalates for reminder in asked.reminders) <= 1
            assert len({reminder.at for reminder in asked.reminders}) == len(asked.reminders)


def a_rejection_closes_the_request_unmet(wave: WaveRun) -> None:
    for asked in wave.rounds:
        if asked.rejected:
            assert asked.closed_at == asked.rejected.at
            assert not asked.is_met
            assert asked.rejected.comment
