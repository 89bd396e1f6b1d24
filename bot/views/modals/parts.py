"""A modal and what it is made of. An input's block_id is also its action_id: the name under which it is sent back.

Source of shapes and limits: docs.slack.dev/reference/views/modal-views and docs.slack.dev/reference/block-kit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from bot.views.blocks import Block, plain
from bot.views.text import escape

Modal: TypeAlias = dict[str, Any]

TITLE_LENGTH = 24
"""Of a modal's title and of its two buttons."""
METADATA_LENGTH = 3_000
OPTION_LENGTH = 75
"""Of an option's text, and of the line below it."""
OPTIONS_IN_A_MENU = 100
CHOICES = 10
"""Options that radio buttons take."""


def modal(
    title: str, blocks: Sequence[Block], *, callback_id: str, submit: str, close: str = "Not now", metadata: str = ""
) -> Modal:
    """A form. `metadata` comes back with it: ids and nothing else, since it gives nobody any authority."""
    kept = {"private_metadata": metadata} if metadata else {}
    return {**_frame(title, blocks, close), "callback_id": callback_id, "submit": plain(submit), **kept}


def notice(title: str, blocks: Sequence[Block], close: str = "Close") -> Modal:
    """Something to read and to close."""
    return _frame(title, blocks, close)


def _frame(title: str, blocks: Sequence[Block], close: str) -> Modal:
    return {"type": "modal", "title": plain(title), "close": plain(close), "blocks": list(blocks)}


def text_input(name: str, label: str, *, least: int, most: int, hint: str) -> Block:
    """Some lines to be written; they may be left out when `least` is 0."""
    lengths = {"max_length": most, **({"min_length": least} if least else {})}
    element = {"type": "plain_text_input", "action_id": name, "multiline": True, "focus_on_load": True, **lengths}
    return _input(name, label, element, hint=hint, optional=not least)


def radio(name: str, label: str, options: Sequence[Block], chosen: Block | None = None) -> Block:
    """One of at most ten things to choose."""
    element = {"type": "radio_buttons", "action_id": name, "options": list(options)}
    return _input(name, label, {**element, **({"initial_option": chosen} if chosen else {})})


def checkbox(name: str, label: str, shown: Block) -> Block:
    """One thing that can be ticked."""
    element = {"type": "checkboxes", "action_id": name, "options": [shown]}
    return _input(name, label, element, optional=True)


def select(
    name: str,
    label: str,
    groups: Sequence[tuple[str, Sequence[Block]]],
    placeholder: str,
    chosen: Block | None = None,
) -> Block:
    """One of many things to choose, by typing a part of its name. A single group is shown without its label."""
    offered: Block = (
        {"options": list(groups[0][1])}
        if len(groups) == 1
        else {"option_groups": [{"label": plain(title), "options": list(options)} for title, options in groups]}
    )
    element = {"type": "static_select", "action_id": name, "placeholder": plain(placeholder), **offered}
    element |= {"initial_option": chosen} if chosen else {}
    return _input(name, label, element)


def several(name: str, label: str, options: Sequence[Block], placeholder: str, hint: str) -> Block:
    """Any number of things to choose, none too, of at most `OPTIONS_IN_A_MENU`."""
    element = {"type": "multi_static_select", "action_id": name, "placeholder": plain(placeholder)}
    return _input(name, label, {**element, "options": list(options)}, hint=hint, optional=True)


def moment_input(name: str, label: str, hint: str) -> Block:
    """A day and a time in the person's own time zone; may be left out."""
    return _input(name, label, {"type": "datetimepicker", "action_id": name}, hint=hint, optional=True)


def person_input(name: str, label: str) -> Block:
    """A member of the workspace."""
    return _input(name, label, {"type": "users_select", "action_id": name, "placeholder": plain("Choose")})


def date_input(name: str, label: str) -> Block:
    """A day."""
    return _input(name, label, {"type": "datepicker", "action_id": name})


def _input(name: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    below = {"hint": plain(hint)} if hint else {}
    return {"type": "input", "block_id": name, "label": plain(label), "element": element, "optional": optional, **below}


def option(text: str, value: str, description: str = "") -> Block:
    """Something to choose; what is too long for Slack is cut."""
    below = {"description": plain(escape(description, OPTION_LENGTH))} if description else {}
    return {"text": plain(escape(text, OPTION_LENGTH)), "value": value, **below}
