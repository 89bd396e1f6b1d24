"""Which figures an event or a look round yields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.application.ports.figures import Figure, Measured, Unit
from bot.application.ports.work import Due, DueKind
from bot.domain.cleanup_events import CleanupHindered
from bot.domain.drill import Drill
from bot.domain.events import Event
from bot.domain.measures import recovery_time
from bot.domain.states import DrillState, InstanceState

_SECOND = timedelta(seconds=1)


def of_change(before: Drill | None, after: Drill, event: Event) -> tuple[Measured, ...]:
    """What an event that was saved has changed."""
    return (*_moved(before, after), *_waves(before, after), *_left(after, event))


def _moved(before: Drill | None, after: Drill) -> Iterator[Measured]:
    was = before.state if before else None
    if was is after.state:
        return
    yield Measured(Figure.DRILLS, 1, of=("state", after.state))
    if after.hold and after.state is DrillState.ON_HOLD:
        yield Measured(Figure.HOLDS, 1, of=("reason", after.hold.reason))
    if after.state is DrillState.ENDED and (reached := recovery_time(after)):
        plan = ("plan", after.plan.name)
        yield Measured(Figure.RECOVERY_TIME, reached.gross / _SECOND, Unit.SECONDS, plan)
        yield Measured(Figure.OBJECTIVE_USED, 100 * reached.gross / reached.objective, Unit.PERCENT, plan)


def _waves(before: Drill | None, after: Drill) -> Iterator[Measured]:
    ended = {wave.number for wave in before.waves if wave.ended_at} if before else set()
    for wave in after.waves:
        if wave.number not in ended and wave.has_succeeded and wave.started_at and wave.ended_at:
            yield Measured(Figure.WAVE_TIME, (wave.ended_at - wave.started_at) / _SECOND, Unit.SECONDS)


def _left(after: Drill, event: Event) -> Iterator[Measured]:
    if isinstance(event, CleanupHindered):
        gone = {each.id for each in after.servers if each.instance and each.instance.state is InstanceState.GONE}
        left = [each for each in after.servers if each.launched_at and each.id not in gone]
        yield Measured(Figure.INSTANCES_LEFT, len(left))


def of_round(unfinished: Iterable[Due], now: datetime) -> tuple[Measured, ...]:
    """How many drills are unfinished, and by how much the oldest work and the oldest wake-up are late."""
    entries = tuple(unfinished)
    drills = [entry for entry in entries if entry.kind is DueKind.DRILL]
    work = (now - entry.due_at for entry in entries if entry.kind is DueKind.WORK)
    wakes = (now - entry.wake_at for entry in drills if entry.wake_at)
    return (
        Measured(Figure.UNFINISHED, len(drills)),
        Measured(Figure.OVERDUE_WORK, _latest(work), Unit.SECONDS),
        Measured(Figure.OVERDUE_DRILL, _latest(wakes), Unit.SECONDS),
    )


def _latest(late: Iterable[timedelta]) -> float:
    return max((*late, timedelta(0))) / _SECOND
