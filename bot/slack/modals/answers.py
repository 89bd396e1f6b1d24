"""What a submitted form is answered: docs.slack.dev/surfaces/modals, "response actions".

A form has no address to answer to later: all that the person is to hear is in the answer itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from bot.domain.errors import DrillError
from bot.domain.mark_up import plain
from bot.views.modals import told
from bot.views.modals.parts import Modal

Answer: TypeAlias = dict[str, Any]


class Misfilled(DrillError):
    """What was filled in does not fit together. `input_name`: the input that is to blame."""

    def __init__(self, words: str, input_name: str) -> None:
        self.input_name = input_name
        super().__init__(words)


CLOSED: Answer = {"response_action": "clear"}
"""It is done: every form in front of the person closes. The drill's thread shows what came of it."""


def on_top(view: Modal) -> Answer:
    """Lay another form on this one. Slack takes three on each other: a choice, its form, and what is told about it."""
    return {"response_action": "push", "view": view}


def instead(view: Modal) -> Answer:
    """Show this in place of the form."""
    return {"response_action": "update", "view": view}


def refused(error: DrillError | str, body: Mapping[str, Any]) -> Answer:
    """Why it was not done, with the form and all that was written in it left as they are.

    It stands at the input that is to blame, or else at the first. Slack shows it there without mark-up, so moments are
    in UTC, and what names people or channels is laid on top, as is all that is told about a form without inputs.
    """
    why = str(error)
    name = error.input_name if isinstance(error, Misfilled) else _first_input(body)
    if name and "<" not in plain(why):
        return {"response_action": "errors", "errors": {name: plain(why)}}
    return on_top(told.refused(why))


def failed(reference: str) -> Answer:
    """It broke: nobody knows what became of it, so there is nothing to submit again."""
    return instead(told.failed(reference))


def _first_input(body: Mapping[str, Any]) -> str | None:
    view = body.get("view")
    shown = view.get("blocks") if isinstance(view, Mapping) else None
    for block in shown if isinstance(shown, list) else ():
        if isinstance(block, Mapping) and block.get("type") == "input" and isinstance(block.get("block_id"), str):
            return str(block["block_id"])
    return None
