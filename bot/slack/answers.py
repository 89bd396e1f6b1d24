"""What a person alone is shown: in the answer to a command itself, or later through the response_url."""

from __future__ import annotations

import logging
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


def show(reply: Reply, body: dict[str, Any]) -> None:
    """Show a reply to whoever sent `body`, in the same thread. That it could not be shown is logged, no more."""
    url = body.get("response_url")
    if not isinstance(url, str):
        log.warning("there is no response_url to answer through", extra={"reply": reply.text})
        return
    thread = (body.get("container") or {}).get("thread_ts")
    message = {**ephemeral(reply), "replace_original": False, **({"thread_ts": thread} if thread else {})}
    try:
        answer = WebhookClient(url, timeout=TIMEOUT, retry_handlers=[]).send_dict(message)
    except (OSError, HTTPException, SlackRequestError) as error:
        log.warning("a person could not be answered", extra={"reply": reply.text, "error": str(error)})
        return
    if answer.status_code != 200:  # noqa: PLR2004 - HTTP's OK
        log.warning("a person could not be answered", extra={"reply": reply.text, "error": answer.body})
