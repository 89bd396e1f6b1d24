"""The checks before Start and right before each launch: what blocks, what warns, what is fine."""

from __future__ import annotations

import gzip
import json
from importlib.resources import files
from typing import Any

import pytest

from bot.domain.facts import ActiveJob, RecoveryInstance, SourceServer
from bot.domain.findings import Check, Finding, Severity
from bot.domain.preflight import IDLE_FAILBACK_STATES, Facts, examine, examine_instances, unreadable
from bot.domain.replication_checks import DEGRADED_STATES, READY_STATES, examine_direction
from tests.unit.domain.orders import server

S1, S2 = server(1), server(2)
HEALTHY = SourceServer(id=S1, name="db-1", replication_state="CONTINUOUS")
DRILLED = RecoveryInstance(id="i-1", server_id=S1, is_drill=True)
REAL = RecoveryInstance(id="i-1", server_id=S1, is_drill=False)
FACTS = Facts(servers=(HEALTHY,), instances=(), active_jobs=(), locks={})


def facts(**changes: Any) -> Facts:
    return FACTS.model_copy(update=changes)


def replicating(state: str, direction: str = "FAILOVER") -> Facts:
    return facts(servers=(HEALTHY.model_copy(update={"replication_state": state, "replication_direction": direction}),))


def brief(findings: tuple[Finding, ...]) -> list[tuple[Check, Severity]]:
    return [(finding.check, finding.severity) for finding in findings]


@pytest.mark.parametrize("state", ["CONTINUOUS", "CREATING_SNAPSHOT"])
def test_a_server_that_replicates_is_fine(state: str) -> None:
    assert examine([S1], replicating(state)) == ()


@pytest.mark.parametrize("state", ["BACKLOG", "RESCAN"])
def test_a_server_with_a_backlog_can_be_drilled_with_a_warning(state: str) -> None:
    (found,) = examine([S1], replicating(state))
    assert brief((found,)) == [(Check.REPLICATION, Severity.WARN)]
    assert found.fact == f"db-1 ({S1}) replicates with a backlog ({state})."


@pytest.mark.parametrize(
    "state", ["STOPPED", "INITIATING", "INITIAL_SYNC", "PAUSED", "STALLED", "DISCONNECTED", "", "A_STATE_OF_TOMORROW"]
)
def test_a_server_in_any_other_state_blocks(state: str) -> None:
    (found,) = examine([S1], replicating(state))
    assert brief((found,)) == [(Check.REPLICATION, Severity.BLOCK)]
    assert state in found.fact


def test_every_replication_and_failback_state_that_is_named_is_one_of_drs() -> None:
    packed = files("botocore") / "data/drs/2020-02-26/service-2.json.gz"
    shapes = json.loads(gzip.decompress(packed.read_bytes()))["shapes"]
    assert set(shapes["DataReplicationState"]["enum"]) >= READY_STATES | DEGRADED_STATES
    assert set(shapes["FailbackState"]["enum"]) >= IDLE_FAILBACK_STATES - {None}
    assert "FAILOVER" in shapes["ReplicationDirection"]["enum"]


def test_a_server_that_does_not_exist_blocks_and_is_named() -> None:
    (found,) = examine([S2], FACTS)
    assert brief((found,)) == [(Check.EXISTS, Severity.BLOCK)]
    assert (found.server_id, found.fact) == (S2, f"{S2} is not a source server of this account and Region.")


@pytest.mark.parametrize("direction", ["FAILBACK", "SIDEWAYS"])
def test_a_server_that_replicates_in_another_direction_is_failing_back_and_blocks(direction: str) -> None:
    assert brief(examine([S1], replicating("CONTINUOUS", direction))) == [(Check.FAILBACK, Severity.BLOCK)]
    assert brief(examine_direction(replicating("CONTINUOUS", direction).servers)) == [(Check.FAILBACK, Severity.BLOCK)]


