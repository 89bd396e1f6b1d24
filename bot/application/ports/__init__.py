"""What the application needs of the world, by theme. Adapters fulfil these; fakes pass the same contract suites."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from bot.domain.plan import Plan

Clock = Callable[[], datetime]
"""World time now, in UTC."""

Ids = Callable[[str, datetime], str]
"""Makes a new drill id from a plan's name and the time; it is unlikely to exist already."""


class PlanSource(Protocol):
    """The plans that can be drilled."""

    def names(self) -> tuple[str, ...]:
        """The names of all plans, sorted."""
        ...

    def load(self, name: str) -> Plan:
        """Read one plan.

        Raises:
            UnknownPlan: there is none of that name.
            UnsafePlan: its file is not a valid plan.
        """
        ...
