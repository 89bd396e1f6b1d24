"""Slack's Web API. Each call is made once: whoever called decides whether and when it is made again.

Nothing sleeps here, and nothing is retried: slack_sdk by itself sends a post a second time when the connection breaks,
which doubles the message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from bot.application.ports.slack import Attachment, Message, SlackError
from bot.domain.person import Person

TIMEOUT = 10
"""Seconds for one call."""
EVENT_TYPE = "drs_drill_message"
"""Names the bot's metadata on its messages (docs.slack.dev/messaging/message-metadata)."""
PAGE = 200
"""Messages read at a time. Slack advises no more than 200, and may give fewer."""
CLOCKS_APART = timedelta(minutes=5)
"""How far Slack's clock and ours may be apart when a message is looked for by its age."""
_GONE = frozenset(
    {"cant_update_message", "channel_not_found", "edit_window_closed", "message_not_found", "thread_not_found"}
)
"""What was there cannot be had any more, or not be changed (a workspace can close messages to edits): post anew."""
_UNCLEAR = frozenset({"fatal_error", "internal_error", "service_unavailable"})
"""Of these Slack says that a part of what was asked may have been done (docs: chat.postMessage, errors)."""
_ABOUT_CONTENT = frozenset(
    {
        "attachment_payload_limit_exceeded",
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
    }
)
"""What Slack may have against a message or view itself (docs: chat.postMessage, chat.update, views.publish, errors)."""
_CODE = re.compile("[a-z0-9_]+")
"""Slack's errors are one word. Anything else, such as a proxy's page, was not said by Slack."""

Call = Callable[..., SlackResponse]


class SlackChannel:
    """Fulfils `Channel` and `HomePages` over Slack's Web API."""

    def __init__(self, token: str, base_url: str = WebClient.BASE_URL, timeout: int = TIMEOUT) -> None:
        self._client = WebClient(token, base_url=base_url, timeout=timeout, retry_handlers=[])
        self._own_user: str | None = None

    def post(self, channel: str, message: Message, thread_ts: str | None) -> str:
        """Post. Links are not unfurled: a console's login page is of no use to anybody."""
        answer = ask(
            self._client.chat_postMessage,
            channel=channel,
            thread_ts=thread_ts,
            unfurl_links=False,
            unfurl_media=False,
            **({"reply_broadcast": True} if message.is_loud and thread_ts else {}),
            **_content(message),
        )
        return str(answer["ts"])

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Replace what a message shows; its metadata stays."""
        ask(self._client.chat_update, channel=channel, ts=ts, **_content(message))

    def find(self, channel: str, key: str, thread_ts: str | None, since: datetime) -> str | None:
        """Look through the whole thread, or through the channel back to `since` and a little further."""
        for message in self._thread(channel, thread_ts) if thread_ts else self._channel(channel, since):
            if _key(message) == key and self._is_own(message):
                return str(message["ts"])
        return None

    def attach(self, channel: str, attachment: Attachment, thread_ts: str) -> str:
        """Upload in Slack's three steps; only the last one shows anything, so that only its loss is unclear."""
        answer = ask(
            self._client.files_upload_v2,
            channel=channel,
            thread_ts=thread_ts,
            filename=attachment.name,
            title=attachment.title,
            content=attachment.content,
            initial_comment=attachment.text,
        )
        return str(answer["files"][0]["id"])

    def find_file(self, channel: str, name: str, thread_ts: str) -> str | None:
        """Look through the whole thread."""
        for message in self._thread(channel, thread_ts):
            for file in message.get("files") or ():
                if file.get("name") == name and self._is_own(message):
                    return str(file["id"])
        return None

    def publish(self, person: Person, view: str) -> None:
        """Show somebody an App Home (fulfils `HomePages`)."""
        ask(self._client.views_publish, user_id=person.user_id, view=json.loads(view))

    def _is_own(self, message: dict[str, Any]) -> bool:
        """Whether the bot wrote it: another app could give its messages the same metadata."""
        if self._own_user is None:
            self._own_user = str(ask(self._client.auth_test)["user_id"])
        return message.get("user") == self._own_user

    def _thread(self, channel: str, thread_ts: str) -> Iterator[dict[str, Any]]:
        return _pages(self._client.conversations_replies, channel=channel, ts=thread_ts)

    def _channel(self, channel: str, since: datetime) -> Iterator[dict[str, Any]]:
        oldest = f"{(since - CLOCKS_APART).timestamp():.6f}"
        return _pages(self._client.conversations_history, channel=channel, oldest=oldest)


def _content(message: Message) -> dict[str, Any]:
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": message.key}}
    return {"text": message.text, "blocks": json.loads(message.blocks), "metadata": metadata}


def _key(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") if metadata.get("event_type") == EVENT_TYPE else None
    return payload.get("key") if isinstance(payload, dict) else None


def _pages(call: Call, **arguments: Any) -> Iterator[dict[str, Any]]:
    cursor: str | None = ""
    while cursor is not None:
        answer = ask(call, limit=PAGE, cursor=cursor or None, include_all_metadata=True, **arguments)
        yield from answer["messages"]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None


def ask(call: Call, **arguments: Any) -> SlackResponse:
    """Make one call, and say what went wrong in the application's words."""
    try:
        return call(**arguments)
    except SlackApiError as refused:
        raise _refusal(refused) from refused
    except (OSError, HTTPException, SlackRequestError, ValueError) as broken:  # ValueError: an answer that is no JSON
        raise SlackError(f"Slack did not answer: {broken}", is_unclear=True) from broken


def _refusal(refused: SlackApiError) -> SlackError:
    response = refused.response
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return SlackError("ratelimited", retry_after=_retry_after(response))
    code = str(response.get("error") or f"HTTP status {response.status_code}")
    by_slack = response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR and _CODE.fullmatch(code)
    said = [code, *((response.get("response_metadata") or {}).get("messages") or ())]
    return SlackError(
        " ".join(said)[:500],
        is_gone=code in _GONE,
        is_unclear=code in _UNCLEAR or not by_slack,
        is_about_content=code in _ABOUT_CONTENT,
    )


def _retry_after(response: SlackResponse) -> timedelta:
    given = {str(name).lower(): str(value) for name, value in response.headers.items()}.get("retry-after", "")
    return timedelta(seconds=int(given) if given.isdigit() else 1)
