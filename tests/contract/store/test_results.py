"""The result of each drill that has ended is found by its plan, and the newest of every plan by one query."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.application.ports.storage import StoredDrill
from bot.domain.drill import Drill
from bot.domain.errors import ConcurrentUpdate
from bot.domain.events import DrillAborted, LaunchWithdrawn
from bot.domain.plan import Plan
from bot.domain.results import DrillResult, PlanRecord, result_of
from tests.contract.store.backends import DynamoDb, Storage
from tests.contract.store.drills import (
    ADA,
    ALL_GONE,
    NOON,
    WITHDRAWN,
    change_for,
    cleaning_up,
    ended,
    plan_of,
    ready,
    running,
    save,
)

HOUR = timedelta(hours=1)


def ends(storage: Storage, stored: StoredDrill, hours: int = 1) -> DrillResult:
    """Nothing is left of the drill, so many hours after noon."""
    return told(save(storage.store, stored, ALL_GONE, NOON + HOUR * hours).drill)


def told(drill: Drill) -> DrillResult:
    result = result_of(drill)
    assert result
    return result


def passes(storage: Storage, drill_id: str, hours: int, plan: Plan | None = None) -> DrillResult:
    return ends(storage, cleaning_up(storage.store, drill_id, plan), hours)


def is_aborted(storage: Storage, drill_id: str, hours: int) -> DrillResult:
    stored = running(storage.store, drill_id)
    moved = storage.store.save(change_for(stored, DrillAborted(actor=ADA), NOON + HOUR * hours))
    (launch,) = moved.drill.launches
    withdrawn = LaunchWithdrawn(key=launch.key)
    return told(save(storage.store, moved, withdrawn, NOON + HOUR * hours).drill)


def test_a_plan_that_was_never_drilled_has_no_results(storage: Storage) -> None:
    assert storage.results.results("payments", 5) == ()
    assert storage.results.plan_records() == {}


def test_a_drill_that_has_not_ended_has_no_result(storage: Storage) -> None:
    cleaning_up(storage.store, "d-1")
    assert storage.results.results("payments", 5) == ()
    assert storage.results.plan_records() == {}


def test_the_newest_result_comes_first_and_no_more_than_asked_for(storage: Storage) -> None:
    first, second, third = (passes(storage, f"d-{10 - hours}", hours) for hours in (1, 2, 3))
    assert storage.results.results("payments", 10) == (third, second, first)
    assert storage.results.results("payments", 2) == (third, second)
    assert storage.results.results("payments", 1) == (third,)


def test_each_plan_has_its_own_results(storage: Storage) -> None:
    ours = passes(storage, "d-1", 1)
    theirs = passes(storage, "d-2", 2, plan_of(1, name="payments-2", first=9))
    assert storage.results.results("payments", 5) == (ours,)
    assert storage.results.results("payments-2", 5) == (theirs,)
    assert storage.results.plan_records() == {
        "payments": PlanRecord(last=ours, passed=ours),
        "payments-2": PlanRecord(last=theirs, passed=theirs),
    }


def test_a_drill_that_does_not_pass_leaves_the_last_that_did(storage: Storage) -> None:
    passed = passes(storage, "d-1", 1)
    aborted = is_aborted(storage, "d-2", 2)
    assert storage.results.plan_records() == {"payments": PlanRecord(last=aborted, passed=passed)}
    assert storage.results.results("payments", 5) == (aborted, passed)


def test_a_plan_of_which_no_drill_has_passed_yet_has_a_last_one_all_the_same(storage: Storage) -> None:
    aborted = is_aborted(storage, "d-1", 1)
    assert storage.results.plan_records() == {"payments": PlanRecord(last=aborted)}


def test_what_was_never_started_is_a_result_and_shows_nothing_of_the_plan(storage: Storage) -> None:
    cancelled = told(save(storage.store, ready(storage.store, "d-1"), WITHDRAWN).drill)
    assert storage.results.results("payments", 5) == (cancelled,)
    assert storage.results.plan_records() == {}


def test_a_drill_whose_end_was_not_saved_has_no_result(storage: Storage) -> None:
    stored = cleaning_up(storage.store, "d-1")
    change = change_for(stored, ALL_GONE, NOON + HOUR)
    result = told(storage.store.save(change).drill)
    with pytest.raises(ConcurrentUpdate):
        storage.store.save(change_for(stored, ALL_GONE, NOON + HOUR * 2))
    assert storage.results.results("payments", 5) == (result,)


@pytest.mark.ministack
def test_reading_costs_one_query_and_ending_a_drill_one_transaction(dynamodb: DynamoDb) -> None:
    storage = dynamodb.storage()
    stored = cleaning_up(storage.store, "d-1")
    dynamodb.watch()
    ended(storage.store, stored)
    assert [operation for operation, _ in dynamodb.calls if operation != "GetItem"] == ["TransactWriteItems"]
    for read in (lambda: storage.results.results("payments", 3), storage.results.plan_records):
        dynamodb.calls.clear()
        read()
        assert [operation for operation, _ in dynamodb.calls] == ["Query"]


@pytest.mark.ministack
def test_as_many_are_read_as_asked_for_however_dynamodb_cuts_its_pages(dynamodb: DynamoDb) -> None:
    storage = dynamodb.storage()
    made = [passes(storage, f"d-{hours}", hours) for hours in (1, 2, 3)]

    def one_at_a_time(params: Any) -> None:
        params["Limit"] = 1

    dynamodb.before("Query", one_at_a_time)
    assert storage.results.results("payments", 2) == (made[2], made[1])
