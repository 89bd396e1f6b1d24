"""Opening a form: the one call of Slack's that this function makes, and only for a click that opens one.

Slack wants the form within three seconds of the click, by the click's own trigger (docs.slack.dev/surfaces/modals), so
nobody else could open it in time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.domain.errors import DrillError
from bot.views.modals.parts import Modal

TIMEOUT = 1.5
"""Seconds. What was clicked must be acknowledged within 3, and the bot has to look things up first."""
TOO_LATE = "Slack gives the bot three seconds to open a form, and they were over. Nothing was changed: try it again."
NO_TRIGGER = "Slack has sent nothing by which the bot could open a form. Nothing was changed: try it again."
NO_ANSWER = "Slack did not open the form. Nothing was changed: try it again in a minute."
_ABOUT_THE_TRIGGER = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})
_ABOUT_CONTENT = frozenset({"invalid_arguments", "view_too_large", "duplicate_external_id"})
"""Slack has something against the form itself (docs: views.open, errors): the bot is wrong, and trying again is too."""

log = logging.getLogger(__name__)

Show = Callable[[Modal], None]
"""Opens a form in front of whoever has clicked."""


class FormNotOpened(DrillError):
    """Slack did not open a form. Nothing was changed."""


def web_client(base_url: str) -> WebClient:
    """A client for this one call: quick, and without a second try, for which there is no time."""
    timeout: Any = TIMEOUT  # slack_sdk says int, and hands it to urllib, which takes fractions
    return WebClient(base_url=base_url, timeout=timeout, retry_handlers=[])


def open_form(client: WebClient, body: Mapping[str, Any], view: Modal) -> None:
    """Open a form in front of whoever sent `body`.

    Raises:
        FormNotOpened: Slack did not open it; the text says what to do.
        SlackApiError: Slack has something against the form itself.
    """
    trigger = body.get("trigger_id")
    if not (isinstance(trigger, str) and trigger):
        raise _not_opened("no trigger_id", NO_TRIGGER)
    try:
        client.views_open(trigger_id=trigger, view=view)
    except SlackApiError as refused:
        code = str(refused.response.get("error"))
        if code in _ABOUT_CONTENT:
            raise
        raise _not_opened(code, TOO_LATE if code in _ABOUT_THE_TRIGGER else NO_ANSWER) from refused
    except (OSError, HTTPException, SlackRequestError, ValueError) as broken:  # ValueError: an answer that is no JSON
        raise _not_opened(str(broken), NO_ANSWER) from broken


def _not_opened(error: str, words: str) -> FormNotOpened:
    log.warning("a form was not opened", extra={"error": error})
    return FormNotOpened(words)
