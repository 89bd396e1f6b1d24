"""What looks at launched servers, as the application sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.checks import Answer, Ask
from bot.domain.plan import Target


class Checker(Protocol):
    """Makes checks in one account and Region."""

    def look(self, drill_id: str, asks: Sequence[Ask]) -> tuple[Answer, ...]:
        """Begin what has no `ref` yet, and look at the rest, in one step of less than half a minute.

        What AWS refuses, and what cannot be reached, is an answer of its own: FAILED, in words. What there was no time
        for has no answer. Doing it twice does no harm: a try is begun once.
        """
        ...


class Checkers(Protocol):
    """What looks at servers where a plan's servers are."""

    def at(self, target: Target) -> Checker:
        """Of an account and Region, through its role if it has one."""
        ...
