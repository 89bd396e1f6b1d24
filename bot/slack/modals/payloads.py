"""What Slack sent of a form or a shortcut, with types. Only what the bot uses is read.

Shapes: docs.slack.dev/reference/interaction-payloads/view-interactions-payload and shortcuts-interaction-payload.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from pydantic import Field

from bot.domain.plan_parts import UserId
from bot.slack.payloads import Option, Sent, decode, read_as
from bot.views.action_ids import ButtonValue


class _Held(Sent):
    """What an input holds; which of these it has depends on its type."""

    value: str | None = None
    selected_option: Option | None = None
    selected_options: tuple[Option, ...] = ()
    selected_date_time: int | None = Field(default=None, ge=0, le=9_999_999_999)
    selected_date: date | None = None
    selected_user: UserId | None = None


class _State(Sent):
    values: dict[str, dict[str, _Held]] = Field(default={})


class _View(Sent):
    callback_id: str
    private_metadata: str = ""
    state: _State = _State()


class _Submitted(Sent):
    view: _View


class _Place(Sent):
    id: str


class _Message(Sent):
    ts: str
    thread_ts: str | None = None
    user: str = ""
    text: str = ""


class _Used(Sent):
    callback_id: str
    channel: _Place
    message: _Message


class Submission(Sent):
    """Somebody submitted a form of ours. An input's block_id is also its action_id."""

    callback_id: str
    metadata: str
    values: dict[str, dict[str, _Held]]

    @property
    def about_drill(self) -> ButtonValue:
        """Which drill it is about. Raises `Unreadable` as `ButtonClick` does."""
        return decode(ButtonValue, self.metadata)

    def text(self, name: str) -> str:
        """What was written into an input; empty when nothing was, or when there is none of that name."""
        return self._held(name).value or ""

    def chosen(self, name: str) -> str:
        """What was chosen in a menu; empty when nothing was."""
        option = self._held(name).selected_option
        return option.value if option else ""

    def ticked(self, name: str) -> tuple[str, ...]:
        """What was ticked among checkboxes, or chosen in a menu of which several can be."""
        return tuple(option.value for option in self._held(name).selected_options)

    def moment(self, name: str) -> datetime | None:
        """The moment that was chosen; None when none was."""
        seconds = self._held(name).selected_date_time
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

    def day(self, name: str) -> date | None:
        """The day that was chosen; None when none was."""
        return self._held(name).selected_date

    def person(self, name: str) -> str:
        """The Slack id of who was chosen; empty when nobody was."""
        return self._held(name).selected_user or ""

    def _held(self, name: str) -> _Held:
        return self.values.get(name, {}).get(name, _Held())


class MessageShortcut(Sent):
    """Somebody used a shortcut in a message's menu.

    Attributes:
        root_ts: the first message of its thread, or the message.
        ts: the message itself; `author` and `text`: whose it is, and what it says. An app's may have no author.
    """

    callback_id: str
    channel_id: str
    root_ts: str
    ts: str
    author: str = ""
    text: str = ""


def read_submission(body: Mapping[str, Any]) -> Submission:
    """What was filled in. Raises `Unreadable` as `read_person`."""
    view = read_as(_Submitted, body).view
    return Submission(callback_id=view.callback_id, metadata=view.private_metadata, values=view.state.values)


def read_shortcut(body: Mapping[str, Any]) -> MessageShortcut:
    """On which message a shortcut was used. Raises `Unreadable` as `read_person`."""
    used = read_as(_Used, body)
    message = used.message
    return MessageShortcut(
        callback_id=used.callback_id,
        channel_id=used.channel.id,
        root_ts=message.thread_ts or message.ts,
        ts=message.ts,
        author=message.user,
        text=message.text,
    )
