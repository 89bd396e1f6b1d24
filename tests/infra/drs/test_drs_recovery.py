"""StartRecovery and what follows, through a real boto3 client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from mypy_boto3_drs.client import DrsClient
from mypy_boto3_drs.type_defs import StartRecoveryRequestSourceServerTypeDef

from infra.local.clock import ManualClock
from infra.local.drs import (
    LaunchSettings,
    RecoveryInstanceSpec,
    Settings,
    configure,
    faults,
    healthy_fleet,
    running_instances,
    seed,
    source_server_id,
    start_afresh,
)

ACCOUNT, REGION = "111122223333", "eu-west-1"
LONG_ENOUGH = timedelta(minutes=12)


def start(drs: DrsClient, servers: list[str], snapshot: str | None = None, **tags: str) -> str:
    point: Mapping[str, str] = {"recoverySnapshotID": snapshot} if snapshot else {}
    wanted = [cast("StartRecoveryRequestSourceServerTypeDef", {"sourceServerID": s, **point}) for s in servers]
    return drs.start_recovery(sourceServers=wanted, isDrill=True, tags=tags)["job"]["jobID"]


def job(drs: DrsClient, job_id: str) -> dict[str, Any]:
    (found,) = drs.describe_jobs(filters={"jobIDs": [job_id]})["items"]
    return dict(found)


def statuses(drs: DrsClient, job_id: str) -> list[str]:
    return [server["launchStatus"] for server in job(drs, job_id)["participatingServers"]]


def log(drs: DrsClient, job_id: str) -> list[dict[str, Any]]:
    return [dict(item) for item in drs.describe_job_log_items(jobID=job_id)["items"]]


def events(drs: DrsClient, job_id: str, server: str) -> list[str]:
    return [str(item["event"]) for item in log(drs, job_id) if item["eventData"].get("sourceServerID") == server]


def instances(drs: DrsClient) -> list[dict[str, Any]]:
    return [dict(item) for item in drs.describe_recovery_instances()["items"]]


def test_start_recovery_is_accepted_with_202_and_gives_a_pending_job(drs: DrsClient, servers: list[str]) -> None:
    reply = drs.start_recovery(sourceServers=[{"sourceServerID": servers[0]}], isDrill=True)
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert (reply["job"]["status"], reply["job"]["type"]) == ("PENDING", "LAUNCH")
    assert reply["job"]["participatingServers"] == [{"sourceServerID": servers[0], "launchStatus": "PENDING"}]


def test_a_job_goes_from_pending_by_started_to_completed_as_world_time_passes(
    drs: DrsClient, servers: list[str], clock: ManualClock
) -> None:
    job_id = start(drs, servers)
    seen = [job(drs, job_id)["status"]]
    for _ in range(12):
        clock.advance(timedelta(minutes=1))
        seen.append(job(drs, job_id)["status"])
    assert list(dict.fromkeys(seen)) == ["PENDING", "STARTED", "COMPLETED"]
    assert statuses(drs, job_id) == ["LAUNCHED"] * 3


def test_asking_does_not_move_a_job(drs: DrsClient, servers: list[str]) -> None:
    job_id = start(drs, servers)
    assert [job(drs, job_id)["status"] for _ in range(20)] == ["PENDING"] * 20


def test_a_job_ends_after_about_nine_minutes_and_says_when(
    drs: DrsClient, servers: list[str], clock: ManualClock
) -> None:
    job_id = start(drs, servers)
    assert "endDateTime" not in job(drs, job_id)
    clock.advance(LONG_ENOUGH)
    done = job(drs, job_id)
    took = datetime.fromisoformat(done["endDateTime"]) - datetime.fromisoformat(done["creationDateTime"])
    assert timedelta(minutes=8) < took < timedelta(minutes=10)


def test_each_server_has_its_events_in_the_real_order(drs: DrsClient, servers: list[str], clock: ManualClock) -> None:
    job_id = start(drs, servers)
    clock.advance(LONG_ENOUGH)
    for server in servers:
        assert events(drs, job_id, server) == [
            "SNAPSHOT_START",
            "SNAPSHOT_END",
            "CONVERSION_START",
            "CONVERSION_END",
            "LAUNCH_START",
            "LAUNCH_END",
        ]


def test_the_log_grows_and_its_past_does_not_change(drs: DrsClient, servers: list[str], clock: ManualClock) -> None:
    job_id = start(drs, servers)
    before: list[dict[str, Any]] = []
    lengths = set()
    for _ in range(12):
        clock.advance(timedelta(minutes=1))
        now = log(drs, job_id)
        assert now[: len(before)] == before
        before = now
        lengths.add(len(now))
    assert len(lengths) >= 4


def test_launch_end_names_the_target_instance_and_the_job_never_does(
    drs: DrsClient, servers: list[str], clock: ManualClock
) -> None:
    job_id = start(drs, servers[:1])
    clock.advance(LONG_ENOUGH)
    (end,) = [item for item in log(drs, job_id) if item["event"] == "LAUNCH_END"]
    assert end["eventData"]["targetInstanceID"] == instances(drs)[0]["ec2InstanceID"]
    assert "recoveryInstanceID" not in job(drs, job_id)["participatingServers"][0]


def test_jobs_can_be_made_to_show_their_instances(drs: DrsClient, servers: list[str], clock: ManualClock) -> None:
    configure(ACCOUNT, REGION, Settings(jobs_show_instances=True))
    job_id = start(drs, servers[:1])
    assert "recoveryInstanceID" not in job(drs, job_id)["participatingServers"][0]
    clock.advance(LONG_ENOUGH)
    shown = job(drs, job_id)["participatingServers"][0]["recoveryInstanceID"]
    assert shown == instances(drs)[0]["recoveryInstanceID"]


def test_without_is_drill_it_is_a_real_recovery(drs: DrsClient, servers: list[str], clock: ManualClock) -> None:
    reply = drs.start_recovery(sourceServers=[{"sourceServerID": servers[0]}])
    clock.advance(LONG_ENOUGH)
    assert reply["job"]["initiatedBy"] == "START_RECOVERY"
    assert [instance["isDrill"] for instance in instances(drs)] == [False]
    (life,) = [s["lifeCycle"] for s in drs.describe_source_servers(filters={"sourceServerIDs": servers[:1]})["items"]]
    assert life["lastLaunch"]["initiated"]["type"] == "RECOVERY"


def test_a_drill_is_a_drill(drs: DrsClient, servers: list[str], clock: ManualClock) -> None:
    job_id = start(drs, servers)
    clock.advance(LONG_ENOUGH)
    assert job(drs, job_id)["initiatedBy"] == "START_DRILL"
    assert {instance["isDrill"] for instance in instances(drs)} == {True}


def test_tags_are_on_the_job_and_not_on_its_instances(drs: DrsClient, servers: list[str], clock: ManualClock) -> None:
    job_id = start(drs, servers, drill="d-1", wave="2")
    clock.advance(LONG_ENOUGH)
    assert job(drs, job_id)["tags"] == {"drill": "d-1", "wave": "2"}
    assert [instance["tags"] for instance in instances(drs)] == [{}, {}, {}]


def test_an_instance_is_listed_some_seconds_after_launch_end(
    drs: DrsClient, servers: list[str], clock: ManualClock
) -> None:
    job_id = start(drs, servers[:1])
    clock.advance(timedelta(minutes=8))
    assert running_instances(ACCOUNT, REGION) == []
    while "LAUNCH_END" not in events(drs, job_id, servers[0]):
        clock.advance(timedelta(seconds=1))
    assert instances(drs) == []
    assert [instance.is_registered for instance in running_instances(ACCOUNT, REGION)] == [False]
    clock.advance(timedelta(seconds=16))
    assert len(instances(drs)) == 1
    assert [instance.is_registered for instance in running_instances(ACCOUNT, REGION)] == [True]


def test_an_instance_says_where_it_comes_from(drs: DrsClient, servers: list[str], clock: ManualClock) -> None:
    job_id = start(drs, servers[:1])
    clock.advance(LONG_ENOUGH)
    (instance,) = instances(drs)
    snapshot = next(item for item in log(drs, job_id) if item["event"] == "SNAPSHOT_START")["logDateTime"]
    point = datetime.fromisoformat(instance["pointInTimeSnapshotDateTime"])
    assert abs(point - datetime.fromisoformat(snapshot)) < timedelta(milliseconds=1)
    assert (instance["jobID"], instance["sourceServerID"]) == (job_id, servers[0])
    assert (instance["ec2InstanceState"], instance["originEnvironment"]) == ("RUNNING", "ON_PREMISES")
    assert instance["failback"] == {"state": "FAILBACK_NOT_STARTED"}


def test_the_recovery_point_of_a_lagging_server_is_as_old_as_its_data(drs: DrsClient, clock: ManualClock) -> None:
    server = source_server_id("lagging")
    seed(ACCOUNT, REGION, healthy_fleet([server], lag=timedelta(hours=2)))
    begun = clock.now()
    start(drs, [server])
    clock.advance(LONG_ENOUGH)
    point = datetime.fromisoformat(instances(drs)[0]["pointInTimeSnapshotDateTime"])
    assert timedelta(hours=1, minutes=59) < begun - point < timedelta(hours=2)


def test_an_existing_snapshot_is_launched_without_taking_another(
    drs: DrsClient, servers: list[str], clock: ManualClock
) -> None:
    chosen = drs.describe_recovery_snapshots(sourceServerID=servers[0])["items"][0]
    job_id = start(drs, servers[:1], chosen["snapshotID"])
    clock.advance(LONG_ENOUGH)
    assert events(drs, job_id, servers[0])[0] == "CONVERSION_START"
    point = instances(drs)[0]["pointInTimeSnapshotDateTime"]
    assert datetime.fromisoformat(point) == datetime.fromisoformat(chosen["timestamp"])


@pytest.mark.parametrize(
    ("launch", "state", "conversions"),
    [
        (LaunchSettings(disposition="STOPPED"), "STOPPED", 1),
        (LaunchSettings(recovery_mode="FAST"), "RUNNING", 0),
    ],
)
def test_the_launch_configuration_is_applied_by_drs(
    drs: DrsClient, clock: ManualClock, launch: LaunchSettings, state: str, conversions: int
) -> None:
    server = source_server_id("special")
    seed(ACCOUNT, REGION, healthy_fleet([server], launch=launch))
    job_id = start(drs, [server])
    clock.advance(LONG_ENOUGH)
    assert [instance["ec2InstanceState"] for instance in instances(drs)] == [state]
    assert events(drs, job_id, server).count("CONVERSION_START") == conversions


def test_a_new_drill_first_deletes_the_last_drills_instance(
    drs: DrsClient, servers: list[str], clock: ManualClock
) -> None:
    start(drs, servers[:1])
    clock.advance(LONG_ENOUGH)
    (old,) = instances(drs)
    second = start(drs, servers[:1])
    clock.advance(timedelta(seconds=30))
    assert [(i["recoveryInstanceID"], i["ec2InstanceState"]) for i in instances(drs)] == [
        (old["recoveryInstanceID"], "SHUTTING-DOWN")
    ]
    clock.advance(timedelta(seconds=40))
    assert instances(drs) == []
    clock.advance(LONG_ENOUGH)
    assert events(drs, second, servers[0])[:3] == ["CLEANUP_START", "CLEANUP_END", "SNAPSHOT_START"]
    assert [i["jobID"] for i in instances(drs)] == [second]


def test_a_drill_deletes_even_the_instance_of_a_real_recovery(drs: DrsClient, clock: ManualClock) -> None:
    server = source_server_id("in-real-recovery")
    seed(ACCOUNT, REGION, healthy_fleet([server], recovery_instance=RecoveryInstanceSpec(is_drill=False)))
    (real,) = instances(drs)
    assert real["isDrill"] is False
    start(drs, [server])
    clock.advance(LONG_ENOUGH)
    assert [i["isDrill"] for i in instances(drs)] == [True]
    assert real["recoveryInstanceID"] not in {i["recoveryInstanceID"] for i in instances(drs)}


def test_a_drill_that_fails_has_deleted_the_old_instance_all_the_same(
    drs: DrsClient, servers: list[str], clock: ManualClock
) -> None:
    start(drs, servers[:1])
    clock.advance(LONG_ENOUGH)
    faults(ACCOUNT, REGION).fail_server(servers[0], phase="conversion")
    start(drs, servers[:1])
    clock.advance(LONG_ENOUGH)
    assert running_instances(ACCOUNT, REGION) == []


def test_a_server_seeded_again_changes_but_keeps_its_instance(
    drs: DrsClient, servers: list[str], clock: ManualClock
) -> None:
    start(drs, servers[:1])
    clock.advance(LONG_ENOUGH)
    (spec,) = healthy_fleet(servers[:1])
    seed(ACCOUNT, REGION, [replace(spec, replication_state="STALLED")])
    (server,) = drs.describe_source_servers(filters={"sourceServerIDs": servers[:1]})["items"]
    assert server["dataReplicationInfo"]["dataReplicationState"] == "STALLED"
    assert server["recoveryInstanceId"] == instances(drs)[0]["recoveryInstanceID"]


def test_a_world_that_begins_afresh_finds_no_job_instance_or_fault_of_an_earlier_one(
    drs: DrsClient, servers: list[str], clock: ManualClock
) -> None:
    start(drs, servers)
    clock.advance(LONG_ENOUGH)
    start(drs, servers)
    faults(ACCOUNT, REGION).fail_call("DescribeJobs", error="InternalServerException", times=None)
    start_afresh(ACCOUNT, REGION)
    clock.advance(-LONG_ENOUGH)  # the new world's time lies before the old one's
    seed(ACCOUNT, REGION, healthy_fleet(servers))
    assert drs.describe_jobs()["items"] == []
    assert running_instances(ACCOUNT, REGION) == []
    start(drs, servers)
