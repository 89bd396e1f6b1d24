"""Following jobs: the poller, and what it does not do."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from bot.application.deciding import TRIES
from bot.application.ports.drs import Refused
from bot.application.ports.storage import StoreUnavailable
from bot.application.reconcile import SETTLED
from bot.domain.approval import Action
from bot.domain.drill import POLL_PENDING, POLL_STARTED
from bot.domain.errors import ConcurrentUpdate
from bot.domain.plan import Target
from bot.domain.states import DrillState, HoldReason, LaunchState, ServerPhase
from tests.unit.application.faults import refused, unavailable
from tests.unit.application.house import FIRST, House, phase
from tests.unit.builders import HOME
from tests.unit.plans import small_plan

ROLE = "arn:aws:iam::123456789012:role/drs-drill-target"
WITH_ROLE = HOME.model_copy(update={"role_arn": ROLE})
ABROAD = Target(account_id="999988887777", region="eu-central-1")
PLANS = (
    small_plan("one", 1),
    small_plan("two", 2),
    small_plan("role", 3, WITH_ROLE),
    small_plan("abroad", 1, ABROAD),
)


@pytest.fixture
def house() -> House:
    return House()


def many(*names: str) -> tuple[House, list[str]]:
    """Drills of these plans whose only wave is being launched; their jobs are started."""
    house = House(PLANS)
    drill_ids = []
    for name in names:
        drill_id = house.drills.propose(name, house.click()).id
        house.drain(drill_id)
        house.do(drill_id, Action.START)
        drill_ids.append(drill_id)
        drs = house.clients.at(house.drill(drill_id).target)
        for launch in house.drain(drill_id).followed_jobs:
            drs.advance(launch.job_id or "", ServerPhase.SNAPSHOT)
    house.store.calls.clear()
    return house, drill_ids


def looks(house: House) -> int:
    return sum(len(house.clients.at(target).called("observe")) for target in (HOME, ABROAD))


def test_what_has_moved_is_saved_and_only_that(house: House) -> None:
    drill_id = house.launched()
    (job_id,) = house.drill(drill_id).job_ids
    house.drs.advance(job_id, ServerPhase.CONVERSION, house.plans[0].server_ids[0])
    house.poller.poll([drill_id])
    drill = house.drill(drill_id)
    assert (phase(drill, 1), phase(drill, 2)) == (ServerPhase.CONVERSION, ServerPhase.WAITING)
    assert drill.poll_every == POLL_STARTED


def test_nothing_changed_is_no_write_and_one_call(house: House) -> None:
    drill_id = house.launched()
    assert house.drill(drill_id).poll_every == POLL_PENDING
    house.store.calls.clear()
    house.drs.calls.clear()
    for _ in range(3):
        house.poller.poll([drill_id])
    assert house.store.calls == ["load"] * 3
    assert [call.method for call in house.drs.calls] == ["observe"] * 3


def test_a_drill_without_running_jobs_costs_drs_nothing(house: House) -> None:
    drill_id = house.ready()
    house.drs.calls.clear()
    house.poller.poll([drill_id])
    assert house.drs.calls == []


def test_however_many_drills_there_is_one_look_for_each_account_region_and_role() -> None:
    house, drill_ids = many("one", "two", "role", "abroad")
    house.clients.asked.clear()
    house.poller.poll([*drill_ids, *drill_ids])
    assert house.clients.asked == [HOME, WITH_ROLE, ABROAD]
    assert looks(house) == 3
    assert house.store.calls.count("load") == 2 * len(drill_ids)  # once to look, once to save
    assert [phase(house.drill(drill_id), 1) for drill_id in drill_ids] == [ServerPhase.SNAPSHOT] * 4


def test_a_notice_of_drs_polls_every_drill_of_that_account_and_region_and_no_other() -> None:
    house, drill_ids = many("one", "two", "abroad")
    house.poller.poll_place(ABROAD.account_id, ABROAD.region)
    assert [phase(house.drill(each), 1) for each in drill_ids] == [
        ServerPhase.WAITING,
        ServerPhase.WAITING,
        ServerPhase.SNAPSHOT,
    ]
    house.poller.poll_place(HOME.account_id, HOME.region)
    assert {phase(house.drill(each), 1) for each in drill_ids} == {ServerPhase.SNAPSHOT}
    assert house.store.calls.count("unfinished") == 2


# ---------------------------------------------------------------------- trouble


def test_a_failed_look_is_no_failed_drill(house: House, caplog: pytest.LogCaptureFixture) -> None:
    drill_id = house.launched()
    before = house.drill(drill_id)
    house.drs.fail_next("observe", refused(Refused.UNCLEAR, "no answer"), times=20)
    for _ in range(20):
        house.poller.poll([drill_id])
        house.pass_time(timedelta(minutes=1))
    assert house.drill(drill_id) == before
    assert "jobs cannot be read: no answer" in caplog.text


def test_a_drill_that_cannot_be_read_does_not_hold_up_the_others(caplog: pytest.LogCaptureFixture) -> None:
    house, (one, two) = many("one", "two")
    house.store.fail("load", ValueError("an item that nobody understands"))
    house.poller.poll([one, "payments-99", two])
    assert phase(house.drill(one), 1) is ServerPhase.WAITING
    assert phase(house.drill(two), 1) is ServerPhase.SNAPSHOT
    troubled = [(record.getMessage(), record.__dict__["drill_id"]) for record in caplog.records]
    assert troubled == [("a drill cannot be read", one), ("a drill cannot be read", "payments-99")]


@pytest.mark.parametrize("error", [AssertionError("the rules choke"), ConcurrentUpdate("a crowd"), KeyError("a bug")])
def test_a_drill_that_cannot_be_saved_does_not_hold_up_the_others(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    house, (one, two) = many("one", "two")
    house.store.fail("save", error, times=TRIES if isinstance(error, ConcurrentUpdate) else 1)
    house.poller.poll([one, two])
    assert phase(house.drill(one), 1) is ServerPhase.WAITING
    assert phase(house.drill(two), 1) is ServerPhase.SNAPSHOT
    assert [record.getMessage() for record in caplog.records] == ["what was seen could not be saved"]


def test_an_account_that_breaks_down_does_not_hold_up_another(caplog: pytest.LogCaptureFixture) -> None:
    house, (one, abroad) = many("one", "abroad")
    house.drs.fail("observe", KeyError("a bug"))
    house.poller.poll([one, abroad])
    assert phase(house.drill(abroad), 1) is ServerPhase.SNAPSHOT
    assert [record.getMessage() for record in caplog.records] == ["jobs cannot be read"]


@pytest.mark.parametrize("call", ["load", "save"])
def test_without_the_table_the_poll_fails(call: str) -> None:
    house, (one, two) = many("one", "two")
    house.store.fail(call, unavailable())
    with pytest.raises(StoreUnavailable):
        house.poller.poll([one, two])


# ---------------------------------------------------------------------- races


def test_an_abort_between_the_pollers_read_and_its_write_stands(house: House) -> None:
    drill_id = house.launched()
    (job_id,) = house.drill(drill_id).job_ids
    house.drs.finish(job_id)
    house.store.before("save", lambda: house.abort(drill_id))
    house.poller.poll([drill_id])
    drill = house.drill(drill_id)
    assert drill.aborted_by is not None
    assert drill.state is DrillState.CLEANING_UP
    assert house.events(drill_id)[-2:] == ["drill_aborted", "jobs_observed"]


def test_two_polls_at_once_are_one_event(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="bot")
    drill_id = house.launched()
    (job_id,) = house.drill(drill_id).job_ids
    house.drs.advance(job_id, ServerPhase.LAUNCH)
    house.store.before("save", lambda: house.poller.poll([drill_id]))
    house.poller.poll([drill_id])
    assert house.events(drill_id).count("jobs_observed") == 1


def test_an_older_look_that_comes_later_undoes_nothing(house: House) -> None:
    drill_id = house.launched()
    (job_id,) = house.drill(drill_id).job_ids
    house.drs.advance(job_id, ServerPhase.SNAPSHOT)
    older = house.drs.observe([job_id])
    house.drs.finish(job_id)
    house.poller.poll([drill_id])
    before = house.drill(drill_id)
    house.poller._tell(before, older)
    assert house.drill(drill_id) == before


def test_what_is_long_known_is_no_news(house: House) -> None:
    drill_id = house.launched()
    before = house.drill(drill_id)
    house.follow(drill_id)
    after = house.drill(drill_id)
    house.store.calls.clear()
    house.poller._tell(before, house.drs.observe(list(before.job_ids)))  # news to what was read, not to what is there
    assert house.store.calls == ["load"]
    house.poller._tell(after, house.drs.observe(list(before.job_ids)))
    assert house.store.calls == ["load"]


# ---------------------------------------------------------------------- lost jobs


def test_a_young_job_that_drs_does_not_list_yet_is_not_lost(house: House) -> None:
    drill_id = house.launched()
    (job_id,) = house.drill(drill_id).job_ids
    job = house.drs.jobs.pop(job_id)
    house.pass_time(SETTLED - timedelta(seconds=1))
    house.poller.poll([drill_id])
    assert house.drill(drill_id).hold is None
    house.drs.jobs[job_id] = job
    assert house.follow(drill_id).wave(1).state == "succeeded"


def test_a_job_that_drs_does_not_know_any_more_after_five_minutes_is_a_persons_decision(house: House) -> None:
    drill_id = house.launched()
    (job_id,) = house.drill(drill_id).job_ids
    house.drs.forget(job_id)
    house.pass_time(SETTLED)
    house.poller.poll([drill_id])
    drill = house.drill(drill_id)
    assert drill.hold is not None
    assert drill.hold.reason is HoldReason.JOB_LOST
    assert drill.wave(1).launch(FIRST).state is LaunchState.UNKNOWN
    assert drill.poll_every is None
