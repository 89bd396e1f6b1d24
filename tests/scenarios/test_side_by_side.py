"""A plan whose waves do not all wait for each other."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.states import WaveState
from tests.scenarios.story import Story
from tests.scenarios.written_plans import server_id

Begin = Callable[..., Story]


def test_waves_whose_needs_are_met_run_at_once_and_are_approved_by_themselves(story: Begin) -> None:
    def wave(number: int, name: str, **fields: object) -> dict[str, object]:
        return {"name": name, "servers": [{"id": server_id("sides", 1, number)}], **fields}

    waves = [
        wave(1, "Database"),
        wave(2, "Mail", depends_on=["Database"], approval="none"),
        wave(3, "Queue", depends_on=["Database"]),
        wave(4, "Web", depends_on=["Mail", "Queue"], approval="none"),
    ]
    drill = story(fields={"waves": waves})
    drill.ask()
    assert "after 2 and 3" in drill.lines("card")
    drill.click("ada", "card", "start")
    drill.until(lambda now: now.wave(2).state is WaveState.LAUNCHING)
    drill.approve("grace", 3)
    both = drill.until(lambda now: now.wave(3).state is WaveState.LAUNCHING)
    assert both.wave(4).state is WaveState.PENDING
    ended = drill.until_ended()
    assert ended.outcome == "passed"
    done, began = [ended.wave(number).ended_at for number in (2, 3)], ended.wave(4).started_at
    assert began
    assert all(each and each <= began for each in done)
