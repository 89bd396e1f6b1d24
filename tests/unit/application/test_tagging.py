"""Whoever meets an instance in the console is to see which drill has launched it; nothing waits for that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.ports.drs import Refused
from bot.application.tagging import LOOK_AGAIN, LOOKS
from bot.domain.drill import Drill
from tests.unit.application.faults import refused
from tests.unit.application.house import House
from tests.unit.builders import a_plan

TWO_WAVES = (a_plan(("Database", 2), ("Web", 1)),)


@pytest.fixture
def house() -> House:
    return House(TWO_WAVES)


def launched(house: House) -> Drill:
    """Wave 1 is launched, and wave 2 waits for approval."""
    return house.follow(house.launched())


def tags(house: House) -> list[str | None]:
    return [instance.drill_id for instance in house.drs.instances.values()]


def test_what_a_wave_has_launched_is_tagged_with_its_drill(house: House) -> None:
    drill = launched(house)
    assert tags(house) == [None, None]
    house.drain(drill.id)
    assert tags(house) == [drill.id] * 2
    assert house.work(drill.id) == ()


def test_an_instance_that_drs_shows_late_is_tagged_then(house: House) -> None:
    drill = launched(house)
    late = house.drs.instances.popitem()
    house.drain(drill.id)
    assert tags(house) == [drill.id]
    house.drs.instances.update([late])
    house.pass_time(LOOK_AGAIN)
    house.drain(drill.id)
    assert tags(house) == [drill.id] * 2
    first, again = house.drs.called("tag")
    assert again == (drill.id, (late[0],)), "what is tagged is not tagged again"
    assert first != again


def test_one_that_drs_never_shows_is_not_looked_for_for_ever(house: House) -> None:
    drill = launched(house)
    house.drs.instances.clear()
    for _ in range(LOOKS):
        house.drain(drill.id)
        house.pass_time(LOOK_AGAIN)
    assert house.work(drill.id) == ()


def test_a_tag_that_is_denied_is_a_line_in_the_log_and_nothing_more(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    drill = launched(house)
    for _ in range(LOOKS):
        house.drs.fail_next("tag", refused(Refused.DENIED, "no right to tag"))
        house.drain(drill.id)
        house.pass_time(LOOK_AGAIN)
    assert house.work(drill.id) == ()
    assert house.drill(drill.id) == drill
    assert "instances could not be tagged" in caplog.text


def test_a_drill_that_has_gone_over_to_its_cleanup_tags_nothing(house: House) -> None:
    drill = launched(house)
    house.abort(drill.id)
    house.pass_time(timedelta(seconds=1))
    house.drain(drill.id)
    assert house.drs.called("tag") == []
