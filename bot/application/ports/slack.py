"""Slack, as the application sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.results import DrillResult


class SlackError(Exception):
    """A call to Slack failed.

    Attributes:
        retry_after: how long Slack asks to wait, if it asks for that; it may be no time at all.
        is_gone: the message or channel does not exist (any more), or cannot be changed any more.
        is_unclear: the call may have had its effect all the same.
        is_about_content: Slack refuses what the message says, and would refuse it anywhere and at any time.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: timedelta | None = None,
        is_gone: bool = False,
        is_unclear: bool = False,
        is_about_content: bool = False,
    ) -> None:
        self.retry_after = retry_after
        self.is_gone = is_gone
        self.is_unclear = is_unclear
        self.is_about_content = is_about_content
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Message:
    """What a Slack message shows.

    Attributes:
        key: names the message in Slack's metadata, so that it can be found when Slack's answer was lost.
        text: for notifications and screen readers.
        blocks: Block Kit, as JSON text.
        is_loud: whether a reply is shown in the channel too, when it is posted.
    """

    key: str
    text: str
    blocks: str
    is_loud: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file for a drill's thread. Slack keeps no metadata on one, and cannot change it: it is known by its name.

    Attributes:
        name: unique in Slack, as it has the drill's id in it.
        title: what stands above it.
        text: mrkdwn that introduces it.
        content: of the file; text is UTF-8.
        stored: the key of the file among what was made of evidence, which is its content.
    """

    name: str
    title: str
    text: str
    content: bytes = b""
    stored: str = ""


class Channel(Protocol):
    """A Slack channel. Each method may raise `SlackError`."""

    def post(self, channel: str, message: Message, thread_ts: str | None) -> str:
        """Post, and return the message's ts. A thread whose first message was deleted is gone."""
        ...

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Replace what a message shows."""
        ...

    def find(self, channel: str, key: str, thread_ts: str | None, since: datetime) -> str | None:
        """The ts of our own message of that key, in the thread or (without one) in the channel."""
        ...

    def attach(self, channel: str, attachment: Attachment, thread_ts: str) -> str:
        """Upload a file into a thread, and return Slack's id of the file. A loss of the answer can double it."""
        ...

    def find_file(self, channel: str, name: str, thread_ts: str) -> str | None:
        """The id of our own file of that name in the thread."""
        ...


@dataclass(frozen=True, slots=True)
class Background:
    """What there is to know beside the drill itself when one of its messages is drawn.

    Attributes:
        now: world time. What is drawn may depend on it only by what has passed, such as the time for the objective: a
            message that counted the minutes would look different at each look.
        earlier: results of the plan's drills, the newest first; none where the message does not tell of them.
    """

    now: datetime
    earlier: tuple[DrillResult, ...] = ()


class Renderer(Protocol):
    """Draws a topic from the drill as it is."""

    def __call__(self, drill: Drill, topic: Topic, background: Background) -> Message | Attachment | None:
        """The message, or the file; None when there is nothing to say on the topic (any more)."""
        ...
