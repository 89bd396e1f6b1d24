"""Drills in which somebody else has a hand: servers and jobs that vanish, instances that others terminate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.domain.states import DrillState, InstanceState, WaveState
from infra.local import drs
from infra.local.world import World
from tests.scenarios.story import Story

Begin = Callable[..., Story]


def by_hand(world: World, drill: Story) -> None:
    """Somebody terminates what the drill has launched, in the console."""
    world.stack.wait_until(lambda: all(each.is_registered for each in drill.instances()), 20)
    drs.terminate_by_hand(world.account, world.region, *(each.id for each in drill.instances()))


def test_a_server_that_vanishes_after_the_checks_holds_the_drill_before_its_wave(story: Begin, world: World) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    drill.start()
    drill.until_asked(wave=2)
    drs.forget_server(world.account, world.region, drill.plan.server_ids[1])
    drill.click("grace", "approval/2/1", "approve")
    held = drill.until_held()
    assert held.holds[0].wave == 2
    assert drill.plan.server_ids[1] in drill.lines("hold/1")
    drill.write("ada", "hold/1", "skip", "The server is gone for good.")
    assert drill.until_ended().outcome == "failed"
    assert drill.instances() == []


def test_a_job_that_drs_does_not_know_any_more_asks_a_person_and_what_it_launched_is_cleaned_up(
    story: Begin, world: World
) -> None:
    drill = story()
    world.faults.stick_server(drill.plan.server_ids[0], phase="conversion", lasts=timedelta(minutes=20))
    drill.patience = 40
    drill.start()
    (job,) = drill.until(lambda now: bool(now.followed_jobs)).followed_jobs
    drs.forget_job(world.account, world.region, str(job.job_id))
    held = drill.until_held()
    assert held.holds[0].reason == "job_lost"
    assert "DRS does not know a job" in drill.lines("hold/1")
    drill.write("ada", "hold/1", "skip", "Nobody knows what became of it.")
    ended = drill.until_ended()
    assert ended.outcome == "failed"
    assert "Nobody knows what became of DRS job" in drill.lines("result")


def test_instances_that_somebody_has_terminated_between_two_waves_are_gone_in_the_end(
    story: Begin, world: World
) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    drill.start()
    drill.until_asked(wave=2)
    by_hand(world, drill)
    drill.click("grace", "approval/2/1", "approve")
    ended = drill.until_ended()
    assert ended.outcome in {"passed", "passed_with_findings"}
    assert drill.instances() == []


def test_instances_that_somebody_has_terminated_while_they_were_to_stay_up_need_no_cleanup(
    story: Begin, world: World
) -> None:
    drill = story(fields={"cleanup": {"when": "on-click"}})
    drill.start()
    drill.until(lambda now: now.state is DrillState.OPERATING)
    by_hand(world, drill)
    world.stack.wait_until(lambda: drill.instances() == [], 20)
    drill.until_shown("operation", "clean_up")
    drill.click("ada", "operation", "clean_up")
    assert drill.until_ended().state is DrillState.ENDED
    assert drill.instances() == []


def test_instances_that_somebody_terminates_while_the_bot_does_are_waited_for(story: Begin, world: World) -> None:
    drill = story()
    world.faults.fail_call("TerminateRecoveryInstances", error="ConflictException", times=None)
    drill.start()
    drill.until(lambda now: bool(now.cleanup and now.cleanup.problem))
    by_hand(world, drill)
    ended = drill.until_ended()
    assert ended.outcome == "passed"
    assert {server.instance.state for server in ended.servers if server.instance} == {InstanceState.GONE}


def test_a_cleanup_that_drs_denies_stays_visible_and_goes_on_at_a_click(story: Begin, world: World) -> None:
    drill = story()
    world.faults.fail_call("TerminateRecoveryInstances", error="AccessDeniedException", times=None)
    drill.start()
    drill.until_shown("cleanup", "clean_up")
    assert "AccessDenied" in drill.lines("cleanup")
    drill.until(lambda _now: "DRS will not terminate them just now" in drill.lines("card"))
    messages = len(drill.thread())
    drill.click("grace", "cleanup", "clean_up")
    drill.until(lambda now: bool(now.cleanup and now.cleanup.turn))
    world.stack.settle()
    assert len(drill.thread()) == messages, "what is in the way is said once"
    world.faults.clear()
    drill.click("ada", "cleanup", "clean_up")
    assert drill.until_ended().outcome == "passed"
    assert drill.instances() == []


def test_a_wave_that_is_verified_while_somebody_terminates_its_instance_does_not_pass(
    story: Begin, world: World
) -> None:
    drill = story(wave={"checks": [{"status": "ok", "within": "6m"}]})
    drill.start()
    drill.until(lambda now: now.wave(1).state is WaveState.VERIFYING)
    by_hand(world, drill)
    held = drill.until_held()
    assert held.holds[0].reason == "checks_failed"
    drill.click("ada", "hold/1", "abort")
    assert drill.until_ended().outcome == "aborted"
