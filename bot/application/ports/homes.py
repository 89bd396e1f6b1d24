"""App Homes: who has opened theirs, what it shows, and the work of drawing it.

Each Home has a lane of its own in the outbox, of Slack's kind, under `home_lane`: a Slack that is busy or a Home that
cannot be drawn holds up nobody else's, and no drill.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.application.ports.work import WorkItem
from bot.domain.home import Home
from bot.domain.person import Person


def home_lane(person: Person) -> str:
    """The lane of somebody's Home, where a drill's lane has the drill's id. No drill's id has a slash."""
    return f"home/{person.user_id}"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who has opened their Home.

    Attributes:
        looks: a hash of what it shows; None when it was not drawn yet.
        notice: what they were told at `notice_at`.
    """

    person: Person
    opened_at: datetime
    looks: str | None = None
    notice: str | None = None
    notice_at: datetime | None = None


class HomeStore(Protocol):
    """Where it is kept who looks at their Home. Each method may raise `StoreUnavailable`."""

    def open(self, person: Person, now: datetime, *, is_blank: bool = False) -> None:
        """Note that somebody has opened their Home, and have it drawn; of one that is blank, forget what it shows."""
        ...

    def tell(self, person: Person, notice: str, now: datetime) -> None:
        """Have their Home drawn with a notice on it."""
        ...

    def refresh(self, person: Person, now: datetime) -> None:
        """Have their Home drawn anew."""
        ...

    def viewers(self) -> tuple[Viewer, ...]:
        """Everybody who has opened their Home in the last hours, one query."""
        ...

    def viewer(self, person: Person) -> Viewer | None:
        """One of them."""
        ...

    def keep(self, person: Person, looks: str, done: WorkItem) -> None:
        """Record what their Home shows now, and take the work that drew it out of its lane."""
        ...


class HomePages(Protocol):
    """Slack's App Home. May raise `SlackError`."""

    def publish(self, person: Person, view: str) -> None:
        """Show somebody a Home: a view as JSON text."""
        ...


HomeRenderer = Callable[[Home], str]
"""Draws a Home: the view, as JSON text."""
