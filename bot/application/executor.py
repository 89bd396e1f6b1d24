"""Performs the work lane: preflight, launches, cleanup. One bounded step at a time, its result back in as an event."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import assert_never

from bot.application.checking import Checking, refused
from bot.application.cleaning import Cleaning
from bot.application.deciding import Decider
from bot.application.lanes import LaneDrain, TimeLeft, backoff
from bot.application.launching import Launching
from bot.application.ports.figures import Figure, Measured
from bot.application.ports.storage import StoreUnavailable
from bot.application.ports.work import Outbox, WorkItem
from bot.application.reconcile import Poller
from bot.application.reporting import TRIES as TRIES_OF_A_REPORT
from bot.application.reporting import Reporting
from bot.application.results import Again, Done, Result
from bot.application.sweeping import Sweeping
from bot.application.tagging import Tagging
from bot.application.verifying import Verifying
from bot.domain.cleanup_events import CleanupHindered, LeftoversFound
from bot.domain.commands import (
    Afterwards,
    AnchorRecord,
    CleanUp,
    Command,
    Draw,
    DrawHome,
    FindLeftovers,
    Lane,
    LaunchBatch,
    MakeReport,
    RunChecks,
    RunPreflight,
    SelectAgain,
    TagInstances,
)
from bot.domain.drill import Drill
from bot.domain.errors import AlreadyDone, ConcurrentUpdate, IllegalTransition, UnreadableDrill
from bot.domain.events import Event, LaunchRefused, SelectionFailed, TimePassed
from bot.domain.preflight import unreadable
from bot.domain.report_events import EvidenceFailed
from bot.domain.states import HoldReason

TRIES = 4
"""How often work that fails for a reason nobody has foreseen is tried before a person is asked."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Executor:
    """The consumer of the work lane."""

    decider: Decider
    outbox: Outbox
    checking: Checking
    sweeping: Sweeping
    launching: Launching
    tagging: Tagging
    verifying: Verifying
    cleaning: Cleaning
    reporting: Reporting
    poller: Poller
    owner: str

    def drain(self, drill_id: str, time_left: TimeLeft) -> None:
        """Do what is due in the drill's work lane."""
        LaneDrain(
            outbox=self.outbox,
            clock=self.decider.clock,
            lane=Lane.WORK,
            perform=self._perform,
            in_order=False,
            comes_last=lambda item: isinstance(item.command, Afterwards),
            owner=self.owner,
            lease_clock=self.decider.clock,
        ).drain(drill_id, time_left)

    def wake(self, drill_id: str, time_left: TimeLeft) -> None:
        """Apply what has become overdue, then do what is due. Before a launch is called too slow, DRS is asked."""
        drill = self.decider.store.load(drill_id).drill
        if self._time_passed(drill) and drill.followed_jobs:
            self.poller.poll([drill_id])
        try:
            self.decider.apply(drill_id, self._time_passed)
        except IllegalTransition:
            log.info("nothing is overdue any more", extra={"drill_id": drill_id})
        self.drain(drill_id, time_left)

    def _time_passed(self, drill: Drill) -> TimePassed | None:
        return TimePassed() if drill.wake_at and drill.wake_at <= self.decider.clock() else None

    def _perform(self, item: WorkItem) -> bool:
        try:
            self._settle(item, self._step(item))
        except (StoreUnavailable, UnreadableDrill):
            raise
        except ConcurrentUpdate as lost:  # somebody else is at the same work, or the drill is in a crowd
            log.info("%s", lost, extra={"drill_id": item.drill_id, "work": item.command.type})
            self._settle(item, Again(backoff(0)))
        except Exception as error:
            log.exception("work failed", extra={"drill_id": item.drill_id, "work": item.command.type})
            self._settle(item, self._failed(item, error))
        return True

    def _step(self, item: WorkItem) -> Result:
        drill = self.decider.store.load(item.drill_id).drill
        match item.command:
            case RunPreflight() | SelectAgain() | FindLeftovers():
                return self._look(drill, item)
            case LaunchBatch(key=key):
                return self.launching.launch(drill, key, item)
            case TagInstances() | AnchorRecord() | MakeReport():
                return self._beside(drill, item, item.command)
            case RunChecks(wave=wave, round=round_):
                return self.verifying.verify(drill, wave, round_)
            case CleanUp(turn=turn):
                return self.cleaning.clean_up(drill, turn)
            case Draw() | DrawHome():
                raise ValueError("Slack messages are the notifier's work")
            case unknown:
                assert_never(unknown)

    def _beside(self, drill: Drill, item: WorkItem, command: TagInstances | Afterwards) -> Result:
        """What moves no drill."""
        if isinstance(command, TagInstances):
            return self.tagging.tag(drill, command.wave, item)
        if isinstance(command, AnchorRecord):
            return self.reporting.anchor(drill.id)
        return self.reporting.report(drill, command.number, item)

    def _look(self, drill: Drill, item: WorkItem) -> Result:
        """What only reads, before anything is started."""
        if isinstance(item.command, FindLeftovers):
            return self.sweeping.find(drill, item)
        look = self.checking.select_again if isinstance(item.command, SelectAgain) else self.checking.check
        return look(drill, item)

    def _failed(self, item: WorkItem, error: Exception) -> Result:
        """Work that failed for an unforeseen reason: again, then to a person."""
        said = f"{type(error).__name__}: {error}"
        is_check = isinstance(item.command, RunChecks)  # until its checks have no time left, which the drill tells
        tries = TRIES_OF_A_REPORT if isinstance(item.command, MakeReport) else TRIES
        if is_check or item.attempts + 1 < tries:
            return Again(backoff(item.attempts), said)
        self.decider.meter([Measured(Figure.GIVEN_UP, 1)])
        return _given_up(item.command, said)

    def _settle(self, item: WorkItem, result: Result) -> None:
        if isinstance(result, Again):
            when = self.decider.clock() + result.after
            told = {"drill_id": item.drill_id, "work": item.command.type, "again_at": str(when), "error": result.error}
            log.info("work is to be looked at again", extra=told)
            self.outbox.postpone(item, when, result.error)
        elif isinstance(result, Done):
            self.outbox.done(item)
        else:
            self._tell(item, result)

    def _tell(self, item: WorkItem, event: Event) -> None:
        try:
            self.decider.apply(item.drill_id, lambda _drill: event, done=item)
        except IllegalTransition as stale:
            log.warning("a result came too late: %s", stale, extra={"drill_id": item.drill_id, "event": event.type})
            self.outbox.done(item)
        except AlreadyDone:
            log.info("somebody else has done this", extra={"drill_id": item.drill_id, "work": item.command.type})


def _given_up(command: Command, said: str) -> Result:
    """What becomes of work that has failed too often."""
    match command:
        case RunPreflight() | SelectAgain() | FindLeftovers():
            return _not_looked(command, said)
        case LaunchBatch(key=key):
            return LaunchRefused(key=key, reason=HoldReason.LAUNCH_UNKNOWN, error=said)
        case CleanUp(turn=turn):
            return CleanupHindered(error=said, turn=turn)
        case MakeReport(number=number):
            return EvidenceFailed(number=number, error=said)
        case TagInstances() | RunChecks() | AnchorRecord() | Draw() | DrawHome():
            return Done()
        case unknown:
            assert_never(unknown)


def _not_looked(command: RunPreflight | SelectAgain | FindLeftovers, said: str) -> Result:
    if isinstance(command, RunPreflight):
        return refused(unreadable("The checks", said))
    return SelectionFailed(error=said) if isinstance(command, SelectAgain) else LeftoversFound(error=said)
