"""TerminateRecoveryInstances: the TERMINATE job, and how instances go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from botocore.exceptions import ParamValidationError
from mypy_boto3_drs.client import DrsClient

from infra.local.clock import ManualClock
from infra.local.drs import (
    RecoveryInstanceSpec,
    faults,
    healthy_fleet,
    job_log,
    jobs,
    running_instances,
    seed,
    source_server_id,
)

ACCOUNT, REGION = "111122223333", "eu-west-1"


@pytest.fixture
def drilled(drs: DrsClient) -> list[str]:
    """Ids of two drill instances and one of a real recovery."""
    for name, is_drill in (("a", True), ("b", True), ("real", False)):
        instance = RecoveryInstanceSpec(is_drill=is_drill)
        seed(ACCOUNT, REGION, healthy_fleet([source_server_id(name)], recovery_instance=instance))
    by_server = {i["sourceServerID"]: i["recoveryInstanceID"] for i in drs.describe_recovery_instances()["items"]}
    return [by_server[source_server_id(name)] for name in ("a", "b", "real")]


def states(drs: DrsClient) -> dict[str, str]:
    return {i["recoveryInstanceID"]: i["ec2InstanceState"] for i in drs.describe_recovery_instances()["items"]}


def test_instances_shut_down_are_terminated_and_then_disappear(
    drs: DrsClient, drilled: list[str], clock: ManualClock
) -> None:
    drs.terminate_recovery_instances(recoveryInstanceIDs=drilled[:1])
    seen = [states(drs).get(drilled[0])]
    for _ in range(150):
        clock.advance(timedelta(seconds=1))
        seen.append(states(drs).get(drilled[0]))
    assert list(dict.fromkeys(seen)) == ["RUNNING", "SHUTTING-DOWN", "TERMINATED", None]
    assert 60 < seen.index(None) < 125
    assert set(states(drs)) == set(drilled[1:])


def test_a_terminate_job_takes_no_tags_and_lists_its_servers_until_it_is_done(
    drs: DrsClient, drilled: list[str], clock: ManualClock
) -> None:
    with pytest.raises(ParamValidationError):
        drs.terminate_recovery_instances(recoveryInstanceIDs=drilled[:2], tags={"a": "b"})  # type: ignore[call-arg]  # shows that the model refuses it
    job = drs.terminate_recovery_instances(recoveryInstanceIDs=drilled[:2])["job"]
    assert (job["type"], job["initiatedBy"], job["tags"]) == ("TERMINATE", "TERMINATE_RECOVERY_INSTANCES", {})
    assert [s["launchStatus"] for s in job["participatingServers"]] == ["PENDING", "PENDING"]
    clock.advance(timedelta(seconds=5))
    (going,) = drs.describe_jobs()["items"]
    assert [s["launchStatus"] for s in going["participatingServers"]] == ["IN_PROGRESS", "IN_PROGRESS"]
    clock.advance(timedelta(minutes=3))
    (done,) = drs.describe_jobs()["items"]
    assert (done["status"], done["participatingServers"]) == ("COMPLETED", [])


def test_the_log_of_a_terminate_job_tells_of_cleanup(drs: DrsClient, drilled: list[str], clock: ManualClock) -> None:
    job_id = drs.terminate_recovery_instances(recoveryInstanceIDs=drilled[:1])["job"]["jobID"]
    clock.advance(timedelta(minutes=3))
    assert [item["event"] for item in job_log(ACCOUNT, REGION, job_id)] == [
        "JOB_START",
        "CLEANUP_START",
        "CLEANUP_END",
        "JOB_END",
    ]


def test_there_is_no_guard_for_real_recovery_instances(drs: DrsClient, drilled: list[str], clock: ManualClock) -> None:
    drs.terminate_recovery_instances(recoveryInstanceIDs=drilled)
    clock.advance(timedelta(minutes=3))
    assert states(drs) == {}
    assert running_instances(ACCOUNT, REGION) == []


@pytest.mark.parametrize("known_too", [False, True])
def test_an_unknown_instance_is_a_conflict_and_nothing_is_terminated(
    drs: DrsClient, drilled: list[str], *, known_too: bool
) -> None:
    with pytest.raises(drs.exceptions.ConflictException, match="does not exist"):
        drs.terminate_recovery_instances(recoveryInstanceIDs=["i-0123456789abcdef0", *drilled[: int(known_too)]])
    assert set(states(drs).values()) == {"RUNNING"}
    assert jobs(ACCOUNT, REGION) == []


def test_an_instance_that_is_going_or_gone_is_a_conflict(
    drs: DrsClient, drilled: list[str], clock: ManualClock
) -> None:
    drs.terminate_recovery_instances(recoveryInstanceIDs=drilled[:1])
    for wait, words in ((5, "being terminated"), (180, "does not exist")):
        clock.advance(timedelta(seconds=wait))
        with pytest.raises(drs.exceptions.ConflictException, match=words):
            drs.terminate_recovery_instances(recoveryInstanceIDs=drilled[:1])


def test_an_instance_named_twice_is_terminated_once(drs: DrsClient, drilled: list[str]) -> None:
    job = drs.terminate_recovery_instances(recoveryInstanceIDs=drilled[:1] * 2)["job"]
    assert len(job["participatingServers"]) == 1


def test_a_server_being_cleaned_up_cannot_be_drilled_and_the_other_way_round(
    drs: DrsClient, drilled: list[str]
) -> None:
    drs.terminate_recovery_instances(recoveryInstanceIDs=drilled[:1])
    with pytest.raises(drs.exceptions.ConflictException, match="currently being processed by a Job"):
        drs.start_recovery(sourceServers=[{"sourceServerID": source_server_id("a")}], isDrill=True)
    drs.start_recovery(sourceServers=[{"sourceServerID": source_server_id("b")}], isDrill=True)
    with pytest.raises(drs.exceptions.ConflictException):
        drs.terminate_recovery_instances(recoveryInstanceIDs=drilled[1:2])


def test_a_failed_termination_leaves_the_instance_running_and_can_be_tried_again(
    drs: DrsClient, drilled: list[str], clock: ManualClock
) -> None:
    faults(ACCOUNT, REGION).fail_server(source_server_id("a"), phase="termination", times=1)
    job_id = drs.terminate_recovery_instances(recoveryInstanceIDs=drilled[:1])["job"]["jobID"]
    clock.advance(timedelta(minutes=3))
    assert job_log(ACCOUNT, REGION, job_id)[-2]["event"] == "CLEANUP_FAIL"
    assert states(drs)[drilled[0]] == "RUNNING"
    drs.terminate_recovery_instances(recoveryInstanceIDs=drilled[:1])
    clock.advance(timedelta(minutes=3))
    assert drilled[0] not in states(drs)


def test_a_stopped_instance_counts_as_something_left(drs: DrsClient) -> None:
    stopped = RecoveryInstanceSpec(is_drill=True, stopped=True)
    seed(ACCOUNT, REGION, healthy_fleet([source_server_id("stopped")], recovery_instance=stopped))
    assert list(states(drs).values()) == ["STOPPED"]
    assert [instance.state for instance in running_instances(ACCOUNT, REGION)] == ["STOPPED"]
