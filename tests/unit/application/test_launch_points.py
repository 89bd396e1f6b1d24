"""What a drill is launched from: chosen when it is asked for, resolved by the checks, sent with each launch."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.application.executor import TRIES
from bot.application.launching import POINTS_GONE
from bot.application.ports.drs import Refused
from bot.domain.approval import Action
from bot.domain.errors import UnfitTime
from bot.domain.findings import Check, Finding
from bot.domain.launch_point import Fresh, LaunchPoint, NewestBefore, NewestExisting, RecoverySnapshot
from bot.domain.states import DrillState, HoldReason, LaunchState, Outcome, ServerPhase
from tests.unit.application.faults import refused
from tests.unit.application.house import FIRST, House
from tests.unit.builders import GRACE, T0, a_plan, server_id

AGES = (4, 14, 64)
"""How many minutes ago each server's snapshots were taken."""
NEWEST = NewestExisting()
IDS = [server_id(number) for number in range(1, 5)]


def taken(server: str, minutes: int) -> RecoverySnapshot:
    return RecoverySnapshot(id=f"pit-{server[-3:]}-{minutes}", at=T0 - timedelta(minutes=minutes))


@pytest.fixture
def house() -> House:
    house = House()
    for server in IDS:
        house.drs.set_snapshots(server, *(taken(server, minutes) for minutes in AGES))
    return house


def checked(house: House, point: LaunchPoint | None) -> str:
    """A drill that was asked for and checked."""
    drill_id = house.drills.propose("payments", house.click(), point).id
    house.drain(drill_id)
    return drill_id


def started(house: House, point: LaunchPoint | None) -> str:
    drill_id = checked(house, point)
    house.do(drill_id, Action.START)
    house.drain(drill_id)
    return drill_id


def chosen(house: House, drill_id: str) -> list[RecoverySnapshot | None]:
    return [server.snapshot for server in house.drill(drill_id).servers]


def findings(house: House, drill_id: str) -> tuple[Finding, ...]:
    preflight = house.drill(drill_id).preflight
    assert preflight is not None
    return preflight.findings


@pytest.mark.parametrize(
    ("planned", "point", "meant"),
    [
        ("fresh", None, Fresh()),
        ("newest", None, NEWEST),
        ("newest", Fresh(), Fresh()),
        ("fresh", NewestBefore(at=T0), NewestBefore(at=T0)),
    ],
)
def test_the_plan_says_what_is_launched_from_unless_the_person_does(
    planned: str, point: LaunchPoint | None, meant: LaunchPoint
) -> None:
    house = House((a_plan(("Web", 1), launch_point=planned),))
    assert house.drills.propose("payments", house.click(), point).launch_point == meant


def test_a_time_of_which_there_can_be_nothing_is_refused_and_no_drill_is_made(house: House) -> None:
    with pytest.raises(UnfitTime, match="yet to come"):
        house.drills.propose("payments", house.click(), NewestBefore(at=T0 + timedelta(minutes=1)))
    assert house.table.drills == {}


def test_a_drill_from_fresh_snapshots_asks_drs_for_none_and_sends_none(house: House) -> None:
    drill_id = started(house, None)
    assert house.drs.called("newest_snapshots") == []
    assert chosen(house, drill_id) == [None] * 4
    assert house.drs.called("start_drill") == [(drill_id, FIRST, (IDS[0], IDS[1]))]


@pytest.mark.parametrize(
    ("point", "until", "minutes"),
    [
        (NEWEST, None, 4),
        (NewestBefore(at=T0 - timedelta(minutes=14)), T0 - timedelta(minutes=14), 14),
        (NewestBefore(at=T0 - timedelta(minutes=15)), T0 - timedelta(minutes=15), 64),
    ],
)
def test_the_checks_choose_each_servers_snapshot_and_the_launch_sends_it(
    house: House, point: LaunchPoint, until: datetime | None, minutes: int
) -> None:
    drill_id = started(house, point)
    assert house.drs.called("newest_snapshots") == [(tuple(IDS), until)]
    assert chosen(house, drill_id) == [taken(server, minutes) for server in IDS]
    sent = {server: taken(server, minutes).id for server in IDS[:2]}
    assert house.drs.called("start_drill") == [(drill_id, FIRST, (IDS[0], IDS[1]), sent)]


def test_what_was_chosen_stays_though_drs_has_newer_ones_by_then(house: House) -> None:
    drill_id = checked(house, NEWEST)
    house.drs.set_snapshots(IDS[0], taken(IDS[0], 4), taken(IDS[0], 0))
    house.do(drill_id, Action.START)
    house.drain(drill_id)
    assert house.drs.called("start_drill")[0][3] == {server: taken(server, 4).id for server in IDS[:2]}
    assert len(house.drs.called("newest_snapshots")) == 1


