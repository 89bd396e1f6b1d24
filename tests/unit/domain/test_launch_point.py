"""What a drill launches from: who chooses, which times can be chosen, and that it stays what was checked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pydantic import TypeAdapter

from bot.domain.errors import NotAllowed, UnfitTime
from bot.domain.events import EVENT, DrillProposed, PreflightCompleted
from bot.domain.launch_point import (
    LONGEST_KEPT,
    PLANNED,
    Fresh,
    LaunchPoint,
    NewestBefore,
    NewestExisting,
    RecoverySnapshot,
)
from bot.domain.mark_up import plain
from bot.domain.state_machine import transition
from tests.unit.domain.orders import EVE, a_plan, a_wave, proposal, server
from tests.unit.domain.story import NOON, Story

SECOND = timedelta(seconds=1)
POINTS: list[LaunchPoint] = [Fresh(), NewestExisting(), NewestBefore(at=NOON)]
S1, S2 = server(1), server(2)


def asked(point: LaunchPoint, *, by: DrillProposed | None = None) -> DrillProposed:
    return (by or proposal(a_plan())).model_copy(update={"launch_point": point})


def snapshot(number: int) -> RecoverySnapshot:
    return RecoverySnapshot(id=f"pit-{number:017}", at=NOON - number * timedelta(minutes=1))


@pytest.mark.parametrize("point", POINTS)
def test_the_drill_keeps_the_choice_as_it_was_made(point: LaunchPoint) -> None:
    assert transition(None, asked(point), NOON).drill.launch_point == point
    adapter: TypeAdapter[LaunchPoint] = TypeAdapter(LaunchPoint)
    assert adapter.validate_json(adapter.dump_json(point)) == point


def test_a_plan_can_ask_for_fresh_or_for_the_newest_and_for_no_time() -> None:
    assert [PLANNED["fresh"], PLANNED["newest"]] == [Fresh(), NewestExisting()]
    assert a_plan().launch_point == "fresh"


def test_events_from_before_there_was_a_choice_mean_fresh_snapshots() -> None:
    stored = proposal(a_plan()).model_dump(mode="json")
    del stored["launch_point"], stored["plan"]["launch_point"]
    event = EVENT.validate_python(stored)
    assert transition(None, event, NOON).drill.launch_point == Fresh()
    checked = EVENT.validate_python({"type": "preflight_completed", "findings": [], "names": {}})
    assert Story(a_plan()).tell(checked).drill.wave(1).servers[0].snapshot is None


@pytest.mark.parametrize("at", [NOON, NOON - SECOND, NOON - LONGEST_KEPT])
def test_a_time_that_has_passed_and_of_which_drs_may_keep_something_is_taken(at: datetime) -> None:
    assert transition(None, asked(NewestBefore(at=at)), NOON).drill.launch_point == NewestBefore(at=at)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOON + SECOND, "This time is yet to come (2026-03-02 at 12:00 UTC): recovery points"),
        (
            NOON - LONGEST_KEPT - SECOND,
            "This time is too long ago (2025-03-02 at 11:59 UTC): DRS keeps recovery points for 365 days at most.",
        ),
    ],
)
def test_any_other_time_is_refused_with_the_reason(at: datetime, words: str) -> None:
    with pytest.raises(UnfitTime) as refused:
        transition(None, asked(NewestBefore(at=at)), NOON)
    assert plain(str(refused.value)).startswith(words)


def test_somebody_who_may_not_ask_for_the_drill_is_told_that_and_nothing_of_times() -> None:
    with pytest.raises(NotAllowed):
        transition(None, asked(NewestBefore(at=NOON + SECOND), by=proposal(a_plan(), by=EVE)), NOON)


def checked_from(*snapshots: RecoverySnapshot) -> Story:
    """A started drill of one wave, of which the first servers are launched from these snapshots."""
    story = Story(a_plan(a_wave("Database", 2)))
    chosen = dict(zip([S1, S2], snapshots, strict=False))
    return story.tell(PreflightCompleted(findings=(), names={}, snapshots=chosen)).starts()


def test_each_server_is_launched_from_the_snapshot_that_was_chosen_for_it() -> None:
    drill = checked_from(snapshot(1), snapshot(2)).drill
    assert [found.snapshot for found in drill.servers] == [snapshot(1), snapshot(2)]
    (launch,) = drill.launches
    assert drill.snapshot_ids(launch) == {S1: snapshot(1).id, S2: snapshot(2).id}


def test_servers_without_a_chosen_snapshot_get_a_fresh_one() -> None:
    drill = checked_from(snapshot(1)).drill
    (launch,) = drill.launches
    assert drill.snapshot_ids(launch) == {S1: snapshot(1).id}
    fresh = checked_from().drill
    assert fresh.snapshot_ids(next(fresh.launches)) == {}


def test_a_retry_launches_the_servers_that_failed_from_the_same_snapshots() -> None:
    story = checked_from(snapshot(1), snapshot(2)).jobs_start().jobs_complete(failed=[2])
    again = list(story.retries().drill.launches)[-1]
    assert story.drill.snapshot_ids(again) == {S2: snapshot(2).id}
