"""The executor's first work: the checks before Start."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.executor import TRIES
from bot.application.ports.drs import Refused
from bot.domain.approval import Action
from bot.domain.facts import RecoveryInstance, SourceServer
from bot.domain.states import DrillState, Outcome
from tests.unit.application.house import House, refused
from tests.unit.builders import GRACE, LINUS, a_plan, server_id

MINUTE = timedelta(minutes=1)


@pytest.fixture
def house() -> House:
    return House()


def test_a_healthy_plan_becomes_ready_and_its_servers_get_the_names_people_know(house: House) -> None:
    house.drs.add_servers(SourceServer(id=server_id(1), name="db-1", replication_state="CONTINUOUS"))
    drill = house.drill(house.ready())
    assert drill.state is DrillState.READY
    assert drill.preflight is not None
    assert drill.preflight.findings == ()
    assert [server.name for server in drill.servers] == ["db-1", "", "", ""]


def test_preflight_only_reads(house: House) -> None:
    drill_id = house.proposed()
    house.drs.calls.clear()
    house.drain(drill_id)
    assert [call.method for call in house.drs.calls] == ["source_servers", "recovery_instances", "active_jobs"]
    assert house.table.owners.get(("123456789012", "eu-west-1"), {}) == {}


def test_a_real_recovery_refuses_the_drill(house: House) -> None:
    house.drs.add_instance(RecoveryInstance(id="i-1", server_id=server_id(3), is_drill=False))
    drill = house.drill(house.ready())
    assert (drill.state, drill.outcome) == (DrillState.ENDED, Outcome.REFUSED)
    assert drill.preflight is not None
    assert "A new drill would delete it" in drill.preflight.blocking[0].fact


def test_a_server_in_somebody_elses_job_refuses_the_drill(house: House) -> None:
    job = house.drs.add_job([server_id(4)])
    drill = house.drill(house.ready())
    assert drill.outcome is Outcome.REFUSED
    assert drill.preflight is not None
    assert job in drill.preflight.blocking[0].fact


def test_a_server_in_another_drill_refuses_the_drill() -> None:
    other = a_plan(("Web", 1), name="other", operators=(LINUS,), approvers=(GRACE,))
    house = House((a_plan(("Web", 2)), other))
    theirs = house.drills.propose("other", house.click(LINUS)).id
    mine = house.running()
    drill = house.drain(theirs)
    assert drill.outcome is Outcome.REFUSED
    assert drill.preflight is not None
    assert mine in drill.preflight.blocking[0].fact


@pytest.mark.parametrize("kind", [Refused.THROTTLED, Refused.UNCLEAR])
def test_a_check_that_fails_for_the_moment_is_made_again(house: House, kind: Refused) -> None:
    drill_id = house.proposed()
    house.drs.fail_next("active_jobs", refused(kind), times=TRIES - 1)
    for pause in (timedelta(seconds=10), timedelta(seconds=30), MINUTE):
        assert house.drain(drill_id).state is DrillState.PROPOSED
        (item,) = house.work(drill_id)
        assert item.due_at == house.clock() + pause
        house.pass_time(pause)
    assert house.drain(drill_id).state is DrillState.READY


def test_a_check_waits_as_long_as_drs_asks(house: House) -> None:
    drill_id = house.proposed()
    house.drs.fail_next("source_servers", refused(Refused.THROTTLED, retry_after=timedelta(seconds=77)))
    house.drain(drill_id)
    (item,) = house.work(drill_id)
    assert (item.due_at, item.attempts) == (house.clock() + timedelta(seconds=77), 1)


@pytest.mark.parametrize(
    ("kind", "tries"), [(Refused.THROTTLED, TRIES), (Refused.UNCLEAR, TRIES), (Refused.DENIED, 1), (Refused.INVALID, 1)]
)
def test_what_cannot_be_checked_is_refused(house: House, kind: Refused, tries: int) -> None:
    drill_id = house.proposed()
    house.drs.fail_next("recovery_instances", refused(kind, "AccessDenied: no such right"), times=tries)
    for _ in range(tries):
        house.drain(drill_id)
        house.pass_time(timedelta(minutes=5))
    drill = house.drill(drill_id)
    assert (drill.state, drill.outcome) == (DrillState.ENDED, Outcome.REFUSED)
    assert drill.preflight is not None
    (finding,) = drill.preflight.blocking
    assert finding.fact == "DRS could not be read: AccessDenied: no such right"
    assert house.work(drill_id) == ()


def test_the_result_of_a_preflight_that_comes_after_a_withdrawal_is_dropped(house: House) -> None:
    drill_id = house.proposed()
    house.store.before("save", lambda: house.do(drill_id, Action.WITHDRAW))
    assert house.drain(drill_id).outcome is Outcome.WITHDRAWN
    assert house.work(drill_id) == ()
    assert house.events(drill_id) == ["drill_proposed", "proposal_withdrawn"]
