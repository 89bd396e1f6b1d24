"""Clicks on Start that have not led to a running drill yet, or have not led to one at all."""

from __future__ import annotations

from bot.domain.model import Frozen, Instant
from bot.domain.person import Person


class StartClick(Frozen):
    """Somebody has clicked Start, and the servers that tags choose are looked up once more before anything runs."""

    by: Person
    at: Instant


class ServerChange(Frozen):
    """A server that tags choose for a wave now and did not when the drill was checked (`is_added`), or no longer."""

    wave: int
    server_id: str
    name: str = ""
    is_added: bool


class FalseStart(Frozen):
    """Start was clicked and nothing was started: other servers would be launched than were shown, or nobody knows.

    Attributes:
        at: when that turned out.
        changes: what has changed; the drill is checked anew with it.
        error: why the servers could not be looked up; Start can be clicked again.
    """

    click: StartClick
    at: Instant
    changes: tuple[ServerChange, ...] = ()
    error: str | None = None
