from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.application.finder import LEFT_BEHIND, ROUND, poll_delays
from bot.application.ports.drs import Refused
from bot.application.ports.work import DueKind
from bot.domain.commands import Lane
from bot.domain.drill import POLL_PENDING, POLL_STARTED
from bot.domain.plan import Target
from bot.domain.states import ServerPhase
from tests.fakes.wakes import PollSent
from tests.unit.application.faults import refused
from tests.unit.application.house import House
from tests.unit.builders import HOME, T0
from tests.unit.plans import small_plan

SECOND = timedelta(seconds=1)
ABROAD = Target(account_id="999988887777", region="eu-central-1")


@pytest.fixture
def house() -> House:
    return House()


def drawn(house: House, drill_id: str) -> None:
    """Slack shows everything."""
    for item in house.work(drill_id, Lane.SLACK):
        house.outbox.done(item)


def look_round(house: House) -> None:
    house.store.calls.clear()
    house.outbox.calls.clear()
    house.finder.look_round()


# ---------------------------------------------------------------------- the cadence


@pytest.mark.parametrize("every", [POLL_STARTED, POLL_PENDING])
@given(offset=st.timedeltas(timedelta(0), timedelta(days=2)))
def test_polls_stay_as_far_apart_from_round_to_round_as_within_one(every: timedelta, offset: timedelta) -> None:
    rounds = [T0 + offset + ROUND * n for n in range(6)]
    moments: list[datetime] = [now + delay for now in rounds for delay in poll_delays(now, every)]
    assert {later - earlier for earlier, later in pairwise(moments)} == {every}
    assert rounds[0] <= moments[0] < rounds[0] + every
    assert moments[-1] < rounds[-1] + ROUND


def test_a_pace_slower_than_the_rounds_leaves_rounds_out() -> None:
    slow = [len(poll_delays(T0 + ROUND * n, timedelta(minutes=3))) for n in range(6)]
    assert slow in ([1, 0, 0, 1, 0, 0], [0, 1, 0, 0, 1, 0], [0, 0, 1, 0, 0, 1])


def test_a_job_that_runs_is_polled_every_15_seconds_and_one_that_waits_its_turn_every_45(house: House) -> None:
    drill_id = house.launched()
    look_round(house)
    assert house.wakes.polls == [PollSent(HOME.account_id, HOME.region, (drill_id,), poll_delays(T0, POLL_PENDING))]
    (job_id,) = house.drill(drill_id).job_ids
    house.drs.advance(job_id, ServerPhase.SNAPSHOT)
    house.poller.poll([drill_id])
    look_round(house)
    assert house.wakes.polls[-1].delays == (timedelta(0), 15 * SECOND, 30 * SECOND, 45 * SECOND)


def test_drills_in_one_account_and_region_are_polled_together_at_the_pace_of_the_fastest() -> None:
    house = House((small_plan("one", 1), small_plan("abroad", 1, ABROAD), small_plan("two", 2)))
    one, abroad, two = (house.launched(name) for name in ("one", "abroad", "two"))
    house.drs.advance(next(iter(house.drill(two).job_ids)), ServerPhase.SNAPSHOT)
    house.poller.poll([two])
    look_round(house)
    polls = {(sent.account_id, sent.region): (set(sent.drill_ids), len(sent.delays)) for sent in house.wakes.polls}
    assert polls[HOME.account_id, HOME.region] == ({one, two}, 4)
    assert polls[ABROAD.account_id, ABROAD.region][0] == {abroad}
    assert len(house.wakes.polls) == 2


# ---------------------------------------------------------------------- idle


def test_an_idle_round_is_one_query_of_the_index_and_nothing_else(house: House) -> None:
    look_round(house)
    drill_id = house.ready()
    drawn(house, drill_id)
    house.drs.calls.clear()
    look_round(house)
    assert house.store.calls == ["unfinished"]
    assert house.outbox.calls == []
    assert (house.wakes.polls, house.wakes.woken, house.drs.calls) == ([], [], [])


def test_a_drill_on_hold_costs_nothing_but_the_query(house: House) -> None:
    drill_id = house.running()
    house.drs.fail_next("start_drill", refused(Refused.DENIED))
    assert house.drain(drill_id).hold
    drawn(house, drill_id)
    house.pass_time(timedelta(days=3))
    look_round(house)
    assert (house.wakes.polls, house.wakes.woken) == ([], [])


