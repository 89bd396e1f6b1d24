from __future__ import annotations

from datetime import timedelta

import pytest

from bot import ENGINE
from bot.application.deciding import TRIES
from bot.domain.approval import Action
from bot.domain.audit import GENESIS, digest
from bot.domain.drill import Drill
from bot.domain.errors import ConcurrentUpdate, IllegalTransition, Replayed
from bot.domain.events import DrillProposed, DrillStarted, Event, PreflightCompleted, TimePassed
from bot.domain.states import DrillState
from tests.unit.application.house import House
from tests.unit.builders import ADA, HOME, LINUS, a_plan

CHECKED = PreflightCompleted(findings=(), names={})


@pytest.fixture
def house() -> House:
    return House()


def test_an_event_is_saved_whole_with_its_time_its_engine_and_the_hash_of_the_one_before(house: House) -> None:
    drill_id = house.ready()
    house.pass_time(timedelta(minutes=3))
    event = DrillStarted(actor=ADA)
    drill = house.decider.apply(drill_id, lambda _drill: event)
    first, second, third = house.store.records(drill_id)
    assert (first.previous, second.previous, third.previous) == (GENESIS, first.hash, second.hash)
    assert (third.event, third.at, third.engine, third.version) == (event, house.clock(), ENGINE, drill.version)
    assert third.hash == digest(third.model_dump(mode="json")) == house.store.load(drill_id).audit_head


def test_the_work_that_an_event_causes_is_saved_with_it_and_the_work_it_results_from_is_gone(house: House) -> None:
    drill_id = house.proposed()
    (preflight,) = house.work(drill_id)
    house.decider.apply(drill_id, lambda _drill: CHECKED, done=preflight)
    assert house.work(drill_id) == ()
    house.decider.apply(drill_id, lambda _drill: DrillStarted(actor=ADA))
    assert [item.command.type for item in house.work(drill_id)] == ["launch_batch"]


def test_no_event_changes_nothing(house: House) -> None:
    drill_id = house.ready()
    before = house.drill(drill_id)
    assert house.decider.apply(drill_id, lambda _drill: None) == before
    assert house.store.calls.count("save") == 2  # it was proposed and checked


def test_a_lost_race_is_decided_again_on_what_is_there_now(house: House) -> None:
    drill_id = house.ready()
    seen: list[DrillState] = []

    def derive(drill: Drill) -> Event | None:
        seen.append(drill.state)
        return DrillStarted(actor=ADA)

    house.store.before("save", lambda: house.do(drill_id, Action.START, by=LINUS))
    with pytest.raises(IllegalTransition, match="Already started by <@U0LINUS>"):
        house.decider.apply(drill_id, derive)
    assert seen == [DrillState.READY, DrillState.RUNNING]
    assert house.drill(drill_id).started_by == LINUS


def test_a_drill_that_changes_faster_than_it_can_be_read_is_read_again(house: House) -> None:
    drill_id = house.proposed()
    house.store.fail("load", ConcurrentUpdate("changes too fast"), times=TRIES - 1)
    assert house.decider.apply(drill_id, lambda _drill: CHECKED).state is DrillState.READY


def test_after_eight_lost_races_whoever_asked_is_told(house: House) -> None:
    drill_id = house.proposed()
    house.store.fail("save", ConcurrentUpdate("somebody was quicker"), times=TRIES)
    with pytest.raises(ConcurrentUpdate, match="somebody was quicker"):
        house.decider.apply(drill_id, lambda _drill: CHECKED)
    assert house.drill(drill_id).state is DrillState.PROPOSED
    house.store.fail("save", ConcurrentUpdate("somebody was quicker"), times=TRIES - 1)
    assert house.decider.apply(drill_id, lambda _drill: CHECKED).state is DrillState.READY


def test_the_second_request_with_the_same_signature_changes_nothing(house: House) -> None:
    click = house.click()
    first = house.drills.propose("payments", click)
    house.do(first.id, Action.WITHDRAW)
    with pytest.raises(Replayed):
        house.drills.propose("payments", click)
    assert list(house.table.drills) == [first.id]
    house.wall.time = click.replay_until + timedelta(seconds=1)  # the age of its signature refuses it from then on
    assert house.drills.propose("payments", click).id != first.id


def test_a_drill_cannot_be_made_twice_under_one_id(house: House) -> None:
    event = DrillProposed(drill_id="payments-1", plan=a_plan(), target=HOME, actor=ADA)
    assert house.decider.create(event).version == 1
    with pytest.raises(ConcurrentUpdate):
        house.decider.create(event)
    with pytest.raises(IllegalTransition):
        house.decider.create(TimePassed())
