"""Keeps Slack equal to the drills: each topic's message is posted once and then updated, in order per drill.

Slack is a view. What a message shows is drawn from the drill as it is; if it looks as it did, nothing is sent.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.application.attaching import Attaching
from bot.application.homes import Homes
from bot.application.lanes import LaneDrain, TimeLeft, backoff
from bot.application.ports import Clock
from bot.application.ports.evidence import Shelf
from bot.application.ports.figures import Figure, Measured, Meter, Unit, unmeasured
from bot.application.ports.results import ResultStore
from bot.application.ports.slack import Attachment, Background, Channel, Message, Renderer, SlackError
from bot.application.ports.storage import DrillStore, MessageStore, Posted, StoreUnavailable
from bot.application.ports.work import Outbox, WorkItem
from bot.domain.commands import Draw, DrawHome, Lane, Topic, TopicKind
from bot.domain.drill import Drill
from bot.domain.errors import AlreadyDone, UnreadableDrill
from bot.domain.results import DrillResult
from bot.domain.states import BEFORE_START

TRIES = 6
"""How often a message whose content Slack refuses is tried before it is left out. Nothing else is ever left out."""
SHORTEST_WAIT = timedelta(seconds=1)
"""What a busy Slack is given at least, whatever it asks for: its limits are per second and more."""
LOOK_BACK = timedelta(days=1)
"""How far back in the channel a card whose posting was not confirmed is looked for."""
EARLIER = 20
"""So many results of the plan are looked at for the card before Start, those of drills that were never started too."""
_CARD = Topic(kind=TopicKind.CARD)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A message on its way, and the work that asks for it."""

    item: WorkItem
    drill: Drill
    topic: Topic
    message: Message

    @property
    def channel(self) -> str:
        return self.drill.plan.channel

    @property
    def told(self) -> dict[str, str]:
        """For the log."""
        return {"drill_id": self.drill.id, "topic": self.topic.key}


