"""Servers that fail, are skipped or get stuck in a job."""

from __future__ import annotations

from datetime import timedelta

import pytest
from mypy_boto3_drs.client import DrsClient

from infra.local.clock import ManualClock
from infra.local.drs import faults, job_log, jobs, release_server, running_instances

ACCOUNT, REGION = "111122223333", "eu-west-1"
LONG_ENOUGH = timedelta(minutes=12)


def drill(drs: DrsClient, servers: list[str]) -> str:
    return drs.start_recovery(sourceServers=[{"sourceServerID": s} for s in servers], isDrill=True)["job"]["jobID"]


def status(job_id: str) -> str:
    (found,) = [job["status"] for job in jobs(ACCOUNT, REGION) if job["jobID"] == job_id]
    return str(found)


def launch_statuses(job_id: str) -> list[str]:
    (found,) = [job["participatingServers"] for job in jobs(ACCOUNT, REGION) if job["jobID"] == job_id]
    return [server["launchStatus"] for server in found]


def events(job_id: str, server: str) -> list[str]:
    entries = job_log(ACCOUNT, REGION, job_id)
    return [entry["event"] for entry in entries if entry["eventData"].get("sourceServerID") == server]


def test_a_completed_job_can_hold_failed_servers(drs: DrsClient, servers: list[str], clock: ManualClock) -> None:
    chosen = faults(ACCOUNT, REGION)
    chosen.fail_server(servers[0], phase="conversion", error="no bootable disk")
    chosen.fail_server(servers[1], phase="launch")
    job_id = drill(drs, servers)
    clock.advance(LONG_ENOUGH)
    assert status(job_id) == "COMPLETED"
    assert launch_statuses(job_id) == ["FAILED", "FAILED", "LAUNCHED"]
    assert events(job_id, servers[0])[-1] == "CONVERSION_FAIL"
    assert events(job_id, servers[1])[-1] == "LAUNCH_FAILED"
    errors = [item["eventData"].get("rawError", "") for item in job_log(ACCOUNT, REGION, job_id)]
    assert "no bootable disk" in errors
    assert any(error.startswith("InsufficientInstanceCapacity") for error in errors)
    assert [instance.source_server_id for instance in running_instances(ACCOUNT, REGION)] == [servers[2]]


def test_a_skipped_server_is_in_the_log_and_fails(drs: DrsClient, servers: list[str], clock: ManualClock) -> None:
    faults(ACCOUNT, REGION).skip_server(servers[0])
    job_id = drill(drs, servers)
    clock.advance(timedelta(seconds=30))
    assert events(job_id, servers[0]) == ["SERVER_SKIPPED"]
    assert launch_statuses(job_id) == ["FAILED", "PENDING", "PENDING"]


def test_a_stuck_server_holds_its_job_until_it_is_released(
    drs: DrsClient, servers: list[str], clock: ManualClock
) -> None:
    faults(ACCOUNT, REGION).stick_server(servers[0], phase="launch")
    job_id = drill(drs, servers)
    clock.advance(timedelta(hours=5))
    assert (status(job_id), launch_statuses(job_id)) == ("STARTED", ["IN_PROGRESS", "LAUNCHED", "LAUNCHED"])
    release_server(ACCOUNT, REGION, servers[0])
    clock.advance(timedelta(seconds=20))
    assert (status(job_id), launch_statuses(job_id)) == ("COMPLETED", ["LAUNCHED"] * 3)
    assert len(running_instances(ACCOUNT, REGION)) == 3


def test_only_a_server_in_an_active_job_can_be_released(servers: list[str]) -> None:
    with pytest.raises(ValueError, match="no active job"):
        release_server(ACCOUNT, REGION, servers[0])


def test_a_fault_with_a_count_is_used_up_by_jobs(drs: DrsClient, servers: list[str], clock: ManualClock) -> None:
    faults(ACCOUNT, REGION).fail_server(servers[0], times=1)
    for expected in ("FAILED", "LAUNCHED"):
        job_id = drill(drs, servers[:1])
        clock.advance(LONG_ENOUGH)
        assert launch_statuses(job_id) == [expected]
