"""The executor's first work: the checks before Start."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.checking import TRIES
from bot.application.ports.drs import DrsError, Refused
from bot.domain.approval import Action
from bot.domain.expectation import Expectation
from bot.domain.facts import Quotas, RecoveryInstance, SourceServer, Unread
from bot.domain.findings import Check
from bot.domain.launch_point import RecoverySnapshot
from bot.domain.place_checks import Obstacle
from bot.domain.rights import Evaluation
from bot.domain.states import DrillState, Outcome
from tests.fakes.drs_records import USUAL
from tests.unit.application.faults import refused
from tests.unit.application.house import House
from tests.unit.builders import GRACE, LINUS, a_plan, server_id

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
HEALTHY = SourceServer(id=server_id(1), name="db-1", replication_state="CONTINUOUS", lag=timedelta())


@pytest.fixture
def house() -> House:
    return House()


def test_a_healthy_plan_becomes_ready_and_its_servers_get_the_names_people_know(house: House) -> None:
    house.drs.add_servers(HEALTHY.model_copy(update={"last_seen": house.clock()}))
    drill = house.drill(house.ready())
    assert drill.state is DrillState.READY
    assert drill.preflight is not None
    assert drill.preflight.findings == ()
    assert [server.name for server in drill.servers] == ["db-1", "", "", ""]


def test_preflight_only_reads(house: House) -> None:
    drill_id = house.proposed()
    house.drs.calls.clear()
    house.drain(drill_id)
    assert [call.method for call in house.drs.calls] == [
        "source_servers",
        "launch_settings",
        "recovery_instances",
        "active_jobs",
    ]
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


@pytest.mark.parametrize(
    ("obstacle", "fact", "remedy"),
    [
        (Obstacle.UNINITIALIZED, "DRS is not initialised in account", "set it up there first"),
        (Obstacle.ROLE, "The role for account", "role_arn and external_id"),
        (Obstacle.REGION, "DRS cannot be reached for account", "has enabled it"),
    ],
)
def test_a_place_that_cannot_be_worked_in_is_told_as_such(
    house: House, obstacle: Obstacle, fact: str, remedy: str
) -> None:
    drill_id = house.proposed()
    house.drs.fail_next("source_servers", DrsError(Refused.DENIED, "AWS said no", obstacle=obstacle))
    drill = house.drain(drill_id)
    assert drill.outcome is Outcome.REFUSED
    assert drill.preflight is not None
    (finding,) = drill.preflight.findings
    assert (finding.check, finding.key) == (Check.PLACE, "place:plan")
    assert finding.fact.startswith(fact)
    assert "123456789012 in eu-west-1" in finding.fact
    assert finding.fact.endswith(": AWS said no")
    assert remedy in finding.remedy


def test_a_region_that_does_not_answer_is_asked_again_before_it_is_told(house: House) -> None:
    drill_id = house.proposed()
    away = DrsError(Refused.UNCLEAR, "no answer", obstacle=Obstacle.REGION)
    house.drs.fail_next("source_servers", away)
    assert house.drain(drill_id).state is DrillState.PROPOSED
    house.pass_time(MINUTE)
    assert house.drain(drill_id).state is DrillState.READY


def test_what_does_not_fit_into_the_accounts_quotas_refuses_the_drill(house: House) -> None:
    house.accounts.known_quotas = Quotas(servers_in_all_jobs=1)
    drill = house.drill(house.ready())
    assert drill.outcome is Outcome.REFUSED
    assert drill.preflight is not None
    assert [finding.fact for finding in drill.preflight.blocking] == ["Wave 1 has 2 servers; DRS takes 1 in all jobs."]


def test_quotas_that_cannot_be_read_are_told_and_do_not_refuse_the_drill(house: House) -> None:
    house.accounts.known_quotas = Unread(error="AccessDenied")
    drill = house.drill(house.ready())
    assert drill.state is DrillState.READY
    assert drill.preflight is not None
    assert [finding.check for finding in drill.preflight.findings] == [Check.QUOTAS_KNOWN]


def test_a_lag_matters_to_a_drill_from_fresh_snapshots_only() -> None:
    """From those that exist, it is their age that counts."""
    for point, checks in (("fresh", {Check.LAG}), ("newest", {Check.RECOVERY_POINT})):
        house = House((a_plan(("Web", 1)).model_copy(update={"launch_point": point}),))
        house.drs.add_servers(HEALTHY.model_copy(update={"last_seen": house.clock(), "lag": 2 * HOUR}))
        house.drs.set_snapshots(server_id(1), RecoverySnapshot(id="pit-1", at=house.clock() - 2 * HOUR))
        preflight = house.drill(house.ready()).preflight
        assert preflight is not None
        assert {finding.check for finding in preflight.findings} == checks


def test_how_servers_are_launched_is_kept_by_those_that_are_alike(house: House) -> None:
    house.drs.settings[server_id(2)] = USUAL.model_copy(update={"launch_disposition": "STOPPED"})
    preflight = house.drill(house.ready()).preflight
    assert preflight is not None
    assert preflight.findings == ()
    assert [(each.settings.launch_disposition, each.server_ids) for each in preflight.settings] == [
        ("STARTED", (server_id(1), server_id(3), server_id(4))),
        ("STOPPED", (server_id(2),)),
    ]


def test_what_the_plan_expects_of_a_wave_is_held_against_each_of_its_servers() -> None:
    plan = a_plan(("Database", 2), ("Web", 1))
    stopped = Expectation(launch_disposition="STOPPED")
    waves = (plan.waves[0].model_copy(update={"expect": stopped}), plan.waves[1])
    house = House((plan.model_copy(update={"waves": waves}),))
    drill = house.drill(house.ready())
    assert drill.state is DrillState.READY
    assert drill.preflight is not None
    assert [finding.key for finding in drill.preflight.findings] == [
        f"launch_settings:{server_id(1)}",
        f"launch_settings:{server_id(2)}",
    ]


@pytest.mark.parametrize(
    ("kind", "state"),
    [(Refused.DENIED, DrillState.ENDED), (Refused.UNCLEAR, DrillState.READY), (Refused.THROTTLED, DrillState.READY)],
)
def test_launch_settings_that_cannot_be_read_refuse_the_drill_only_for_want_of_the_right(
    house: House, kind: Refused, state: DrillState
) -> None:
    house.drs.fail_next("launch_settings", refused(kind, "GetLaunchConfiguration: no"))
    drill = house.drill(house.ready())
    assert drill.state is state
    assert drill.preflight is not None
    (finding,) = drill.preflight.findings
    assert finding.fact == "The launch settings could not be read: GetLaunchConfiguration: no"
    assert drill.preflight.settings == ()


def test_iam_is_asked_about_one_server_for_all_and_what_it_would_refuse_refuses_the_drill(house: House) -> None:
    house.accounts.answers = (
        Evaluation(action="drs:StartRecovery", resource="arn:aws:drs:::source-server/s-1", decision="implicitDeny"),
    )
    drill = house.drill(house.ready())
    assert house.accounts.asked_about == [server_id(1)]
    assert house.accounts.asked_checks == [drill.plan.every_check]
    assert drill.outcome is Outcome.REFUSED
    assert drill.preflight is not None
    assert [finding.check for finding in drill.preflight.blocking] == [Check.RIGHTS]
