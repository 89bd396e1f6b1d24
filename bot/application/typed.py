"""Drills that are meant by a command: the one that was named, or the only one of the channel to which it can be done.

A drill is named by its id, or by its plan. What cannot be done to a drill now does not make it one that could be meant:
a check that somebody else has asked for must not stand in the way of an abort.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.application.nearest import did_you_mean
from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.errors import IllegalTransition, UnknownDrill
from bot.domain.offers import OF_A_WAVE, Offer, offers
from bot.domain.states import DrillState
from bot.domain.written import none_named

LONGEST_ID = 100
"""Characters. DynamoDB takes no key of any length, and a drill's id is a plan's name (40 at most), a day and a few."""
_ID = re.compile(r"[a-z0-9][a-z0-9-]*-20[0-9]{6}(-[a-z0-9]*)?")
"""What an id looks like, or one that was cut (`adapters.identity`): never the beginning of a reason."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """It cannot be told which drill is meant: there are several of the channel or of the plan, or none.

    Attributes:
        here: those of them, none or at least two: those to which it can be done now, if there are any.
        elsewhere: those of other channels.
        fits: whether it can be done to those `here` now.
    """

    here: tuple[Drill, ...]
    elsewhere: tuple[Drill, ...] = ()
    fits: bool = True


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

    def find(
        self, channel: str, wants: Sequence[Action], words: tuple[str, ...], also: tuple[str, ...] = ()
    ) -> Drill | Unclear:
        """The drill that is meant by a command typed in `channel`, with nothing but a drill's name, or without.

        Args:
            channel: where it was typed.
            wants: what the command can do, the likelier first.
            words: what was typed: a drill's id, a plan's name, or nothing.
            also: words that could have been meant by one that names nothing.

        Raises:
            UnknownDrill: what was typed names no drill, and then no other drill is meant; the text has the nearest word
                of `also` and of the drills under way.
        """
        if not words:
            return _of_channel(self.drills.active(), channel, wants)
        if len(words) > 1:
            raise self._unknown(words[1].lower(), also)
        word = words[0].lower()
        return self._of_plan(word, wants) if word in self._plans() else self.named(word, also)

    def find_before(self, channel: str, wants: Sequence[Action], words: tuple[str, ...]) -> Meant:
        """The same, where other words may follow.

        The first word names a drill if it is an id, looks like one, or is a plan's name.

        Raises:
            UnknownDrill: what looks like an id is none, or no drill of that plan is under way.
        """
        first = words[0].lower() if words else ""
        if _ID.fullmatch(first):
            return Meant(self.named(first), words[1:])
        if first in self._plans():
            return Meant(self._of_plan(first, wants), words[1:])
        active = self.drills.active()
        named = next((drill for drill in active if drill.id == first), None)
        return Meant(named, words[1:]) if named else Meant(_of_channel(active, channel, wants), words)

    def _plans(self) -> tuple[str, ...]:
        return self.drills.plan_source.names()

    def _of_plan(self, name: str, wants: Sequence[Action]) -> Drill | Unclear:
        found = tuple(drill for drill in self.drills.active() if drill.plan.name == name)
        if not found:
            raise UnknownDrill(f"No drill of {name} is under way.")
        return _only(found, wants)

    def named(self, drill_id: str, also: tuple[str, ...] = ()) -> Drill:
        """The drill of that id, also one that has ended. Raises as `find`."""
        if len(drill_id) > LONGEST_ID:
            raise UnknownDrill("There is no such drill.")
        try:
            return self.drills.status(drill_id)
        except UnknownDrill as unknown:
            raise self._unknown(drill_id, also) from unknown

    def _unknown(self, typed: str, also: tuple[str, ...]) -> UnknownDrill:
        names = [*(drill.id for drill in self.drills.active()), *also, *self._plans()]
        return UnknownDrill(f"{none_named('drill or plan', typed)}{did_you_mean(typed, names)}")

    def act(self, drill: Drill, action: Action, click: Click, words: str = "") -> Drill:
        """Do it, with a comment or a reason where one can be given.

        Raises:
            DrillError: it cannot be done; the text says why.
        """
        return self.drills.act(drill.id, _as_seen(drill, action), click, words)

    def could(self, drill: Drill, action: Action, click: Click) -> None:
        """See whether it would be refused. Raises as `act` would."""
        self.drills.admit(drill.id, _as_seen(drill, action), click)


def _of_channel(active: tuple[Drill, ...], channel: str, wants: Sequence[Action]) -> Drill | Unclear:
    here = tuple(drill for drill in active if drill.plan.channel == channel)
    return _only(here, wants) if here else Unclear((), active)


def _only(drills: tuple[Drill, ...], wants: Sequence[Action]) -> Drill | Unclear:
    """The only one to which it can be done; the only one at all, which the rules then refuse in words; or neither."""
    for action in wants:
        if fitting := tuple(drill for drill in drills if _offered(drill, action)):
            return fitting[0] if len(fitting) == 1 else Unclear(fitting)
    return drills[0] if len(drills) == 1 else Unclear(drills, fits=False)


def _offered(drill: Drill, action: Action) -> Offer | None:
    return next((offer for offer in offers(drill) if offer.action is action), None)


def _as_seen(drill: Drill, action: Action) -> Offer:
    """As it can be done to the drill that was found, or else of the hold that was open.

    Holds count from 1: where none was open, this names none, and never one long decided.
    """
    found = [offer for offer in offers(drill) if offer.action is action]
    if len(found) > 1:
        raise IllegalTransition(_which(tuple(offer.wave for offer in found)))
    if found:
        return found[0]
    if action in OF_A_WAVE and (asked := _offered(drill, Action.APPROVE)):
        return replace(asked, action=action)
    if action in OF_A_WAVE and drill.state is DrillState.RUNNING:
        raise IllegalTransition("No wave of this drill waits for approval now.")
    return Offer(action, wave=1, hold=drill.hold.number if drill.hold else 0)


def _which(waves: tuple[int, ...]) -> str:
    """Waves side by side: words alone must not fall on one of them by chance."""
    numbers = f"{', '.join(map(str, waves[:-1]))} and {waves[-1]}"
    return f"Waves {numbers} of this drill wait for approval. Use the buttons of the one you mean, in the thread."
