"""What a test can do to the fake that the contract with the real adapter does not show."""

from __future__ import annotations

import pytest

from bot.application.ports.drs import DrsClients, DrsError, Refused
from bot.domain.launch import LaunchKey
from bot.domain.plan import Target
from bot.domain.states import JobStatus, ServerPhase
from infra.local.clock import ManualClock
from tests.fakes.drs import FakeDrs, FakeDrsClients

KEY = LaunchKey(wave=1, attempt=1, batch=1)
THROTTLED = DrsError(Refused.THROTTLED, "Rate exceeded")


@pytest.fixture
def drs() -> FakeDrs:
    drs = FakeDrs(ManualClock().now)
    drs.add_servers("s-1", "s-2")
    return drs


def test_a_server_can_be_moved_alone(drs: FakeDrs) -> None:
    job_id = drs.start_drill("drill-1", KEY, ["s-1", "s-2"])
    drs.advance(job_id, ServerPhase.CONVERSION, "s-2")
    (job,) = drs.observe([job_id])
    assert job.status is JobStatus.STARTED
    assert [server.phase for server in job.servers] == [ServerPhase.WAITING, ServerPhase.CONVERSION]


def test_a_forgotten_job_is_one_that_drs_does_not_know(drs: FakeDrs) -> None:
    job_id = drs.start_drill("drill-1", KEY, ["s-1"])
    drs.forget(job_id)
    assert drs.observe([job_id])[0].status is None


def test_a_call_fails_as_often_as_asked_for_and_every_call_is_on_record(drs: FakeDrs) -> None:
    drs.fail_next("start_drill", THROTTLED, times=2)
    for _ in range(2):
        with pytest.raises(DrsError):
            drs.start_drill("drill-1", KEY, ["s-1"])
    drs.start_drill("drill-1", KEY, ["s-1"])
    assert drs.called("start_drill") == [("drill-1", KEY, ("s-1",))] * 3


def test_only_a_method_of_the_port_can_be_made_to_fail(drs: FakeDrs) -> None:
    with pytest.raises(AttributeError):
        drs.fail_next("start_recovery", THROTTLED)


def test_each_account_and_region_is_apart_whatever_the_role() -> None:
    clients = FakeDrsClients(ManualClock().now)
    port: DrsClients = clients
    here = Target(account_id="111122223333", region="eu-west-1")
    there = here.model_copy(update={"region": "eu-north-1"})
    role = here.model_copy(update={"role_arn": "arn:aws:iam::111122223333:role/drills"})
    clients.at(here).add_servers("s-1")
    assert len(port.at(role).source_servers(["s-1"])) == 1
    assert port.at(there).source_servers(["s-1"]) == ()
    assert clients.asked == [here, role, there]