def test_the_instance_shows_the_recovery_point_that_was_chosen(house: House) -> None:
    drill_id = started(house, NEWEST)
    house.follow(drill_id)
    points = {each.recovery_point for each in house.drs.instances.values()}
    assert points == {T0 - timedelta(minutes=4)}


def test_a_retry_of_what_failed_uses_the_same_snapshots(house: House) -> None:
    drill_id = started(house, NEWEST)
    house.follow(drill_id, {IDS[1]: "no capacity"})
    house.do(drill_id, Action.RETRY, hold=1)
    house.drain(drill_id)
    assert house.drs.called("start_drill")[-1][2:] == ((IDS[1],), {IDS[1]: taken(IDS[1], 4).id})


def test_a_later_wave_is_launched_from_what_the_checks_chose(house: House) -> None:
    drill_id = started(house, NEWEST)
    house.follow(drill_id)
    house.pass_time(timedelta(minutes=30))
    house.do(drill_id, Action.APPROVE, by=GRACE, wave=2, round=1)
    house.drain(drill_id)
    assert house.drs.called("start_drill")[-1][3] == {server: taken(server, 4).id for server in IDS[2:]}


def test_a_server_without_a_recovery_point_refuses_the_drill(house: House) -> None:
    house.drs.set_snapshots(IDS[2])
    drill_id = checked(house, NEWEST)
    assert house.drill(drill_id).outcome is Outcome.REFUSED
    assert [(each.check, each.server_id, each.blocks) for each in findings(house, drill_id)] == [
        (Check.RECOVERY_POINT, IDS[2], True)
    ]


def test_recovery_points_older_than_the_objective_are_warned_of(house: House) -> None:
    drill_id = checked(house, NewestBefore(at=T0 - timedelta(minutes=60)))
    assert house.drill(drill_id).state is DrillState.READY
    assert [(each.server_id, each.blocks) for each in findings(house, drill_id)] == [(each, False) for each in IDS]
    assert "1h4m old; the objective (RPO) is 15m" in findings(house, drill_id)[0].fact


def test_a_server_that_drs_does_not_have_is_told_of_once_and_not_asked_for(house: House) -> None:
    del house.drs.servers[IDS[0]]
    drill_id = checked(house, NEWEST)
    assert [each.check for each in findings(house, drill_id)] == [Check.EXISTS]
    assert house.drs.called("newest_snapshots") == [(tuple(IDS[1:]), None)]


@pytest.mark.parametrize(("kind", "tries"), [(Refused.THROTTLED, TRIES), (Refused.UNCLEAR, TRIES), (Refused.DENIED, 1)])
def test_snapshots_that_cannot_be_read_refuse_the_drill(house: House, kind: Refused, tries: int) -> None:
    house.drs.fail_next("newest_snapshots", refused(kind, "AccessDenied: no such right"), times=tries)
    drill_id = checked(house, NEWEST)
    for _ in range(tries):
        house.pass_time(timedelta(minutes=5))
        house.drain(drill_id)
    assert house.drill(drill_id).outcome is Outcome.REFUSED
    assert [each.fact for each in findings(house, drill_id)] == ["DRS could not be read: AccessDenied: no such right"]


def test_snapshots_that_cannot_be_read_for_the_moment_are_read_again(house: House) -> None:
    house.drs.fail_next("newest_snapshots", refused(Refused.THROTTLED), times=TRIES - 1)
    drill_id = checked(house, NEWEST)
    for _ in range(TRIES - 1):
        assert house.drill(drill_id).state is DrillState.PROPOSED
        house.pass_time(timedelta(minutes=1))
        house.drain(drill_id)
    assert house.drill(drill_id).state is DrillState.READY


def test_a_snapshot_that_is_gone_by_the_launch_holds_the_drill_and_says_what_helps(house: House) -> None:
    drill_id = checked(house, NEWEST)
    house.drs.set_snapshots(IDS[1], taken(IDS[1], 64))
    house.do(drill_id, Action.START)
    drill = house.drain(drill_id)
    assert drill.hold is not None
    assert drill.hold.reason is HoldReason.LAUNCH_REFUSED
    assert f"has no snapshot {taken(IDS[1], 4).id}" in drill.hold.detail
    assert drill.hold.detail.endswith(POINTS_GONE)
    assert drill.wave(1).launch(FIRST).state is LaunchState.REFUSED
    assert {server.phase for server in drill.servers} == {ServerPhase.WAITING}


@pytest.mark.parametrize(("point", "kind"), [(NEWEST, Refused.DENIED), (None, Refused.INVALID)])
def test_a_refusal_that_cannot_be_about_snapshots_says_nothing_of_them(
    house: House, point: LaunchPoint | None, kind: Refused
) -> None:
    drill_id = checked(house, point)
    house.drs.fail_next("start_drill", refused(kind, "no"))
    house.do(drill_id, Action.START)
    drill = house.drain(drill_id)
    assert drill.hold is not None
    assert POINTS_GONE not in drill.hold.detail
