"""What one person alone sees: ephemeral messages, and Slack's own notices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from infra.local.slack.errors import SlackRefusal
from infra.local.slack.feed import ChangeKind, Feed
from infra.local.slack.records import Content, Ephemeral, Notice


@dataclass(slots=True)
class PrivateBook:
    """Ephemeral messages and notices, in the order in which they were shown."""

    feed: Feed
    _ephemerals: dict[str, Ephemeral] = field(default_factory=dict)
    _notices: list[Notice] = field(default_factory=list)

    def ephemerals(self, viewer: str | None = None, channel: str | None = None) -> list[Ephemeral]:
        """Ephemeral messages on show, oldest first; of one person and in one channel if asked."""
        with self.feed.lock:
            return [
                shown
                for shown in self._ephemerals.values()
                if viewer in (None, shown.viewer) and channel in (None, shown.channel)
            ]

    def notices(self, viewer: str | None = None) -> list[Notice]:
        """What Slack itself has told people (or one person), oldest first."""
        with self.feed.lock:
            return [notice for notice in self._notices if viewer in (None, notice.viewer)]

    def show(self, channel: str, viewer: str, content: Content, *, thread_ts: str | None = None) -> Ephemeral:
        """Show a message to one person."""
        with self.feed.lock:
            shown = Ephemeral(channel, self.feed.next_ts(), viewer, content, thread_ts)
            return self._keep(shown, ChangeKind.EPHEMERAL_SHOWN)

    def replace(self, ts: str, content: Content) -> Ephemeral:
        """Change an ephemeral message (only a response_url can). Refuses with message_not_found."""
        with self.feed.lock:
            return self._keep(replace(self._get(ts), content=content), ChangeKind.EPHEMERAL_REPLACED)

    def remove(self, ts: str) -> None:
        """Take an ephemeral message away. Refuses with message_not_found."""
        with self.feed.lock:
            shown = self._get(ts)
            del self._ephemerals[ts]
            self.feed.announce(ChangeKind.EPHEMERAL_REMOVED, shown)

    def notify(self, notice: Notice) -> Notice:
        """Let Slack itself say something."""
        with self.feed.lock:
            self._notices.append(notice)
            self.feed.announce(ChangeKind.NOTICE_SHOWN, notice)
            return notice

    def _get(self, ts: str) -> Ephemeral:
        if ts not in self._ephemerals:
            raise SlackRefusal("message_not_found")
        return self._ephemerals[ts]

    def _keep(self, shown: Ephemeral, kind: ChangeKind) -> Ephemeral:
        self._ephemerals[shown.ts] = shown
        self.feed.announce(kind, shown)
        return shown
