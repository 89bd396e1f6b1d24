"""How a drill comes to its end once nothing more is launched: its operation, the cleanup, the outcome."""

from __future__ import annotations

from datetime import datetime

from bot.domain import verifying, waves
from bot.domain.commands import CleanUp, LaunchBatch, TagInstances, TopicKind
from bot.domain.drill import Drill
from bot.domain.drill_parts import CleanupRun, Operation
from bot.domain.durations import spell
from bot.domain.launch import LaunchKey
from bot.domain.measures import recovery_time
from bot.domain.states import DrillState, LaunchState, Outcome, Purpose, ServerPhase, WaveState
from bot.domain.step import Step, draw
from bot.domain.wave_run import WaveRun


def wind_up(step: Step, now: datetime) -> Step:
    """Launch nothing more; terminate what was launched, now or later, or end at once where nothing was."""
    for wave in step.drill.waves:
        closed = _closed(wave, now)
        step = step.with_wave(closed)
        if wave.state is WaveState.LAUNCHING:
            step = step.then(draw(TopicKind.WAVE, wave.number, wave.attempt))
    step = step.then(findings=(*step.drill.findings, *_of_unknown_fate(step.drill)))
    ended = step.then(waves_ended_at=now, outcome=outcome(step.drill))
    if not step.drill.job_ids:
        return end(ended, now)
    if ended.drill.state is not DrillState.ABORTING and ended.drill.plan.cleanup.keeps_up:
        return _operate(ended, now)
    return clean_up(ended, now)


def _operate(step: Step, now: datetime) -> Step:
    after = step.drill.plan.cleanup.after
    operation = Operation(since=now, until=now + after if after else None)
    return step.then(draw(TopicKind.OPERATION), state=DrillState.OPERATING, operation=operation)


def clean_up(step: Step, now: datetime) -> Step:
    """Terminate what was launched. Whose it is need not be written on it any more."""
    step = Step(step.drill, tuple(each for each in step.commands if not isinstance(each, TagInstances)))
    for wave in step.drill.waves:
        step = step.with_wave(verifying.close(wave, now))
    return step.then(draw(TopicKind.CLEANUP), CleanUp(), state=DrillState.CLEANING_UP, cleanup=CleanupRun(since=now))


def _of_unknown_fate(drill: Drill) -> list[str]:
    return [
        f"Nobody knows what became of DRS job {launch.job_id} of wave {drill.wave(launch.key.wave).name}: "
        f"{launch.error} Look in the DRS console for instances of it."
        for launch in drill.launches
        if launch.job_id and launch.error in waves.UNCERTAIN
    ]


def _closed(wave: WaveRun, now: datetime) -> WaveRun:
    wave = waves.settle(wave, now)
    if wave.is_settled or wave.state is WaveState.FAILED:
        return wave
    ran = any(launch.state is LaunchState.COMPLETED for launch in wave.launches)
    return waves.end(wave, WaveState.FAILED if ran else WaveState.NOT_RUN, now)


def end(step: Step, now: datetime, *findings: str) -> Step:
    """End the drill: nothing of it is left."""
    noted = step.then(findings=(*step.drill.findings, *findings))
    result = outcome(noted.drill)
    missed = recovery_time(noted.drill)
    if missed and not missed.is_met:
        late = f"The recovery time was {spell(missed.net)}, its objective {spell(missed.objective)}."
        noted = noted.then(findings=(*noted.drill.findings, late))
    return noted.then(draw(TopicKind.RESULT), state=DrillState.ENDED, outcome=result, ended_at=now)


def outcome(drill: Drill) -> Outcome:
    """How the drill has gone, by what its servers show."""
    if drill.purpose is Purpose.SWEEP:
        return Outcome.SWEPT
    if drill.aborted_at:
        return Outcome.ABORTED
    missing = [server for server in drill.servers if server.phase is not ServerPhase.LAUNCHED]
    if any(server.is_critical for server in missing) or any(wave.failed_checks for wave in drill.waves):
        return Outcome.FAILED
    reached = recovery_time(drill)
    clean = not missing and not drill.findings and (reached is None or reached.is_met)
    return Outcome.PASSED if clean else Outcome.PASSED_WITH_FINDINGS


def relaunch_later(step: Step, key: LaunchKey, moment: datetime) -> Step:
    """Have a launch tried again at a certain time."""
    return step.then(LaunchBatch(key=key, not_before=moment))


def look_again(step: Step, turn: int, moment: datetime) -> Step:
    """Have the cleanup looked at again at a certain time, unless a look of a later turn is under way."""
    latest = step.drill.cleanup.turn if step.drill.cleanup else 0
    return step.then(CleanUp(turn=turn, not_before=moment)) if turn == latest else step