@dataclass(frozen=True, slots=True)
class Notifier:
    """The consumer of the Slack lane.

    Attributes:
        shelf: where the files of reports lie.
        results: what the plans' earlier drills have shown, which the card tells before Start.
        wall: wall time, which Slack's message ids are made of, and leases: two at one lane could post twice.
    """

    store: DrillStore
    outbox: Outbox
    messages: MessageStore
    results: ResultStore
    channel: Channel
    shelf: Shelf
    render: Renderer
    homes: Homes
    clock: Clock
    wall: Clock
    owner: str
    meter: Meter = unmeasured

    def drain(self, drill_id: str, time_left: TimeLeft) -> None:
        """Bring the drill's messages up to date, and have the Homes follow that people may be looking at."""
        drawn: set[Topic] = set()
        lane = LaneDrain(
            outbox=self.outbox,
            clock=self.clock,
            lane=Lane.SLACK,
            perform=lambda item: self._perform(item, drawn),
            in_order=True,
            owner=self.owner,
            lease_clock=self.wall,
        )
        try:
            lane.drain(drill_id, time_left)
        finally:
            if _CARD in drawn:  # it changes with whatever a Home would show; once, and behind the drill's own messages
                self.homes.refresh()

    def _perform(self, item: WorkItem, drawn: set[Topic]) -> bool:
        command = item.command
        if not isinstance(command, Draw | DrawHome):
            raise TypeError(f"{command.type} is the executor's work")
        try:
            self._show_anew(item, command, drawn)
        except AlreadyDone:
            log.info("somebody else has drawn this", extra={"drill_id": item.drill_id})
        except (StoreUnavailable, UnreadableDrill):
            raise
        except SlackError as error:
            return self._undelivered(item, error)
        except Exception as error:
            log.exception("something could not be drawn", extra={"drill_id": item.drill_id, "work": command.type})
            return self._undelivered(item, SlackError(f"{type(error).__name__}: {error}"))
        return True

    def _show_anew(self, item: WorkItem, command: Draw | DrawHome, drawn: set[Topic]) -> None:
        if isinstance(command, DrawHome):
            self.homes.draw(command.person, item)
        elif self._is_drawn(item, command.topic):
            drawn.add(command.topic)

    def _is_drawn(self, item: WorkItem, topic: Topic) -> bool:
        """Whether the topic's message had to be posted or changed, which has been done."""
        drill = self.store.load(item.drill_id).drill
        shown = self.messages.messages(drill.id)
        message = self._message(drill, topic)
        before = shown.get(topic.key)
        if isinstance(message, Attachment):
            self._attach(item, drill, topic, message, shown)
            return False
        if message is None or (before and before.looks == looks(message)):
            self.outbox.done(item)
            return False
        ts = self._show(_Drawing(item, drill, topic, message), before, shown.get(_CARD.key))
        self.messages.keep(drill.id, topic, Posted(ts=ts, looks=looks(message)), item)
        self.meter([Measured(Figure.SLACK_LAG, (self.clock() - item.due_at).total_seconds(), Unit.SECONDS)])
        return True

    def _attach(
        self, item: WorkItem, drill: Drill, topic: Topic, attachment: Attachment, shown: Mapping[str, Posted]
    ) -> None:
        """A file never changes: one that is there stays. Without a card there is no thread for it."""
        card = shown.get(_CARD.key)
        if topic.key in shown or card is None:
            self.outbox.done(item)
        else:
            files = Attaching(self.outbox, self.messages, self.channel, self.shelf)
            files.attach(item, drill, topic, attachment, card.ts)

    def _message(self, drill: Drill, topic: Topic) -> Message | Attachment | None:
        background = Background(now=self.clock(), earlier=self._earlier(drill, topic))
        try:
            return self.render(drill, topic, background)
        except Exception:  # it would fail again, and what comes behind it may be a question to people
            log.exception("a message cannot be drawn; it is left out", extra={"drill_id": drill.id, "topic": topic.key})
            return None

    def _earlier(self, drill: Drill, topic: Topic) -> tuple[DrillResult, ...]:
        if topic != _CARD or drill.state not in BEFORE_START:
            return ()
        return self.results.results(drill.plan.name, EARLIER)

    def _show(self, drawing: _Drawing, before: Posted | None, card: Posted | None) -> str:
        if before and self._is_updated(drawing, before):
            return before.ts
        if card is None or drawing.topic == _CARD:
            return self._post(drawing, None)
        try:
            return self._post(drawing, card.ts)
        except SlackError as error:
            if not error.is_gone:
                raise
            log.warning("the thread is gone; the card is posted again first", extra=drawing.told)
        return self._post(drawing, self._new_thread(drawing, card))

    def _is_updated(self, drawing: _Drawing, before: Posted) -> bool:
        try:
            self.channel.update(drawing.channel, before.ts, drawing.message)
        except SlackError as error:
            if not error.is_gone:
                raise
            log.warning("a message cannot be updated any more; it is posted again", extra=drawing.told)
            return False
        return True

    def _post(self, drawing: _Drawing, thread: str | None) -> str:
        item, channel, message = drawing.item, drawing.channel, drawing.message
        found = self.channel.find(channel, message.key, thread, self._since()) if item.attempts else None
        if found and self._is_updated(drawing, Posted(ts=found, looks="")):
            return found
        log.info("posting", extra=drawing.told)
        self.outbox.postpone(item, item.due_at, "posting was begun, and its end not recorded")
        return self.channel.post(channel, message, thread)

    def _new_thread(self, drawing: _Drawing, card: Posted) -> str | None:
        """The card's ts, posted again if it is not there; None, the channel itself, if there is no card to draw."""
        message = self._message(drawing.drill, _CARD)
        if not isinstance(message, Message):
            return None
        ts = self._show(replace(drawing, topic=_CARD, message=message), card, None)
        self.messages.keep(drawing.drill.id, _CARD, Posted(ts=ts, looks=looks(message)), None)
        return ts

    def _since(self) -> datetime:
        return self.wall() - LOOK_BACK

    def _undelivered(self, item: WorkItem, error: SlackError) -> bool:
        """Try again later, and let what comes behind wait: a thread is read from top to bottom.

        Whatever is not about the message itself can be mended by people (a new token, an invitation to the channel) or
        passes, and a question to people must not be lost until then.
        """
        told = {"drill_id": item.drill_id, "error": str(error), "attempts": item.attempts}
        self.meter([Measured(Figure.SLACK_ERRORS, 1)])
        if item.attempts + 1 >= TRIES and _is_hopeless(item, error):
            log.error("Slack does not take this message; it is left out", extra=told)
            self.meter([Measured(Figure.GIVEN_UP, 1)])
            self.outbox.done(item)
            return True
        # An error that stays needs a person, who looks for errors in the log.
        level = logging.WARNING if item.attempts + 1 < TRIES else logging.ERROR
        log.log(level, "Slack did not take a message; it is tried again", extra=told)
        self.outbox.postpone(item, self.clock() + _wait(item, error), str(error))
        return False


def _is_hopeless(item: WorkItem, error: SlackError) -> bool:
    """A Home that Slack refuses, for whatever reason, is drawn again when it is next opened: nothing is lost by it."""
    is_refused = error.retry_after is None and not error.is_unclear
    return error.is_about_content or (isinstance(item.command, DrawHome) and is_refused)


def _wait(item: WorkItem, error: SlackError) -> timedelta:
    return backoff(item.attempts) if error.retry_after is None else max(error.retry_after, SHORTEST_WAIT)


def looks(message: Message) -> str:
    """What a message shows, as a hash."""
    return hashlib.sha256(f"{message.text}\n{message.blocks}".encode()).hexdigest()
