"""What becomes of an error: a refusal is told to the person, anything else is logged under a reference and told too."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from typing import Any

from slack_bolt import BoltResponse

from bot.domain.errors import ConcurrentUpdate, DrillError, Replayed
from bot.slack.answers import ephemeral, show
from bot.views import replies

BUSY = "The bot was too busy just now; nothing was changed. Click again."

log = logging.getLogger(__name__)


def on_error(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Answer a request that has led to an error. Only a refusal is a 200: Slack must not take a failure for done."""
    if isinstance(error, Replayed):
        log.warning("a request was replayed")
        return BoltResponse(status=HTTPStatus.CONFLICT, body={"error": "replayed"})
    if isinstance(error, ConcurrentUpdate):
        return _busy(error, body)
    if isinstance(error, DrillError):
        return _told(replies.refused(str(error)), body)
    return _broken(error, body)


def _told(reply: replies.Reply, body: dict[str, Any]) -> BoltResponse:
    if "command" in body:
        return BoltResponse(status=HTTPStatus.OK, body=ephemeral(reply))
    show(reply, body)
    return BoltResponse(status=HTTPStatus.OK, body="")


def _busy(error: ConcurrentUpdate, body: dict[str, Any]) -> BoltResponse:
    log.warning("a request lost every race", extra={"error": str(error)})
    show(replies.refused(BUSY), body)
    return BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, body={"error": "busy"})


def _broken(error: Exception, body: dict[str, Any]) -> BoltResponse:
    reference = secrets.token_hex(4)
    log.error("a request failed", exc_info=error, extra={"reference": reference})
    show(replies.failed(reference), body)
    return BoltResponse(status=HTTPStatus.INTERNAL_SERVER_ERROR, body={"error": "failed", "reference": reference})
