"""Refused clicks are on record without touching the drill, and nobody can flood the record with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.ports.storage import Refusal
from bot.domain.errors import Replayed
from tests.contract.store.backends import Storage
from tests.contract.store.drills import ADA, GRACE, NOON, proposal, ready, save

REFUSAL = Refusal("d-1", NOON, ADA, "approve", "You asked for this drill.")


def test_a_refused_click_is_kept_whole(storage: Storage) -> None:
    assert storage.store.refusals("d-1") == ()
    storage.store.refuse(REFUSAL)
    assert storage.store.refusals("d-1") == (REFUSAL,)


def test_a_refused_click_does_not_touch_the_drill(storage: Storage) -> None:
    stored = ready(storage.store, "d-1")
    records = storage.store.records("d-1")
    storage.store.refuse(REFUSAL)
    assert storage.store.load("d-1") == stored
    assert storage.store.records("d-1") == records


def test_a_person_is_on_record_once_a_minute_for_the_same_thing(storage: Storage) -> None:
    for seconds in (0, 1, 59):
        storage.store.refuse(replace(REFUSAL, at=NOON + timedelta(seconds=seconds), reason=f"after {seconds} s"))
    assert [kept.reason for kept in storage.store.refusals("d-1")] == ["after 0 s"]


@pytest.mark.parametrize(
    "change",
    [{"at": NOON + timedelta(minutes=1)}, {"actor": GRACE}, {"action": "start"}],
    ids=["a minute later", "another person", "another action"],
)
def test_what_is_not_the_same_is_kept_beside_it(storage: Storage, change: dict[str, object]) -> None:
    other = replace(REFUSAL, **change)  # type: ignore[arg-type]  # each of the three has its field's type
    for refusal in (REFUSAL, other):
        storage.store.refuse(refusal)
    assert set(storage.store.refusals("d-1")) == {REFUSAL, other}


def test_refused_clicks_are_read_in_the_order_of_time(storage: Storage) -> None:
    late = [replace(REFUSAL, at=NOON + timedelta(minutes=minutes)) for minutes in (600, 2, 0, 61)]
    for refusal in late:
        storage.store.refuse(refusal)
    assert list(storage.store.refusals("d-1")) == sorted(late, key=lambda kept: kept.at)


def test_each_drill_has_a_record_of_its_own(storage: Storage) -> None:
    storage.store.refuse(REFUSAL)
    assert storage.store.refusals("d-2") == ()


def test_a_replayed_click_is_not_put_on_record_against_the_person_it_names(storage: Storage) -> None:
    until = NOON + timedelta(days=9)
    storage.store.refuse(REFUSAL, "k", until)
    later = replace(REFUSAL, at=NOON + timedelta(minutes=3))
    with pytest.raises(Replayed):
        storage.store.refuse(later, "k", until)
    storage.store.refuse(later, "another", until)
    assert storage.store.refusals("d-1") == (REFUSAL, later)


def test_the_replay_of_a_saved_click_is_refused_as_one(storage: Storage) -> None:
    until = NOON + timedelta(days=9)
    save(storage.store, None, proposal("d-1"), replay_key="k", replay_until=until)
    with pytest.raises(Replayed):
        storage.store.refuse(REFUSAL, "k", until)
    assert storage.store.refusals("d-1") == ()
