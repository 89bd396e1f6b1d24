"""How a drill goes on by itself once something has happened: the next wave, a hold, the cleanup, the end.

Each function takes a drill and returns a `Step`: the drill as it should be now, and the work that this causes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain import waves
from bot.domain.commands import CleanUp, Command, Draw, LaunchBatch, Topic, TopicKind
from bot.domain.drill import Drill, WaveRun
from bot.domain.drill_parts import CleanupRun, Hold, Operation
from bot.domain.durations import spell
from bot.domain.launch import Launch, LaunchKey
from bot.domain.measures import recovery_time
from bot.domain.person import Person
from bot.domain.states import DrillState, HoldReason, LaunchState, Outcome, ServerPhase, WaveState


@dataclass(frozen=True, slots=True)
class Step:
    """A drill, and the work that leading up to it has caused so far."""

    drill: Drill
    commands: tuple[Command, ...] = ()

    def then(self, *commands: Command, **changes: Any) -> Step:
        """The step with more work and with fields of the drill changed."""
        drill = self.drill.model_copy(update=changes) if changes else self.drill
        return Step(drill, (*self.commands, *commands))

    def with_wave(self, wave: WaveRun) -> Step:
        """The step with one wave replaced."""
        return Step(self.drill.with_wave(wave), self.commands)


def draw(kind: TopicKind, wave: int | None = None, number: int | None = None) -> Draw:
    """The work of bringing one Slack message up to date."""
    return Draw(topic=Topic(kind=kind, wave=wave, number=number))


def draw_checks(drill: Drill) -> tuple[Draw, ...]:
    """The work of showing what the newest checks have found, and who has waived what of it."""
    number = drill.times_checked
    shown = draw(TopicKind.PREFLIGHT, None, number if number > 1 else None)
    files = draw(TopicKind.FINDINGS, None, len(drill.waivers) + number)
    return (shown, files) if drill.preflight and drill.preflight.findings else (shown,)


def advance(step: Step, now: datetime) -> Step:
    """Go on as far as possible without waiting for anybody."""
    drill = step.drill
    if drill.state is DrillState.ABORTING:
        return settle_waves(step, now) if _has_open_launch(drill) else wind_up(step, now)
    if drill.state is not DrillState.RUNNING:
        return step
    if stuck := _undecided(drill):
        return hold(step, stuck.key.wave, _why(stuck), _what(stuck), now)
    return _next_waves(settle_waves(step, now), now)


def _next_waves(step: Step, now: datetime) -> Step:
    """Go on with each wave whose turn it is, side by side; one that has failed is seen to first."""
    drill = step.drill
    failed = next((wave for wave in drill.waves if wave.state is WaveState.FAILED), None)
    if failed:
        return _hold_for(step, failed, now)
    if drill.current_wave is None:
        return step if _has_open_launch(drill) else wind_up(step, now)
    for wave in drill.open_waves:
        step = _ADVANCE[wave.state](step, wave, now)
    return step


def _has_open_launch(drill: Drill) -> bool:
    return any(launch.is_open for launch in drill.launches)


def _undecided(drill: Drill) -> Launch | None:
    """A launch that only a person can settle. It may have come to that while the drill was on hold for another one."""
    return next((launch for wave in drill.waves for launch in wave.launches if _needs_a_person(wave, launch)), None)


def _needs_a_person(wave: WaveRun, launch: Launch) -> bool:
    refused = launch.state is LaunchState.REFUSED and wave.state is WaveState.LAUNCHING
    return refused or launch.state is LaunchState.UNKNOWN


def _why(launch: Launch) -> HoldReason:
    if launch.state is LaunchState.REFUSED:
        return HoldReason.LAUNCH_REFUSED
    return HoldReason.JOB_LOST if launch.job_id else HoldReason.LAUNCH_UNKNOWN


def _what(launch: Launch) -> str:
    return ": ".join(said for said in (launch.job_id, launch.error) if said)


def _from_pending(step: Step, wave: WaveRun, now: datetime) -> Step:
    opens_at = _opens_at(step.drill, wave)
    if opens_at and now < opens_at:
        return step.with_wave(wave.model_copy(update={"opens_at": opens_at}))
    if not step.drill.plan.needs_approval(wave.number):
        return launch_wave(step, wave, now)
    return ask_approval(step, wave, now)


def _opens_at(drill: Drill, wave: WaveRun) -> datetime | None:
    """When the plan's waits after the waves before it are over; there is none after one that was skipped."""
    before = [drill.wave(number) for number in drill.plan.needs[wave.number - 1]]
    waits = [(each.ended_at, drill.plan.wave(each.number).wait_after) for each in before if each.has_succeeded]
    return max((ended + wait for ended, wait in waits if ended and wait), default=None)


