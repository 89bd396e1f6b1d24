"""Servers that fail, hang or run in real recovery, and instances that stay."""

from __future__ import annotations

from collections.abc import Callable

from infra.local import drs
from infra.local.world import World
from tests.scenarios.story import Story, actions

Begin = Callable[..., Story]


def test_an_optional_server_that_fails_is_a_finding(story: Begin, world: World) -> None:
    drill = story(waves=[["critical", "optional"]])
    world.faults.fail_server(drill.plan.server_ids[1], phase="launch")
    drill.start()
    assert drill.until_ended().outcome == "passed_with_findings"
    assert drill.instances() == []


def test_a_critical_server_that_fails_holds_the_drill_and_a_retry_launches_only_it(story: Begin, world: World) -> None:
    drill = story(waves=[["critical", "critical"], ["critical"]])
    failing = drill.plan.server_ids[1]
    world.faults.fail_server(failing, phase="conversion", times=1)
    drill.start()
    held = drill.until_held()
    assert held.wave(2).state == "pending"
    assert actions(drill.message("hold/1")) == {"retry", "skip", "abort"}
    drill.click("ada", "hold/1", "retry")
    drill.approve("grace", wave=2)
    assert drill.until_ended().outcome == "passed"
    launched = [[s["sourceServerID"] for s in job["participatingServers"]] for job in drill.jobs()]
    assert launched[1] == [failing]
    assert actions(drill.message("hold/1")) == set()


def test_skipping_a_failed_critical_server_goes_on_and_the_drill_fails_at_its_end(story: Begin, world: World) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    world.faults.fail_server(drill.plan.server_ids[0], phase="launch")
    drill.start()
    drill.until_held()
    drill.write("ada", "hold/1", "skip", "Not needed before Monday.")
    drill.approve("grace", wave=2)
    assert drill.until_ended().outcome == "failed"
    assert drill.instances() == []


def test_one_of_two_that_failed_is_left_out_and_the_other_is_retried(story: Begin, world: World) -> None:
    drill = story(waves=[["critical", "critical", "critical"]])
    out, again, _fine = drill.plan.server_ids
    for server_id in (out, again):
        world.faults.fail_server(server_id, phase="launch", times=1)
    drill.start()
    drill.until_held()
    drill.click("ada", "hold/1", "skip")
    assert "Only these servers" in drill.form("ada")
    drill.submit("ada", {"servers": [out], "words": "Its data is not needed."})
    drill.until(lambda now: len(now.holds) == 2)
    drill.until_shown("hold/2", "retry")
    assert "go on without 1 server" in drill.lines("hold/1")
    drill.click("linus", "hold/2", "retry")
    ended = drill.until_ended()
    assert ended.outcome == "failed"
    assert [[s["sourceServerID"] for s in job["participatingServers"]] for job in drill.jobs()][1] == [again]
    assert "failed, left out" in drill.lines("wave/1/1")


def test_a_server_that_takes_too_long_holds_the_drill_which_goes_on_once_it_is_there(
    story: Begin, world: World
) -> None:
    drill = story(wave={"launch_timeout": "5m"})
    stuck = drill.plan.server_ids[0]
    world.faults.stick_server(stuck, phase="conversion")
    drill.start()
    held = drill.until_held()
    assert held.holds[0].reason == "launch_timeout"
    drs.release_server(world.account, world.region, stuck)
    assert drill.until_ended().outcome == "passed"
    assert "The DRS jobs have ended after all: the drill goes on by itself" in drill.lines("hold/1")
    assert actions(drill.message("hold/1")) == set()


def test_a_server_that_runs_in_real_recovery_refuses_the_drill(story: Begin, world: World) -> None:
    drill = story()
    server = drill.plan.server_ids[0]
    world.seed_server(server, recovery_instance=drs.RecoveryInstanceSpec(is_drill=False))
    drill.propose()
    ended = drill.until_ended()
    assert ended.outcome == "refused"
    assert "not a drill" in drill.lines("card")
    assert drill.jobs() == []
    world.faults.clear()


def test_a_real_recovery_that_begins_after_preflight_stops_the_wave(story: Begin, world: World) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    drill.start()
    drill.until_asked(wave=2)
    second = drill.plan.server_ids[1]
    world.seed_server(second, recovery_instance=drs.RecoveryInstanceSpec(is_drill=False))
    drill.click("grace", "approval/2/1", "approve")
    held = drill.until_held()
    assert held.holds[0].reason == "unsafe"
    assert len(drill.jobs()) == 1
    drill.click("ada", "hold/1", "abort")
    assert drill.until_ended().outcome == "aborted"
    assert [instance.is_drill for instance in drill.instances()] == [False]


def test_drs_that_cannot_be_read_refuses_the_drill(story: Begin, world: World) -> None:
    drill = story()
    world.faults.fail_call("DescribeSourceServers", error="AccessDeniedException", times=None)
    drill.propose()
    assert drill.until_ended().outcome == "refused"
    assert "AccessDenied" in drill.lines("preflight")


def test_instances_that_drs_will_not_terminate_keep_the_drill_open_until_they_are_gone(
    story: Begin, world: World
) -> None:
    drill = story()
    world.faults.fail_call("TerminateRecoveryInstances", error="AccessDeniedException", times=2)
    drill.start()
    drill.until(lambda now: bool(now.cleanup and now.cleanup.problem))
    assert drill.drill.state == "cleaning_up"
    assert drill.until_ended().outcome == "passed"
    assert drill.instances() == []


def test_a_drill_that_is_aborted_on_a_job_that_hangs_cleans_up_the_rest_and_says_so(story: Begin, world: World) -> None:
    drill = story(waves=[["critical"], ["critical"]], wave={"launch_timeout": "3m", "approval": "none"})
    world.faults.stick_server(drill.plan.server_ids[1], phase="conversion")
    drill.start()
    drill.until_held()
    drill.click("ada", "hold/1", "abort")
    ended = drill.until_ended()
    assert ended.outcome == "aborted"
    assert "Nobody knows what became of DRS job" in drill.lines("result")
    assert drill.instances() == []
