"""Keeps Slack equal to the drills: each topic's message is posted once and then updated, in order per drill.

Slack is a view. What a message shows is drawn from the drill as it is; if it looks as it did, nothing is sent.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application.lanes import LaneDrain, TimeLeft, backoff
from bot.application.ports import Clock
from bot.application.ports.slack import Channel, Message, Renderer, SlackError
from bot.application.ports.storage import DrillStore, MessageStore, Posted, StoreUnavailable
from bot.application.ports.work import Outbox, WorkItem
from bot.domain.commands import Draw, Lane, Topic, TopicKind
from bot.domain.drill import Drill
from bot.domain.errors import AlreadyDone

TRIES = 6
"""How often a message that Slack refuses for good is tried before it is left out."""
LOOK_BACK = timedelta(days=1)
"""How far back in the channel a card whose posting was not confirmed is looked for."""
_CARD = Topic(kind=TopicKind.CARD)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notifier:
    """The consumer of the Slack lane.

    Attributes:
        wall: wall time, which Slack's message ids are made of, and leases: two at one lane could post twice.
    """

    store: DrillStore
    outbox: Outbox
    messages: MessageStore
    channel: Channel
    render: Renderer
    clock: Clock
    wall: Clock
    owner: str

    def drain(self, drill_id: str, time_left: TimeLeft) -> None:
        """Bring the drill's messages up to date."""
        LaneDrain(
            outbox=self.outbox,
            clock=self.clock,
            lane=Lane.SLACK,
            perform=self._perform,
            in_order=True,
            owner=self.owner,
            lease_clock=self.wall,
        ).drain(drill_id, time_left)

    def _perform(self, item: WorkItem) -> bool:
        if not isinstance(item.command, Draw):
            raise TypeError(f"{item.command.type} is the executor's work")
        topic = item.command.topic
        try:
            self._draw(item, topic)
        except AlreadyDone:
            log.info("somebody else has drawn this", extra={"drill_id": item.drill_id})
        except StoreUnavailable:
            raise
        except SlackError as error:
            return self._undelivered(item, error)
        except Exception as error:
            log.exception("a message could not be drawn", extra={"drill_id": item.drill_id, "topic": topic.key})
            return self._undelivered(item, SlackError(f"{type(error).__name__}: {error}"))
        return True

    def _draw(self, item: WorkItem, topic: Topic) -> None:
        drill = self.store.load(item.drill_id).drill
        shown = self.messages.messages(drill.id)
        message = self._message(drill, topic)
        before = shown.get(topic.key)
        if message is None or (before and before.looks == looks(message)):
            self.outbox.done(item)
            return
        ts = self._show(item, drill, topic, message, shown.get(_CARD.key), before)
        self.messages.keep(drill.id, topic, Posted(ts=ts, looks=looks(message)), item)

    def _message(self, drill: Drill, topic: Topic) -> Message | None:
        try:
            return self.render(drill, topic)
        except Exception:  # it would fail again, and what comes behind it may be a question to people
            log.exception("a message cannot be drawn; it is left out", extra={"drill_id": drill.id, "topic": topic.key})
            return None

    def _show(  # noqa: PLR0917 - what is known at this point
        self, item: WorkItem, drill: Drill, topic: Topic, message: Message, card: Posted | None, before: Posted | None
    ) -> str:
        channel = drill.plan.channel
        if before:
            try:
                self.channel.update(channel, before.ts, message)
            except SlackError as error:
                if not error.is_gone:
                    raise
                log.warning("a message was deleted in Slack; it is posted again", extra={"drill_id": drill.id})
            else:
                return before.ts
        thread = card.ts if card and topic != _CARD else None
        if item.attempts and (posted := self.channel.find(channel, message.key, thread, self._since())):
            self.channel.update(channel, posted, message)
            return posted
        log.info("posting", extra={"drill_id": drill.id, "topic": topic.key})
        self.outbox.postpone(item, item.due_at, "posting was begun, and its end not recorded")
        return self.channel.post(channel, message, thread)

    def _since(self) -> datetime:
        return self.wall() - LOOK_BACK

    def _undelivered(self, item: WorkItem, error: SlackError) -> bool:
        """Try again later, and let what comes behind wait: a thread is read from top to bottom."""
        told = {"drill_id": item.drill_id, "error": str(error), "attempts": item.attempts}
        final = not (error.is_unclear or error.retry_after)
        if final and item.attempts + 1 >= TRIES:
            log.error("Slack does not take this message; it is left out", extra=told)
            self.outbox.done(item)
            return True
        log.warning("Slack did not take a message; it is tried again", extra=told)
        self.outbox.postpone(item, self.clock() + (error.retry_after or backoff(item.attempts)), str(error))
        return False


def looks(message: Message) -> str:
    """What a message shows, as a hash."""
    return hashlib.sha256(f"{message.text}\n{message.blocks}".encode()).hexdigest()
