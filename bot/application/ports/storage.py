"""Storage: drills, their record, and which Slack message shows what. Every write is conditional on what was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.application.ports.work import Due, WorkItem
from bot.domain.audit import Record
from bot.domain.commands import Command, Topic
from bot.domain.drill import Drill
from bot.domain.launch import LaunchKey
from bot.domain.person import Person
from bot.domain.plan import Target
from bot.domain.state_machine import Locks


class StoreUnavailable(Exception):
    """The table could not be read or written, through no fault of what was asked. Any method may raise it.

    Attributes:
        retryable: whether trying again later can help (throttling, network), or a person must act (rights, limits).
    """

    def __init__(self, message: str, *, retryable: bool) -> None:
        self.retryable = retryable
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class StoredDrill:
    """A drill as it was read, and the hash of its newest audit record."""

    drill: Drill
    audit_head: str


@dataclass(frozen=True, slots=True)
class Change:
    """Everything that one event changes, saved in one transaction or not at all.

    Attributes:
        before: the drill that was read; None when the event makes it.
        after: its next version.
        record: the event, chained to `before`'s audit head.
        commands: the work it causes, into the outbox.
        done: the piece of work whose result the event is; it leaves the outbox.
        replay_key: of a click; a second request with the same key is refused.
        replay_until: until when the key is kept (the age check refuses the request from then on).
    """

    before: StoredDrill | None
    after: Drill
    record: Record
    commands: Sequence[Command] = ()
    locks: Locks = Locks.KEEP
    done: WorkItem | None = None
    replay_key: str | None = None
    replay_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A click that was refused, for the record."""

    drill_id: str
    at: datetime
    actor: Person
    action: str
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one StartRecovery.

    Attributes:
        is_ours: this call has just made the claim: nothing can have been sent under it yet.
        since: when it was made. What was sent under an earlier claim may have been sent any time after it.
    """

    key: LaunchKey
    is_ours: bool
    since: datetime


class DrillStore(Protocol):
    """Where drills live. Every write is conditional on what was read."""

    def load(self, drill_id: str) -> StoredDrill:
        """Read a drill, whole and at one version.

        Raises:
            UnreadableDrill: this release cannot read it.
            UnknownDrill: there is none of that id.
            ConcurrentUpdate: it changes faster than it can be read.
        """
        ...

    def save(self, change: Change) -> StoredDrill:
        """Save all of a change or nothing. A drill that ends with it leaves its result (`ResultStore`).

        Raises:
            ConcurrentUpdate: the drill has moved on since it was read, or there is one of that id already.
            AlreadyDone: the work in `done` has been completed by somebody else.
            Replayed: a request with this replay key was saved before.
            ServersLocked: another drill holds servers of this one, or runs the same plan.
        """
        ...

    def records(self, drill_id: str) -> tuple[Record, ...]:
        """The drill's audit records, oldest first."""
        ...

    def written(self, drill_id: str) -> tuple[str, ...]:
        """The same as they were stored, each as JSON text: its hash is of that (`audit.digest`)."""
        ...

    def refuse(self, refusal: Refusal, replay_key: str | None = None, replay_until: datetime | None = None) -> None:
        """Put a refused click on record: at most one a minute for each person and action, so that nobody floods it.

        Raises:
            Replayed: a request with this replay key was saved before; it says nothing about the person it names.
        """
        ...

    def refusals(self, drill_id: str) -> tuple[Refusal, ...]:
        """The refused clicks on record, by minute."""
        ...

    def locks(self, target: Target) -> Mapping[str, str]:
        """What is held in an account and Region, and by which drill (id): server ids, and plans as `plan:<name>`."""
        ...

    def unfinished(self, until: datetime | None = None) -> tuple[Due, ...]:
        """The index of unfinished things, one query; with `until`, only what is due by then. May lag by a moment."""
        ...

    def claim(self, drill_id: str, key: LaunchKey, now: datetime) -> Claim:
        """Claim the right to send one StartRecovery; a claim that stands already is returned as it is, not ours."""
        ...

    def renew_claim(self, drill_id: str, claim: Claim, now: datetime) -> Claim:
        """Take over a claim under which, for certain, nothing was started; `now` is later than the claim.

        Raises:
            ConcurrentUpdate: somebody else has taken it over meanwhile, or given it back.
        """
        ...

    def release_claim(self, drill_id: str, claim: Claim) -> None:
        """Give a claim back because DRS has refused to start the job; nothing happens if it is not ours any more."""
        ...


@dataclass(frozen=True, slots=True)
class Posted:
    """A Slack message that the notifier keeps up to date.

    Attributes:
        ts: Slack's id of the message in its channel.
        looks: a hash of what it shows, so that nothing is sent when nothing looks different.
    """

    ts: str
    looks: str


class MessageStore(Protocol):
    """Where the notifier keeps which Slack message shows what. Only the holder of the Slack lane writes it."""

    def messages(self, drill_id: str) -> Mapping[str, Posted]:
        """The drill's messages by topic key; none if nothing was posted yet."""
        ...

    def keep(self, drill_id: str, topic: Topic, posted: Posted, done: WorkItem | None) -> None:
        """Record that a topic's message shows this now, and take the work out of the lane, in one transaction.

        Without work, the message is recorded alone: it was posted for the sake of another one.

        Raises:
            AlreadyDone: the work is gone; the message is not recorded either.
        """
        ...
