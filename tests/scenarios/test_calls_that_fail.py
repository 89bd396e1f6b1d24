"""Calls that DRS refuses, or whose answers are lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from infra.local.world import World
from tests.scenarios.story import Story

Begin = Callable[..., Story]


@pytest.mark.parametrize("error", ["ThrottlingException", "ConflictException", "ServiceQuotaExceededException"])
def test_a_launch_that_drs_will_not_take_now_waits_says_so_and_is_tried_again(
    story: Begin, world: World, error: str
) -> None:
    drill = story()
    world.faults.fail_call("StartRecovery", error=error, times=2)
    drill.start()
    assert drill.until_ended().outcome == "passed"
    assert f"StartRecovery: {error}" in drill.lines("deferral/1/1")
    assert "after a wait of" in drill.lines("deferral/1/1")
    assert len(drill.all_messages("deferral/1/1")) == 1
    assert len(drill.jobs()) == 1


@pytest.mark.parametrize("error", ["AccessDeniedException", "ValidationException"])
def test_a_launch_that_drs_denies_holds_the_drill_with_the_raw_error_and_a_retry(
    story: Begin, world: World, error: str
) -> None:
    drill = story()
    world.faults.fail_call("StartRecovery", error=error, times=1)
    drill.start()
    drill.until_held()
    assert error in drill.lines("hold/1")
    assert drill.jobs() == []
    drill.click("ada", "hold/1", "retry")
    assert drill.until_ended().outcome == "passed"
    assert len(drill.jobs()) == 1


@pytest.mark.parametrize("how", ["error", "close"])
def test_a_lost_reply_leads_to_exactly_one_job_which_is_adopted(story: Begin, world: World, how: str) -> None:
    drill = story()
    world.faults.lose_reply("StartRecovery", times=1, how=how)
    drill.start()
    ended = drill.until_ended()
    assert ended.outcome == "passed"
    assert [launch.adopted for launch in ended.launches] == [True]
    assert len(drill.jobs()) == 1


def test_jobs_that_cannot_be_read_for_minutes_do_the_drill_no_harm(story: Begin, world: World) -> None:
    drill = story()
    drill.start()
    drill.until(lambda now: bool(now.job_ids))
    world.faults.fail_call("DescribeJobs", error="InternalServerException", times=None, lasts=timedelta(minutes=3))
    ended = drill.until_ended()
    assert ended.outcome == "passed"
    assert ended.holds == ()
