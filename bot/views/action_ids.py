"""What buttons, menus and forms carry. A button's action_id and a form's callback_id is the domain's `Action`.

The value names what was clicked, never a state.

A value gives nobody any authority: who may do what is asked at the click, against the drill as it is then.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.domain.approval import Action
from bot.domain.model import Frozen
from bot.domain.plan import Name

BUTTON_VALUE_LENGTH = 2_000
"""Slack takes at most this many characters as a button's value."""
OPTION_VALUE_LENGTH = 150
"""And so many as the value of an option of a menu."""

PROPOSE = "propose"
"""The button that asks for a drill of a plan: there is no drill yet, so it is none of the domain's actions on one."""
CHECK = "check"
"""The button that asks whether a drill of a plan could be started now, and no more."""
PICK = "pick"
"""The button that opens the form in which a plan is picked, and that form."""
MORE = "more"
"""The menu beside buttons. Each of its options says itself what it is for."""
CHOOSE = "choose"
"""The form that offers all that can be done to a drill."""
DRILL_ACTIONS = "drill_actions"
"""The shortcut in a message's menu that opens it, by the manifest's name for it."""
ADD_NOTE = "add_note"
"""The shortcut that puts a message on a drill's record, by the manifest's name for it."""

DrillId = Annotated[str, StringConstraints(min_length=1, max_length=100)]
"""A plan's name (40 characters at most), a day and a few letters."""
Number = Annotated[int, Field(strict=True, ge=1, le=9_999)]
"""Waves, their requests for approval, and holds count from 1."""


class PlanValue(Frozen):
    """Which plan a button belongs to."""

    plan: Name

    def encode(self) -> str:
        """As JSON."""
        return self.model_dump_json()


class ButtonValue(Frozen):
    """Which drill a button belongs to and, where that matters, which wave and round, check, hold, report or finding.

    The round or hold number tells a stale button from the newest one.
    """

    drill: DrillId
    wave: Number | None = None
    round: Number | None = None
    hold: Number | None = None
    check: Number | None = None
    report: Number | None = None
    finding: Number | None = None

    def encode(self) -> str:
        """As JSON, the same for the same content."""
        return self.model_dump_json(exclude_none=True)


class MenuValue(Frozen):
    """What an option of a menu is for: an action, and what it belongs to. Short: Slack takes 150 characters."""

    do: Action
    at: ButtonValue

    def encode(self) -> str:
        """As JSON, the same for the same content."""
        return self.model_dump_json(exclude_none=True)
