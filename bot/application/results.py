"""What performing a piece of work has come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.events import Event


@dataclass(frozen=True, slots=True)
class Done:
    """There is nothing (more) to do."""


@dataclass(frozen=True, slots=True)
class Again:
    """Look at it again after a while; with an error, this was an attempt that failed."""

    after: timedelta
    error: str | None = None


Result = Event | Done | Again
