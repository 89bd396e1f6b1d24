"""Facts about the checks before and after a launch. As in `events`, fields are never renamed."""

from __future__ import annotations

from typing import Literal

from bot.domain.checks import Answer
from bot.domain.model import Frozen
from bot.domain.person import Person


class ChecksObserved(Frozen):
    """What a look at the checks of a wave has shown. Holds only what is news. `round`: of the wave's checks."""

    type: Literal["checks_observed"] = "checks_observed"
    wave: int
    round: int
    answers: tuple[Answer, ...]


class CheckConfirmed(Frozen):
    """Somebody says that what check `check` of a wave asks for is the case."""

    type: Literal["check_confirmed"] = "check_confirmed"
    actor: Person
    wave: int
    round: int
    check: int
    comment: str = ""


class CheckDenied(Frozen):
    """Somebody says that what check `check` of a wave asks for is not the case, and what is instead."""

    type: Literal["check_denied"] = "check_denied"
    actor: Person
    wave: int
    round: int
    check: int
    reason: str
