"""What a button carries. Its action_id is the domain's `Action`; its value names what was clicked, never a state.

A value gives nobody any authority: who may do what is asked at the click, against the drill as it is then.
"""

from __future__ import annotations

from bot.domain.model import Frozen
from bot.domain.plan import Name

BUTTON_VALUE_LENGTH = 2_000
"""Slack takes at most this many characters as a button's value."""


PROPOSE = "propose"
"""The button that asks for a drill of a plan: there is no drill yet, so it is none of the domain's actions on one."""


class PlanValue(Frozen):
    """Which plan a button belongs to."""

    plan: Name

    def encode(self) -> str:
        """As JSON."""
        return self.model_dump_json()


class ButtonValue(Frozen):
    """Which drill a button belongs to and, where that matters, which wave and round, or which hold.

    The round or hold number tells a stale button from the newest one.
    """

    drill: str
    wave: int | None = None
    round: int | None = None
    hold: int | None = None

    def encode(self) -> str:
        """As JSON, the same for the same content."""
        return self.model_dump_json(exclude_none=True)
