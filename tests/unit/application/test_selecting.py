"""Servers by their tags, through the executor: before Start, and once more after it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.checking import TRIES
from bot.application.ports.drs import Refused
from bot.domain.approval import Action
from bot.domain.errors import DrillError
from bot.domain.facts import SourceServer
from bot.domain.findings import Check
from bot.domain.plan import Plan
from bot.domain.plan_servers import Selector
from bot.domain.states import DrillState, Outcome
from tests.unit.application.faults import refused
from tests.unit.application.house import House
from tests.unit.builders import ADA, LINUS, a_plan, server_id


def by_tags() -> Plan:
    """Its second wave has server 3 by its id, and whatever is tagged `Tier: web`."""
    plan = a_plan(("Database", 2), ("Web", 1))
    web = plan.waves[1].model_copy(update={"select": Selector(tags={"Tier": ("web",)})})
    return plan.model_copy(update={"waves": (plan.waves[0], web)})


def tag(house: House, *numbers: int, tier: str = "web") -> None:
    for number in numbers:
        seen = {"replication_state": "CONTINUOUS", "lag": timedelta(), "last_seen": house.clock()}
        server = SourceServer(id=server_id(number), name=f"web-{number}", tags={"Tier": tier}, **seen)
        house.drs.add_servers(server)


@pytest.fixture
def house() -> House:
    house = House((by_tags(),))
    tag(house, 8, 7)
    return house


def servers(house: House, drill_id: str) -> list[list[str]]:
    return [[server.id for server in wave.servers] for wave in house.drill(drill_id).waves]


def ids(*numbers: int) -> list[str]:
    return [server_id(number) for number in numbers]


def test_what_tags_choose_is_checked_and_shown_with_what_is_named(house: House) -> None:
    drill_id = house.ready()
    assert servers(house, drill_id) == [ids(1, 2), ids(3, 7, 8)]
    assert [server.name for server in house.drill(drill_id).wave(2).servers] == ["", "web-7", "web-8"]
    assert [call.method for call in house.drs.calls] == [
        "every_source_server",
        "launch_settings",
        "recovery_instances",
        "active_jobs",
    ]


def test_start_looks_once_and_launches_the_same_servers(house: House) -> None:
    drill_id = house.ready()
    house.drs.calls.clear()
    house.do(drill_id, Action.START)
    assert house.drill(drill_id).state is DrillState.STARTING
    assert house.drs.calls == []
    assert house.drain(drill_id).state is DrillState.RUNNING
    assert house.drs.calls[0].method == "every_source_server"
    assert len(house.drs.called("every_source_server")) == 1
    assert set(house.table.owners["123456789012", "eu-west-1"]) == {*ids(1, 2, 3, 7, 8), "plan:payments"}


def test_a_server_that_gets_the_tags_before_start_is_checked_and_confirmed_first(house: House) -> None:
    drill_id = house.ready()
    tag(house, 9)
    tag(house, 7, tier="retired")
    house.do(drill_id, Action.START)
    drill = house.drain(drill_id)
    assert drill.state is DrillState.READY
    assert drill.preflight is not None
    assert drill.preflight.number == 2
    assert servers(house, drill_id) == [ids(1, 2), ids(3, 8, 9)]
    assert house.table.owners["123456789012", "eu-west-1"] == {}
    assert house.drs.called("start_drill") == []
    house.do(drill_id, Action.START)
    assert house.drain(drill_id).state is DrillState.RUNNING
    assert sorted(house.table.owners["123456789012", "eu-west-1"]) == sorted([*ids(1, 2, 3, 8, 9), "plan:payments"])


def test_a_server_of_another_drill_that_gets_the_tags_blocks_at_the_new_checks() -> None:
    other = a_plan(("Other", 1), name="other")
    other = other.model_copy(update={"waves": (other.waves[0].model_copy(update={"servers": other_servers(other)}),)})
    house = House((by_tags(), other))
    tag(house, 7)
    mine = house.ready()
    theirs = house.drain(house.drills.propose("other", house.click(LINUS)).id).id
    house.do(theirs, Action.START, by=LINUS)
    tag(house, 12)
    house.do(mine, Action.START)
    drill = house.drain(mine)
    assert drill.outcome is Outcome.REFUSED
    assert drill.preflight is not None
    assert [finding.check for finding in drill.preflight.blocking] == [Check.ACTIVE_DRILL]


def other_servers(plan: Plan) -> tuple[object, ...]:
    return (plan.waves[0].servers[0].model_copy(update={"id": server_id(12)}),)


def test_a_server_that_another_drill_has_locked_meanwhile_refuses_the_click(house: House) -> None:
    drill_id = house.ready()
    house.table.owners["123456789012", "eu-west-1"] = {server_id(8): "other-1"}
    with pytest.raises(DrillError, match="holds servers of this plan"):
        house.do(drill_id, Action.START)
    assert house.drill(drill_id).state is DrillState.READY


@pytest.mark.parametrize(("kind", "tries"), [(Refused.THROTTLED, TRIES), (Refused.DENIED, 1)])
def test_servers_that_cannot_be_looked_up_leave_the_drill_ready(house: House, kind: Refused, tries: int) -> None:
    drill_id = house.ready()
    house.drs.fail_next("every_source_server", refused(kind, "Rate exceeded"), times=tries)
    house.do(drill_id, Action.START)
    for _ in range(tries):
        assert house.drill(drill_id).state is DrillState.STARTING
        house.drain(drill_id)
        house.pass_time(timedelta(minutes=1))
    drill = house.drill(drill_id)
    assert drill.state is DrillState.READY
    assert drill.false_starts[0].error == "Rate exceeded"


def test_a_look_that_fails_for_an_unforeseen_reason_leaves_the_drill_ready(house: House) -> None:
    drill_id = house.ready()
    house.drs.fail_next("every_source_server", RuntimeError("bug"), times=TRIES)
    house.do(drill_id, Action.START)
    for _ in range(TRIES):
        house.drain(drill_id)
        house.pass_time(timedelta(minutes=1))
    assert house.drill(drill_id).false_starts[0].error == "RuntimeError: bug"


def test_a_look_for_a_drill_that_was_cancelled_meanwhile_is_not_made(house: House) -> None:
    drill_id = house.ready()
    house.do(drill_id, Action.START)
    house.do(drill_id, Action.WITHDRAW)
    house.drs.calls.clear()
    assert house.drain(drill_id).outcome is Outcome.WITHDRAWN
    assert house.drs.calls == []
    assert house.work(drill_id) == ()


def test_a_plan_whose_tags_choose_nothing_is_refused() -> None:
    plan = by_tags()
    bare = plan.waves[1].model_copy(update={"servers": (), "name": "Web"})
    house = House((plan.model_copy(update={"waves": (bare,)}),))
    drill = house.drill(house.ready())
    assert drill.outcome is Outcome.REFUSED
    assert drill.preflight is not None
    (finding,) = drill.preflight.blocking
    assert finding.fact == "No source server is chosen for wave 1 (Web) by Tier = web."


def test_a_second_drill_of_the_plan_waits_for_the_one_that_is_starting(house: House) -> None:
    drill_id = house.ready()
    house.pass_time(timedelta(minutes=59, seconds=59))
    house.do(drill_id, Action.START)
    house.pass_time(timedelta(minutes=1))
    with pytest.raises(DrillError, match="is under way, asked for by"):
        house.drills.propose("payments", house.click(ADA))
