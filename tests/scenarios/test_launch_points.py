"""Drills that are launched from recovery points which DRS has already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.states import DrillState
from infra.local import drs
from infra.local.world import World
from tests.scenarios.story import Story

Begin = Callable[..., Story]
HOUR = timedelta(hours=1)


def launched_from(drill: Story) -> dict[str, str | None]:
    """Server id to the snapshot that DRS was told to launch it from, over all launches of this drill's servers."""
    calls = drs.recorded_calls(drill.world.account, drill.world.region, "StartRecovery")
    servers = [server for call in calls for server in call.parameters["sourceServers"]]
    ours = set(drill.plan.server_ids)
    return {s["sourceServerID"]: s.get("recoverySnapshotID") for s in servers if s["sourceServerID"] in ours}


def seconds(at: datetime) -> str:
    """A moment as Slack's forms tell it."""
    return str(int(at.timestamp()))


def log_events(drill: Story) -> set[str]:
    world = drill.world
    return {item["event"] for job in drill.jobs() for item in drs.job_log(world.account, world.region, job["jobID"])}


def test_a_plan_that_asks_for_the_newest_is_launched_from_what_the_checks_chose(story: Begin) -> None:
    """One wave: DRS keeps most snapshots for an hour of world time, which is half a minute of a slow machine's."""
    drill = story(waves=[["critical", "critical", "critical"]], fields={"launch_point": "newest"})
    drill.ask("ada")
    chosen = {server.id: server.snapshot for server in drill.drill.servers}
    ages = [drill.world.now() - snapshot.at for snapshot in chosen.values() if snapshot]
    assert len(ages) == 3
    assert max(ages) < timedelta(minutes=20)
    assert "from newest existing recovery points, the oldest taken" in drill.lines("card")
    drill.click("ada", "card", "start")
    ended = drill.until_ended()
    assert ended.outcome == "passed"
    assert launched_from(drill) == {server_id: snapshot.id for server_id, snapshot in chosen.items() if snapshot}
    points = {s.id: s.instance.recovery_point for s in ended.servers if s.instance}
    assert points == {server_id: snapshot.at for server_id, snapshot in chosen.items() if snapshot}
    assert not {"SNAPSHOT_START", "SNAPSHOT_END"} & log_events(drill)


def test_a_drill_from_before_a_time_is_warned_of_its_age_and_recovers_that_time(story: Begin, world: World) -> None:
    drill = story()
    at = (world.now() - 3 * HOUR).replace(microsecond=0)
    drill.pick("ada", point="before", time=seconds(at))
    drill.until(lambda now: now.state is DrillState.READY)
    drill.until_shown("card", "start")
    drill.until_shown("preflight")
    assert "recovery points of" in drill.lines("card")
    assert "the objective (RPO) is 15m" in drill.lines("preflight")
    drill.click("ada", "card", "start")
    ended = drill.until_ended()
    assert ended.outcome == "passed"
    (server,) = ended.servers
    assert server.snapshot
    assert at - HOUR <= server.snapshot.at <= at
    assert server.instance
    assert server.instance.recovery_point == server.snapshot.at
    assert launched_from(drill) == {server.id: server.snapshot.id}


def test_a_time_of_which_drs_has_nothing_refuses_the_drill_with_what_to_do(story: Begin, world: World) -> None:
    drill = story()
    drill.pick("ada", point="before", time=seconds(world.now() - timedelta(days=30)))
    assert drill.until_ended().outcome == "refused"
    assert "has no recovery point of" in drill.lines("preflight")
    assert "Ask for a drill from a later time" in drill.lines("preflight")
    assert drill.jobs() == []


def test_a_time_to_come_is_refused_at_once(story: Begin, world: World) -> None:
    drill = story()
    drill.pick("ada", point="before", time=seconds(world.now() + HOUR))
    assert "is yet to come" in drill.complaints("ada")["time"]
    assert drill.id == ""


def test_a_recovery_point_that_is_gone_by_the_launch_holds_the_drill_and_says_why(story: Begin, world: World) -> None:
    drill = story(fields={"launch_point": "newest"})
    drill.ask("ada")
    world.seed_server(drill.plan.server_ids[0], added_ago=timedelta(0), lag=timedelta(seconds=1))
    drill.click("ada", "card", "start")
    held = drill.until_held()
    assert held.holds[0].reason == "launch_refused"
    assert "If DRS keeps one of them no longer" in drill.lines("hold/1")
    drill.click("ada", "hold/1", "abort")
    assert drill.until_ended().outcome == "aborted"
    assert drill.jobs() == []


def test_snapshots_that_may_not_be_read_refuse_the_drill(story: Begin, world: World) -> None:
    drill = story(fields={"launch_point": "newest"})
    world.faults.fail_call("DescribeRecoverySnapshots", error="AccessDeniedException", times=None)
    drill.propose()
    assert drill.until_ended().outcome == "refused"
    assert "DescribeRecoverySnapshots: AccessDeniedException" in drill.lines("preflight")
