"""What people do about holds: ask for one, and decide how the drill goes on after one.

A hold that a person asked for ends by a resume. Any other one is about something that went wrong: it ends by a retry
or a skip. An abort ends each.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain import duties, waves
from bot.domain.approval import Action
from bot.domain.commands import TopicKind
from bot.domain.drill import Drill
from bot.domain.drill_parts import Hold
from bot.domain.errors import IllegalTransition
from bot.domain.events import DrillHeld, DrillResumed, Event, HoldRetried, HoldSkipped
from bot.domain.measures import idle
from bot.domain.person import Person
from bot.domain.progress import advance, ask_approval, draw_open_requests, hold, launch_wave, request
from bot.domain.rounds_of_checks import verify
from bot.domain.states import DrillState, HoldDecision, HoldReason, WaveState
from bot.domain.step import Step, draw
from bot.domain.wave_run import WaveRun
from bot.domain.words import why_not
from bot.domain.written import REASON_LEAST, fit

Decides = DrillResumed | HoldRetried | HoldSkipped
_ENDS_REQUESTED: dict[type[Event], bool] = {DrillResumed: True, HoldRetried: False, HoldSkipped: False}
"""Whether an event ends the holds that people asked for; the others end those about something that went wrong."""


def ends(event_type: type[Event], held: Hold | None) -> bool:
    """Whether events of a type can end this hold. Events that end no hold, and no hold, stand in no way."""
    return held is None or _ENDS_REQUESTED.get(event_type, held.is_requested) == held.is_requested


def hold_on_request(drill: Drill, event: DrillHeld, now: datetime) -> Step:
    """Launch nothing more until somebody resumes. Jobs that run are followed all the same."""
    duties.authorise(drill, Action.HOLD, event.actor)
    words = fit(event.reason, "Your reason")
    wave = drill.current_wave or drill.waves[-1]
    return hold(Step(drill), wave.number, HoldReason.REQUESTED, words, now, event.actor)


def resume(drill: Drill, event: DrillResumed, now: datetime) -> Step:
    """Go on where the drill was, or with what has come to be a problem meanwhile."""
    _open_hold(drill, event)
    duties.authorise(drill, Action.RESUME, event.actor)
    return advance(decide(Step(drill), HoldDecision.RESUMED, event.actor, now).then(state=DrillState.RUNNING), now)


def retry(drill: Drill, event: HoldRetried, now: datetime) -> Step:
    """Try again what put the drill on hold; DRS is asked again only for what it has no job of."""
    held = _open_hold(drill, event)
    duties.authorise(drill, Action.RETRY, event.actor)
    why = fit(event.reason, "Your reason")
    step = decide(Step(drill), HoldDecision.RETRIED, event.actor, now, why).then(state=DrillState.RUNNING)
    wave = waves.ask_again(step.drill.wave(held.wave))
    if is_spent(drill):
        raise IllegalTransition(_spent(wave))
    if wave.state is WaveState.FAILED and wave.failed_checks and wave.attempt:
        again = wave.model_copy(update={"state": WaveState.SUCCEEDED})
        return advance(verify(step, again, now), now)
    if wave.state is WaveState.FAILED:
        return advance(launch_wave(step, wave, now), now)
    if wave.state is WaveState.AWAITING_APPROVAL:
        return advance(ask_approval(step, waves.close_round(wave, now), now), now)
    if wave.state is WaveState.LAUNCHING:
        wave = wave.model_copy(update={"deadline": now + wave.launch_timeout})
    return advance(request(step.with_wave(wave), wave), now)


def is_spent(drill: Drill) -> bool:
    """Whether the drill is on hold for a wave that has failed as often as its plan lets it be launched."""
    wave = drill.wave(drill.hold.wave) if drill.hold else None
    return wave is not None and wave.state is WaveState.FAILED and not drill.has_attempts_left(wave)


def _spent(wave: WaveRun) -> str:
    times = "once" if wave.tries == 1 else f"{wave.tries} times"
    was = "checked" if wave.failed_checks else "launched"
    return f"Wave {wave.number} was {was} {times}, and the plan allows no more. Skip the wave, or abort the drill."


def skip(drill: Drill, event: HoldSkipped, now: datetime) -> Step:
    """Go on without the rest of this wave, or without some servers of it that failed, for a reason.

    A critical server left behind makes the drill fail. If others have failed too, they are asked about next.
    """
    held = _open_hold(drill, event)
    duties.authorise(drill, Action.SKIP, event.actor)
    why = fit(event.reason, "Your reason", least=REASON_LEAST)
    _check_failed(drill.wave(held.wave), event.servers)
    step = decide(Step(drill), HoldDecision.SKIPPED, event.actor, now, why, event.servers)
    step = step.then(state=DrillState.RUNNING)
    wave = _without(step.drill.wave(held.wave), event.servers, now)
    told = (draw(TopicKind.WAVE, wave.number, wave.attempt),) if wave.attempt else ()
    left = request(step.with_wave(wave).then(*told), wave)
    return advance(verify(left, wave, now) if event.servers else left, now)


def _check_failed(wave: WaveRun, server_ids: tuple[str, ...]) -> None:
    failed = {server.id for server in wave.failed(critical=True)} if wave.state is WaveState.FAILED else set()
    if not failed.issuperset(server_ids):
        raise IllegalTransition("Only servers that have failed can be left out. See the newest message of the hold.")


def _without(wave: WaveRun, server_ids: tuple[str, ...], now: datetime) -> WaveRun:
    """The wave without these servers; without any, it is over."""
    if server_ids:
        return waves.leave_out(wave, server_ids)
    return waves.give_up(wave) if wave.is_settled else waves.end(wave, WaveState.SKIPPED, now)


def _open_hold(drill: Drill, event: Decides) -> Hold:
    held = drill.hold
    if held is None or held.number != event.hold:
        raise IllegalTransition(why_not(drill, event))
    if not ends(type(event), held):
        raise IllegalTransition(_OTHER_BUTTON[held.is_requested])
    return held


_OTHER_BUTTON = {
    True: "This drill is on hold because somebody asked for it, not because something failed. Use Resume.",
    False: "This drill is on hold because of a problem that needs a decision. Use Retry or Skip wave.",
}
"""By whether somebody asked for the hold."""


def go_on_if_overtaken(step: Step, now: datetime) -> Step:
    """End a hold about a launch that took too long, once its jobs have ended: there is nothing left to decide."""
    held = step.drill.hold
    if held is None or held.reason is not HoldReason.LAUNCH_TIMEOUT:
        return step
    if step.drill.wave(held.wave).state is WaveState.LAUNCHING:
        return step
    return advance(decide(step, HoldDecision.OVERTAKEN, None, now).then(state=DrillState.RUNNING), now)


def decide(  # noqa: PLR0917 - what a decision consists of
    step: Step,
    decision: HoldDecision,
    person: Person | None,
    now: datetime,
    why: str = "",
    left_out: tuple[str, ...] = (),
) -> Step:
    """End the hold, if there is one. What waited for people meanwhile gets the time back."""
    held = step.drill.hold
    if held is None:
        return step
    by_whom = {"decision": decision, "decided_by": person, "decided_at": now}
    decided = held.model_copy(update={**by_whom, "why": why, "left_out": left_out})
    told = step.then(draw(TopicKind.HOLD, None, held.number), holds=(*step.drill.holds[:-1], decided))
    for wave in told.drill.waves:
        later = _with_time_back(wave, held.since, now)
        shown = (draw(TopicKind.WAVE, wave.number, wave.attempt),) if later.deadline != wave.deadline else ()
        told = told.with_wave(later).then(*shown)
    return draw_open_requests(told)


def _with_time_back(wave: WaveRun, since: datetime, now: datetime) -> WaveRun:
    """The time on hold counts neither against a request for approval nor, while no job runs, against a launch."""
    if wave.checking:
        paused = wave.checking.paused + (now - since)
        return wave.with_checks(wave.checking.model_copy(update={"paused": paused}))
    if wave.round and not wave.round.closed_at:
        return waves.with_round(wave, wave.round.moved_by(now - since))
    if wave.deadline:
        return wave.model_copy(update={"deadline": wave.deadline + idle(wave, since, now)})
    return wave
