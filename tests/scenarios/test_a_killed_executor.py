"""SIGKILL of a real process between StartRecovery and the saving of its answer."""

from __future__ import annotations

from collections.abc import Callable

from infra.local import drs
from infra.local.world import World
from tests.scenarios.story import Story

Begin = Callable[..., Story]


def test_the_job_of_a_killed_executor_is_found_by_its_tags_and_adopted(story: Begin, world: World) -> None:
    drill = story()
    drill.ask()
    known = len(drs.recorded_calls(world.account, world.region, "StartRecovery"))
    # DRS makes the job and holds its answer back: the executor is killed while it waits for it.
    world.faults.lose_reply("StartRecovery", times=1, how="timeout", seconds=3)
    drill.click("ada", "card", "start")
    world.stack.wait_until(
        lambda: len(drs.recorded_calls(world.account, world.region, "StartRecovery")) > known, timeout=10
    )
    assert world.stack.kill("executor") >= 1
    ended = drill.until_ended()
    assert ended.outcome == "passed"
    assert [launch.adopted for launch in ended.launches] == [True]
    assert len(drill.jobs()) == 1
