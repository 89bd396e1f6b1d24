"""Whole drills as people live them."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.measures import recovery_time
from tests.scenarios.story import Story, actions

Begin = Callable[..., Story]


def test_a_drill_of_three_waves_is_approved_passes_and_cleans_up(story: Begin) -> None:
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
        "approval/2/1",
        "wave/2/1",
        "approval/3/1",
        "wave/3/1",
        "cleanup",
        "result",
        "report",
    ]
    assert ended.findings == ()
    for message in drill.all_messages():
        assert actions(message) <= {"sign_off", "add_finding", "report"}  # nothing that would move it
    assert "approved by @grace" in drill.lines("approval/2/1")
