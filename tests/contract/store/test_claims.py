"""A claim is the right to send one StartRecovery: one caller has it, and it stays until it is given back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.errors import ConcurrentUpdate
from bot.domain.launch import LaunchKey
from tests.contract.store.backends import Storage
from tests.contract.store.drills import FIRST, NOON

LATER = NOON + timedelta(minutes=2)
MUCH_LATER = NOON + timedelta(minutes=4)


def test_the_first_claim_is_ours_and_a_second_one_learns_since_when(storage: Storage) -> None:
    first = storage.store.claim("d-1", FIRST, NOON)
    assert (first.key, first.is_ours, first.since) == (FIRST, True, NOON)
    second = storage.store.claim("d-1", FIRST, LATER)
    assert (second.key, second.is_ours, second.since) == (FIRST, False, NOON)


@pytest.mark.parametrize("field", ["wave", "attempt", "batch"])
def test_each_launch_has_a_claim_of_its_own(storage: Storage, field: str) -> None:
    storage.store.claim("d-1", FIRST, NOON)
    assert storage.store.claim("d-1", FIRST.model_copy(update={field: 2}), NOON).is_ours


def test_each_drill_has_claims_of_its_own(storage: Storage) -> None:
    storage.store.claim("d-1", LaunchKey(wave=11, attempt=1, batch=1), NOON)
    assert storage.store.claim("d-2", LaunchKey(wave=11, attempt=1, batch=1), NOON).is_ours
    assert storage.store.claim("d-1", LaunchKey(wave=1, attempt=1, batch=1), NOON).is_ours


def test_a_claim_that_was_given_back_can_be_made_anew(storage: Storage) -> None:
    storage.store.release_claim("d-1", storage.store.claim("d-1", FIRST, NOON))
    again = storage.store.claim("d-1", FIRST, LATER)
    assert (again.is_ours, again.since) == (True, LATER)


def test_a_claim_of_unclear_fate_stays(storage: Storage) -> None:
    storage.store.claim("d-1", FIRST, NOON)
    assert not storage.store.claim("d-1", FIRST, NOON + timedelta(days=30)).is_ours


def test_only_the_claim_that_stands_can_be_given_back(storage: Storage) -> None:
    old = storage.store.claim("d-1", FIRST, NOON)
    storage.store.renew_claim("d-1", old, LATER)
    storage.store.release_claim("d-1", old)
    assert storage.store.claim("d-1", FIRST, MUCH_LATER).since == LATER


def test_giving_back_what_is_not_claimed_does_nothing(storage: Storage) -> None:
    claim = storage.store.claim("d-1", FIRST, NOON)
    storage.store.release_claim("d-1", claim)
    storage.store.release_claim("d-1", claim)
    assert storage.store.claim("d-1", FIRST, LATER).is_ours


def test_a_claim_is_taken_over_once(storage: Storage) -> None:
    storage.store.claim("d-1", FIRST, NOON)
    standing = storage.store.claim("d-1", FIRST, LATER)
    renewed = storage.store.renew_claim("d-1", standing, LATER)
    assert (renewed.key, renewed.is_ours, renewed.since) == (FIRST, True, LATER)
    for moment in (LATER, MUCH_LATER):
        with pytest.raises(ConcurrentUpdate):
            storage.store.renew_claim("d-1", standing, moment)
    assert storage.store.claim("d-1", FIRST, MUCH_LATER).since == LATER


def test_a_claim_can_only_be_taken_over_later_than_it_was_made(storage: Storage) -> None:
    claim = storage.store.claim("d-1", FIRST, NOON)
    for moment in (NOON, NOON - timedelta(seconds=1)):
        with pytest.raises(ConcurrentUpdate):
            storage.store.renew_claim("d-1", claim, moment)


def test_a_claim_that_was_given_back_cannot_be_taken_over(storage: Storage) -> None:
    claim = storage.store.claim("d-1", FIRST, NOON)
    storage.store.release_claim("d-1", claim)
    with pytest.raises(ConcurrentUpdate):
        storage.store.renew_claim("d-1", claim, LATER)
    assert storage.store.claim("d-1", FIRST, MUCH_LATER).is_ours
