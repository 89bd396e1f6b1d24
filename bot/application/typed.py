"""Drills that are meant by a command: the one whose id was typed, or the only one of the channel it was typed in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.application.nearest import did_you_mean
from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.errors import UnknownDrill
from bot.domain.offers import Offer
from bot.domain.written import none_named

LONGEST_ID = 100
"""Characters. DynamoDB takes no key of any length, and a drill's id is a plan's name (40 at most), a day and a few."""
_ID = re.compile(r"[a-z0-9][a-z0-9-]*-20[0-9]{6}(-[a-z0-9]*)?")
"""What an id looks like, or one that was cut (`adapters.identity`): never the beginning of a reason."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """It cannot be told which drill is meant: several are under way in the channel, or none.

    Attributes:
        here: those of the channel, none or at least two.
        elsewhere: those of other channels.
    """

    here: tuple[Drill, ...]
    elsewhere: tuple[Drill, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """What a command is about: a drill or none that can be told, and the words that do not name it."""

    drill: Drill | Unclear
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """Finds the drill that is meant, and does to it what was typed. Decisions are about what was found then.

    A retry, a skip or a resume is for the hold that the drill had when it was found: if somebody was quicker, it is
    refused like a click on the button of that hold, and never falls on a later one.
    """

    drills: Drills

    def find(self, channel: str, words: tuple[str, ...], also: tuple[str, ...] = ()) -> Drill | Unclear:
        """The drill that is meant by a command typed in `channel`, with nothing but a drill's id, or without.

        Raises:
            UnknownDrill: what was typed is no id, and then no other drill is meant; the text has the nearest word of
                `also` and of the drills under way.
        """
        if not words:
            return _of_channel(self.drills.active(), channel)
        if len(words) > 1:
            raise self._unknown(words[1].lower(), also)
        return self.named(words[0].lower(), also)

    def find_before(self, channel: str, words: tuple[str, ...]) -> Meant:
        """The same, where other words may follow the id: only if the first one is an id or looks like one, it is.

        Raises:
            UnknownDrill: what looks like an id is none.
        """
        first = words[0].lower() if words else ""
        if _ID.fullmatch(first):
            return Meant(self.named(first), words[1:])
        active = self.drills.active()
        named = next((drill for drill in active if drill.id == first), None)
        return Meant(named, words[1:]) if named else Meant(_of_channel(active, channel), words)

    def named(self, drill_id: str, also: tuple[str, ...] = ()) -> Drill:
        """The drill of that id, also one that has ended. Raises as `find`."""
        if len(drill_id) > LONGEST_ID:
            raise UnknownDrill("There is no such drill.")
        try:
            return self.drills.status(drill_id)
        except UnknownDrill as unknown:
            raise self._unknown(drill_id, also) from unknown

    def _unknown(self, typed: str, also: tuple[str, ...]) -> UnknownDrill:
        names = [*(drill.id for drill in self.drills.active()), *also]
        return UnknownDrill(f"{none_named('drill', typed)}{did_you_mean(typed, names)}")

    def act(self, drill: Drill, action: Action, click: Click, words: str = "") -> Drill:
        """Do it, with a reason where one can be given."""
        return self.drills.act(drill.id, _as_seen(drill, action), click, words)

    def could(self, drill: Drill, action: Action, click: Click) -> None:
        """See whether it would be refused. Raises as `act` would."""
        self.drills.admit(drill.id, _as_seen(drill, action), click)


def _of_channel(active: tuple[Drill, ...], channel: str) -> Drill | Unclear:
    here = tuple(drill for drill in active if drill.plan.channel == channel)
    return here[0] if len(here) == 1 else Unclear(here, tuple(drill for drill in active if drill not in here))


def _as_seen(drill: Drill, action: Action) -> Offer:
    """Of the hold that was open. They count from 1: where none was, this names none, and never one long decided."""
    return Offer(action, hold=drill.hold.number if drill.hold else 0)
