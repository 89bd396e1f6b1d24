"""The executor beyond the single piece of work: faults nobody has foreseen, two at once, results that come too late."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.application.deciding import TRIES as RACES
from bot.application.deciding import Decider
from bot.application.executor import TRIES
from bot.application.lanes import backoff
from bot.application.ports.drs import Refused
from bot.application.ports.storage import StoreUnavailable
from bot.application.ports.work import WorkItem
from bot.domain.commands import Draw, Lane, Topic, TopicKind
from bot.domain.drill import Drill
from bot.domain.errors import ConcurrentUpdate, UnknownDrill
from bot.domain.states import DrillState, HoldReason, Outcome, WaveState
from tests.unit.application.faults import refused, unavailable
from tests.unit.application.house import FIRST, House, plenty

BUG = KeyError("a field that DRS never leaves out")


@pytest.fixture
def house() -> House:
    return House()


def try_out(house: House, drill_id: str, times: int = TRIES) -> Drill:
    """Drain whenever the work is due again, so many times."""
    for _ in range(times):
        house.drain(drill_id)
        house.pass_time(timedelta(minutes=5))
    return house.drill(drill_id)


def bug(house: House, method: str, times: int = TRIES) -> None:
    house.drs.fail(method, BUG, times=times)


# ---------------------------------------------------------------------- unforeseen


def test_work_that_fails_for_an_unforeseen_reason_is_tried_again_later_and_later(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    drill_id = house.proposed()
    bug(house, "source_servers", TRIES - 1)
    for attempts in range(TRIES - 1):
        house.drain(drill_id)
        (item,) = house.work(drill_id)
        assert (item.attempts, item.due_at) == (attempts + 1, house.clock() + backoff(attempts))
        assert item.last_error == f"KeyError: {BUG}"
        house.pass_time(backoff(attempts))
    assert house.drain(drill_id).state is DrillState.READY
    assert [record.exc_info is not None for record in caplog.records] == [True] * (TRIES - 1)


def test_a_preflight_that_keeps_failing_refuses_the_drill(house: House) -> None:
    drill_id = house.proposed()
    bug(house, "source_servers")
    drill = try_out(house, drill_id)
    assert drill.outcome is Outcome.REFUSED
    assert drill.preflight is not None
    assert "The checks could not be read: KeyError" in drill.preflight.blocking[0].fact


def test_a_launch_that_keeps_failing_is_given_to_a_person_who_is_told_that_its_fate_is_unknown(house: House) -> None:
    drill_id = house.running()
    bug(house, "recovery_instances")
    drill = try_out(house, drill_id, times=TRIES + 2)
    assert drill.hold is not None
    assert drill.hold.reason is HoldReason.LAUNCH_UNKNOWN
    assert "KeyError" in drill.hold.detail
    assert house.drs.called("start_drill") == []


def test_a_cleanup_that_keeps_failing_says_so_and_goes_on(house: House) -> None:
    drill_id = house.cleaning_up()
    bug(house, "recovery_instances", TRIES)
    drill = try_out(house, drill_id)
    assert drill.cleanup is not None
    assert drill.cleanup.problem == f"KeyError: {BUG}"
    assert drill.state is DrillState.CLEANING_UP
    assert try_out(house, drill_id, times=1).cleanup != drill.cleanup
    assert house.drs.called("terminate")


def test_one_broken_piece_of_work_does_not_hold_up_the_others_in_its_lane(house: House) -> None:
    drill_id = house.running()
    strange = replace(house.work(drill_id)[0], position="0000000000#001", command=_command("from_the_future"))
    house.table.work[drill_id, Lane.WORK, strange.position] = strange
    assert house.drain(drill_id).followed_jobs
    assert [item.position for item in house.work(drill_id)] == [strange.position]


def test_a_result_that_the_rules_choke_on_counts_as_a_failed_attempt(house: House) -> None:
    drill_id = house.running()
    house.store.fail("save", AssertionError("led to a state that the rule does not name"))
    house.drain(drill_id)
    (item,) = house.work(drill_id)
    assert (item.attempts, item.last_error) == (1, "AssertionError: led to a state that the rule does not name")
    house.pass_time(timedelta(minutes=1))
    (launch, *_) = house.drain(drill_id).launches
    assert launch.adopted
    assert len(house.drs.called("start_drill")) == 1


def test_a_drawing_in_the_work_lane_is_dropped_after_some_tries(house: House) -> None:
    drill_id = house.ready()
    misplaced = WorkItem(drill_id, Lane.WORK, "0000000009#001", Draw(topic=Topic(kind=TopicKind.CARD)), house.clock())
    house.table.work[drill_id, Lane.WORK, misplaced.position] = misplaced
    try_out(house, drill_id)
    assert house.work(drill_id) == ()


def test_work_of_a_kind_that_is_not_known_is_never_dropped_silently(house: House) -> None:
    drill_id = house.ready()
    strange = WorkItem(drill_id, Lane.WORK, "0000000009#001", _command("from_the_future"), house.clock(), TRIES - 1)
    house.table.work[drill_id, Lane.WORK, strange.position] = strange
    with pytest.raises(AssertionError):
        house.drain(drill_id)
    assert house.work(drill_id) == (strange,)


def _command(kind: str) -> Any:
    return SimpleNamespace(type=kind)


# ---------------------------------------------------------------------- the table


def test_when_the_table_cannot_be_had_the_record_fails_and_the_work_is_as_it_was(house: House) -> None:
    drill_id = house.running()
    before = house.work(drill_id)
    house.store.fail("claim", unavailable())
    with pytest.raises(StoreUnavailable):
        house.drain(drill_id)
    assert house.work(drill_id) == before
    assert house.table.leases == {}
    assert house.drain(drill_id).followed_jobs


def test_an_answer_that_could_not_be_saved_is_found_again_by_its_tags(house: House) -> None:
    drill_id = house.running()
    house.store.fail("save", unavailable())
    with pytest.raises(StoreUnavailable):
        house.drain(drill_id)
    (launch, *_) = house.drain(drill_id).launches
    assert launch.adopted
    assert len(house.drs.called("start_drill")) == 1


def test_a_drill_in_a_crowd_is_looked_at_again_and_that_is_no_failure(house: House) -> None:
    drill_id = house.running()
    house.store.fail("save", ConcurrentUpdate("a crowd"), times=RACES)
    house.drain(drill_id)
    (item,) = house.work(drill_id)
    assert (item.due_at, item.attempts) == (house.clock() + backoff(0), 0)
    house.pass_time(backoff(0))
    assert house.drain(drill_id).followed_jobs
    assert len(house.drs.called("start_drill")) == 1


# ---------------------------------------------------------------------- two at once


def test_two_executors_at_the_same_preflight_are_one_preflight(house: House) -> None:
    drill_id = house.proposed()
    item = house.work(drill_id)[0]
    house.store.before("save", lambda: house.another_executor("executor-2")._perform(item))
    assert house.drain(drill_id).state is DrillState.READY
    assert house.events(drill_id) == ["drill_proposed", "preflight_completed"]


def test_a_result_whose_work_somebody_else_has_completed_is_dropped(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    drill_id = house.proposed()
    caplog.set_level(logging.INFO, logger="bot")
    (item,) = house.work(drill_id)
    house.store.before("save", lambda: house.outbox.done(item))
    assert house.drain(drill_id).state is DrillState.PROPOSED
    assert "somebody else has done this" in caplog.text


def test_two_executors_at_the_same_launch_start_one_job(house: House) -> None:
    drill_id = house.running()
    other = house.another_executor("executor-2")
    item = house.work(drill_id)[0]
    house.store.before("load", lambda: None)
    house.store.before("load", lambda: other._perform(item))  # claimed and checked, not sent yet
    drill = house.drain(drill_id)
    assert [launch.job_id for launch in drill.launches] == list(house.drs.jobs)
    assert len(house.drs.called("start_drill")) == 1


def test_two_executors_at_the_same_cleanup_end_the_drill_once(house: House) -> None:
    drill_id = house.cleaning_up()
    item = house.work(drill_id)[0]
    house.store.before("save", lambda: house.another_executor("executor-2")._perform(item))
    house.drain(drill_id)
    assert len(house.work(drill_id)) == 1
    house.finish_termination()
    house.pass_time(timedelta(minutes=1))
    assert house.drain(drill_id).outcome is Outcome.PASSED


# ---------------------------------------------------------------------- waking


def test_a_wake_up_applies_what_is_overdue_and_then_does_what_is_due(house: House) -> None:
    drill_id = house.ready()
    house.pass_time(timedelta(minutes=59))
    house.executor.wake(drill_id, plenty())
    assert house.drill(drill_id).state is DrillState.READY
    house.pass_time(timedelta(minutes=1))
    house.executor.wake(drill_id, plenty())
    assert house.drill(drill_id).outcome is Outcome.EXPIRED


def test_a_wake_up_without_anything_overdue_does_what_is_due(house: House) -> None:
    drill_id = house.proposed()
    house.executor.wake(drill_id, plenty())
    assert house.drill(drill_id).state is DrillState.READY


def test_what_is_overdue_no_more_once_it_is_read_again_is_let_be(house: House) -> None:
    drill_id = house.launched()
    house.pass_time(timedelta(minutes=45))
    house.store.before("save", lambda: house.abort(drill_id))
    house.executor.wake(drill_id, plenty())
    drill = house.drill(drill_id)
    assert (drill.state, drill.holds) == (DrillState.ABORTING, ())
    assert drill.wave(FIRST.wave).launch(FIRST).job_id


def test_a_clock_that_ran_back_between_two_looks_breaks_nothing(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="bot")
    drill_id = house.ready()
    house.pass_time(timedelta(hours=1))
    times = iter([house.clock(), house.clock(), house.clock() - timedelta(seconds=1)])
    jumpy = Decider(house.store, lambda: next(times, house.clock()))
    replace(house.executor, decider=jumpy).wake(drill_id, plenty())
    assert house.drill(drill_id).state is DrillState.READY
    assert "nothing is overdue any more" in caplog.text


def test_a_launch_that_would_be_too_slow_is_looked_at_first(house: House) -> None:
    """Its job has ended since the last poll: nobody is asked anything."""
    drill_id = house.launched()
    house.pass_time(timedelta(minutes=45))
    house.drs.finish(house.drill(drill_id).followed_jobs[0].job_id or "")
    house.executor.wake(drill_id, plenty())
    drill = house.drill(drill_id)
    assert (drill.wave(1).state, drill.holds) == (WaveState.SUCCEEDED, ())


def test_a_launch_that_is_too_slow_is_asked_about_though_drs_cannot_be_asked(house: House) -> None:
    drill_id = house.launched()
    house.pass_time(timedelta(minutes=45))
    house.drs.fail_next("observe", refused(Refused.THROTTLED))
    house.executor.wake(drill_id, plenty())
    (held,) = house.drill(drill_id).holds
    assert held.reason is HoldReason.LAUNCH_TIMEOUT


def test_drs_is_not_asked_about_jobs_as_long_as_nothing_is_overdue(house: House) -> None:
    drill_id = house.launched()
    house.executor.wake(drill_id, plenty())
    assert house.drs.called("observe") == []


def test_a_wake_up_of_a_drill_that_does_not_exist_fails(house: House) -> None:
    with pytest.raises(UnknownDrill):
        house.executor.wake("payments-99", plenty())
