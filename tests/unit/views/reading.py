"""What a person reads in a message, by way of the Slack simulator's own eyes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.application.ports.slack import Attachment, Background, Message
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.results import DrillResult
from bot.views.action_ids import MenuValue
from bot.views.topics import render
from infra.local.slack.state import SlackState
from infra.local.slack.transcript import content_lines
from infra.local.slack.workspace import small_workspace

_SLACK = SlackState(small_workspace("ada", "linus", "grace", "eve"))


def draw(drill: Drill, topic: Topic, *earlier: DrillResult, now: datetime | None = None) -> Message | None:
    """The message on a topic; unless told otherwise no objective is missed yet, and no drill was run before."""
    drawn = render(drill, topic, Background(now=now or drill.proposed_at, earlier=earlier))
    assert not isinstance(drawn, Attachment), "a file is no message"
    return drawn


def blocks_of(message: Message) -> list[dict[str, Any]]:
    """The message's blocks."""
    found: list[dict[str, Any]] = json.loads(message.blocks)
    return found


def reads(message: Message) -> list[str]:
    """The message line by line; buttons in [brackets]."""
    return content_lines(_SLACK, message.text, blocks_of(message))


def buttons_of(message: Message) -> dict[str, dict[str, Any]]:
    """The buttons by action_id."""
    return {element["action_id"]: element for element in _usable(message) if element["type"] == "button"}


def menu_of(message: Message) -> dict[str, MenuValue]:
    """The options of the menu beside the buttons: what each says, and what it is for."""
    menus = (element["options"] for element in _usable(message) if element["type"] == "overflow")
    return {option["text"]["text"]: MenuValue.model_validate_json(option["value"]) for menu in menus for option in menu}


def _usable(message: Message) -> list[dict[str, Any]]:
    rows = (block["elements"] for block in blocks_of(message) if block["type"] == "actions")
    return [element for row in rows for element in row]


def texts(value: object) -> Iterator[dict[str, Any]]:
    """Every text object, at any depth."""
    if isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        if value.get("type") in {"mrkdwn", "plain_text"}:
            yield value
        for item in value.values():
            yield from texts(item)
