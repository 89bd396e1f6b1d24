"""How a drill goes on by itself once something has happened: the next wave, a hold, the cleanup, the end.

Each function takes a drill and returns a `Step`: the drill as it should be now, and the work that this causes.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain import waves
from bot.domain.commands import LaunchBatch, TagInstances, TopicKind
from bot.domain.drill import Drill
from bot.domain.drill_parts import Hold
from bot.domain.ending import wind_up
from bot.domain.launch import Launch
from bot.domain.person import Person
from bot.domain.rounds_of_checks import WHY_CHECKS, conclude, prepare, told_of, verify
from bot.domain.states import DrillState, HoldReason, LaunchState, ServerPhase, WaveState
from bot.domain.step import Step, draw
from bot.domain.wave_run import WaveRun


def advance(step: Step, now: datetime) -> Step:
    """Go on as far as possible without waiting for anybody."""
    drill = step.drill
    if drill.state is DrillState.ABORTING:
        return settle_waves(step, now) if _has_open_launch(drill) else wind_up(step, now)
    if drill.state is not DrillState.RUNNING:
        return step
    if stuck := _undecided(drill):
        return hold(step, stuck.key.wave, _why(stuck), _what(stuck), now)
    return _next_waves(conclude(settle_waves(step, now)), now)


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


def _from_preparing(step: Step, wave: WaveRun, now: datetime) -> Step:
    return launch_wave(step, wave, now) if wave.is_prepared else step


def settle_waves(step: Step, now: datetime) -> Step:
    """End each launch whose last job has ended; then the plan's checks, if it has any, are begun."""
    for wave in step.drill.waves:
        settled = waves.settle(wave, now)
        if settled is not wave:
            told = step.with_wave(settled).then(draw(TopicKind.WAVE, wave.number, wave.attempt), *_tagging(settled))
            step = verify(told, settled, now)
    return step


def _tagging(wave: WaveRun) -> tuple[TagInstances, ...]:
    """Whoever meets an instance of the wave in the console is to see which drill has launched it."""
    is_up = any(server.phase is ServerPhase.LAUNCHED for server in wave.servers)
    return (TagInstances(wave=wave.number),) if is_up else ()


def _hold_for(step: Step, wave: WaveRun, now: datetime) -> Step:
    if wave.failed_checks:
        return hold(step, wave.number, WHY_CHECKS[wave.failed_checks.purpose], told_of(wave, wave.failed_checks), now)
    failed = wave.failed(critical=True)
    detail = "; ".join(f"{s.name or s.id}: {s.failure}" for s in failed[:5])
    more = f"; and {len(failed) - 5} more" if len(failed) > 5 else ""  # noqa: PLR2004 - five fit a Slack line
    return hold(step, wave.number, HoldReason.SERVERS_FAILED, detail + more, now, failed=len(failed))


def _from_verifying(step: Step, _wave: WaveRun, _now: datetime) -> Step:
    return step  # `conclude` has seen to it


_ADVANCE = {
    WaveState.PENDING: _from_pending,
    WaveState.AWAITING_APPROVAL: _from_awaiting_approval,
    WaveState.PREPARING: _from_preparing,
    WaveState.LAUNCHING: _from_launching,
    WaveState.VERIFYING: _from_verifying,
}


def ask_approval(step: Step, wave: WaveRun, now: datetime) -> Step:
    """Ask people to approve the wave."""
    asked = waves.ask_approval(wave, step.drill.plan.access, now)
    return step.with_wave(asked).then(draw(TopicKind.APPROVAL, wave.number, len(asked.rounds)))


def launch_wave(step: Step, wave: WaveRun, now: datetime) -> Step:
    """Start an attempt at the wave, once what the plan wants to be run before has been."""
    if step.drill.plan.wave(wave.number).before and not wave.is_prepared:
        return prepare(step, wave, now)
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
