"""Every message in every channel of the simulated Slack, with threads and edit history."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from infra.local.slack.errors import SlackRefusal
from infra.local.slack.feed import ChangeKind, Feed
from infra.local.slack.records import Content, Message, Revision


def ts_key(ts: str) -> tuple[int, str]:
    """Orders timestamps as Slack does: by time, not by spelling."""
    seconds, _, micros = ts.partition(".")
    return (int(seconds) if seconds.isdigit() else 0, micros.ljust(6, "0"))


@dataclass(slots=True)
class MessageBook:
    """Messages by channel and ts. Reading gives frozen records in the order of their timestamps."""

    feed: Feed
    _messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    _deleted: list[Message] = field(default_factory=list)

    def in_channel(self, channel: str) -> list[Message]:
        """All messages of a channel, replies included, oldest first."""
        with self.feed.lock:
            return list(self._messages.get(channel, {}).values())

    def thread(self, channel: str, root_ts: str) -> list[Message]:
        """The root, then its replies, oldest first; empty when there is no such root."""
        return [message for message in self.in_channel(channel) if message.root_ts == root_ts]

    def replies(self, channel: str, root_ts: str) -> list[Message]:
        """The replies to a root, oldest first."""
        return [message for message in self.in_channel(channel) if message.thread_ts == root_ts]

    def get(self, channel: str, ts: str) -> Message:
        """One message. Refuses with message_not_found."""
        with self.feed.lock:
            message = self._messages.get(channel, {}).get(ts)
        if message is None or message.deleted:
            raise SlackRefusal("message_not_found")
        return message

    def root_of(self, message: Message) -> Message | None:
        """The message a reply belongs to, as tombstone if need be; None when it is gone or `message` is no reply."""
        with self.feed.lock:
            return self._messages[message.channel].get(message.thread_ts or "")

    def deleted(self) -> list[Message]:
        """Messages that were deleted, as they last were, in the order of deletion."""
        with self.feed.lock:
            return list(self._deleted)

    def post(
        self,
        channel: str,
        user: str,
        content: Content,
        *,
        thread_ts: str | None = None,
        broadcast: bool = False,
        files: tuple[str, ...] = (),
    ) -> Message:
        """Add a message. Refuses a reply to nothing (thread_not_found) and to a reply (cannot_reply_to_message).

        Slack warns against a reply's ts as `thread_ts` without saying what comes of it; refusing is the strict reading.
        """
        with self.feed.lock:
            if thread_ts is not None:
                self._check_root(channel, thread_ts)
            ts = self.feed.next_ts()
            message = Message(channel, ts, user, (Revision(content, ts),), thread_ts, broadcast, files)
            return self._keep(message, ChangeKind.MESSAGE_POSTED)

    def update(self, channel: str, ts: str, content: Content) -> Message:
        """Give a message a new revision. Refuses with message_not_found."""
        with self.feed.lock:
            message = self.get(channel, ts)
            revision = Revision(content, self.feed.next_ts())
            changed = replace(message, revisions=(*message.revisions, revision))
            return self._keep(changed, ChangeKind.MESSAGE_UPDATED)

    def delete(self, channel: str, ts: str) -> None:
        """Take a message away; a root with replies leaves a tombstone. Refuses with message_not_found."""
        with self.feed.lock:
            message = self.get(channel, ts)
            self._deleted.append(message)
            if self.replies(channel, ts):
                words = Revision(Content("This message was deleted."), self.feed.next_ts())
                gone = replace(message, revisions=(*message.revisions, words), deleted=True, files=())
                self._messages[channel][ts] = gone
            else:
                del self._messages[channel][ts]
            self.feed.announce(ChangeKind.MESSAGE_DELETED, message)

    def react(self, channel: str, ts: str, user: str, emoji: str) -> Message:
        """Add a reaction. Refuses with message_not_found or already_reacted."""
        with self.feed.lock:
            message = self.get(channel, ts)
            if (emoji, user) in message.reactions:
                raise SlackRefusal("already_reacted")
            changed = replace(message, reactions=(*message.reactions, (emoji, user)))
            return self._keep(changed, ChangeKind.REACTION_ADDED)

    def _check_root(self, channel: str, thread_ts: str) -> None:
        root = self._messages.get(channel, {}).get(thread_ts)
        if root is None:
            raise SlackRefusal("thread_not_found")
        if root.thread_ts is not None:
            raise SlackRefusal("cannot_reply_to_message")

    def _keep(self, message: Message, kind: ChangeKind) -> Message:
        self._messages.setdefault(message.channel, {})[message.ts] = message
        self.feed.announce(kind, message)
        return message
