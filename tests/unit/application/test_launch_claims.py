"""Exactly one job, whatever is lost: the executor's life, DRS's answer, or both."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.launching import GRACE, TRIES, TRIES_UNWANTED
from bot.application.ports.drs import Refused
from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.launch import Launch, LaunchKey
from bot.domain.states import DrillState, HoldReason, LaunchState, Outcome
from tests.unit.application.faults import refused
from tests.unit.application.house import FIRST, TIMEOUT, House
from tests.unit.builders import server_id

SERVERS = (server_id(1), server_id(2))
SECOND = timedelta(seconds=1)
SURE = TIMEOUT + GRACE
"""From then on nothing that a dead executor has sent can take effect."""
LOST = refused(Refused.UNCLEAR, "no answer")


@pytest.fixture
def house() -> House:
    return House()


def first(drill: Drill) -> Launch:
    return drill.wave(1).launch(FIRST)


def claimed(house: House) -> str:
    """A drill whose executor has claimed the launch and died."""
    drill_id = house.running()
    house.store.claim(drill_id, FIRST, house.wall())
    house.store.calls.clear()
    return drill_id


def jobs(house: House) -> list[str]:
    return [job.id for job in house.drs.jobs.values() if not job.instance_ids]


# ---------------------------------------------------------------------- the executor died


def test_the_job_of_an_executor_that_died_after_the_call_is_adopted(house: House) -> None:
    drill_id = claimed(house)
    job = house.drs.start_drill(drill_id, FIRST, SERVERS)
    launch = first(house.drain(drill_id))
    assert (launch.state, launch.job_id, launch.adopted) == (LaunchState.STARTED, job, True)
    assert jobs(house) == [job]


def test_the_job_of_another_drill_or_of_another_launch_is_not_adopted(house: House) -> None:
    drill_id = claimed(house)
    house.drs.add_servers(server_id(8), server_id(9))
    house.drs.start_drill("payments-0", FIRST, [server_id(8)])
    house.drs.start_drill(drill_id, LaunchKey(wave=1, attempt=2, batch=1), [server_id(9)])
    assert first(house.drain(drill_id)).state is LaunchState.REQUESTED


def test_a_job_may_still_be_on_its_way_until_the_executor_must_be_dead_and_a_minute_more(house: House) -> None:
    drill_id = claimed(house)
    house.pass_time(50 * SECOND)
    house.drain(drill_id)
    (item,) = house.work(drill_id)
    assert (item.due_at, item.attempts) == (house.clock() + SURE - 50 * SECOND, 0)
    house.pass_time(SURE - 51 * SECOND)
    job = house.drs.start_drill(drill_id, FIRST, SERVERS)  # late, and tagged all the same
    house.pass_time(SECOND)
    assert first(house.drain(drill_id)).job_id == job
    assert jobs(house) == [job]


def test_a_launch_that_for_certain_was_not_sent_is_sent_again_once(house: House) -> None:
    drill_id = claimed(house)
    house.pass_time(SURE)
    launch = first(house.drain(drill_id))
    assert (launch.state, launch.adopted) == (LaunchState.STARTED, False)
    assert len(house.drs.called("start_drill")) == 1
    assert house.table.claims[drill_id, FIRST] == house.wall()


def test_of_two_executors_that_take_over_one_sends_and_the_other_stands_back(house: House) -> None:
    drill_id = claimed(house)
    house.pass_time(SURE)
    other = house.another_executor("executor-2")
    (item,) = house.work(drill_id)
    house.store.before("renew_claim", lambda: other._perform(item))
    house.pass_time(SECOND)
    drill = house.drain(drill_id)
    assert len(house.drs.called("start_drill")) == 1
    assert first(drill).state is LaunchState.STARTED


def test_a_claim_taken_over_by_somebody_else_in_that_moment_is_theirs(house: House) -> None:
    drill_id = claimed(house)
    standing = house.store.claim(drill_id, FIRST, house.wall())
    house.pass_time(SURE)
    house.store.before("renew_claim", lambda: house.store.renew_claim(drill_id, standing, house.wall()))
    house.drain(drill_id)
    (item,) = house.work(drill_id)
    assert (item.due_at, item.attempts) == (house.clock() + 10 * SECOND, 0)
    assert house.drs.called("start_drill") == []


def test_the_age_of_a_claim_is_wall_time_whatever_world_time_says(house: House) -> None:
    drill_id = claimed(house)
    house.clock.advance(timedelta(minutes=30))
    house.drain(drill_id)
    assert house.drs.called("start_drill") == []
    house.wall.advance(SURE)
    house.clock.advance(SURE)
    assert first(house.drain(drill_id)).state is LaunchState.STARTED


def test_a_job_that_cannot_be_looked_for_is_a_persons_decision_after_four_tries(house: House) -> None:
    drill_id = claimed(house)
    house.drs.fail_next("tagged_jobs", refused(Refused.DENIED, "no right to list jobs"), times=TRIES)
    for attempts in range(1, TRIES):
        assert house.drain(drill_id).hold is None
        (item,) = house.work(drill_id)
        assert (item.attempts, item.due_at) == (attempts, house.clock() + 30 * SECOND)
        house.pass_time(30 * SECOND)
    drill = house.drain(drill_id)
    assert drill.hold is not None
    assert (drill.hold.reason, first(drill).state) == (HoldReason.LAUNCH_UNKNOWN, LaunchState.UNKNOWN)
    assert drill.hold.detail == "Whether the job was started could not be found out: no right to list jobs"
    assert (drill_id, FIRST) in house.table.claims  # it stays: something may have been sent under it
    assert house.drs.called("start_drill") == []


# ---------------------------------------------------------------------- the answer was lost


def test_a_job_made_by_a_call_whose_answer_was_lost_is_adopted_at_once(house: House) -> None:
    drill_id = house.running()
    house.drs.fail_next("start_drill", LOST, after_effect=True)
    launch = first(house.drain(drill_id))
    assert (launch.state, launch.adopted) == (LaunchState.STARTED, True)
    assert [launch.job_id] == jobs(house)


def test_a_job_that_shows_up_only_later_is_adopted_then(house: House) -> None:
    drill_id = house.running()
    house.drs.fail_next("start_drill", LOST)
    house.drain(drill_id)
    assert house.work(drill_id)[0].last_error == "no answer"
    job = house.drs.start_drill(drill_id, FIRST, SERVERS)
    house.pass_time(30 * SECOND)
    assert first(house.drain(drill_id)).job_id == job


def test_a_call_that_was_lost_on_its_way_there_is_made_again_once_that_is_certain(house: House) -> None:
    drill_id = house.running()
    house.drs.fail_next("start_drill", LOST)
    for _ in range(4):
        house.drain(drill_id)
        assert len(house.drs.called("start_drill")) == 1
        house.pass_time(30 * SECOND - timedelta(milliseconds=1))
    house.pass_time(SECOND)
    assert first(house.drain(drill_id)).state is LaunchState.STARTED
    assert len(house.drs.called("start_drill")) == 2
    assert len(jobs(house)) == 1


def test_after_four_unclear_calls_a_person_is_asked(house: House) -> None:
    drill_id = house.running()
    house.drs.fail_next("start_drill", LOST, times=TRIES)
    for _ in range(2 * TRIES):
        drill = house.drain(drill_id)
        house.pass_time(SURE)
    assert drill.hold is not None
    assert drill.hold.reason is HoldReason.LAUNCH_UNKNOWN
    assert len(house.drs.called("start_drill")) == TRIES
    house.do(drill_id, Action.RETRY, hold=1)
    assert first(house.drain(drill_id)).state is LaunchState.STARTED
    assert len(jobs(house)) == 1


def test_when_the_answer_is_lost_and_the_look_after_it_fails_the_look_is_made_again(house: House) -> None:
    drill_id = house.running()
    house.drs.fail_next("start_drill", LOST, after_effect=True)
    house.drs.fail_next("tagged_jobs", refused(Refused.THROTTLED))
    assert first(house.drain(drill_id)).state is LaunchState.REQUESTED
    house.pass_time(30 * SECOND)
    assert first(house.drain(drill_id)).adopted
    assert len(house.drs.called("start_drill")) == 1


# ---------------------------------------------------------------------- a conflict may be with our own job


def test_a_conflict_with_our_own_job_adopts_it(house: House) -> None:
    drill_id = house.running()
    job = house.drs.start_drill(drill_id, FIRST, SERVERS)
    launch = first(house.drain(drill_id))
    assert (launch.job_id, launch.adopted) == (job, True)
    assert jobs(house) == [job]


def test_a_conflict_with_somebody_elses_job_waits_until_that_has_ended(house: House) -> None:
    drill_id = house.running()
    theirs = house.drs.add_job([server_id(2)])
    launch = first(house.drain(drill_id))
    assert launch.deferral is not None
    house.drs.jobs.pop(theirs)
    house.pass_time(30 * SECOND)
    assert first(house.drain(drill_id)).state is LaunchState.STARTED


def test_a_conflict_that_cannot_be_looked_into_keeps_its_claim(house: House) -> None:
    drill_id = house.running()
    job = house.drs.start_drill(drill_id, FIRST, SERVERS)
    house.drs.fail_next("tagged_jobs", LOST)
    house.drain(drill_id)
    assert (drill_id, FIRST) in house.table.claims
    house.pass_time(30 * SECOND)
    assert first(house.drain(drill_id)).job_id == job


# ---------------------------------------------------------------------- people, while nobody knows


def unknown(house: House) -> str:
    """A drill on hold, since nobody knows whether its job was started."""
    drill_id = claimed(house)
    house.drs.fail_next("tagged_jobs", LOST, times=TRIES)
    for _ in range(TRIES):
        house.drain(drill_id)
        house.pass_time(30 * SECOND)
    assert house.drill(drill_id).state is DrillState.ON_HOLD
    return drill_id


def test_an_abort_looks_for_the_job_of_unknown_fate_and_cleans_up_after_it(house: House) -> None:
    drill_id = unknown(house)
    job = house.drs.start_drill(drill_id, FIRST, SERVERS)
    assert house.abort(drill_id).state is DrillState.ABORTING
    drill = house.drain(drill_id)
    assert (first(drill).job_id, drill.state) == (job, DrillState.ABORTING)
    assert house.follow(drill_id).state is DrillState.CLEANING_UP
    house.drain(drill_id)
    assert {instance.ec2_state for instance in house.drs.instances.values()} == {"SHUTTING-DOWN"}


def test_an_abort_of_a_launch_that_was_never_sent_sends_nothing_and_ends(house: House) -> None:
    drill_id = unknown(house)
    house.abort(drill_id)
    house.pass_time(SURE)
    assert house.drain(drill_id).outcome is Outcome.ABORTED
    assert house.drs.called("start_drill") == []
    assert house.table.claims == {}


def test_an_abort_whose_job_cannot_be_looked_for_ends_with_a_finding_for_people(house: House) -> None:
    drill_id = unknown(house)
    house.abort(drill_id)
    house.drs.fail_next("tagged_jobs", LOST, times=TRIES_UNWANTED)
    for _ in range(TRIES_UNWANTED - 1):
        house.drain(drill_id)
        house.pass_time(300 * SECOND)
    assert house.drill(drill_id).state is DrillState.ABORTING
    house.drain(drill_id)
    drill = house.drill(drill_id)
    assert drill.outcome is Outcome.ABORTED
    assert "Nobody knows whether DRS started a job for launch 1#1#1 of wave Database" in drill.findings[0]


def test_a_retry_looks_first_and_sends_only_what_is_not_there(house: House) -> None:
    drill_id = unknown(house)
    job = house.drs.start_drill(drill_id, FIRST, SERVERS)
    house.do(drill_id, Action.RETRY, hold=1)
    assert first(house.drain(drill_id)).job_id == job
    assert jobs(house) == [job]


def test_a_skip_looks_for_the_job_too_so_that_its_instances_are_cleaned_up(house: House) -> None:
    drill_id = unknown(house)
    job = house.drs.start_drill(drill_id, FIRST, SERVERS)
    house.do(drill_id, Action.SKIP, "not needed now", hold=1)
    drill = house.drain(drill_id)
    assert first(drill).job_id == job
    assert drill.state is DrillState.RUNNING
