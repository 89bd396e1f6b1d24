"""Whole drills over the fakes: the real use cases, executor, poller, finder, notifier and views, and a clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.finder import ROUND
from bot.domain.states import DrillState, HoldReason, Outcome, ServerPhase, WaveState
from tests.unit.application.house import House
from tests.unit.application.town import Town
from tests.unit.builders import CHANNEL, a_plan, server_id

WAVE_1 = ["preflight", "started", "wave/1/1"]
ENDING = ["cleanup", "result", "report"]


@pytest.fixture
def town() -> Town:
    return Town()


def ended(town: Town, drill_id: str) -> Outcome | None:
    """How the drill ended, with nothing of it left anywhere."""
    drill = town.drill(drill_id)
    town.pass_time(timedelta(minutes=6))  # what was to be tried again once more
    assert town.is_finished(drill_id)
    assert town.house.drs.instances == {}
    assert town.house.store.locks(drill.target) == {}
    assert town.house.table.work == {}
    assert town.topics(drill_id)[0] == "card"
    assert len(town.topics(drill_id)) == len(set(town.topics(drill_id)))
    assert town.thread(drill_id) == town.topics(drill_id)[1:]
    assert {post.channel for post in town.slack.posts} == {CHANNEL}
    return drill.outcome


def test_a_drill_that_goes_well(town: Town) -> None:
    drill_id = town.ask()
    assert town.thread(drill_id) == ["preflight"]
    town.start(drill_id)
    assert town.jobs_end(drill_id).wave(2).state is WaveState.AWAITING_APPROVAL
    assert town.approve(drill_id).wave(2).state is WaveState.LAUNCHING
    assert town.jobs_end(drill_id).state is DrillState.CLEANING_UP
    town.instances_go(drill_id)
    assert ended(town, drill_id) is Outcome.PASSED
    wave_2 = ["approval/2/1", "wave/2/1"]
    assert town.thread(drill_id) == [*WAVE_1, *wave_2, *ENDING]
    assert len(town.house.drs.called("start_drill")) == 2
    assert len(town.house.drs.called("terminate")) == 1


def test_the_next_drill_of_a_plan_is_proposed_with_what_the_last_one_took(town: Town) -> None:
    first = town.ask()
    town.start(first)
    town.jobs_end(first)
    town.approve(first)
    town.jobs_end(first)
    town.instances_go(first)
    assert ended(town, first) is Outcome.PASSED
    town.ask()
    (card,) = [post.message for post in town.slack.posts if not post.thread_ts][1:]
    assert "What is expected is what the last drill that passed took." in card.blocks


def test_a_drill_of_which_an_optional_server_fails_passes_with_findings() -> None:
    town = Town(House((a_plan(("Web", 2), optional=[2]),)))
    drill_id = town.ask()
    town.start(drill_id)
    assert town.jobs_end(drill_id, {server_id(2): "no capacity"}).holds == ()
    town.instances_go(drill_id)
    assert ended(town, drill_id) is Outcome.PASSED_WITH_FINDINGS


def test_a_critical_failure_waits_for_a_person_and_a_retry_launches_only_what_failed(town: Town) -> None:
    drill_id = town.ask()
    town.start(drill_id)
    drill = town.jobs_end(drill_id, {server_id(2): "no capacity"})
    assert drill.hold is not None
    assert drill.hold.reason is HoldReason.SERVERS_FAILED
    town.pass_time(timedelta(hours=5))  # it waits as long as it takes
    assert town.drill(drill_id).version == drill.version
    town.decide(drill_id, "retry")
    assert [call[2] for call in town.house.drs.called("start_drill")] == [
        (server_id(1), server_id(2)),
        (server_id(2),),
    ]
    town.jobs_end(drill_id)
    town.approve(drill_id)
    town.jobs_end(drill_id)
    town.instances_go(drill_id)
    assert ended(town, drill_id) is Outcome.PASSED
    assert town.thread(drill_id)[3:5] == ["hold/1", "wave/1/2"]


def test_a_wave_that_was_skipped_fails_the_drill_in_the_end(town: Town) -> None:
    drill_id = town.ask()
    town.start(drill_id)
    town.jobs_end(drill_id, {server_id(1): "no capacity"})
    assert town.decide(drill_id, "skip").wave(2).state is WaveState.AWAITING_APPROVAL
    town.approve(drill_id)
    town.jobs_end(drill_id)
    town.instances_go(drill_id)
    assert ended(town, drill_id) is Outcome.FAILED


def test_an_abort_in_the_middle_of_a_job_follows_it_to_its_end_and_terminates_what_it_made(town: Town) -> None:
    drill_id = town.ask()
    town.start(drill_id)
    (job_id,) = town.drill(drill_id).job_ids
    town.house.drs.advance(job_id, ServerPhase.CONVERSION)
    town.pass_time(ROUND)
    assert town.abort(drill_id).state is DrillState.ABORTING
    town.pass_time(timedelta(minutes=30))
    assert town.drill(drill_id).state is DrillState.ABORTING
    assert town.jobs_end(drill_id).state is DrillState.CLEANING_UP
    town.instances_go(drill_id)
    assert ended(town, drill_id) is Outcome.ABORTED
    assert len(town.house.drs.called("start_drill")) == 1
    assert town.thread(drill_id)[-3:] == ENDING


def test_a_proposal_that_nobody_starts_expires(town: Town) -> None:
    drill_id = town.ask()
    town.pass_time(timedelta(hours=1, minutes=1))
    assert ended(town, drill_id) is Outcome.EXPIRED
    assert town.house.drs.called("start_drill") == []


def test_an_approval_that_nobody_gives_puts_the_drill_on_hold_on_time(town: Town) -> None:
    drill_id = town.ask()
    town.start(drill_id)
    (asked,) = town.jobs_end(drill_id).wave(2).rounds
    town.pass_time(asked.expires_at - town.house.clock())
    held = town.drill(drill_id).hold
    assert held is not None
    assert (held.reason, held.since) == (HoldReason.APPROVAL_EXPIRED, asked.expires_at)


def test_a_job_that_takes_too_long_puts_the_drill_on_hold_and_is_followed_all_the_same(town: Town) -> None:
    drill_id = town.ask()
    town.start(drill_id)
    town.pass_time(timedelta(minutes=46))
    held = town.drill(drill_id).hold
    assert held is not None
    assert held.reason is HoldReason.LAUNCH_TIMEOUT
    drill = town.jobs_end(drill_id)
    assert drill.wave(1).state is WaveState.SUCCEEDED
    assert drill.wave(2).state is WaveState.AWAITING_APPROVAL


# ---------------------------------------------------------------------- lost wake-ups, Slack down


def test_a_wake_up_that_is_lost_costs_at_most_a_minute() -> None:
    town = Town(is_deaf=True)
    drill_id = town.ask()
    assert town.drill(drill_id).state is DrillState.PROPOSED
    town.pass_time(ROUND)
    assert town.drill(drill_id).state is DrillState.READY
    town.start(drill_id)
    town.jobs_end(drill_id)
    town.approve(drill_id)
    town.jobs_end(drill_id)
    town.instances_go(drill_id)
    town.instances_go(drill_id)
    assert ended(town, drill_id) is Outcome.PASSED


def test_while_slack_is_down_the_drill_goes_on_and_the_thread_catches_up_in_order(town: Town) -> None:
    drill_id = town.ask()
    town.slack.is_down = True
    town.start(drill_id)
    town.jobs_end(drill_id)
    town.approve(drill_id)
    town.jobs_end(drill_id)
    town.instances_go(drill_id)
    assert town.drill(drill_id).outcome is Outcome.PASSED
    assert town.thread(drill_id) == ["preflight"]
    town.slack.is_down = False
    town.pass_time(timedelta(minutes=7))
    assert ended(town, drill_id) is Outcome.PASSED
    assert town.thread(drill_id)[:3] == WAVE_1[:3]


# ---------------------------------------------------------------------- what it costs


def test_a_minute_of_waiting_for_people_is_one_index_query(town: Town) -> None:
    drill_id = town.ask()
    town.start(drill_id)
    town.jobs_end(drill_id)
    house = town.house
    house.store.calls.clear()
    house.outbox.calls.clear()
    house.drs.calls.clear()
    town.slack.calls.clear()
    town.pass_time(timedelta(minutes=10))
    assert house.store.calls == ["unfinished"] * 10
    assert (house.outbox.calls, house.drs.calls, town.slack.calls) == ([], [], [])


def test_a_minute_of_a_running_job_in_which_nothing_moves_is_four_looks_and_no_write(town: Town) -> None:
    drill_id = town.ask()
    town.start(drill_id)
    (job_id,) = town.drill(drill_id).job_ids
    town.house.drs.advance(job_id, ServerPhase.SNAPSHOT)
    town.pass_time(2 * ROUND)
    house = town.house
    house.store.calls.clear()
    house.drs.calls.clear()
    town.slack.calls.clear()
    town.pass_time(5 * ROUND)
    assert [call.method for call in house.drs.calls] == ["observe"] * 20
    assert sorted(house.store.calls) == ["load"] * 20 + ["unfinished"] * 5
    assert town.slack.calls == []
