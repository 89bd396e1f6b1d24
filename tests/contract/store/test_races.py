"""Threads at the same drill, lane, claim and locks: what is acknowledged is kept, and of rivals one wins."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TypeVar

import pytest

from bot.domain.audit import digest
from bot.domain.commands import Lane
from bot.domain.errors import ConcurrentUpdate, ServersLocked
from tests.contract.store.backends import CONCURRENT, Storage
from tests.contract.store.drills import (
    FIRST,
    HINDERED,
    HOME,
    NOON,
    STARTED,
    cleaning_up,
    plan_of,
    ready,
    save,
)

T = TypeVar("T")
pytestmark = pytest.mark.parametrize("storage", CONCURRENT, indirect=True)


def at_once(*tasks: Callable[[], T]) -> list[T]:
    """Each task in a thread of its own, all let off together."""
    gate = threading.Barrier(len(tasks))

    def run(task: Callable[[], T]) -> T:
        gate.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def persist(storage: Storage, drill_id: str, times: int) -> int:
    """Tell the drill something so many times, reading it again after each lost race; the races that were lost."""
    lost = 0
    while times:
        try:
            save(storage.store, storage.store.load(drill_id), HINDERED)
        except ConcurrentUpdate:
            lost += 1
        else:
            times -= 1
    return lost


def test_every_acknowledged_event_is_in_the_drill_and_on_record(storage: Storage) -> None:
    start = cleaning_up(storage.store, "d-1").drill.version
    at_once(*[lambda: persist(storage, "d-1", 5)] * 8)
    records = storage.store.records("d-1")
    assert storage.store.load("d-1").drill.version == start + 40
    assert [kept.version for kept in records] == list(range(1, start + 41))
    assert all(digest(kept.model_dump(mode="json")) == kept.hash for kept in records)
    assert [kept.previous for kept in records[1:]] == [kept.hash for kept in records[:-1]]


def test_of_many_who_save_the_same_version_one_wins(storage: Storage) -> None:
    stored = cleaning_up(storage.store, "d-1")

    def attempt() -> bool:
        try:
            save(storage.store, stored, HINDERED)
        except ConcurrentUpdate:
            return False
        return True

    assert at_once(*[attempt] * 8).count(True) == 1
    assert storage.store.load("d-1").drill.version == stored.drill.version + 1


def start(storage: Storage, drill_id: str) -> str:
    try:
        save(storage.store, storage.store.load(drill_id), STARTED)
    except ServersLocked as refused:
        return f"{drill_id} refused by {sorted(set(refused.owners.values()))}"
    return f"{drill_id} started"


@pytest.mark.parametrize("rounds", [5])
def test_of_two_drills_that_take_the_same_server_at_the_same_instant_one_wins(storage: Storage, rounds: int) -> None:
    for n in range(rounds):
        target = HOME.model_copy(update={"account_id": f"{n:012}"})
        ready(storage.store, f"a-{n}", plan_of(2), target)
        ready(storage.store, f"b-{n}", plan_of(2, name="shop", first=2), target)
        told = at_once(partial(start, storage, f"a-{n}"), partial(start, storage, f"b-{n}"))
        assert told in (
            [f"a-{n} started", f"b-{n} refused by ['a-{n}']"],
            [f"a-{n} refused by ['b-{n}']", f"b-{n} started"],
        )
        (winner,) = set(storage.store.locks(target).values())
        assert f"{winner} started" in told


def test_drills_that_share_nothing_can_all_start_at_the_same_instant(storage: Storage) -> None:
    names = [f"d-{n}" for n in range(8)]
    for n, name in enumerate(names):
        ready(storage.store, name, plan_of(1, name=f"plan-{n}", first=n + 1))
    told = at_once(*[partial(start, storage, name) for name in names])
    assert told == [f"{name} started" for name in names]
    assert Counter(storage.store.locks(HOME).values()) == Counter(names * 2)


def test_of_many_drills_that_overlap_at_random_none_share_a_server(storage: Storage) -> None:
    chance = random.Random(7)  # noqa: S311 - chance, not secrets
    names = [f"d-{n}" for n in range(24)]
    for n, name in enumerate(names):
        ready(storage.store, name, plan_of(chance.randint(1, 5), name=f"plan-{n}", first=chance.randint(1, 40)))
    told = at_once(*[partial(start, storage, name) for name in names])
    drills = [storage.store.load(name).drill for name in names]
    started = [drill for drill in drills if drill.started_at]
    held = {server.id: drill.id for drill in started for server in drill.servers}
    assert len(held) == sum(drill.server_count for drill in started)
    assert storage.store.locks(HOME) == {**held, **{f"plan:{drill.plan.name}": drill.id for drill in started}}
    assert 1 < len(started) < len(names)
    assert sum("refused by" in each for each in told) == len(names) - len(started)
    for drill in drills:
        if not drill.started_at:  # nobody is refused for nothing
            assert any(server.id in held for server in drill.servers)


def test_of_many_who_want_a_lane_one_gets_it(storage: Storage) -> None:
    lease = partial(storage.outbox.lease, "d-1", Lane.WORK, now=NOON, lasting=timedelta(minutes=1))
    assert at_once(*[partial(lease, owner=f"owner-{n}") for n in range(8)]).count(True) == 1


def test_of_many_who_claim_a_launch_one_may_send_it(storage: Storage) -> None:
    claims = at_once(*[lambda: storage.store.claim("d-1", FIRST, NOON)] * 8)
    assert [claim.is_ours for claim in claims].count(True) == 1


def test_of_many_who_take_over_a_claim_one_may_send(storage: Storage) -> None:
    claim = storage.store.claim("d-1", FIRST, NOON)

    def take_over() -> bool:
        try:
            storage.store.renew_claim("d-1", claim, NOON + timedelta(minutes=2))
        except ConcurrentUpdate:
            return False
        return True

    assert at_once(*[take_over] * 8).count(True) == 1
