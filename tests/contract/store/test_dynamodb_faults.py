"""What DynamoDB's errors mean: what can be tried again is, within a click's time; what was done is not done twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

from bot.adapters.dynamodb import DynamoDbStore
from bot.adapters.dynamodb_table import PAUSES
from bot.application.ports.storage import StoreUnavailable
from bot.domain.commands import Lane
from bot.domain.errors import ConcurrentUpdate
from tests.contract.store.backends import DynamoDb, cancelled, error
from tests.contract.store.drills import CHECKED, FIRST, NOON, proposal, save

pytestmark = pytest.mark.ministack
LATER = NOON + timedelta(minutes=2)
CONFLICT = cancelled("None", "TransactionConflict", "None", "None")
LOST = ConnectionClosedError(endpoint_url="http://dynamodb")


def unreachable() -> Any:
    raise EndpointConnectionError(endpoint_url="http://dynamodb")


def timed_out() -> Any:
    raise ReadTimeoutError(endpoint_url="http://dynamodb")


@pytest.mark.parametrize(
    "answer",
    [
        CONFLICT,
        cancelled("None", "ThrottlingError", "TransactionConflict", "None"),
        cancelled("ProvisionedThroughputExceeded", "None", "None", "None"),
        error("TransactionInProgressException"),
        error("ProvisionedThroughputExceededException"),
        error("ThrottlingException"),
        error("RequestLimitExceeded"),
        error("InternalServerError", 500),
        error("503", 503),
        unreachable,
        timed_out,
    ],
)
def test_a_save_that_met_a_passing_trouble_is_tried_again(dynamodb: DynamoDb, answer: Callable[[], Any]) -> None:
    store = dynamodb.storage().store
    dynamodb.answers("TransactWriteItems", answer, answer)
    stored = save(store, None, proposal("d-1"))
    assert store.load("d-1") == stored
    assert len(dynamodb.pauses) == 2


def test_all_attempts_of_a_save_carry_one_token_and_each_save_its_own(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    dynamodb.watch()
    dynamodb.answers("TransactWriteItems", CONFLICT, unreachable)
    save(store, save(store, None, proposal("d-1")), CHECKED)
    tokens = [params["ClientRequestToken"] for _, params in dynamodb.calls]
    assert len(tokens) == 4
    assert len(set(tokens[:3])) == 1
    assert len(set(tokens)) == 2


def test_pauses_grow_are_spread_by_chance_and_fit_into_a_click(dynamodb: DynamoDb) -> None:
    store = DynamoDbStore(dynamodb.table(chance=lambda: 0.5))
    dynamodb.answers("TransactWriteItems", *[CONFLICT] * len(PAUSES))
    save(store, None, proposal("d-1"))
    assert dynamodb.pauses == [pause / 2 for pause in PAUSES]
    assert sum(PAUSES) < 1.6


def test_a_save_that_conflicts_on_and_on_has_to_be_decided_again(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    dynamodb.answers("TransactWriteItems", *[CONFLICT] * 9)
    with pytest.raises(ConcurrentUpdate):
        save(store, None, proposal("d-1"))
    assert len(dynamodb.pauses) == len(PAUSES)


@pytest.mark.parametrize("answer", [error("ThrottlingException"), error("InternalServerError", 500), unreachable])
def test_a_table_that_stays_out_of_reach_can_be_tried_later(dynamodb: DynamoDb, answer: Callable[[], Any]) -> None:
    dynamodb.answers("TransactWriteItems", *[answer] * 9)
    with pytest.raises(StoreUnavailable) as failed:
        save(dynamodb.storage().store, None, proposal("d-1"))
    assert failed.value.retryable
    assert len(dynamodb.pauses) == len(PAUSES)


@pytest.mark.parametrize(
    "answer", [error("AccessDeniedException"), error("ValidationException"), cancelled("None", "ValidationError")]
)
def test_what_trying_again_cannot_mend_fails_at_once(dynamodb: DynamoDb, answer: Callable[[], Any]) -> None:
    dynamodb.answers("TransactWriteItems", answer)
    with pytest.raises(StoreUnavailable) as failed:
        save(dynamodb.storage().store, None, proposal("d-1"))
    assert not failed.value.retryable
    assert dynamodb.pauses == []


def test_reads_and_single_writes_are_tried_again_too(dynamodb: DynamoDb) -> None:
    storage = dynamodb.storage()
    stored = save(storage.store, None, proposal("d-1"))
    (item,) = storage.outbox.pending("d-1", Lane.WORK)
    dynamodb.answers("Query", error("ThrottlingException"))
    dynamodb.answers("UpdateItem", error("TransactionConflictException"))
    storage.outbox.postpone(item, LATER, "Throttled")
    assert storage.store.load("d-1") == stored
    assert len(dynamodb.pauses) == 2
    (postponed,) = storage.outbox.pending("d-1", Lane.WORK)
    assert (postponed.due_at, postponed.attempts) == (LATER, 1)


def test_a_single_write_in_the_way_of_transactions_can_be_tried_later(dynamodb: DynamoDb) -> None:
    dynamodb.answers("PutItem", *[error("TransactionConflictException")] * 9)
    with pytest.raises(StoreUnavailable) as failed:
        dynamodb.storage().outbox.nudge("d-1", Lane.SLACK, NOON)
    assert failed.value.retryable


def test_a_save_whose_answer_was_lost_is_saved_once(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    dynamodb.loses_answer("TransactWriteItems", LOST)
    stored = save(store, None, proposal("d-1"))
    dynamodb.loses_answer("TransactWriteItems", LOST)
    stored = save(store, stored, CHECKED)
    assert len(dynamodb.pauses) == 2
    assert store.load("d-1") == stored
    assert [kept.version for kept in store.records("d-1")] == [1, 2]


def test_a_claim_whose_answer_was_lost_is_known_as_our_own(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    dynamodb.loses_answer("PutItem", LOST)
    claim = store.claim("d-1", FIRST, NOON)
    assert (claim.is_ours, claim.since) == (True, NOON)
    assert len(dynamodb.pauses) == 1
    assert not store.claim("d-1", FIRST, LATER).is_ours


def test_taking_over_a_claim_is_known_to_have_worked_when_the_answer_was_lost(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    claim = store.claim("d-1", FIRST, NOON)
    dynamodb.loses_answer("UpdateItem", LOST)
    assert store.renew_claim("d-1", claim, LATER).since == LATER
    with pytest.raises(ConcurrentUpdate):
        store.renew_claim("d-1", claim, LATER + timedelta(minutes=2))
