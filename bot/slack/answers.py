"""What a person alone is shown: in the answer to a command itself, or later through the response_url."""

from __future__ import annotations

import logging
from http import HTTPStatus
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackRequestError
from slack_sdk.webhook import WebhookClient

from bot.views.replies import Reply

TIMEOUT = 1
"""Seconds. What was clicked must be acknowledged within 3, and that comes first."""

log = logging.getLogger(__name__)


def ephemeral(reply: Reply) -> dict[str, Any]:
    """A reply as Slack takes it, for one person alone."""
    return {"response_type": "ephemeral", "text": reply.text, "blocks": list(reply.blocks)}


def show(reply: Reply, body: dict[str, Any]) -> bool:
    """Show a reply to whoever sent `body`, in the same thread; whether it was shown. If not, that is logged."""
    url = body.get("response_url")
    if not isinstance(url, str):
        log.warning("there is no response_url to answer through", extra={"reply": reply.text})
        return False
    # A click says in which thread it was, a shortcut on which message.
    place = body.get("container") or body.get("message")
    thread = place.get("thread_ts") if isinstance(place, dict) else None
    message = {**ephemeral(reply), "replace_original": False, **({"thread_ts": thread} if thread else {})}
    try:
        answer = WebhookClient(url, timeout=TIMEOUT, retry_handlers=[]).send_dict(message)
    except (OSError, HTTPException, SlackRequestError) as error:
        log.warning("a person could not be answered", extra={"reply": reply.text, "error": str(error)})
        return False
    if answer.status_code != HTTPStatus.OK:
        log.warning("a person could not be answered", extra={"reply": reply.text, "error": answer.body})
        return False
    return True
