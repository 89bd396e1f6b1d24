"""The rounds of checks of a drill's waves: begun before a launch or after it, answered, concluded.

`verifying` says how a single round moves.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain import duties, verifying, waves
from bot.domain.approval import Action
from bot.domain.check_events import CheckConfirmed, CheckDenied, ChecksObserved
from bot.domain.checks import CheckRound, CheckRun, CheckState, RoundPurpose
from bot.domain.commands import Draw, RunChecks, TopicKind
from bot.domain.drill import Drill
from bot.domain.errors import IllegalTransition
from bot.domain.plan_checks import preparations
from bot.domain.states import DrillState, HoldReason, WaveState
from bot.domain.step import Step, draw
from bot.domain.verifying import LOOK_AGAIN
from bot.domain.wave_run import WaveRun
from bot.domain.written import fit

WHY_CHECKS = {
    RoundPurpose.BEFORE: HoldReason.PREPARATION_FAILED,
    RoundPurpose.AFTER: HoldReason.CHECKS_FAILED,
}
WHILE_UP = "While it stayed up, a check did not pass"
SHOWN = 5
"""So many failed checks fit into the words of a hold."""


def prepare(step: Step, wave: WaveRun, now: datetime) -> Step:
    """Run what the plan wants to be run before a wave is launched."""
    wanted = preparations(step.drill.plan.wave(wave.number).before)
    asked = waves.close_round(wave, now).model_copy(update={"state": WaveState.PREPARING})
    return _begun(step, verifying.begin(asked, RoundPurpose.BEFORE, wanted, now))


def verify(step: Step, wave: WaveRun, now: datetime) -> Step:
    """Check what was launched, if the plan wants it and the wave has come to that."""
    wanted = step.drill.plan.checks_of(wave.number)
    if wave.state is not WaveState.SUCCEEDED or not wanted or step.drill.state is DrillState.ABORTING:
        return step
    launched = wave.model_copy(update={"state": WaveState.VERIFYING, "ended_at": None})
    return _begun(step, verifying.begin(launched, RoundPurpose.AFTER, wanted, now))


def repeat(step: Step, now: datetime) -> Step:
    """Make the checks of what stays up again, but for those that people answer."""
    for wave in step.drill.waves:
        if wave.is_checked_again and wave.checking is None:
            wanted = [check for check in step.drill.plan.checks_of(wave.number) if check.manual is None]
            step = _begun(step, verifying.begin(wave, RoundPurpose.REPEAT, wanted, now))
    return step


def note_repeated(step: Step, wave: WaveRun) -> Step:
    """A check that has passed before and does not any more is a finding, once its round is over."""
    newest = wave.checks[-1]
    if newest.ended_at is None:
        return step
    lost = (*newest.failed(critical=True), *newest.failed(critical=False))
    told = tuple(f"{WHILE_UP}: {told_of_run(wave, newest, run)}" for run in lost)
    return step.then(draw(TopicKind.OPERATION), findings=(*step.drill.findings, *told))


def _begun(step: Step, wave: WaveRun) -> Step:
    checks = (RunChecks(wave=wave.number, round=len(wave.checks)),) if verifying.asks(wave) else ()
    return step.with_wave(wave).then(*checks, *_shown(wave))


def _shown(wave: WaveRun) -> tuple[Draw, ...]:
    """The messages that tell of the checks: the wave's own, and one for each question to people."""
    told = (draw(TopicKind.WAVE, wave.number, wave.attempt),) if wave.attempt else ()
    newest = wave.checks[-1]
    if newest.asked_at is None:
        return told
    asked = (number_of(newest, run) for run in newest.runs if newest.is_manual(run))
    return (*told, *(draw(TopicKind.CONFIRMATION, wave.number, number) for number in asked))


def number_of(checking: CheckRound, run: CheckRun) -> int:
    """Numbers the question that a check asks of people, among those of its wave."""
    return checking.number * 100 + run.number


