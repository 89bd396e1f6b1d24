"""A wave's attempt in the thread: told in the present while it runs, and as a thing of the past afterwards."""

from __future__ import annotations

from bot.domain.commands import Topic, TopicKind
from tests.unit.builders import server_id
from tests.unit.views.reading import draw, reads
from tests.unit.views.stages import Size, at


def last_wave(stage: str) -> list[str]:
    message = draw(at(stage, Size.USUAL).drill, Topic(kind=TopicKind.WAVE, wave=3, number=1))
    assert message is not None
    return reads(message)


def test_while_its_job_runs_a_wave_is_being_launched_and_has_a_deadline() -> None:
    heading, *servers, jobs = last_wave("converting")
    assert servers == ["🔸 shop-web-1 · taking a snapshot", "🔸 status-page-1 · converting"]
    assert heading.endswith("launching 2 servers")
    assert "since" in jobs
    assert "to be done by" in jobs


def test_once_its_job_has_ended_it_says_from_when_to_when() -> None:
    heading, *servers, jobs = last_wave("passed")
    assert heading == "✅ Wave 3 of 3 (Web): 2 of 2 servers launched in 6m"
    assert servers == [f"✅ shop-web-1 · i-{server_id(5)[2:]}", f"✅ status-page-1 · i-{server_id(6)[2:]}"]
    assert " to " in jobs
    assert "to be done by" not in jobs
