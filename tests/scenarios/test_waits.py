"""A plan that waits between its waves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.domain.states import WaveState
from tests.scenarios.story import Story
from tests.scenarios.written_plans import server_id

Begin = Callable[..., Story]


def test_the_next_wave_comes_as_long_after_the_one_before_as_the_plan_says(story: Begin) -> None:
    first = {"name": "Database", "servers": [{"id": server_id("waits", 1, 1)}], "wait_after": "8m"}
    second = {"name": "Web", "servers": [{"id": server_id("waits", 2, 1)}], "approval": "none"}
    drill = story(fields={"waves": [first, second]})
    drill.start()
    drill.until(lambda now: now.wave(1).state is WaveState.SUCCEEDED)
    drill.until(lambda _now: "Waiting before wave 2 of 2 (Web)" in drill.lines("card"))
    ended = drill.until_ended()
    assert ended.outcome == "passed"
    done, began = ended.wave(1).ended_at, ended.wave(2).started_at
    assert done
    assert began
    assert began - done >= timedelta(minutes=8)
