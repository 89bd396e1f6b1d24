"""The record: each event whole, chained, and any change to it shows."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.audit import GENESIS, Record, digest, record
from bot.domain.drill import Drill
from bot.domain.events import DrillProposed, DrillStarted
from bot.domain.state_machine import transition
from bot.domain.states import Purpose
from tests.unit.domain.orders import ADA, BOB, a_plan, a_wave
from tests.unit.domain.story import NOON, Story


def told() -> Story:
    story = Story(a_plan(a_wave("Database"), a_wave("Web"))).is_started().jobs_start().after(minutes=9).jobs_complete()
    return story.approves(BOB).jobs_start().jobs_complete().is_clean()


def written(kept: Record) -> dict[str, Any]:
    """The record's JSON, as it is stored and read."""
    found: dict[str, Any] = json.loads(kept.model_dump_json())
    return found


def chain(story: Story) -> list[Record]:
    records: list[Record] = []
    for event, at, decision in story.history:
        previous = records[-1].hash if records else GENESIS
        records.append(record(decision.drill, event, at, engine="1.0", previous=previous))
    return records


def test_each_record_names_the_one_before_it() -> None:
    records = chain(told())
    assert [kept.version for kept in records] == list(range(1, len(records) + 1))
    assert records[0].previous == "0" * 64
    assert [kept.previous for kept in records[1:]] == [kept.hash for kept in records[:-1]]
    assert len({kept.hash for kept in records}) == len(records)


def test_a_record_can_be_checked_by_its_own_content() -> None:
    assert all(digest(written(kept)) == kept.hash for kept in chain(told()))


def test_a_record_from_before_a_field_was_added_can_still_be_checked() -> None:
    old = written(chain(told())[0])
    del old["event"]["purpose"]
    old["hash"] = digest(old)
    read = Record.model_validate(old)
    assert isinstance(read.event, DrillProposed)
    assert read.event.purpose is Purpose.DRILL
    assert digest(old) == read.hash != digest(written(read)), "by way of the model it would seem to have been changed"


@pytest.mark.parametrize(
    "change",
    [
        {"drill_id": "payments-2"},
        {"version": 7},
        {"at": NOON + timedelta(microseconds=1)},
        {"engine": "1.1"},
        {"previous": "f" * 64},
        {"event": DrillStarted(actor=BOB)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_change_to_any_field_shows(change: dict[str, Any]) -> None:
    story = Story(a_plan()).is_started()
    kept = record(story.drill, DrillStarted(actor=ADA), NOON, engine="1.0", previous=GENESIS)
    assert set(Record.model_fields) - {"hash"} == {"drill_id", "version", "at", "engine", "previous", "event"}
    assert digest(written(kept.model_copy(update=change))) != kept.hash


def test_the_hash_is_of_the_content_and_not_of_itself() -> None:
    kept = chain(told())[0]
    assert digest(written(kept) | {"hash": "0"}) == kept.hash


def test_a_record_reads_back_from_json_and_still_fits_its_hash() -> None:
    for kept in chain(told()):
        read = Record.model_validate_json(kept.model_dump_json())
        assert read == kept
        assert digest(written(read)) == kept.hash


def test_the_same_moment_in_another_zone_is_the_same_record() -> None:
    story = Story(a_plan()).is_started()
    zoned = record(story.drill, DrillStarted(actor=ADA), NOON.astimezone(), engine="1.0", previous=GENESIS)
    assert zoned.hash == record(story.drill, DrillStarted(actor=ADA), NOON, engine="1.0", previous=GENESIS).hash


def test_a_drill_is_replayed_from_its_record_alone() -> None:
    story = told()
    drill: Drill | None = None
    for kept in chain(story):
        drill = transition(drill, Record.model_validate_json(kept.model_dump_json()).event, kept.at).drill
    assert drill == story.drill
