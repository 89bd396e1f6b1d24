"""A launch that DRS answers at once: started, not now, or no. See `test_launch_claims` for lost answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.executor import TRIES
from bot.application.ports.drs import Refused
from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.facts import RecoveryInstance, SourceServer
from bot.domain.launch import Launch
from bot.domain.plan import Plan
from bot.domain.states import DeferralReason, DrillState, HoldReason, LaunchState, Outcome
from tests.unit.application.faults import refused
from tests.unit.application.house import FIRST, House
from tests.unit.builders import a_plan, server_id

SECOND = timedelta(seconds=1)
NOT_NOW = {
    Refused.THROTTLED: DeferralReason.THROTTLED,
    Refused.OVER_QUOTA: DeferralReason.OVER_QUOTA,
    Refused.CONFLICT: DeferralReason.CONFLICT,
}
NO = (Refused.DENIED, Refused.INVALID)


@pytest.fixture
def house() -> House:
    return House()


def first(drill: Drill) -> Launch:
    return drill.wave(1).launch(FIRST)


def big_plan() -> Plan:
    return a_plan(("Web", 250))


def test_a_launch_is_one_job_of_all_its_servers_under_a_claim(house: House) -> None:
    drill_id = house.running()
    house.drs.calls.clear()
    launch = first(house.drain(drill_id))
    assert (launch.state, launch.adopted) == (LaunchState.STARTED, False)
    assert launch.job_id in house.drs.jobs
    assert house.drs.called("start_drill") == [(drill_id, FIRST, (server_id(1), server_id(2)))]
    assert [call.method for call in house.drs.calls] == ["recovery_instances", "source_servers", "start_drill"]
    assert house.table.claims == {(drill_id, FIRST): house.wall()}
    assert house.work(drill_id) == ()


def test_a_wave_of_250_servers_is_three_jobs_of_at_most_a_hundred() -> None:
    house = House((big_plan(),))
    drill = house.drill(house.launched())
    assert [len(job.server_ids) for job in house.drs.jobs.values()] == [100, 100, 50]
    assert drill.job_ids == set(house.drs.jobs)


@pytest.mark.parametrize(("kind", "reason"), NOT_NOW.items())
def test_not_now_is_tried_again_later_and_said(house: House, kind: Refused, reason: DeferralReason) -> None:
    drill_id = house.running()
    house.drs.fail_next("start_drill", refused(kind, "not now"))
    launch = first(house.drain(drill_id))
    assert launch.state is LaunchState.REQUESTED
    assert launch.deferral is not None
    assert (launch.deferral.reason, launch.deferral.error) == (reason, "not now")
    assert launch.deferral.retry_at == house.clock() + 30 * SECOND
    assert [item.due_at for item in house.work(drill_id)] == [launch.deferral.retry_at]
    assert house.table.claims == {}  # DRS has said that there is no job
    house.pass_time(29 * SECOND)
    assert not house.drain(drill_id).followed_jobs
    house.pass_time(SECOND)
    assert house.drain(drill_id).followed_jobs


def test_each_time_it_is_not_now_the_wait_is_twice_as_long_up_to_five_minutes(house: House) -> None:
    drill_id = house.running()
    house.drs.fail_next("start_drill", refused(Refused.OVER_QUOTA), times=6)
    waits = []
    for _ in range(6):
        deferral = first(house.drain(drill_id)).deferral
        assert deferral is not None
        waits.append((deferral.retry_at - house.clock()) // SECOND)
        house.clock.time = deferral.retry_at
    assert waits == [30, 60, 120, 240, 300, 300]


def test_another_reason_begins_with_the_shortest_wait_again(house: House) -> None:
    drill_id = house.running()
    house.drs.fail_next("start_drill", refused(Refused.OVER_QUOTA), times=3)
    for _ in range(3):
        house.drain(drill_id)
        house.clock.time = house.work(drill_id)[0].due_at
    house.drs.fail_next("start_drill", refused(Refused.THROTTLED))
    deferral = first(house.drain(drill_id)).deferral
    assert deferral is not None
    assert (deferral.reason, deferral.times) == (DeferralReason.THROTTLED, 1)
    assert deferral.retry_at == house.clock() + 30 * SECOND


@pytest.mark.parametrize(("asked", "waited"), [(7, 30), (30, 30), (100, 100)])
def test_a_launch_waits_as_long_as_drs_asks_and_never_less_than_the_bot_would(
    house: House, asked: int, waited: int
) -> None:
    drill_id = house.running()
    house.drs.fail_next("start_drill", refused(Refused.THROTTLED, retry_after=asked * SECOND))
    deferral = first(house.drain(drill_id)).deferral
    assert deferral is not None
    assert deferral.retry_at == house.clock() + waited * SECOND


@pytest.mark.parametrize("kind", NO)
def test_no_puts_the_drill_on_hold_with_what_drs_said(house: House, kind: Refused) -> None:
    drill_id = house.running()
    house.drs.fail_next("start_drill", refused(kind, "AccessDeniedException: no right to do that"))
    drill = house.drain(drill_id)
    assert drill.hold is not None
    assert (drill.hold.reason, first(drill).state) == (HoldReason.LAUNCH_REFUSED, LaunchState.REFUSED)
    assert "no right to do that" in drill.hold.detail
    assert house.table.claims == {}
    house.do(drill_id, Action.RETRY, hold=1)
    assert first(house.drain(drill_id)).state is LaunchState.STARTED


def test_when_one_job_of_a_wave_is_refused_the_others_are_not_sent_until_a_person_decides() -> None:
    house = House((big_plan(),))
    drill_id = house.running()
    house.drs.before("start_drill", lambda: None)
    house.drs.before("start_drill", lambda: house.drs.fail_next("start_drill", refused(Refused.DENIED)))
    drill = house.drain(drill_id)
    states = [launch.state for launch in drill.launches]
    assert states == [LaunchState.STARTED, LaunchState.REFUSED, LaunchState.WITHDRAWN]
    house.do(drill_id, Action.RETRY, hold=1)
    assert [launch.state for launch in house.drain(drill_id).launches] == [LaunchState.STARTED] * 3
    assert len(house.drs.jobs) == 3


# ---------------------------------------------------------------------- safety


DANGERS = {
    "a real recovery": RecoveryInstance(id="i-1", server_id=server_id(2), is_drill=False),
    "of which DRS does not say what it is": RecoveryInstance(id="i-1", server_id=server_id(2), is_drill=None),
    "that is failing back": RecoveryInstance(
        id="i-1", server_id=server_id(2), is_drill=True, failback_state="FAILBACK_IN_PROGRESS"
    ),
}


@pytest.mark.parametrize("danger", DANGERS)
def test_an_instance_that_a_launch_would_destroy_stops_it_though_preflight_saw_none(house: House, danger: str) -> None:
    drill_id = house.running()
    house.drs.add_instance(DANGERS[danger])
    drill = house.drain(drill_id)
    assert drill.hold is not None
    assert drill.hold.reason is HoldReason.UNSAFE
    assert "i-1" in drill.hold.detail
    assert house.drs.called("start_drill") == []
    assert house.drs.instances.keys() == {"i-1"}
    assert house.table.claims == {}


def test_a_server_that_has_begun_to_fail_back_is_not_launched(house: House) -> None:
    drill_id = house.running()
    back = SourceServer(id=server_id(1), replication_state="CONTINUOUS", replication_direction="FAILBACK")
    house.drs.add_servers(back)
    drill = house.drain(drill_id)
    assert drill.hold is not None
    assert drill.hold.reason is HoldReason.UNSAFE
    assert house.drs.called("start_drill") == []


def test_an_instance_of_an_earlier_drill_stops_nothing(house: House) -> None:
    drill_id = house.running()
    house.drs.add_instance(RecoveryInstance(id="i-1", server_id=server_id(1), is_drill=True))
    assert house.drain(drill_id).followed_jobs


def test_a_wave_is_launched_once_a_person_has_seen_to_what_was_unsafe(house: House) -> None:
    drill_id = house.running()
    house.drs.add_instance(DANGERS["a real recovery"])
    house.drain(drill_id)
    house.drs.instances.clear()
    house.do(drill_id, Action.RETRY, hold=1)
    assert house.drain(drill_id).followed_jobs


def test_a_check_right_before_the_launch_that_is_throttled_puts_the_launch_off_however_often(house: House) -> None:
    drill_id = house.running()
    house.drs.fail_next("source_servers", refused(Refused.THROTTLED), times=TRIES + 1)
    for _ in range(TRIES + 1):
        drill = house.drain(drill_id)
        house.pass_time(timedelta(minutes=6))
    (launch,) = drill.launches
    assert launch.deferral is not None
    assert (launch.deferral.reason, launch.deferral.times) == (DeferralReason.THROTTLED, TRIES + 1)
    assert house.table.claims == {}
    assert house.drain(drill_id).followed_jobs


def test_a_check_right_before_the_launch_that_fails_for_the_moment_is_made_again(house: House) -> None:
    drill_id, kind = house.running(), Refused.UNCLEAR
    house.drs.fail_next("source_servers", refused(kind))
    house.drs.fail_next("source_servers", refused(kind, retry_after=44 * SECOND))
    for wait in (30, 44):
        house.drain(drill_id)
        (item,) = house.work(drill_id)
        assert item.due_at == house.clock() + wait * SECOND
        assert house.table.claims == {}
        house.pass_time(wait * SECOND)
    assert house.drain(drill_id).followed_jobs


@pytest.mark.parametrize(("kind", "tries"), [(Refused.UNCLEAR, TRIES), (Refused.DENIED, 1)])
def test_what_cannot_be_checked_is_not_launched(house: House, kind: Refused, tries: int) -> None:
    drill_id = house.running()
    house.drs.fail_next("recovery_instances", refused(kind, "no answer"), times=tries)
    for _ in range(tries):
        drill = house.drain(drill_id)
        house.pass_time(timedelta(minutes=1))
    assert drill.hold is not None
    assert drill.hold.reason is HoldReason.LAUNCH_REFUSED
    assert drill.hold.detail == "The check right before the launch failed: no answer"
    assert house.drs.called("start_drill") == []
    assert house.table.claims == {}


# ---------------------------------------------------------------------- people


def test_an_abort_that_lands_right_before_the_call_stops_it(house: House) -> None:
    drill_id = house.running()
    house.drs.before("source_servers", lambda: house.abort(drill_id))  # the last thing asked of DRS before
    drill = house.drain(drill_id)
    assert house.drs.called("start_drill") == []
    assert (drill.state, drill.outcome) == (DrillState.ENDED, Outcome.ABORTED)
    assert house.events(drill_id)[-2:] == ["drill_aborted", "launch_withdrawn"]
    assert house.table.claims == {}
    assert house.work(drill_id) == ()


def test_an_abort_that_lands_during_the_call_waits_for_the_job_and_terminates_it(house: House) -> None:
    drill_id = house.running()
    house.drs.before("start_drill", lambda: house.abort(drill_id))
    drill = house.drain(drill_id)
    assert drill.state is DrillState.ABORTING
    assert drill.followed_jobs
    assert house.follow(drill_id).state is DrillState.CLEANING_UP
    house.drain(drill_id)
    house.finish_termination()
    house.pass_time(timedelta(minutes=1))
    assert house.drain(drill_id).outcome is Outcome.ABORTED
    assert house.drs.instances == {}
    assert house.drills.active() == ()


def test_a_hold_that_lands_right_before_the_call_stops_it_and_a_resume_sends_it_once(house: House) -> None:
    drill_id = house.running()
    house.drs.before("source_servers", lambda: house.do(drill_id, Action.HOLD))
    drill = house.drain(drill_id)
    assert house.drs.called("start_drill") == []
    assert (drill.state, first(drill).state, house.table.claims) == (DrillState.ON_HOLD, LaunchState.WITHDRAWN, {})
    house.do(drill_id, Action.RESUME, hold=1)
    assert first(house.drain(drill_id)).state is LaunchState.STARTED
    assert len(house.drs.called("start_drill")) == 1


def test_a_retry_that_lands_before_the_withdrawal_is_saved_launches_after_all(house: House) -> None:
    drill_id = house.running()
    house.drs.fail_next("start_drill", refused(Refused.THROTTLED))
    house.drain(drill_id)
    house.pass_time(timedelta(minutes=45))
    house.decider.apply(drill_id, house.executor._time_passed)
    assert house.drill(drill_id).state is DrillState.ON_HOLD
    house.store.before("save", lambda: house.do(drill_id, Action.RETRY, hold=1))
    drill = house.drain(drill_id)
    assert first(drill).state is LaunchState.STARTED
    assert len(house.drs.jobs) == 1
    assert house.work(drill_id) == ()


def test_a_launch_that_has_been_settled_is_not_looked_after_again(house: House) -> None:
    drill_id = house.running()
    (item,) = house.work(drill_id)
    house.drain(drill_id)
    house.drs.calls.clear()
    house.table.work[drill_id, item.lane, item.position] = item
    house.drain(drill_id)
    assert house.drs.calls == []
    assert house.work(drill_id) == ()
