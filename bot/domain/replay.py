"""A drill made anew of its record: every event once more through the rules, at the times at which it happened."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.audit import Record
from bot.domain.drill import Drill
from bot.domain.state_machine import transition


def replay(records: Iterable[Record]) -> Drill:
    """The drill that these records make.

    Args:
        records: all of it, the oldest first.

    Raises:
        DrillError: an event does not apply where it stands. Rules of another version (`Record.engine`) may say so of
            an event that their predecessors took.
        ValueError: there are none.
    """
    drill: Drill | None = None
    for record in records:
        drill = transition(drill, record.event, record.at).drill
    if drill is None:
        raise ValueError("a record without events makes no drill")
    return drill
