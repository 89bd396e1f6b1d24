"""A lane has one consumer at a time, and its work stays in order until it is done."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.commands import Lane
from tests.contract.store.backends import Storage
from tests.contract.store.drills import HINDERED, NOON, cleaning_up, plan_of, proposal, running, save

MINUTE = timedelta(minutes=1)


def take(storage: Storage, owner: str, minutes: float = 0, lane: Lane = Lane.WORK, drill_id: str = "d-1") -> bool:
    return storage.outbox.lease(drill_id, lane, owner, NOON + minutes * MINUTE, MINUTE)


def test_a_lane_is_held_by_one_until_its_lease_runs_out(storage: Storage) -> None:
    assert take(storage, "ann")
    assert not take(storage, "ben", 0.5)
    assert take(storage, "ben", 1)
    assert not take(storage, "ann", 1.5)


def test_who_holds_a_lane_can_hold_it_longer(storage: Storage) -> None:
    assert take(storage, "ann")
    assert take(storage, "ann", 0.5)
    assert not take(storage, "ben", 1.4)


def test_each_lane_of_each_drill_is_apart(storage: Storage) -> None:
    assert take(storage, "ann")
    assert take(storage, "ben", lane=Lane.SLACK)
    assert take(storage, "ben", drill_id="d-2")


def test_a_lane_that_is_given_back_can_be_taken_at_once(storage: Storage) -> None:
    take(storage, "ann")
    storage.outbox.release("d-1", Lane.WORK, "ann")
    assert take(storage, "ben")


def test_nobody_gives_back_the_lane_of_another(storage: Storage) -> None:
    storage.outbox.release("d-1", Lane.WORK, "ann")
    take(storage, "ann")
    take(storage, "ben", 2)
    storage.outbox.release("d-1", Lane.WORK, "ann")
    assert not take(storage, "cat", 2)


def test_a_lane_without_work_is_empty(storage: Storage) -> None:
    assert storage.outbox.pending("d-1", Lane.WORK) == ()


def test_pending_work_is_that_of_the_drill_and_lane_due_or_not(storage: Storage) -> None:
    running(storage.store, "d-1", plan_of(250))
    save(storage.store, None, proposal("d-2"))
    work = storage.outbox.pending("d-1", Lane.WORK)
    assert [item.command.type for item in work] == ["run_preflight", *["launch_batch"] * 3]
    assert {(item.drill_id, item.lane) for item in work} == {("d-1", Lane.WORK)}
    storage.outbox.postpone(work[0], NOON + timedelta(days=1))
    assert [item.position for item in storage.outbox.pending("d-1", Lane.WORK)] == [item.position for item in work]


def test_work_is_done_in_any_order_and_twice_without_harm(storage: Storage) -> None:
    save(storage.store, cleaning_up(storage.store, "d-1"), HINDERED)
    first, *rest = storage.outbox.pending("d-1", Lane.WORK)
    storage.outbox.done(rest[-1])
    storage.outbox.done(rest[-1])
    assert list(storage.outbox.pending("d-1", Lane.WORK)) == [first, *rest[:-1]]


def test_postponed_work_keeps_its_place_and_is_not_an_attempt(storage: Storage) -> None:
    save(storage.store, None, proposal("d-1"))
    (item,) = storage.outbox.pending("d-1", Lane.WORK)
    storage.outbox.postpone(item, NOON + MINUTE)
    (later,) = storage.outbox.pending("d-1", Lane.WORK)
    assert (later.due_at, later.attempts, later.last_error) == (NOON + MINUTE, 0, None)
    assert (later.position, later.command) == (item.position, item.command)


def test_a_failure_counts_as_an_attempt_and_is_remembered(storage: Storage) -> None:
    save(storage.store, None, proposal("d-1"))
    for number, error in ((1, "Throttled"), (2, "Denied: rôle")):
        (item,) = storage.outbox.pending("d-1", Lane.WORK)
        storage.outbox.postpone(item, NOON + number * MINUTE, error)
        (item,) = storage.outbox.pending("d-1", Lane.WORK)
        assert (item.due_at, item.attempts, item.last_error) == (NOON + number * MINUTE, number, error)
    storage.outbox.postpone(item, NOON)
    (item,) = storage.outbox.pending("d-1", Lane.WORK)
    assert (item.attempts, item.last_error) == (2, "Denied: rôle")


def test_work_that_is_done_is_not_brought_back_by_postponing_it(storage: Storage) -> None:
    save(storage.store, None, proposal("d-1"))
    (item,) = storage.outbox.pending("d-1", Lane.WORK)
    storage.outbox.done(item)
    storage.outbox.postpone(item, NOON + MINUTE, "late")
    assert storage.outbox.pending("d-1", Lane.WORK) == ()
    assert Lane.WORK not in {due.lane for due in storage.store.unfinished()}
