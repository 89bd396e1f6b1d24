"""While what the waves have launched stays up: until its time is over, or somebody has it cleaned up."""

from __future__ import annotations

from datetime import datetime

from bot.domain import duties, rounds_of_checks
from bot.domain.approval import Action
from bot.domain.check_events import ChecksObserved
from bot.domain.cleanup_events import CleanupRequested
from bot.domain.commands import Draw, TopicKind
from bot.domain.drill import Drill
from bot.domain.drill_parts import Operation
from bot.domain.ending import clean_up, outcome
from bot.domain.errors import IllegalTransition
from bot.domain.events import TimePassed
from bot.domain.rounds_of_checks import note_repeated, out_of_time, repeat
from bot.domain.step import Step, draw


def end_operation(drill: Drill, event: CleanupRequested, now: datetime) -> Step:
    """Clean up now, whatever the plan says."""
    duties.authorise(drill, Action.CLEAN_UP, event.actor)
    ended = drill.operation.model_copy(update={"ended_by": event.actor}) if drill.operation else None
    return clean_up(Step(drill, _shown(drill)).then(operation=ended), now)


def operation_overdue(drill: Drill, _event: TimePassed, now: datetime) -> Step:
    """Clean up because the time is over, remind people of what is up and costs money, or make its checks again."""
    operation = drill.operation
    if operation is None or drill.wake_at is None or now < drill.wake_at:
        raise IllegalTransition("Nothing is overdue.")
    if operation.until and now >= operation.until:
        return clean_up(Step(drill, _shown(drill)), now)
    if drill.reminds_at and now >= drill.reminds_at:
        return _remind(drill, operation, now)
    if drill.checks_again_at and now >= drill.checks_again_at:
        begun = operation.model_copy(update={"checked": operation.checked + 1})
        return repeat(Step(drill).then(operation=begun), now)
    late = next(w for w in drill.waves if w.checking and w.checking.wakes_at == drill.wake_at)
    return _judged(out_of_time(drill, late, now), late.number)


def checks_observed(drill: Drill, event: ChecksObserved, now: datetime) -> Step:
    """Take in what the repeated checks have shown."""
    return _judged(rounds_of_checks.checks_observed(drill, event, now), event.wave)


def _judged(step: Step, wave: int) -> Step:
    """What does not pass any more is a finding, and no drill with findings has simply passed."""
    noted = note_repeated(step, step.drill.wave(wave))
    return noted.then(outcome=outcome(noted.drill))


def _remind(drill: Drill, operation: Operation, now: datetime) -> Step:
    reminded = operation.model_copy(update={"reminders": (*operation.reminders, now)})
    step = Step(drill, _shown(drill)).then(operation=reminded)
    return step.then(draw(TopicKind.STILL_UP, None, len(reminded.reminders)))


def _shown(drill: Drill) -> tuple[Draw, ...]:
    """The messages with a button that is to go, or a time that has changed: the first one, and the newest reminder."""
    reminders = len(drill.operation.reminders) if drill.operation else 0
    newest = (draw(TopicKind.STILL_UP, None, reminders),) if reminders else ()
    return (draw(TopicKind.OPERATION), *newest)