def checks_observed(drill: Drill, event: ChecksObserved, now: datetime) -> Step:
    """Take in what a look at the checks has shown; look again where they are not over."""
    wave = drill.wave(event.wave)
    if wave.checking is None or wave.checking.number != event.round:
        raise IllegalTransition("These checks are over.")
    seen = verifying.take_in(wave, event.answers, now)
    if seen == wave:
        raise IllegalTransition("Nothing has changed.")
    step = Step(drill.with_wave(seen)).then(*_shown(seen))
    if verifying.asks(seen):
        step = step.then(RunChecks(wave=event.wave, round=event.round, not_before=now + LOOK_AGAIN))
    return step


def out_of_time(drill: Drill, wave: WaveRun, now: datetime) -> Step:
    """Fail what has not passed in its time."""
    late = verifying.expire(wave, now)
    return Step(drill.with_wave(late)).then(*_shown(late))


def answer(drill: Drill, event: CheckConfirmed | CheckDenied, now: datetime) -> Step:
    """Take in what a person says."""
    duties.authorise(drill, Action.DENY if isinstance(event, CheckDenied) else Action.CONFIRM, event.actor)
    wave, run = _asked(drill, event)
    if isinstance(event, CheckDenied):
        state, words = CheckState.FAILED, fit(event.reason, "What you have seen", least=1)
    else:
        state, words = CheckState.PASSED, fit(event.comment, "Your comment")
    told = run.model_copy(update={"state": state, "said": words, "ended_at": now, "by": event.actor})
    seen = verifying.answered_by(wave, told, now)
    return Step(drill.with_wave(seen)).then(*_shown(seen))


def _asked(drill: Drill, event: CheckConfirmed | CheckDenied) -> tuple[WaveRun, CheckRun]:
    wave = drill.wave(event.wave) if 1 <= event.wave <= len(drill.waves) else None
    checking = wave.checking if wave else None
    asked = checking.asked_runs if checking and checking.number == event.round else ()
    run = next((run for run in asked if run.number == event.check), None)
    if wave is None or run is None:
        raise IllegalTransition("This is not asked any more: see the wave's newest message.")
    return wave, run


def conclude(step: Step) -> Step:
    """Let each wave succeed or fail by its checks, once they are over. What is prepared is to be launched."""
    for wave in step.drill.waves:
        is_checked = wave.state in {WaveState.PREPARING, WaveState.VERIFYING} and wave.checking is None
        if is_checked and not (wave.state is WaveState.PREPARING and wave.is_prepared):
            step = _concluded(step, wave, wave.checks[-1])
    return step


def _concluded(step: Step, wave: WaveRun, newest: CheckRound) -> Step:
    state = WaveState.FAILED if newest.failed(critical=True) else WaveState.SUCCEEDED
    ended = wave.model_copy(update={"state": state, "ended_at": newest.ended_at})
    told = step.with_wave(ended).then(*_shown(ended))
    lost = () if state is WaveState.FAILED else newest.failed(critical=False)
    findings = (f"A check did not pass: {told_of_run(ended, newest, run)}" for run in lost)
    return told.then(findings=(*told.drill.findings, *findings))


def told_of(wave: WaveRun, failed: CheckRound) -> str:
    """Which critical checks have failed, and what was seen instead."""
    lost = failed.failed(critical=True)
    shown = "; ".join(told_of_run(wave, failed, run) for run in lost[:SHOWN])
    return f"{shown}; and {len(lost) - SHOWN} more" if len(lost) > SHOWN else shown


def told_of_run(wave: WaveRun, checking: CheckRound, run: CheckRun) -> str:
    """A check, the server that it was made of, and what it has shown."""
    server = next((server for server in wave.servers if server.id == run.server_id), None)
    where = f" on {server.name or server.id}" if server else ""
    return f"{checking.check(run).title}{where}: {run.said}"
