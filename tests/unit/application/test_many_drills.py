"""Two hundred drills of overlapping plans, started at the same instant: no server is ever in two of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.errors import DrillError
from bot.domain.facts import SourceServer
from bot.domain.plan import Plan
from bot.domain.plan_servers import PlanServer, Selector
from bot.domain.plan_waves import Approval, PlanWave
from bot.domain.states import DrillState
from tests.unit.application.house import House
from tests.unit.builders import ADA, a_plan, server_id

DRILLS, SERVERS, GROUPS, AT_ONCE = 200, 300, 60, 20
PLACE = ("123456789012", "eu-west-1")


def some_plan(number: int, chance: random.Random) -> Plan:
    """Two waves of a few servers: by their ids, by a tag that others may have too, or both."""
    numbers = chance.sample(range(1, SERVERS + 1), 4)
    waves = []
    for place, name in enumerate(("First", "Second")):
        kind = chance.choice(("ids", "ids", "tags", "both"))
        named = tuple(PlanServer(id=server_id(n)) for n in numbers[place * 2 : place * 2 + 2] if kind != "tags")
        select = Selector(tags={"Group": (str(chance.randrange(GROUPS)),)}) if kind != "ids" else None
        waves.append(PlanWave(name=name, servers=named, select=select, approval=Approval.NONE))
    return a_plan(name=f"plan-{number}").model_copy(update={"waves": tuple(waves)})


def tag(house: House, number: int, group: int) -> None:
    seen = {"replication_state": "CONTINUOUS", "lag": timedelta(), "last_seen": house.clock()}
    house.drs.add_servers(SourceServer(id=server_id(number), tags={"Group": str(group)}, **seen))


def side_by_side(work: Callable[[str], object], drill_ids: Iterable[str]) -> None:
    """Do it for all of them, many at the same instant. That one is refused is what may happen."""
    ready = Barrier(AT_ONCE)

    def one(drill_ids: list[str]) -> None:
        ready.wait()
        for drill_id in drill_ids:
            try:
                work(drill_id)
            except DrillError:
                continue

    each = list(drill_ids)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, [each[start::AT_ONCE] for start in range(AT_ONCE)]))


def no_server_is_in_two_drills(house: House) -> list[Drill]:
    """See that the locks are exactly the servers and plans of the drills that hold them; those drills."""
    drills = [stored.drill for stored in house.table.drills.values()]
    holding = [drill for drill in drills if drill.holds_locks]
    held = [(server.id, drill.id) for drill in holding for server in drill.servers]
    assert max(Counter(id_ for id_, _ in held).values(), default=0) <= 1
    expected = {**dict(held), **{f"plan:{drill.plan.name}": drill.id for drill in holding}}
    assert house.table.owners.get(PLACE, {}) == expected
    return holding


@pytest.mark.parametrize("seed", range(3))
def test_two_hundred_drills_at_once_never_share_a_server_and_leave_nothing_locked(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    house = House(tuple(some_plan(number, chance) for number in range(DRILLS)))
    for number in range(1, SERVERS + 1):
        tag(house, number, chance.randrange(GROUPS))
    asked = [house.ready(plan.name) for plan in house.plans]
    for number in chance.sample(range(1, SERVERS + 1), 15):
        tag(house, number, chance.randrange(GROUPS))
    side_by_side(lambda drill_id: house.do(drill_id, Action.START, by=ADA), asked)
    started = no_server_is_in_two_drills(house)
    assert {drill.state for drill in started} == {DrillState.STARTING, DrillState.RUNNING}
    side_by_side(house.drain, asked)
    running = no_server_is_in_two_drills(house)
    assert 10 < len(running) < DRILLS / 2
    assert any(drill.false_starts for drill in map(house.drill, asked))
    in_jobs = [server_id for job in house.drs.jobs.values() for server_id in job.server_ids]
    assert len(set(in_jobs)) == len(in_jobs)
    for drill in running:
        to_the_end(house, drill.id)
    for drill_id in asked:
        if house.drill(drill_id).state is DrillState.READY:
            house.do(drill_id, Action.WITHDRAW)
    assert no_server_is_in_two_drills(house) == []


def to_the_end(house: House, drill_id: str) -> None:
    """Its jobs end, then its instances are terminated."""
    for _ in range(20):
        house.drain(drill_id)
        drill = house.follow(drill_id)
        for job in house.drs.jobs.values():
            if job.instance_ids:
                house.drs.finish(job.id)
        if drill.state is DrillState.ENDED:
            return
        house.pass_time(timedelta(minutes=1))
    raise AssertionError(f"{drill_id} does not end: {house.drill(drill_id).state}")
