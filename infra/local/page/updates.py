"""What one person sees of the simulated Slack: all of it at one moment, and then each change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from infra.local.page import shown
from infra.local.slack.feed import Change, ChangeKind, Subscription
from infra.local.slack.findings import Json
from infra.local.slack.records import Ephemeral, Message, Notice, View
from infra.local.slack.state import SlackState
from infra.local.slack.workspace import Channel


@dataclass(frozen=True, slots=True)
class Eyes:
    """One person's view of the workspace."""

    state: SlackState
    user: str

    def begin(self) -> tuple[Json, Subscription]:
        """All that is on show now, and the changes from exactly then on: none is missed, none comes twice."""
        with self.state.feed.lock:
            changes = self.state.feed.changes()
            return self._snapshot(changes[-1].seq if changes else 0), self.state.feed.subscribe()

    def see(self, change: Change) -> Iterator[Json]:
        """What a change looks like to this person: nothing, if it is none of theirs."""
        match change.subject:
            case Message():
                seen = self._message(change.kind, change.subject)
            case Ephemeral():
                seen = self._ephemeral(change.kind, change.subject)
            case Notice():
                is_mine = change.subject.viewer == self.user
                seen = {"kind": "notice", "notice": shown.notice(change.subject)} if is_mine else None
            case View():
                seen = self._view(change.subject)
            case _:
                seen = None  # a file is shown by the message that shares it
        if seen:
            yield {"seq": change.seq, **seen}

    def _snapshot(self, seq: int) -> Json:
        places = self._places()
        home = self.state.views.home(self.user)
        return {
            "seq": seq,
            "channels": [shown.channel(place) for place in places],
            "messages": [
                shown.message(self.state, message)
                for place in places
                for message in self.state.messages.in_channel(place.id)
            ],
            "ephemerals": [shown.ephemeral(each) for each in self.state.private.ephemerals(self.user)],
            "modals": self._modals(),
            "home": shown.view(home) if home else None,
        }

    def _places(self) -> list[Channel]:
        return [channel for channel in self.state.channels() if self.user in channel.members]

    def _modals(self) -> list[Json]:
        return [shown.view(view) for view in self.state.views.stack(self.user)]

    def _message(self, kind: ChangeKind, message: Message) -> Json | None:
        if self.user not in self.state.channel(message.channel).members:
            return None
        is_deleted = kind is ChangeKind.MESSAGE_DELETED
        return {"kind": "message", "message": shown.message(self.state, message, is_deleted=is_deleted)}

    def _ephemeral(self, kind: ChangeKind, ephemeral: Ephemeral) -> Json | None:
        if ephemeral.viewer != self.user:
            return None
        if kind is ChangeKind.EPHEMERAL_REMOVED:
            return {"kind": "ephemeral_removed", "channel": ephemeral.channel, "ts": ephemeral.ts}
        return {"kind": "ephemeral", "ephemeral": shown.ephemeral(ephemeral)}

    def _view(self, view: View) -> Json | None:
        if view.viewer != self.user:
            return None
        if view.kind == "home":
            return {"kind": "home", "home": shown.view(view)}
        return {"kind": "modals", "modals": self._modals()}
