"""What a drill and its commands answer about themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.commands import CleanUp, Command, Draw, Lane, LaunchBatch, RunPreflight, Topic, TopicKind
from bot.domain.states import JobStatus, ServerPhase
from tests.unit.domain.story import NOON, Story, a_plan, a_wave, key, server


@pytest.mark.parametrize(
    ("command", "lane"),
    [
        (RunPreflight(), Lane.WORK),
        (LaunchBatch(key=key(1)), Lane.WORK),
        (CleanUp(), Lane.WORK),
        (Draw(topic=Topic(kind=TopicKind.CARD)), Lane.SLACK),
    ],
)
def test_drawing_goes_its_own_lane_so_that_a_slow_slack_delays_no_launch(command: Command, lane: Lane) -> None:
    assert command.lane is lane


def test_a_topic_is_named_by_what_it_is_about() -> None:
    assert Topic(kind=TopicKind.CARD).key == "card"
    assert Topic(kind=TopicKind.HOLD, number=3).key == "hold/3"
    assert Topic(kind=TopicKind.APPROVAL, wave=2, number=1).key == "approval/2/1"


def test_a_launching_job_is_polled_more_often_than_a_pending_one() -> None:
    story = Story(a_plan(a_wave("Database", 101))).is_started()
    assert story.drill.poll_every is None
    story.jobs_start()
    assert story.drill.poll_every == timedelta(seconds=45)
    story.shows({1: ServerPhase.SNAPSHOT}, JobStatus.STARTED)
    assert story.drill.poll_every == timedelta(seconds=15)
    assert story.jobs_complete().drill.poll_every is None


def test_a_wave_knows_whether_a_job_of_it_may_run_or_yet_start() -> None:
    story = Story(a_plan()).is_started()
    assert story.drill.wave(1).launches[0].is_open
    assert story.jobs_start().drill.wave(1).launches[0].is_open
    assert not story.jobs_complete().drill.wave(1).launches[0].is_open


def test_a_drill_answers_for_its_waves_and_servers_by_number() -> None:
    drill = Story(a_plan(a_wave("Database", 2), a_wave("Web"))).is_started().drill
    assert [drill.wave(number).name for number in (1, 2)] == ["Database", "Web"]
    assert [found.id for found in drill.servers] == [server(1), server(2), server(3)]
    assert drill.current_wave == drill.wave(1)
    assert (drill.started_at, drill.wake_at) == (NOON, drill.wave(1).deadline)
    assert str(drill.wave(1).launches[0].key) == "1#1#1"
    with pytest.raises(KeyError, match="1#2#1"):
        drill.wave(1).launch(key(1, 2))


def test_a_launch_may_be_sent_only_while_it_is_asked_for_and_the_drill_runs() -> None:
    story = Story(a_plan()).is_started()
    assert story.drill.may_launch(key(1))
    assert not story.overdue().drill.may_launch(key(1))
    assert story.retries().drill.may_launch(key(1))
    assert not story.jobs_start().drill.may_launch(key(1))
