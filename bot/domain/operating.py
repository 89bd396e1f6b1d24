"""While what the waves have launched stays up: until its time is over, or somebody has it cleaned up."""

from __future__ import annotations

from datetime import datetime

from bot.domain import duties
from bot.domain.approval import Action
from bot.domain.commands import Draw, TopicKind
from bot.domain.drill import Drill
from bot.domain.ending import clean_up
from bot.domain.errors import IllegalTransition
from bot.domain.events import CleanupRequested, TimePassed
from bot.domain.step import Step, draw


def end_operation(drill: Drill, event: CleanupRequested, now: datetime) -> Step:
    """Clean up now, whatever the plan says."""
    duties.authorise(drill, Action.CLEAN_UP, event.actor)
    ended = drill.operation.model_copy(update={"ended_by": event.actor}) if drill.operation else None
    return clean_up(Step(drill, _shown(drill)).then(operation=ended), now)


def operation_overdue(drill: Drill, _event: TimePassed, now: datetime) -> Step:
    """Clean up because the time is over, or remind people of what is still up and costs money."""
    operation = drill.operation
    if operation is None or drill.wake_at is None or now < drill.wake_at:
        raise IllegalTransition("Nothing is overdue.")
    if operation.until:
        return clean_up(Step(drill, _shown(drill)), now)
    reminded = operation.model_copy(update={"reminders": (*operation.reminders, now)})
    step = Step(drill, _shown(drill)).then(operation=reminded)
    return step.then(draw(TopicKind.STILL_UP, None, len(reminded.reminders)))


def _shown(drill: Drill) -> tuple[Draw, ...]:
    """The messages with a button that is to go, or a time that has changed: the first one, and the newest reminder."""
    reminders = len(drill.operation.reminders) if drill.operation else 0
    newest = (draw(TopicKind.STILL_UP, None, reminders),) if reminders else ()
    return (draw(TopicKind.OPERATION), *newest)
