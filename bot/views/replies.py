"""Answers that one person alone sees: to a command, or to a click that was refused. This is what they share.

What is looked up is in `lookups`, how to type a command in `helping`, what a command has done in `deeds`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.drill import Drill
from bot.domain.states import Purpose
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.naming import plan_title
from bot.views.text import escape, from_domain

LINES_IN_A_SECTION = 10
LINES_SHOWN = 30
REFUSAL_LENGTH = 2_500
BUSY = "The bot was too busy just now; nothing was changed. Try it again."
TWICE = "Slack has sent this a second time; it was done once, and nothing more was changed."


@dataclass(frozen=True, slots=True)
class Reply:
    """What to show: `text` for notifications and screen readers, and the blocks."""

    text: str
    blocks: tuple[Block, ...]


def refused(why: str) -> Reply:
    """Why something was not done, in the domain's words."""
    return only(from_domain(why, REFUSAL_LENGTH))


def failed(reference: str) -> Reply:
    """Something broke, and here is the reference under which the log has it."""
    return only(
        "Something went wrong inside the bot. Look whether the drill has moved on before you try again. "
        f"Whoever runs the bot finds out more under the reference `{reference}`."
    )


def coming(drill: Drill) -> Reply:
    """A drill was proposed; its card is on the way."""
    if drill.purpose is Purpose.SWEEP:
        where = f"{drill.target.region}, account {drill.target.account_id}"
        return only(
            f"Looking for drill instances that belong to no open drill, in {where}. "
            f"What is found is on the way to <#{drill.plan.channel}>."
        )
    unless = " Nothing is launched unless somebody starts it there." if drill.purpose is Purpose.CHECK else ""
    return only(
        f"Checking whether the drill of *{plan_title(drill.plan)}* is safe to start. "
        f"Its card is on the way to <#{drill.plan.channel}>.{unless}"
    )


def reporting(drill: Drill) -> Reply:
    """The report of a drill is being made."""
    return only(
        f"The report of {escape(drill.id, 80)} is being made, of its record as it is now. "
        f"It comes into the drill's thread in <#{drill.plan.channel}> in a minute or two."
    )


def only(text: str) -> Reply:
    """An answer of one paragraph, mrkdwn; it is read aloud as it is."""
    return Reply(text, (blocks.section("reply", text),))


def listing(title: str, lines: Sequence[str], last: str) -> list[Block]:
    """A title, at most `LINES_SHOWN` lines of some 300 characters, and small print that counts what is left out."""
    shown = lines[:LINES_SHOWN]
    left = len(lines) - len(shown)
    parts = [shown[start : start + LINES_IN_A_SECTION] for start in range(0, len(shown), LINES_IN_A_SECTION)]
    return [
        blocks.section("title", f"*{title}*"),
        *(blocks.section(f"list-{number}", *part) for number, part in enumerate(parts, start=1)),
        blocks.context("last", f"and {left} more. {last}" if left else last),
    ]