def _from_awaiting_approval(step: Step, wave: WaveRun, now: datetime) -> Step:
    if wave.round and wave.round.is_met:
        return launch_wave(step, wave, now)
    return step


def _from_launching(step: Step, wave: WaveRun, _now: datetime) -> Step:
    if missing := waves.withdrawn(wave):  # taken back while the drill was on hold, which it is no more
        step = step.with_wave(waves.ask_again(wave))
        return step.then(*(LaunchBatch(key=key) for key in missing))
    return step


def settle_waves(step: Step, now: datetime) -> Step:
    """End each wave whose last job has ended."""
    for wave in step.drill.waves:
        settled = waves.settle(wave, now)
        if settled is not wave:
            step = step.with_wave(settled).then(draw(TopicKind.WAVE, wave.number, wave.attempt))
    return step


def _hold_for(step: Step, wave: WaveRun, now: datetime) -> Step:
    failed = wave.failed(critical=True)
    detail = "; ".join(f"{s.name or s.id}: {s.failure}" for s in failed[:5])
    more = f"; and {len(failed) - 5} more" if len(failed) > 5 else ""  # noqa: PLR2004 - five fit a Slack line
    return hold(step, wave.number, HoldReason.SERVERS_FAILED, detail + more, now, failed=len(failed))


_ADVANCE = {
    WaveState.PENDING: _from_pending,
    WaveState.AWAITING_APPROVAL: _from_awaiting_approval,
    WaveState.LAUNCHING: _from_launching,
}


def ask_approval(step: Step, wave: WaveRun, now: datetime) -> Step:
    """Ask people to approve the wave."""
    asked = waves.ask_approval(wave, step.drill.plan.access, now)
    return step.with_wave(asked).then(draw(TopicKind.APPROVAL, wave.number, len(asked.rounds)))


def launch_wave(step: Step, wave: WaveRun, now: datetime) -> Step:
    """Start an attempt at the wave."""
    begun = waves.begin(waves.close_round(wave, now), now)
    return request(step.with_wave(begun).then(draw(TopicKind.WAVE, wave.number, begun.attempt)), begun)


def request(step: Step, wave: WaveRun) -> Step:
    """Have each launch that is asked for, and has no job yet, looked after by the executor."""
    return step.then(*(LaunchBatch(key=key) for key in waves.requested(wave)))


def draw_open_requests(step: Step) -> Step:
    """Bring the open requests for approval up to date: they can be answered only while the drill is not on hold."""
    asked = [(wave.number, wave.round.number) for wave in step.drill.waves if wave.round and not wave.round.closed_at]
    return step.then(*(draw(TopicKind.APPROVAL, wave, number) for wave, number in asked))


def hold(  # noqa: PLR0917 - what a hold consists of
    step: Step,
    wave: int,
    reason: HoldReason,
    detail: str,
    now: datetime,
    by: Person | None = None,
    *,
    failed: int = 0,
) -> Step:
    """Stop launching and ask a person. A drill that is on hold already, or is ending, only takes note.

    Args:
        step: the drill, and what has led up to the hold.
        wave: the number of the wave that it is about.
        reason: why.
        detail: what was said, by DRS or by a person.
        now: since when.
        by: who stopped the drill; None where the bot does by itself.
        failed: how many critical servers have failed, if that is why.
    """
    if step.drill.state is not DrillState.RUNNING:
        return step
    number = len(step.drill.holds) + 1
    held = Hold(number=number, wave=wave, reason=reason, detail=detail, since=now, by=by, failed=failed)
    holding = step.then(draw(TopicKind.HOLD, None, number), state=DrillState.ON_HOLD, holds=(*step.drill.holds, held))
    return draw_open_requests(holding)


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
    """Terminate what was launched."""
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
    if drill.aborted_at:
        return Outcome.ABORTED
    missing = [server for server in drill.servers if server.phase is not ServerPhase.LAUNCHED]
    if any(server.is_critical for server in missing):
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
