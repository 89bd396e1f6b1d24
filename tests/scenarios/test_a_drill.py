"""Whole drills as people live them."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.measures import recovery_time
from tests.scenarios.story import Story, actions

Begin = Callable[..., Story]


def test_a_drill_of_three_waves_is_approved_passes_and_cleans_up(story: Begin):
    drill = story(waves=[["critical", "critical"], ["critical"], ["critical", "optional"]])
    drill.start("ada")
    drill.approve("grace", wave=2)
    drill.approve("linus", wave=3)
    ended = drill.until_ended()
    assert ended.outcome == "passed"
    assert [job["initiatedBy"] for job in drill.jobs()] == ["START_DRILL"] * 3
    assert drill.instances() == []
    reached = recovery_time(ended)
    assert reached
    assert reached.gross > reached.net
    assert drill.topics() == [
        "card",
        "preflight",
        "started",
        "wave/1/1",
        "wave_result/1/1",
        "approval/2/1",
        "wave/2/1",
        "wave_result/2/1",
        "approval/3/1",
        "wave/3/1",
        "wave_result/3/1",
        "cleanup",
        "result",
    ]
    assert ended.findings == ()
    for message in drill.all_messages():
        assert actions(message) == set()
    assert "Approved by Grace" in drill.lines("approval/2/1")


def test_an_optional_server_that_fails_is_a_finding(story: Begin, world):
    drill = story(waves=[["critical", "optional"]])
    world.faults.fail_server(drill.plan.server_ids[1], phase="launch")
    drill.start()
    assert drill.until_ended().outcome == "passed_with_findings"


def test_a_critical_server_that_fails_holds_the_drill_and_a_retry_launches_only_it(story: Begin, world):
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
