"""Brings a file into a drill's thread: once, as far as Slack lets that be known.

A message is found again by its metadata; a file has none, so its name has the drill's id and the thread is searched for
it after an upload whose end is not on record. Slack shows an upload in the thread a moment after it has answered: one
that is looked for sooner than that is uploaded a second time, which does no harm.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace

from bot.application.ports.evidence import Shelf, ShelfError
from bot.application.ports.slack import Attachment, Channel, SlackError
from bot.application.ports.storage import MessageStore, Posted
from bot.application.ports.work import Outbox, WorkItem
from bot.domain.commands import Topic
from bot.domain.drill import Drill

TRIES = 4
"""How often an upload is begun whose end nobody knows: for a bit more than a minute and a half, as lanes wait. Files go
to another host than messages, which a network may not let through: questions to people must not wait behind that."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attaching:
    """Uploads for the notifier. `shelf`: where what was made before lies."""

    outbox: Outbox
    messages: MessageStore
    channel: Channel
    shelf: Shelf

    def attach(self, item: WorkItem, drill: Drill, topic: Topic, attachment: Attachment, thread_ts: str) -> None:
        """Upload the file, if it is not there yet; what Slack refuses is left out.

        Nobody is asked anything by a file, so that nothing has to wait for it: an installation whose token may not
        upload (`missing_scope`) goes on without.

        Raises:
            SlackError: Slack is busy, or nobody knows whether it was uploaded: to be tried again.
        """
        try:
            attachment = self._filled(attachment)
            file_id = self._uploaded(item, drill, attachment, thread_ts)
        except SlackError as error:
            if error.retry_after is not None or (error.is_unclear and item.attempts + 1 < TRIES):
                raise
            log.exception("Slack does not take this file; it is left out", extra={"drill_id": drill.id})
            self.outbox.done(item)
            return
        looks = hashlib.sha256(attachment.content).hexdigest()
        self.messages.keep(drill.id, topic, Posted(ts=file_id, looks=looks), item)

    def _filled(self, attachment: Attachment) -> Attachment:
        if not attachment.stored:
            return attachment
        try:
            return replace(attachment, content=self.shelf.get(attachment.stored))
        except ShelfError as error:
            raise SlackError(f"what was to be uploaded cannot be had: {error}", is_unclear=True) from error

    def _uploaded(self, item: WorkItem, drill: Drill, attachment: Attachment, thread_ts: str) -> str:
        where = drill.plan.channel
        found = self.channel.find_file(where, attachment.name, thread_ts) if item.attempts else None
        if found:
            return found
        log.info("uploading", extra={"drill_id": drill.id, "file": attachment.name})
        self.outbox.postpone(item, item.due_at, "an upload was begun, and its end not recorded")
        return self.channel.attach(where, attachment, thread_ts)
