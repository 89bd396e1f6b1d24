"""Five hundred servers: waves of several jobs, each within DRS's quota, and a cleanup in batches."""

from __future__ import annotations

from collections.abc import Callable

from infra.local import drs
from infra.local.world import World
from tests.scenarios.story import Story

Begin = Callable[..., Story]


def test_five_hundred_servers_are_launched_in_jobs_of_a_hundred_and_all_cleaned_up(story: Begin, world: World) -> None:
    drill = story(waves=[["critical"] * 250, ["critical"] * 249 + ["optional"]])
    drill.patience = 60
    drill.start("ada")
    drill.approve("grace", wave=2)
    ended = drill.until_ended()
    assert ended.outcome == "passed"
    assert [len(job["participatingServers"]) for job in drill.jobs()] == [100, 100, 50] * 2
    assert drill.instances() == []
    told = drs.recorded_calls(world.account, world.region, "TerminateRecoveryInstances")
    assert all(len(call.parameters["recoveryInstanceIDs"]) <= 100 for call in told)
    assert {job["jobID"] for job in drill.jobs()} == ended.job_ids
    assert "250 of 250 launched" in drill.lines("result")
