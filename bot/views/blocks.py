"""Block Kit, as far as the bot uses it. Every block has an id that stays the same as long as it means the same.

Source of shapes and limits: docs.slack.dev/reference/block-kit.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from bot.application.ports.slack import Message
from bot.domain.approval import Action
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.states import Purpose
from bot.views.action_ids import MORE, ButtonValue, MenuValue
from bot.views.naming import plan_title

Block: TypeAlias = dict[str, Any]
Style: TypeAlias = Literal["primary", "danger"]

SECTION_LENGTH = 3_000
"""Characters that Slack takes in a section."""


def plain(text: str) -> Block:
    """Text without mark-up, as titles, labels and buttons take it."""
    return {"type": "plain_text", "text": text, "emoji": True}


def _mrkdwn(text: str) -> Block:
    # Not verbatim, Slack would link `#general` and ping `@channel` where they stand in a server's name.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(block_id: str, text: str) -> Block:
    """A headline; Slack takes 150 characters."""
    return {"type": "header", "block_id": block_id, "text": plain(text)}


def divider(block_id: str) -> Block:
    """A line across."""
    return {"type": "divider", "block_id": block_id}


def section(block_id: str, *lines: str) -> Block:
    """Paragraph text; Slack takes 3,000 characters. Empty lines are left out."""
    return {"type": "section", "block_id": block_id, "text": _mrkdwn("\n".join(filter(None, lines)))}


def sections(prefix: str, lines: Sequence[str]) -> list[Block]:
    """Lines as sections, each with as many as fit into it; no line may be longer than a section."""
    parts: list[list[str]] = []
    room = 0
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            parts.append([])
            room = SECTION_LENGTH - len(line)
        parts[-1].append(line)
    return [section(f"{prefix}-{number}", *part) for number, part in enumerate(parts, start=1)]


def context(block_id: str, text: str) -> Block:
    """A line in small print."""
    return {"type": "context", "block_id": block_id, "elements": [_mrkdwn(text)]}


def contexts(block_id: str, text: str) -> list[Block]:
    """A line in small print; no block at all when there is nothing to say."""
    return [context(block_id, text)] if text else []


def confirm(title: str, text: str, yes: str, no: str, style: Style = "primary") -> Block:
    """The dialog that asks back. Slack takes 100 characters of title, 300 of text, 30 on each button."""
    return {
        "title": plain(title),
        "text": _mrkdwn(text),
        "confirm": plain(yes),
        "deny": plain(no),
        "style": style,
    }


def button(
    action: Action, label: str, value: ButtonValue, *, style: Style | None = None, ask: Block | None = None
) -> Block:
    """A button for something that a person can do to a drill."""
    shown = plain_button(action.value, label, value.encode())
    return {**shown, **({"style": style} if style else {}), **({"confirm": ask} if ask else {})}


def plain_button(action_id: str, label: str, value: str) -> Block:
    """A button that asks nothing back."""
    return {"type": "button", "action_id": action_id, "text": plain(label), "value": value}


def menu(options: Sequence[tuple[str, MenuValue]]) -> list[Block]:
    """The menu behind three dots, for what is wanted seldom; Slack takes five options. No menu without any."""
    shown = [{"text": plain(label), "value": value.encode()} for label, value in options]
    return [{"type": "overflow", "action_id": MORE, "options": shown}] if shown else []


def actions(block_id: str, buttons: Sequence[Block]) -> list[Block]:
    """A row of buttons; no block at all when there is none."""
    return [{"type": "actions", "block_id": block_id, "elements": list(buttons)}] if buttons else []


def message(drill: Drill, topic: Topic, text: str, blocks: Sequence[Block]) -> Message:
    """A message of a drill, under the key by which it is found again in Slack.

    Args:
        drill: whose message it is.
        topic: what it is about.
        text: a sentence or two without mark-up, for notifications and screen readers. These show nothing else, so it is
            put behind the words that it is a drill, and which.
        blocks: what is seen in Slack.
    """
    kind = "Sweep" if drill.purpose is Purpose.SWEEP else "Drill"
    read = f"{kind} of {plan_title(drill.plan)}: {text[:1].lower()}{text[1:]}"
    written = json.dumps(list(blocks), ensure_ascii=False, separators=(",", ":"))
    return Message(key=f"{drill.id}:{topic.key}", text=read, blocks=written)
