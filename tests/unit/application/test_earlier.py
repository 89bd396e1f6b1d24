"""Which drills of a plan are earlier than one, and what people have added to them."""

from __future__ import annotations

from datetime import timedelta

from bot.application.earlier import EarlierDrills
from bot.domain.approval import Action
from tests.fakes.results import MemoryResults
from tests.unit.application.house import House
from tests.unit.builders import GRACE


def ended(house: House) -> str:
    """A drill that was run and has ended, with a finding that names it."""
    drill_id = house.ready()
    house.do(drill_id, Action.START)
    house.abort(drill_id)
    house.drain(drill_id)
    house.do(drill_id, Action.ADD_FINDING, f"Found in {drill_id}.", by=GRACE)
    house.pass_time(timedelta(days=1))
    return drill_id


def test_neither_a_drill_itself_nor_one_after_it_is_earlier() -> None:
    house = House()
    first, second, third = (ended(house) for _ in range(3))
    earlier = EarlierDrills(house.store, MemoryResults(house.table))
    found = {name: [drill_id for drill_id, _ in earlier.findings_of(house.drill(name))] for name in (first, second)}
    assert found == {first: [], second: [first]}
    assert [result.drill_id for result in earlier.results_of(house.drill(third))] == [second, first]


def test_to_a_drill_that_has_not_ended_all_that_have_are_earlier() -> None:
    house = House()
    first = ended(house)
    now = house.drill(house.ready())
    assert [each.text for _, each in EarlierDrills(house.store, MemoryResults(house.table)).findings_of(now)] == [
        f"Found in {first}."
    ]