# ---------------------------------------------------------------------- overdue


def test_a_drill_is_woken_at_its_own_time_within_the_coming_minute(house: House) -> None:
    drill_id = house.ready()
    drawn(house, drill_id)
    house.pass_time(timedelta(minutes=58, seconds=59))
    look_round(house)
    assert house.wakes.woken == []
    house.pass_time(31 * SECOND)
    look_round(house)
    assert house.wakes.woken == [(drill_id, 30 * SECOND)]
    house.pass_time(timedelta(minutes=5))
    look_round(house)
    assert house.wakes.woken[1:] == [(drill_id, timedelta(0))]


def test_a_drill_whose_jobs_are_polled_is_woken_at_its_deadline_too(house: House) -> None:
    drill_id = house.launched()
    drawn(house, drill_id)
    house.pass_time(timedelta(minutes=44, seconds=30))
    look_round(house)
    assert house.wakes.woken == [(drill_id, 30 * SECOND)]
    assert len(house.wakes.polls) == 1


# ---------------------------------------------------------------------- left behind


def test_work_that_its_consumer_has_missed_is_woken_ten_seconds_after_it_was_due(house: House) -> None:
    drill_id = house.proposed()
    drawn(house, drill_id)
    look_round(house)
    assert house.wakes.woken == [(drill_id, LEFT_BEHIND)]
    house.pass_time(timedelta(minutes=1))
    look_round(house)
    assert house.wakes.woken[1:] == [(drill_id, timedelta(0))]


def test_work_that_was_postponed_is_woken_when_its_time_has_come(house: House) -> None:
    drill_id = house.proposed()
    drawn(house, drill_id)
    (item,) = house.work(drill_id)
    house.outbox.postpone(item, house.clock() + 70 * SECOND)
    look_round(house)
    assert house.wakes.woken == []
    house.pass_time(30 * SECOND)
    look_round(house)
    assert house.wakes.woken == [(drill_id, 50 * SECOND)]


def test_of_work_that_falls_due_within_the_minute_but_is_missed_after_it_the_next_round_takes_care(
    house: House,
) -> None:
    drill_id = house.proposed()
    drawn(house, drill_id)
    (item,) = house.work(drill_id)
    house.outbox.postpone(item, house.clock() + 55 * SECOND)
    look_round(house)
    assert house.wakes.woken == []
    house.pass_time(ROUND)
    look_round(house)
    assert house.wakes.woken == [(drill_id, 5 * SECOND)]


def test_a_drill_with_several_reasons_is_woken_once_for_the_first_of_them(house: House) -> None:
    drill_id = house.proposed()
    drawn(house, drill_id)
    (item,) = house.work(drill_id)
    for position, later in (("0000000002#001", 40), ("0000000003#001", 20)):
        due_at = house.clock() + later * SECOND
        house.table.work[drill_id, Lane.WORK, position] = replace(item, position=position, due_at=due_at)
    house.outbox.done(item)
    look_round(house)
    assert house.wakes.woken == [(drill_id, 30 * SECOND)]
    assert {due.kind for due in house.store.unfinished(house.clock() + ROUND)} == {DueKind.WORK}


def test_a_slack_lane_that_was_left_behind_is_nudged_once(house: House) -> None:
    drill_id = house.ready()
    nudged: list[tuple[str, Lane]] = []
    house.pass_time(LEFT_BEHIND - SECOND)
    look_round(house)
    assert house.outbox.calls == []
    house.table.listeners.append(lambda drill_id, lane: nudged.append((drill_id, lane)))
    house.pass_time(SECOND)
    look_round(house)
    assert len(house.work(drill_id, Lane.SLACK)) > 1
    assert nudged == [(drill_id, Lane.SLACK)]
    assert house.wakes.woken == []


def test_a_slack_lane_that_waits_for_slack_is_left_alone_until_then(house: House) -> None:
    drill_id = house.ready()
    for item in house.work(drill_id, Lane.SLACK):
        house.outbox.postpone(item, house.clock() + timedelta(minutes=2))
    house.pass_time(ROUND)
    look_round(house)
    assert house.outbox.calls == []
    house.pass_time(ROUND + LEFT_BEHIND)
    look_round(house)
    assert house.outbox.calls == ["nudge"]
