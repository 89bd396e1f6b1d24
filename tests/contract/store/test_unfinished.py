"""The index of unfinished things: drills until they have ended, work until it is done, and when to look at each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.application.ports.work import Due, DueKind
from bot.domain.commands import Lane
from bot.domain.events import JobsObserved, JobStarted
from bot.domain.states import JobStatus, ServerPhase
from tests.contract.store.backends import Storage
from tests.contract.store.drills import (
    FIRST,
    HINDERED,
    HOME,
    NOON,
    WITHDRAWN,
    cleaning_up,
    ended,
    observed,
    plan_of,
    proposal,
    ready,
    running,
    save,
    with_jobs,
)


def drill_of(storage: Storage, drill_id: str = "d-1") -> Due | None:
    found = [due for due in storage.store.unfinished() if (due.kind, due.drill_id) == (DueKind.DRILL, drill_id)]
    assert len(found) < 2
    return found[0] if found else None


def test_an_empty_table_has_nothing_unfinished(storage: Storage) -> None:
    assert storage.store.unfinished() == ()


def test_a_proposal_is_in_the_index_with_its_place_and_expiry(storage: Storage) -> None:
    stored = save(storage.store, None, proposal("d-1"))
    assert drill_of(storage) == Due(
        kind=DueKind.DRILL,
        drill_id="d-1",
        due_at=stored.drill.expires_at,
        account_id=HOME.account_id,
        region=HOME.region,
        wake_at=stored.drill.expires_at,
    )


def test_a_drill_leaves_the_index_when_it_has_ended(storage: Storage) -> None:
    save(storage.store, ready(storage.store, "d-1"), WITHDRAWN)
    ended(storage.store, cleaning_up(storage.store, "d-2"))
    assert drill_of(storage, "d-1") is None
    assert drill_of(storage, "d-2") is None


def test_a_drill_is_due_when_it_wants_to_be_woken(storage: Storage) -> None:
    stored = running(storage.store, "d-1")
    due = drill_of(storage)
    assert due
    assert due.due_at == due.wake_at == stored.drill.wake_at == NOON + timedelta(hours=1)
    assert due.poll_seconds is None


def test_a_drill_that_only_waits_for_work_is_never_due_by_itself(storage: Storage) -> None:
    cleaning_up(storage.store, "d-1")
    due = drill_of(storage)
    assert due
    assert (due.due_at, due.wake_at) == (datetime.max.replace(tzinfo=UTC), None)


def test_a_drill_with_jobs_is_always_due_and_polled_slowly_while_they_are_pending(storage: Storage) -> None:
    with_jobs(storage.store, running(storage.store, "d-1"))
    due = drill_of(storage)
    assert due
    assert (due.due_at <= NOON, due.poll_seconds) == (True, 45)
    assert due.wake_at == NOON + timedelta(hours=1)


def test_one_job_that_runs_among_pending_ones_is_polled_quickly(storage: Storage) -> None:
    stored = with_jobs(storage.store, running(storage.store, "d-1", plan_of(101)))
    jobs = observed(stored, JobStatus.STARTED, ServerPhase.SNAPSHOT).jobs
    save(storage.store, stored, JobsObserved(jobs=jobs[:1]))
    due = drill_of(storage)
    assert due
    assert due.poll_seconds == 15


def test_when_its_jobs_have_ended_a_drill_is_not_polled_any_more(storage: Storage) -> None:
    stored = with_jobs(storage.store, running(storage.store, "d-1", plan_of(1, 1)))
    save(storage.store, stored, observed(stored, JobStatus.COMPLETED, ServerPhase.LAUNCHED), NOON)
    due = drill_of(storage)
    assert due
    assert (due.due_at, due.poll_seconds) == (NOON + timedelta(hours=1), None)


def test_work_is_in_the_index_by_lane_until_it_is_done(storage: Storage) -> None:
    save(storage.store, None, proposal("d-1"))
    (preflight,) = storage.outbox.pending("d-1", Lane.WORK)
    work = Due(kind=DueKind.WORK, drill_id="d-1", due_at=NOON, lane=Lane.WORK)
    card = Due(kind=DueKind.WORK, drill_id="d-1", due_at=NOON, lane=Lane.SLACK)
    assert {work, card} < set(storage.store.unfinished())
    storage.outbox.done(preflight)
    assert work not in storage.store.unfinished()
    assert card in storage.store.unfinished()


def test_work_of_an_ended_drill_is_still_to_be_done(storage: Storage) -> None:
    save(storage.store, ready(storage.store, "d-1"), WITHDRAWN)
    assert {due.lane for due in storage.store.unfinished()} == {Lane.WORK, Lane.SLACK}


def test_work_that_is_postponed_is_due_then(storage: Storage) -> None:
    save(storage.store, None, proposal("d-1"))
    (preflight,) = storage.outbox.pending("d-1", Lane.WORK)
    storage.outbox.postpone(preflight, NOON + timedelta(minutes=3))
    (due,) = [due for due in storage.store.unfinished() if due.lane is Lane.WORK]
    assert due.due_at == NOON + timedelta(minutes=3)


def test_only_what_is_due_by_then_is_found_and_the_moment_itself_counts(storage: Storage) -> None:
    save(storage.store, cleaning_up(storage.store, "d-1"), HINDERED)
    again = NOON + timedelta(minutes=1)
    assert all(due.due_at <= NOON for due in storage.store.unfinished(NOON))
    before = storage.store.unfinished(again - timedelta(microseconds=1))
    new = [due for due in storage.store.unfinished(again) if due not in before]
    assert new == [Due(kind=DueKind.WORK, drill_id="d-1", due_at=again, lane=Lane.WORK)]


@pytest.mark.parametrize("fraction", [0, 1, 500_000])
def test_fractions_of_a_second_count(storage: Storage, fraction: int) -> None:
    save(storage.store, None, proposal("d-1"), NOON + timedelta(microseconds=fraction))
    for later, count in ((-1, 0), (0, 2), (1, 2), (999, 2)):
        assert len(storage.store.unfinished(NOON + timedelta(microseconds=fraction + later))) == count


def test_what_is_due_soonest_comes_first(storage: Storage) -> None:
    cleaning_up(storage.store, "d-1")
    save(storage.store, None, proposal("d-2"), NOON - timedelta(days=400))
    running(storage.store, "d-3", plan_of(1, name="shop", first=9))
    times = [due.due_at for due in storage.store.unfinished()]
    assert times == sorted(times)


def test_the_index_has_every_drill_of_every_place(storage: Storage) -> None:
    elsewhere = HOME.model_copy(update={"account_id": "444455556666"})
    stored = running(storage.store, "d-1", target=elsewhere)
    save(storage.store, stored, JobStarted(key=FIRST, job_id="drsjob-1"))
    ready(storage.store, "d-2")
    drills = {due.drill_id: due for due in storage.store.unfinished() if due.kind is DueKind.DRILL}
    assert {name: due.account_id for name, due in drills.items()} == {"d-1": "444455556666", "d-2": "111122223333"}
