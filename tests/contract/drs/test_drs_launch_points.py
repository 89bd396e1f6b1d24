"""What DRS has of each server to launch it from, and how it is set to: for the fake and the real adapter alike."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.ports.drs import DrsError, Refused
from tests.contract.drs.fleet import IDS, KEY, NOWHERE
from tests.contract.drs.worlds import World
from tests.fakes.drs_records import USUAL

pytestmark = pytest.mark.usefixtures("fleet")
LATER = timedelta(hours=1)


def test_the_newest_snapshot_of_each_server_is_found(world: World) -> None:
    assert world.drs.newest_snapshots(IDS) == {server_id: world.snapshots(server_id)[0] for server_id in IDS}
    assert world.drs.newest_snapshots([]) == {}


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=4)])
def test_the_newest_snapshot_of_a_time_or_before_is_found(world: World, later: timedelta) -> None:
    newest, _, wanted, *_ = world.snapshots(IDS[0])
    assert newest.at - wanted.at == timedelta(minutes=20)
    assert world.drs.newest_snapshots(IDS[:1], wanted.at + later) == {IDS[0]: wanted}


def test_a_server_without_a_snapshot_that_old_has_none(world: World) -> None:
    assert world.drs.newest_snapshots(IDS, world.clock.now() - timedelta(days=300)) == dict.fromkeys(IDS)


def test_the_snapshots_of_a_server_that_drs_does_not_know_are_refused_as_invalid(world: World) -> None:
    with pytest.raises(DrsError) as caught:
        world.drs.newest_snapshots([*IDS, NOWHERE])
    assert caught.value.kind is Refused.INVALID


def test_the_launch_settings_of_each_server_are_told(world: World) -> None:
    found = world.drs.launch_settings(IDS)
    assert {server_id: each.model_copy(update={"template_id": None}) for server_id, each in found.items()} == (
        dict.fromkeys(IDS, USUAL.model_copy(update={"template_id": None}))
    )
    assert all(each.template_id for each in found.values())
    assert world.drs.launch_settings([]) == {}


def test_the_launch_settings_of_a_server_that_drs_does_not_know_are_refused_as_invalid(world: World) -> None:
    with pytest.raises(DrsError) as caught:
        world.drs.launch_settings([*IDS, NOWHERE])
    assert caught.value.kind is Refused.INVALID


def test_a_drill_from_a_snapshot_recovers_that_moment_and_takes_no_other(world: World) -> None:
    old = world.snapshots(IDS[0])[2]
    started_at = world.clock.now()
    job_id = world.drs.start_drill("drill-1", KEY, IDS[:2], {IDS[0]: old.id})
    world.end(job_id)
    points = {each.server_id: each.recovery_point for each in world.drs.recovery_instances(IDS[:2])}
    assert points[IDS[0]] == old.at
    fresh = points[IDS[1]]
    assert fresh
    assert fresh >= started_at


def test_a_snapshot_that_is_not_the_servers_is_refused_as_invalid_and_nothing_is_launched(world: World) -> None:
    other = world.snapshots(IDS[1])[0]
    with pytest.raises(DrsError) as caught:
        world.drs.start_drill("drill-1", KEY, IDS[:2], {IDS[0]: other.id})
    assert caught.value.kind is Refused.INVALID
    assert world.drs.active_jobs() == ()
