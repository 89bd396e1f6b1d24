"""What can happen to the checks of a wave, for the random walks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.check_events import CheckConfirmed, CheckDenied, ChecksObserved
from bot.domain.checks import Answer, Ask, CheckResult
from bot.domain.commands import Command, RunChecks
from bot.domain.drill import Drill
from bot.domain.events import Event
from bot.domain.states import DrillState
from bot.domain.verifying import asks, is_news
from tests.unit.domain.orders import ADA, BOB, CAT, EVE
from tests.unit.domain.world import World


@dataclass(frozen=True)
class Move:
    """Something that may happen next, after a while, perhaps as the result of a piece of work."""

    event: Event
    done: Command | None = None
    after: timedelta = timedelta(0)


def live_looks(world: World) -> Iterator[RunChecks]:
    """The looks at checks in the outbox that the drill still waits for."""
    if world.drill.state not in {DrillState.RUNNING, DrillState.ON_HOLD, DrillState.OPERATING}:
        return
    for look in world.pending(RunChecks):
        checking = world.drill.wave(look.wave).checking
        if checking and checking.number == look.round:
            yield look


def passing(drill: Drill, look: RunChecks) -> ChecksObserved:
    """All that is asked for has passed."""
    return _seen(look, asks(drill.wave(look.wave)), CheckResult.PASSED)


def _seen(look: RunChecks, asked: tuple[Ask, ...], result: CheckResult) -> ChecksObserved:
    ref = "ref" if result is CheckResult.RUNNING else None
    answers = tuple(Answer(key=ask.key, result=result, said="so it is", ref=ref) for ask in asked)
    return ChecksObserved(wave=look.wave, round=look.round, answers=answers)


def confirming(drill: Drill) -> Iterator[CheckConfirmed]:
    """What people are asked, confirmed."""
    for wave in drill.waves:
        for run in wave.checking.asked_runs if wave.checking else ():
            number = wave.checking.number if wave.checking else 0
            yield CheckConfirmed(actor=CAT, wave=wave.number, round=number, check=run.number)


def moves(world: World) -> Iterator[Move]:
    """What may well happen, good and bad, in time and too late. The executor tells of a look only what is news."""
    yield from (move for move in _moves(world) if _is_told(world, move))


def _is_told(world: World, move: Move) -> bool:
    if not isinstance(move.event, ChecksObserved):
        return True
    wave, then = world.drill.wave(move.event.wave), world.now + move.after
    return any(is_news(wave, answer, then) for answer in move.event.answers)


def _moves(world: World) -> Iterator[Move]:
    for look in dict.fromkeys(live_looks(world)):
        asked = asks(world.drill.wave(look.wave))
        yield Move(passing(world.drill, look), look)
        for result in CheckResult:
            yield Move(_seen(look, asked[:1], result), look, timedelta(seconds=20))
        yield Move(_seen(look, asked, CheckResult.FAILED), look, timedelta(minutes=31))
        yield Move(_seen(look, asked, CheckResult.RUNNING), look, timedelta(minutes=31))
    for click in confirming(world.drill):
        yield Move(click)
        denied = {"wave": click.wave, "round": click.round, "check": click.check, "reason": "It is white."}
        yield Move(CheckDenied(actor=BOB, **denied), after=timedelta(minutes=3))


def mistakes(drill: Drill) -> Iterator[Move]:
    """Answers to what is not asked, or from strangers."""
    for click in confirming(drill):
        yield Move(click.model_copy(update={"actor": EVE}))
        yield Move(click.model_copy(update={"round": click.round + 1}))
    for wave in drill.waves:
        yield Move(ChecksObserved(wave=wave.number, round=len(wave.checks), answers=()))
        yield Move(CheckConfirmed(actor=ADA, wave=wave.number, round=1, check=1))
