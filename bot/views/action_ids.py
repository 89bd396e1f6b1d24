"""What a button carries. Its action_id is the domain's `Action`; its value names what was clicked, never a state.

A value gives nobody any authority: who may do what is asked at the click, against the drill as it is then.
"""

from __future__ import annotations

from bot.domain.model import Frozen

BUTTON_VALUE_LENGTH = 2_000
"""Slack takes at most this many characters as a button's value."""


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
