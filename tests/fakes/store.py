"""The drill table in memory, for tests. It passes the same contract suite as DynamoDB (`tests/contract/store`).

How to drive it::

    table = MemoryTable()
    store, outbox, messages = MemoryStore(table), MemoryOutbox(table), MemoryMessages(table)
    table.unreadable.add("payments-1")     # as if another release had written that drill
    table.listeners.append(executor.wake)  # called as wake(drill_id, lane) for each new piece of work and each nudge

A listener is what the table's stream is in AWS: it is called after the change was made, in order, by the thread that
made it, and may use the stores itself. Replay keys expire by `table.wall`; everything else takes its time as an
argument. Any number of threads may use the stores at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.application.ports import Clock
from bot.application.ports.homes import Viewer
from bot.application.ports.storage import Change, Claim, Posted, Refusal, StoredDrill
from bot.application.ports.work import Due, DueKind, WorkItem
from bot.domain.audit import Record
from bot.domain.commands import Command, Lane, Topic
from bot.domain.drill import Drill
from bot.domain.errors import AlreadyDone, ConcurrentUpdate, Replayed, ServersLocked, UnknownDrill, UnreadableDrill
from bot.domain.launch import LaunchKey
from bot.domain.plan import Target
from bot.domain.results import DrillResult, result_left
from bot.domain.state_machine import Locks
from bot.domain.states import DrillState
from bot.domain.written import none_named

Listener = Callable[[str, Lane], object]
Place = tuple[str, str]


@dataclass(slots=True, eq=False)
class MemoryTable:
    """What the stores share. Tests may look into it, and listen."""

    wall: Clock = lambda: datetime.now(UTC)
    listeners: list[Listener] = field(default_factory=list)
    drills: dict[str, StoredDrill] = field(default_factory=dict)
    records: dict[str, list[Record]] = field(default_factory=dict)
    work: dict[tuple[str, Lane, str], WorkItem] = field(default_factory=dict)
    viewers: dict[str, Viewer] = field(default_factory=dict)
    results: list[DrillResult] = field(default_factory=list)
    leases: dict[tuple[str, Lane], tuple[str, datetime]] = field(default_factory=dict)
    claims: dict[tuple[str, LaunchKey], datetime] = field(default_factory=dict)
    refusals: dict[tuple[str, str, str, str], Refusal] = field(default_factory=dict)
    owners: dict[Place, dict[str, str]] = field(default_factory=dict)
    replays: dict[str, datetime] = field(default_factory=dict)
    posted: dict[str, dict[str, Posted]] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    mutex: threading.RLock = field(default_factory=threading.RLock)

    def lane(self, drill_id: str, lane: Lane) -> tuple[WorkItem, ...]:
        """The work of a lane, in order."""
        items = [item for item in self.work.values() if (item.drill_id, item.lane) == (drill_id, lane)]
        return tuple(sorted(items, key=lambda item: item.position))

    def tell(self, drill_id: str, lane: Lane) -> None:
        """Call the listeners."""
        for listener in tuple(self.listeners):
            listener(drill_id, lane)


def key_of(item: WorkItem) -> tuple[str, Lane, str]:
    """Where a piece of work is kept."""
    return item.drill_id, item.lane, item.position


class MemoryStore:
    """Fulfils `DrillStore` in memory."""

    def __init__(self, table: MemoryTable) -> None:
        self._table = table

    def load(self, drill_id: str) -> StoredDrill:
        stored = self._table.drills.get(drill_id)
        if drill_id in self._table.unreadable:
            raise UnreadableDrill(drill_id, "it was written by another release")
        if stored is None:
            raise UnknownDrill(none_named("drill", drill_id))
        return stored

    def save(self, change: Change) -> StoredDrill:
        with self._table.mutex:
            owners = self._owners_after(change)
            self._check(change)
            stored = self._commit(change, owners)
        for command in change.commands:
            self._table.tell(change.after.id, command.lane)
        return stored

    def _owners_after(self, change: Change) -> dict[str, str]:
        drill, held = change.after, self._owners(change.after.target)
        if change.locks is Locks.KEEP:
            return held
        others = {name: owner for name, owner in held.items() if owner != drill.id}
        if change.locks is Locks.RELEASE:
            return others
        wanted = {server.id: drill.id for server in drill.servers} | {f"plan:{drill.plan.name}": drill.id}
        if taken := {name: others[name] for name in wanted if name in others}:
            raise ServersLocked(taken)
        return {**others, **wanted}

    def _check(self, change: Change) -> None:
        self._refuse_replay(change.replay_key)
        if change.done and key_of(change.done) not in self._table.work:
            raise AlreadyDone("This work has been completed by somebody else.")
        known = self._table.drills.get(change.after.id)
        read = change.before.drill.version if change.before else None
        if read != (known.drill.version if known else None):
            raise ConcurrentUpdate("The drill has moved on.")

    def _refuse_replay(self, replay_key: str | None) -> None:
        kept_until = self._table.replays.get(replay_key or "")
        if kept_until and kept_until >= self._table.wall():
            raise Replayed("This request was taken before.")

    def _keep_replay(self, replay_key: str | None, until: datetime | None) -> None:
        if replay_key and until:
            self._table.replays[replay_key] = until

    def _commit(self, change: Change, owners: dict[str, str]) -> StoredDrill:
        drill, table = change.after, self._table
        table.owners[drill.target.account_id, drill.target.region] = owners
        self._keep_replay(change.replay_key, change.replay_until)
        if change.done:
            del table.work[key_of(change.done)]
        table.drills[drill.id] = StoredDrill(drill, change.record.hash)
        table.records.setdefault(drill.id, []).append(change.record)
        table.work.update((key_of(item), item) for item in _work(change))
        if result := result_left(change.before.drill if change.before else None, drill):
            table.results.append(result)
        return table.drills[drill.id]

    def records(self, drill_id: str) -> tuple[Record, ...]:
        return tuple(self._table.records.get(drill_id, ()))

    def written(self, drill_id: str) -> tuple[str, ...]:
        return tuple(record.model_dump_json() for record in self.records(drill_id))

    def refuse(self, refusal: Refusal, replay_key: str | None = None, replay_until: datetime | None = None) -> None:
        minute = refusal.at.astimezone(UTC).isoformat(timespec="minutes")
        key = (refusal.drill_id, minute, refusal.actor.user_id, refusal.action)
        with self._table.mutex:
            self._refuse_replay(replay_key)
            if key not in self._table.refusals:
                self._table.refusals[key] = refusal
                self._keep_replay(replay_key, replay_until)

    def refusals(self, drill_id: str) -> tuple[Refusal, ...]:
        return tuple(refusal for key, refusal in sorted(self._table.refusals.items()) if key[0] == drill_id)

    def locks(self, target: Target) -> Mapping[str, str]:
        return dict(self._owners(target))

    def _owners(self, target: Target) -> dict[str, str]:
        return self._table.owners.get((target.account_id, target.region), {})

    def unfinished(self, until: datetime | None = None) -> tuple[Due, ...]:
        with self._table.mutex:
            drills = [_due(stored.drill) for stored in self._table.drills.values() if not _ended(stored.drill)]
            work = [Due(DueKind.WORK, item.drill_id, item.due_at, lane=item.lane) for item in self._table.work.values()]
        found = (entry for entry in (*drills, *work) if until is None or entry.due_at <= until)
        return tuple(sorted(found, key=lambda entry: entry.due_at))

    def claim(self, drill_id: str, key: LaunchKey, now: datetime) -> Claim:
        with self._table.mutex:
            since = self._table.claims.get((drill_id, key))
            self._table.claims[drill_id, key] = since or now
        return Claim(key, is_ours=since is None, since=since or now)

    def renew_claim(self, drill_id: str, claim: Claim, now: datetime) -> Claim:
        with self._table.mutex:
            if self._table.claims.get((drill_id, claim.key)) != claim.since or now <= claim.since:
                raise ConcurrentUpdate("Somebody else looks after this launch now.")
            self._table.claims[drill_id, claim.key] = now
        return Claim(claim.key, is_ours=True, since=now)

    def release_claim(self, drill_id: str, claim: Claim) -> None:
        with self._table.mutex:
            if self._table.claims.get((drill_id, claim.key)) == claim.since:
                del self._table.claims[drill_id, claim.key]


def _work(change: Change) -> Iterator[WorkItem]:
    for index, command in enumerate(change.commands, start=1):
        yield WorkItem(
            drill_id=change.after.id,
            lane=command.lane,
            position=f"{change.after.version:010}#{index:03}",
            command=command,
            due_at=_not_before(command) or change.record.at,
        )


def _not_before(command: Command) -> datetime | None:
    return getattr(command, "not_before", None)


def _ended(drill: Drill) -> bool:
    return drill.state is DrillState.ENDED


def _due(drill: Drill) -> Due:
    polled = drill.poll_every
    return Due(
        kind=DueKind.DRILL,
        drill_id=drill.id,
        due_at=drill.proposed_at if polled else drill.wake_at or datetime.max.replace(tzinfo=UTC),
        account_id=drill.target.account_id,
        region=drill.target.region,
        poll_seconds=polled // timedelta(seconds=1) if polled else None,
        wake_at=drill.wake_at,
    )


class MemoryOutbox:
    """Fulfils `Outbox` in memory."""

    def __init__(self, table: MemoryTable) -> None:
        self._table = table

    def lease(self, drill_id: str, lane: Lane, owner: str, now: datetime, lasting: timedelta) -> bool:
        with self._table.mutex:
            holder, until = self._table.leases.get((drill_id, lane), (owner, now))
            if holder != owner and until > now:
                return False
            self._table.leases[drill_id, lane] = (owner, now + lasting)
            return True

    def release(self, drill_id: str, lane: Lane, owner: str) -> None:
        with self._table.mutex:
            if self._table.leases.get((drill_id, lane), ("", None))[0] == owner:
                del self._table.leases[drill_id, lane]

    def pending(self, drill_id: str, lane: Lane) -> tuple[WorkItem, ...]:
        with self._table.mutex:
            return self._table.lane(drill_id, lane)

    def done(self, item: WorkItem) -> None:
        with self._table.mutex:
            self._table.work.pop(key_of(item), None)

    def postpone(self, item: WorkItem, due_at: datetime, error: str | None = None) -> None:
        with self._table.mutex:
            kept = self._table.work.get(key_of(item))
            if kept is None:
                return
            changed = replace(kept, due_at=due_at)
            if error:
                changed = replace(changed, attempts=item.attempts + 1, last_error=error)
            self._table.work[key_of(item)] = changed

    def nudge(self, drill_id: str, lane: Lane, now: datetime) -> None:  # noqa: ARG002 - the port's; only a key in AWS
        self._table.tell(drill_id, lane)


class MemoryMessages:
    """Fulfils `MessageStore` in memory."""

    def __init__(self, table: MemoryTable) -> None:
        self._table = table

    def messages(self, drill_id: str) -> Mapping[str, Posted]:
        with self._table.mutex:
            return dict(self._table.posted.get(drill_id, {}))

    def keep(self, drill_id: str, topic: Topic, posted: Posted, done: WorkItem | None) -> None:
        with self._table.mutex:
            if done and self._table.work.pop(key_of(done), None) is None:
                raise AlreadyDone("This message has been brought up to date by somebody else.")
            self._table.posted.setdefault(drill_id, {})[topic.key] = posted