@pytest.mark.parametrize("is_drill", [False, None])
def test_an_instance_that_is_not_for_certain_a_drill_counts_as_a_real_recovery(is_drill: bool | None) -> None:  # noqa: FBT001 - parametrised
    instance = RecoveryInstance(id="i-1", server_id=S1, is_drill=is_drill)
    assert brief(examine([S1], facts(instances=(instance,)))) == [(Check.REAL_RECOVERY, Severity.BLOCK)]
    assert brief(examine_instances([instance])) == [(Check.REAL_RECOVERY, Severity.BLOCK)]


@pytest.mark.parametrize("state", [None, "FAILBACK_NOT_STARTED"])
def test_what_an_earlier_drill_left_is_only_a_warning(state: str | None) -> None:
    instance = DRILLED.model_copy(update={"failback_state": state})
    (found,) = examine([S1], facts(instances=(instance,)))
    assert brief((found,)) == [(Check.LEFTOVER_DRILL, Severity.WARN)]
    assert found.fact == f"{S1} has the recovery instance i-1, left by an earlier drill."


@pytest.mark.parametrize(
    "state",
    ["FAILBACK_IN_PROGRESS", "FAILBACK_READY_FOR_LAUNCH", "FAILBACK_COMPLETED", "FAILBACK_ERROR", "SOMETHING_NEW"],
)
def test_an_instance_in_any_other_failback_state_blocks(state: str) -> None:
    instance = DRILLED.model_copy(update={"failback_state": state})
    assert brief(examine([S1], facts(instances=(instance,)))) == [(Check.FAILBACK, Severity.BLOCK)]


def test_instances_of_other_servers_are_no_concern_of_this_drill() -> None:
    assert examine([S1], facts(instances=(REAL.model_copy(update={"server_id": S2}),))) == ()


def test_a_server_in_an_active_job_blocks() -> None:
    job = ActiveJob(job_id="drsjob-9", server_ids=(S2, S1))
    (found,) = examine([S1], facts(active_jobs=(job,)))
    assert brief((found,)) == [(Check.ACTIVE_JOB, Severity.BLOCK)]
    assert "drsjob-9" in found.fact
    assert examine([S1], facts(active_jobs=(ActiveJob(job_id="drsjob-9", server_ids=(S2,)),))) == ()


def test_a_server_in_another_drill_blocks() -> None:
    (found,) = examine([S1], facts(locks={S1: "orders-7"}))
    assert brief((found,)) == [(Check.ACTIVE_DRILL, Severity.BLOCK)]
    assert "orders-7" in found.fact
    assert examine([S1], facts(locks={S2: "orders-7", "plan:orders": "orders-7"})) == ()


def test_everything_wrong_with_a_server_is_said_in_plan_order() -> None:
    wrong = facts(
        servers=(
            HEALTHY.model_copy(update={"id": S2, "name": "", "replication_state": "STALLED"}),
            HEALTHY.model_copy(update={"replication_state": "BACKLOG", "replication_direction": "FAILBACK"}),
        ),
        instances=(REAL, DRILLED),
        active_jobs=(ActiveJob(job_id="drsjob-9", server_ids=(S1,)),),
        locks={S1: "orders-7"},
    )
    found = examine([S1, S2], wrong)
    assert [(finding.server_id, finding.check) for finding in found] == [
        (S1, Check.FAILBACK),
        (S1, Check.REPLICATION),
        (S1, Check.REAL_RECOVERY),
        (S1, Check.LEFTOVER_DRILL),
        (S1, Check.ACTIVE_JOB),
        (S1, Check.ACTIVE_DRILL),
        (S2, Check.REPLICATION),
    ]
    assert found[-1].fact == f"{S2} does not replicate (STALLED)."


def test_a_check_that_could_not_be_made_blocks_and_says_why() -> None:
    found = unreadable("DRS", "AccessDenied: drs:DescribeSourceServers")
    assert found.blocks
    assert found.check is Check.READABLE
    assert found.fact == "DRS could not be read: AccessDenied: drs:DescribeSourceServers"


def test_every_finding_says_what_to_do() -> None:
    wrong = facts(instances=(REAL,), locks={S1: "orders-7"})
    assert all(finding.remedy for finding in (*examine([S1, S2], wrong), unreadable("DRS", "x")))
