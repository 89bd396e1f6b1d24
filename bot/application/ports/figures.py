"""What operators watch: figures, and the port that takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """CloudWatch's names of units (botocore `StandardUnit`)."""

    COUNT = "Count"
    SECONDS = "Seconds"
    PERCENT = "Percent"


class Figure(StrEnum):
    """What is measured. What each means, and what to do about it, is in docs/howto/operate.md."""

    DRILLS = "Drills"
    HOLDS = "Holds"
    WAVE_TIME = "WaveTime"
    RECOVERY_TIME = "RecoveryTime"
    OBJECTIVE_USED = "ObjectiveUsed"
    INSTANCES_LEFT = "InstancesLeft"
    GIVEN_UP = "GivenUp"
    UNREADABLE = "UnreadableDrills"
    DRS_ERRORS = "DrsErrors"
    SLACK_LAG = "SlackLag"
    SLACK_ERRORS = "SlackErrors"
    UNFINISHED = "UnfinishedDrills"
    OVERDUE_WORK = "OverdueWork"
    OVERDUE_DRILL = "OverdueDrill"


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure. `of`: what it is of, by the name of a dimension; few values each, since each is paid for."""

    figure: Figure
    value: float
    unit: Unit = Unit.COUNT
    of: tuple[str, str] | None = None


Meter = Callable[[Iterable[Measured]], None]
"""Takes figures. It never fails: what cannot be measured stops nobody."""


def unmeasured(_figures: Iterable[Measured]) -> None:
    """A meter that takes no notice."""
