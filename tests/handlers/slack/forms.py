"""Ways to a form of a drill, and to a submission that Slack would not send."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.views.action_ids import MORE
from infra.local.slack.client import Person, Reply
from infra.local.slack.payloads import interaction_body, view_submission
from infra.local.slack.records import Message
from tests.handlers.slack.bot import Bot

REQUEST = "approval/2/1"


def menu_value(message: Message, label: str) -> str:
    """What the option of a message's menu carries."""
    (menu,) = [
        element
        for block in message.content.blocks
        for element in block.get("elements", ())
        if element["type"] == "overflow"
    ]
    return str(next(option["value"] for option in menu["options"] if option["text"]["text"] == label))


def approving(bot: Bot, who: Person) -> Reply:
    """Choose to approve with a comment."""
    request = bot.message(REQUEST)
    return who.click(request, MORE, menu_value(request, "Approve with a comment…"))


def rejecting(bot: Bot, who: Person) -> Reply:
    """Click Reject."""
    return who.click(bot.message(REQUEST), "reject")


def breaking(bot: Bot, who: Person) -> Reply:
    """Choose to break glass."""
    request = bot.message(REQUEST)
    return who.click(request, MORE, menu_value(request, "Break glass…"))


def assert_done(reply: Reply) -> None:
    assert (reply.status, reply.notice) == (200, None)


def sent_as(
    bot: Bot,
    who: Person,
    view: Mapping[str, Any] | None = None,
    filled: Mapping[str, str] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """What the bot answers to a submission that differs from what Slack would send; signed as Slack signs.

    `filled`: what the form cannot be submitted without.
    """
    shown = bot.slack.state.views.on_top(who.user.id)
    assert shown
    payload = view_submission(bot.slack.state, who.user, shown, written("Not today."))
    payload = {**payload, **changes, "view": {**payload["view"], **(view or {})}}
    reply = who.tampered(body=interaction_body(payload)).submit({"words": "not sent", **(filled or {})})
    assert reply.status == 200
    found: dict[str, Any] = json.loads(reply.answer.body)
    return found


def written(words: str) -> dict[str, Any]:
    return {"words": {"words": {"type": "plain_text_input", "value": words}}}
