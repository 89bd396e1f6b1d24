"""A Slack channel in memory, for tests. It passes the same contract suite as Slack's Web API (`tests/contract/slack`).

How to drive it::

    slack = FakeSlack()
    slack.channels.add("C0DRDRILLS")
    slack.fail(SlackError("ratelimited", retry_after=timedelta(seconds=3)))   # the next call does nothing and fails
    slack.fail(SlackError("no answer", is_unclear=True), done=True)           # the next call is done, and fails
    slack.fail_at("attach", SlackError("missing_scope"))                      # the next call of that method fails
    slack.is_down = True                                                      # every call fails, until set back
    slack.delete("C0DRDRILLS", ts)                                            # as a person may
    slack.files                                                               # what stands in threads as a file
    slack.homes                                                               # what each person's Home shows
    slack.posts                                                               # what stands there, oldest first
    slack.calls                                                               # what was asked, refused calls included
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal, TypeVar

from bot.application.ports import Clock
from bot.application.ports.slack import Attachment, Message, SlackError
from bot.domain.person import Person

Method = Literal["post", "update", "find", "publish", "attach", "find_file"]
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Post:
    """A message that stands in a channel. `updates` counts how often it was changed."""

    channel: str
    ts: str
    message: Message
    thread_ts: str | None = None
    updates: int = 0


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that stands in a thread."""

    id: str
    channel: str
    thread_ts: str
    attachment: Attachment


@dataclass(slots=True)
class FakeSlack:
    """Fulfils `Channel` and `HomePages` in memory. Every channel exists unless `channels` names those that do."""

    wall: Clock = lambda: datetime.now(UTC)
    channels: set[str] = field(default_factory=set)
    posts: list[Post] = field(default_factory=list)
    files: list[Upload] = field(default_factory=list)
    homes: dict[str, str] = field(default_factory=dict)
    calls: list[Method] = field(default_factory=list)
    is_down: bool = False
    _faults: list[tuple[SlackError, bool]] = field(default_factory=list)
    _traps: dict[Method, tuple[SlackError, bool]] = field(default_factory=dict)
    _made: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def fail(self, error: SlackError, *, done: bool = False, times: int = 1) -> None:
        """Let the next calls fail; `done`: what they ask happens all the same."""
        self._faults += [(error, done)] * times

    def fail_at(self, method: Method, error: SlackError, *, done: bool = False) -> None:
        """Let the next call of one method fail."""
        self._traps[method] = (error, done)

    def delete(self, channel: str, ts: str) -> None:
        """Delete a message, as a person may."""
        self.posts.remove(self._get(channel, ts))

    def thread(self, channel: str, ts: str) -> list[Post]:
        """The replies to a message, oldest first."""
        return [post for post in self.posts if (post.channel, post.thread_ts) == (channel, ts)]

    def post(self, channel: str, message: Message, thread_ts: str | None) -> str:
        return self._call("post", channel, lambda: self._post(channel, message, thread_ts))

    def update(self, channel: str, ts: str, message: Message) -> None:
        self._call("update", channel, lambda: self._update(channel, ts, message))

    def find(self, channel: str, key: str, thread_ts: str | None, since: datetime) -> str | None:
        return self._call("find", channel, lambda: self._find(channel, key, thread_ts, since))

    def attach(self, channel: str, attachment: Attachment, thread_ts: str) -> str:
        return self._call("attach", channel, lambda: self._attach(channel, attachment, thread_ts))

    def find_file(self, channel: str, name: str, thread_ts: str) -> str | None:
        return self._call("find_file", channel, lambda: self._find_file(channel, name, thread_ts))

    def publish(self, person: Person, view: str) -> None:
        self._call("publish", None, lambda: self.homes.__setitem__(person.user_id, view))

    def _call(self, method: Method, channel: str | None, act: Callable[[], _Answer]) -> _Answer:
        with self._lock:
            self.calls.append(method)
            if self.is_down:
                raise SlackError("Slack did not answer", is_unclear=True)
            trap = self._traps.pop(method, None)
            error, done = trap or (self._faults.pop(0) if self._faults else (None, True))
            if error and not done:
                raise error
            if self.channels and channel and channel not in self.channels:
                raise SlackError("channel_not_found", is_gone=True)
            answer = act()
            if error:
                raise error
            return answer

    def _post(self, channel: str, message: Message, thread_ts: str | None) -> str:
        self._expect_thread(channel, thread_ts)
        self._made += 1
        ts = f"{int(self.wall().timestamp())}.{self._made:06d}"
        self.posts.append(Post(channel, ts, message, thread_ts))
        return ts

    def _update(self, channel: str, ts: str, message: Message) -> None:
        before = self._get(channel, ts)
        self.posts[self.posts.index(before)] = replace(before, message=message, updates=before.updates + 1)

    def _find(self, channel: str, key: str, thread_ts: str | None, since: datetime) -> str | None:
        self._expect_thread(channel, thread_ts)
        return next(
            (
                post.ts
                for post in self.posts
                if (post.channel, post.thread_ts, post.message.key) == (channel, thread_ts, key)
                and (thread_ts or float(post.ts) >= since.timestamp())
            ),
            None,
        )

    def _attach(self, channel: str, attachment: Attachment, thread_ts: str) -> str:
        self._expect_thread(channel, thread_ts)
        self._made += 1
        self.files.append(Upload(f"F{self._made:06d}", channel, thread_ts, attachment))
        return self.files[-1].id

    def _find_file(self, channel: str, name: str, thread_ts: str) -> str | None:
        self._expect_thread(channel, thread_ts)
        there = [file for file in self.files if (file.channel, file.thread_ts) == (channel, thread_ts)]
        return next((file.id for file in there if file.attachment.name == name), None)

    def _expect_thread(self, channel: str, thread_ts: str | None) -> None:
        if thread_ts and not any((post.channel, post.ts) == (channel, thread_ts) for post in self.posts):
            raise SlackError("thread_not_found", is_gone=True)

    def _get(self, channel: str, ts: str) -> Post:
        for post in self.posts:
            if (post.channel, post.ts) == (channel, ts):
                return post
        raise SlackError("message_not_found", is_gone=True)
