"""A drill that this release cannot read is left as it is, is told of, and holds up no other."""

from __future__ import annotations

import logging

import pytest

from bot.application.looking import Looking
from bot.application.overview import active_drills
from bot.domain.approval import Action
from bot.domain.errors import UnreadableDrill
from bot.domain.states import DrillState
from tests.unit.application.board import Board
from tests.unit.application.house import House
from tests.unit.application.town import Town
from tests.unit.builders import CHANNEL
from tests.unit.plans import small_plan


@pytest.fixture
def house() -> House:
    """Two drills, of which one cannot be read any more."""
    house = House((small_plan("one", 1), small_plan("two", 2)))
    house.launched("one")
    house.launched("two")
    house.table.unreadable.add("one-1")
    return house


def test_the_others_are_listed_and_this_one_is_named(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    found = Looking(house.drills).under_way()
    assert [drill.id for drill in found.drills] == ["two-2"]
    assert found.unreadable == ("one-1",)
    assert [record.drill_id for record in caplog.records] == ["one-1"]  # type: ignore[attr-defined]


def test_one_that_somebody_has_deleted_is_not_missed(house: House) -> None:
    due = house.store.unfinished()
    house.table.unreadable.clear()
    del house.table.drills["one-1"]
    house.store.lag(due)
    found = Looking(house.drills).under_way()
    assert ([drill.id for drill in found.drills], found.unreadable) == (["two-2"], ())


def test_the_others_are_polled_and_drawn_and_seen_on_homes(house: House) -> None:
    for launch in house.drill("two-2").followed_jobs:
        house.drs.finish(launch.job_id or "")
    house.poller.poll(["one-1", "two-2"])
    assert house.drill("two-2").state is DrillState.CLEANING_UP
    assert [drill.id for drill in active_drills(house.store)] == ["two-2"]
    assert house.drills.offering.in_channel(CHANNEL)


def test_whoever_asks_for_it_is_told_and_whoever_works_at_it_leaves_it_alone(house: House) -> None:
    board = Board(house)
    work = house.table.work.copy()
    for act in (
        lambda: house.drills.status("one-1"),
        lambda: house.do("one-1", Action.ABORT),
        lambda: house.executor.wake("one-1", lambda: house.clock() - house.clock()),
        lambda: board.drain("one-1"),
    ):
        with pytest.raises(UnreadableDrill, match="one-1 cannot be read by this release"):
            act()
    assert house.table.work == work


def test_the_executor_does_nothing_about_it_and_postpones_nothing(house: House) -> None:
    item = next(each for each in house.table.work.values() if each.drill_id == "one-1")
    with pytest.raises(UnreadableDrill):
        house.executor._perform(item)
    assert item in house.table.work.values()


def test_a_sweep_leaves_what_it_has_launched_alone(house: House) -> None:
    for launch in house.table.drills["one-1"].drill.followed_jobs:
        house.drs.finish(launch.job_id or "")
    assert house.executor.sweeping._is_open("one-1")


def test_an_earlier_drill_that_cannot_be_read_is_no_obstacle() -> None:
    town = Town()
    first = town.ask()
    town.start(first)
    town.abort(first)
    town.jobs_end(first)
    town.instances_go(first)
    town.house.table.unreadable.add(first)
    assert town.house.drills.offering.of_message(CHANNEL, "1.1") is None
    second = town.ask()
    assert town.drill(second).state is DrillState.READY
