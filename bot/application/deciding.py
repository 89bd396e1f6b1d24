"""Read, decide, save: how every event gets into a drill. A lost race is decided again on what is there now."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot import ENGINE
from bot.application.measuring import of_change
from bot.application.ports import Clock
from bot.application.ports.figures import Meter, unmeasured
from bot.application.ports.storage import Change, DrillStore, StoredDrill
from bot.application.ports.work import WorkItem
from bot.domain.audit import GENESIS, record
from bot.domain.drill import Drill
from bot.domain.errors import ConcurrentUpdate
from bot.domain.events import Event
from bot.domain.person import Person
from bot.domain.state_machine import transition

TRIES = 8
"""How often a lost race is run again. Eight people at one drill is a crowd; a click must still end within 3 s."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Click:
    """A person's request, and the key by which a replay of it is recognised (kept until `replay_until`)."""

    actor: Person
    replay_key: str
    replay_until: datetime


@dataclass(frozen=True, slots=True)
class Decider:
    """Applies events to stored drills."""

    store: DrillStore
    clock: Clock
    meter: Meter = unmeasured

    def create(self, event: Event, click: Click | None = None) -> Drill:
        """Make a drill.

        Raises:
            ConcurrentUpdate: there is a drill of that id already.
            NotAllowed, Replayed: as `transition` and `DrillStore.save` say.
        """
        return self._save(None, event, click=click)

    def apply(
        self,
        drill_id: str,
        derive: Callable[[Drill], Event | None],
        *,
        done: WorkItem | None = None,
        click: Click | None = None,
    ) -> Drill:
        """Apply the event that `derive` makes of the drill as it is; None changes nothing.

        Raises:
            DrillError: as `transition` and `DrillStore.save` say; `ConcurrentUpdate` after `TRIES` lost races.
        """
        for _ in range(TRIES - 1):
            with suppress(ConcurrentUpdate):
                return self._try(drill_id, derive, done, click)
        return self._try(drill_id, derive, done, click)

    def _try(
        self, drill_id: str, derive: Callable[[Drill], Event | None], done: WorkItem | None, click: Click | None
    ) -> Drill:
        stored = self.store.load(drill_id)
        event = derive(stored.drill)
        return stored.drill if event is None else self._save(stored, event, done=done, click=click)

    def _save(
        self,
        before: StoredDrill | None,
        event: Event,
        *,
        done: WorkItem | None = None,
        click: Click | None = None,
    ) -> Drill:
        now = self.clock()
        decision = transition(before.drill if before else None, event, now)
        previous = before.audit_head if before else GENESIS
        change = Change(
            before=before,
            after=decision.drill,
            record=record(decision.drill, event, now, engine=ENGINE, previous=previous),
            commands=decision.commands,
            locks=decision.locks,
            done=done,
            replay_key=click.replay_key if click else None,
            replay_until=click.replay_until if click else None,
        )
        drill = self.store.save(change).drill
        told = {"drill_id": drill.id, "event": event.type, "version": drill.version, "state": drill.state}
        log.info("decided", extra=told)
        self.meter(of_change(before.drill if before else None, drill, event))
        return drill
