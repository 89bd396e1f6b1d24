"""What becomes of an error: a refusal is told to the person, anything else is logged under a reference and told too.

Where it is told depends on what Slack sent: a command and a form are answered in the HTTP answer itself, a click and a
shortcut at the address that came with them. Nobody is there to be told of an event; Slack sends it again.
"""

from __future__ import annotations

import logging
import secrets
from enum import Enum
from http import HTTPStatus
from typing import Any

from slack_bolt import BoltResponse

from bot.domain.errors import ConcurrentUpdate, DrillError, Replayed
from bot.slack.answers import ephemeral, show
from bot.slack.modals import answers as forms
from bot.slack.payloads import UNREADABLE
from bot.views import replies
from bot.views.replies import BUSY, TWICE, Reply

log = logging.getLogger(__name__)


class Kind(Enum):
    """What Slack sent, by where its answer can be shown."""

    COMMAND = "command"
    FORM = "view_submission"
    SEARCH = "block_suggestion"
    EVENT = "event_callback"
    CLICK = "block_actions"
    """A shortcut too: both bring an address for answers, but for a click on the App Home."""


def kind_of(body: dict[str, Any]) -> Kind:
    """What Slack sent."""
    if "command" in body:
        return Kind.COMMAND
    by_type = {kind.value: kind for kind in Kind}
    return by_type.get(str(body.get("type")), Kind.CLICK)


def on_error(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Answer a request that has led to an error. It is a 200 only if the person was told, or need not be."""
    if isinstance(error, Replayed):
        return _replayed(body)
    if isinstance(error, ConcurrentUpdate):
        log.warning("a request lost every race", extra={"error": str(error)})
        return _told(BUSY, body) or _unseen(HTTPStatus.SERVICE_UNAVAILABLE, {"error": "busy"})
    if isinstance(error, DrillError):
        return _told(error, body) or BoltResponse(status=HTTPStatus.OK, body="")
    return _broken(error, body)


def on_unreadable(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Answer a request on which Bolt has stumbled: it is signed, but not shaped as anything that Slack documents.

    Only a form is told so, in the answer itself: an address in such a request is not one to send anything to.
    """
    reference = secrets.token_hex(4)
    log.error("a request could not be read", exc_info=error, extra={"reference": reference})
    if kind_of(body) is Kind.FORM:
        return _ok(forms.refused(f"{UNREADABLE} The log has it under the reference {reference}.", body))
    return _unseen(HTTPStatus.BAD_REQUEST, {"error": "unreadable payload", "reference": reference})


def _replayed(body: dict[str, Any]) -> BoltResponse:
    log.warning("a request was replayed")
    if kind_of(body) is Kind.FORM:
        return _ok(forms.refused(TWICE, body))
    return BoltResponse(status=HTTPStatus.CONFLICT, body={"error": "replayed"})


def _told(why: DrillError | str, body: dict[str, Any]) -> BoltResponse | None:
    """Tell a person why; None when that was not possible."""
    if kind_of(body) is Kind.FORM:
        return _ok(forms.refused(why, body))
    return _shown(replies.refused(str(why)), body)


def _broken(error: Exception, body: dict[str, Any]) -> BoltResponse:
    reference = secrets.token_hex(4)
    log.error("a request failed", exc_info=error, extra={"reference": reference})
    if kind_of(body) is Kind.FORM:
        return _ok(forms.failed(reference))
    unseen = {"error": "failed", "reference": reference}
    return _shown(replies.failed(reference), body) or _unseen(HTTPStatus.INTERNAL_SERVER_ERROR, unseen)


def _shown(reply: Reply, body: dict[str, Any]) -> BoltResponse | None:
    kind = kind_of(body)
    if kind is Kind.COMMAND:
        return _ok(ephemeral(reply))
    if kind in {Kind.SEARCH, Kind.EVENT}:
        log.info("nobody is there to be told", extra={"reply": reply.text, "kind": kind.value})
        return None
    return _ok("") if show(reply, body) else None


def _ok(body: dict[str, Any] | str) -> BoltResponse:
    return BoltResponse(status=HTTPStatus.OK, body=body)


def _unseen(status: HTTPStatus, body: dict[str, Any]) -> BoltResponse:
    """Slack shows a warning of its own, and sends an event again."""
    return BoltResponse(status=status, body=body)
