"""Source servers, their snapshots, launch configuration and tags; and how DRS writes times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mypy_boto3_drs.client import DrsClient

from infra.local.clock import ManualClock
from infra.local.drs import (
    LaunchSettings,
    RecoveryInstanceSpec,
    SourceServerSpec,
    faults,
    healthy_fleet,
    job_log,
    jobs,
    recorded_calls,
    seed,
    set_clock,
    source_server_id,
    wall_time,
)
from infra.local.drs.clock import iso, iso_duration, world_now

ACCOUNT, REGION = "111122223333", "eu-west-1"
SERVER = source_server_id("db")


def shown(drs: DrsClient, server: str = SERVER) -> dict[str, Any]:
    (found,) = drs.describe_source_servers(filters={"sourceServerIDs": [server]})["items"]
    return dict(found)


def points(drs: DrsClient, **more: Any) -> list[datetime]:
    items = drs.describe_recovery_snapshots(sourceServerID=SERVER, **more)["items"]
    return [datetime.fromisoformat(item["timestamp"]) for item in items]


def test_a_healthy_server_is_replicating_seen_lately_and_named(drs: DrsClient, clock: ManualClock) -> None:
    seed(ACCOUNT, REGION, healthy_fleet([SERVER]))
    server = shown(drs)
    assert server["dataReplicationInfo"]["dataReplicationState"] == "CONTINUOUS"
    assert server["dataReplicationInfo"]["lagDuration"] == "P0D"
    seen = datetime.fromisoformat(server["lifeCycle"]["lastSeenByServiceDateTime"])
    assert clock.now() - seen < timedelta(minutes=1)
    assert server["tags"]["Name"] == server["sourceProperties"]["identificationHints"]["hostname"]
    assert (server["lastLaunchResult"], server["lifeCycle"]["lastLaunch"]) == ("NOT_STARTED", {"initiated": {}})
    assert "recoveryInstanceId" not in server


def test_a_server_is_shown_as_it_was_seeded(drs: DrsClient, clock: ManualClock) -> None:
    spec = SourceServerSpec(
        id=SERVER,
        hostname="db-1",
        tags={"Name": "payments-db", "Tier": "1"},
        replication_state="STALLED",
        replication_error="AGENT_NOT_SEEN",
        lag=timedelta(minutes=3),
        seen_ago=timedelta(hours=2),
        replication_direction="FAILBACK",
        staging_status="EXTENSION_ERROR",
        recovery_instance=RecoveryInstanceSpec(is_drill=False, failback_state="FAILBACK_IN_PROGRESS"),
    )
    seed(ACCOUNT, REGION, [spec])
    server = shown(drs)
    replication = server["dataReplicationInfo"]
    assert (replication["dataReplicationState"], replication["lagDuration"]) == ("STALLED", "PT3M")
    assert replication["dataReplicationError"] == {"error": "AGENT_NOT_SEEN"}
    seen = datetime.fromisoformat(server["lifeCycle"]["lastSeenByServiceDateTime"])
    assert seen == clock.now() - timedelta(hours=2)
    assert (server["replicationDirection"], server["stagingArea"]["status"]) == ("FAILBACK", "EXTENSION_ERROR")
    assert server["tags"] == {"Name": "payments-db", "Tier": "1"}
    (instance,) = drs.describe_recovery_instances()["items"]
    assert server["recoveryInstanceId"] == instance["recoveryInstanceID"]
    assert (instance["isDrill"], instance["failback"]["state"]) == (False, "FAILBACK_IN_PROGRESS")


@pytest.mark.parametrize(
    "change",
    [
        {"id": "s-short"},
        {"replication_state": "HEALTHY"},
        {"replication_direction": "SIDEWAYS"},
        {"launch": LaunchSettings(disposition="RUNNING")},
        {"recovery_instance": RecoveryInstanceSpec(is_drill=True, failback_state="READY")},
        {"tags": {"Name": "x" * 257}},
    ],
)
@pytest.mark.usefixtures("mocked")
def test_a_server_that_drs_could_never_show_is_refused(change: dict[str, Any]) -> None:
    wrong = {"id": SERVER, "hostname": "db"} | change
    with pytest.raises(ValueError, match="DRS could not show"):
        seed(ACCOUNT, REGION, [SourceServerSpec(**wrong)])


def test_the_last_launch_follows_the_job(drs: DrsClient, clock: ManualClock) -> None:
    seed(ACCOUNT, REGION, healthy_fleet([SERVER]))
    job_id = drs.start_recovery(sourceServers=[{"sourceServerID": SERVER}], isDrill=True)["job"]["jobID"]
    seen = []
    for minutes in (0, 6, 6):
        clock.advance(timedelta(minutes=minutes))
        server = shown(drs)
        seen.append((server["lastLaunchResult"], server["lifeCycle"]["lastLaunch"]["status"]))
    assert seen == [("PENDING", "PENDING"), ("PENDING", "IN_PROGRESS"), ("SUCCEEDED", "LAUNCHED")]
    initiated = shown(drs)["lifeCycle"]["lastLaunch"]["initiated"]
    assert (initiated["jobID"], initiated["type"]) == (job_id, "DRILL")


def test_a_failed_launch_is_the_last_launchs_result(drs: DrsClient, clock: ManualClock) -> None:
    seed(ACCOUNT, REGION, healthy_fleet([SERVER]))
    faults(ACCOUNT, REGION).fail_server(SERVER)
    drs.start_recovery(sourceServers=[{"sourceServerID": SERVER}], isDrill=True)
    clock.advance(timedelta(minutes=12))
    assert shown(drs)["lastLaunchResult"] == "FAILED"


def test_snapshots_follow_the_default_policy(drs: DrsClient, clock: ManualClock) -> None:
    seed(ACCOUNT, REGION, healthy_fleet([SERVER]))
    clock.advance(timedelta(minutes=34))
    ages = [clock.now() - at for at in points(drs)]
    assert ages == sorted(ages, reverse=True)
    assert sum(age <= timedelta(hours=1) for age in ages) == 6
    assert sum(age <= timedelta(hours=24) for age in ages) in range(28, 31)
    assert timedelta(days=6) < max(ages) <= timedelta(days=7)
    assert min(ages) == timedelta(minutes=4)


def test_no_snapshot_is_newer_than_the_replicated_data(drs: DrsClient, clock: ManualClock) -> None:
    seed(ACCOUNT, REGION, healthy_fleet([SERVER], lag=timedelta(hours=3)))
    assert max(points(drs)) <= clock.now() - timedelta(hours=3)


def test_no_snapshot_is_older_than_the_servers_time_in_drs(drs: DrsClient, clock: ManualClock) -> None:
    seed(ACCOUNT, REGION, healthy_fleet([SERVER], added_ago=timedelta(minutes=25)))
    assert len(points(drs)) in {2, 3}
    assert min(points(drs)) >= clock.now() - timedelta(minutes=25)
    seed(ACCOUNT, REGION, healthy_fleet([SERVER], added_ago=timedelta(0), lag=timedelta(seconds=1)))
    assert points(drs) == []


def test_a_snapshot_keeps_its_id_as_time_passes(drs: DrsClient, clock: ManualClock) -> None:
    seed(ACCOUNT, REGION, healthy_fleet([SERVER]))
    before = {s["snapshotID"]: s["timestamp"] for s in drs.describe_recovery_snapshots(sourceServerID=SERVER)["items"]}
    clock.advance(timedelta(minutes=20))
    after = {s["snapshotID"]: s["timestamp"] for s in drs.describe_recovery_snapshots(sourceServerID=SERVER)["items"]}
    kept = before.keys() & after.keys()
    assert len(kept) > 30
    assert {s: before[s] for s in kept} == {s: after[s] for s in kept}


def test_snapshots_can_be_chosen_by_time_and_turned_round(drs: DrsClient) -> None:
    seed(ACCOUNT, REGION, healthy_fleet([SERVER]))
    since, until = datetime(2026, 3, 2, 8, 20, tzinfo=UTC), datetime(2026, 3, 2, 8, 40, tzinfo=UTC)
    filters = {"fromDateTime": f"{since:%Y-%m-%dT%H:%M:%SZ}", "toDateTime": f"{until:%Y-%m-%dT%H:%M:%SZ}"}
    expected = [since, since + timedelta(minutes=10), until]
    assert points(drs, filters=filters) == expected
    assert points(drs, filters=filters, order="DESC") == expected[::-1]


def test_the_launch_configuration_is_the_seeds(drs: DrsClient) -> None:
    launch = LaunchSettings(disposition="STOPPED", right_sizing="IN_AWS", copy_private_ip=True, os_byol=True)
    seed(ACCOUNT, REGION, healthy_fleet([SERVER], launch=launch))
    reply = drs.get_launch_configuration(sourceServerID=SERVER)
    assert (reply["launchDisposition"], reply["targetInstanceTypeRightSizingMethod"]) == ("STOPPED", "IN_AWS")
    assert (reply["copyPrivateIp"], reply["copyTags"], reply["licensing"]) == (True, True, {"osByol": True})
    assert (reply["postLaunchEnabled"], reply["recoveryMode"]) == (False, "OPTIMAL")


def test_servers_jobs_and_instances_can_be_tagged(drs: DrsClient, clock: ManualClock) -> None:
    seed(ACCOUNT, REGION, healthy_fleet([SERVER], tags={"Name": "db"}))
    job = drs.start_recovery(sourceServers=[{"sourceServerID": SERVER}], isDrill=True, tags={"wave": "1"})["job"]
    clock.advance(timedelta(minutes=12))
    (instance,) = drs.describe_recovery_instances()["items"]
    for arn in (shown(drs)["arn"], job["arn"], instance["arn"]):
        drs.tag_resource(resourceArn=arn, tags={"owner": "ops", "old": "x"})
        drs.untag_resource(resourceArn=arn, tagKeys=["old", "never-there"])
    assert shown(drs)["tags"] == {"Name": "db", "owner": "ops"}
    assert drs.describe_jobs()["items"][0]["tags"] == {"wave": "1", "owner": "ops"}
    assert drs.describe_recovery_instances()["items"][0]["tags"] == {"owner": "ops"}
    assert drs.list_tags_for_resource(resourceArn=job["arn"])["tags"] == {"wave": "1", "owner": "ops"}


def test_accounts_and_regions_are_apart(client_of: Callable[[str, str], DrsClient]) -> None:
    sites = [(ACCOUNT, REGION), (ACCOUNT, "eu-central-1"), ("444455556666", REGION)]
    for account, region in sites:
        seed(account, region, healthy_fleet([SERVER]))
    client_of(*sites[0]).start_recovery(sourceServers=[{"sourceServerID": SERVER}], isDrill=True)
    assert [len(client_of(*site).describe_jobs()["items"]) for site in sites] == [1, 0, 0]
    assert [len(jobs(*site)) for site in sites] == [1, 0, 0]
    arns = [client_of(*site).describe_source_servers()["items"][0]["arn"] for site in sites]
    assert arns == [f"arn:aws:drs:{region}:{account}:source-server/{SERVER}" for account, region in sites]


def test_calls_are_recorded_with_who_what_and_when(drs: DrsClient, servers: list[str], clock: ManualClock) -> None:
    clock.advance(timedelta(minutes=1))
    drs.start_recovery(sourceServers=[{"sourceServerID": servers[0]}], isDrill=True)
    wanted = [{"sourceServerID": servers[0]}]
    (call,) = recorded_calls(ACCOUNT, REGION)
    assert (call.operation, call.parameters) == ("StartRecovery", {"sourceServers": wanted, "isDrill": True})
    assert (call.account, call.region, call.access_key) == (ACCOUNT, REGION, ACCOUNT)
    assert (call.at, call.outcome, call.reply_lost) == (clock.now(), "ok", False)


def test_jobs_and_logs_read_from_python_are_those_that_drs_shows(
    drs: DrsClient, servers: list[str], clock: ManualClock
) -> None:
    drs.start_recovery(sourceServers=[{"sourceServerID": servers[0]}], isDrill=True)
    clock.advance(timedelta(minutes=5))
    (job,) = drs.describe_jobs()["items"]
    assert jobs(ACCOUNT, REGION) == [job]
    assert job_log(ACCOUNT, REGION, job["jobID"]) == drs.describe_job_log_items(jobID=job["jobID"])["items"]


def test_both_time_formats_occur_and_each_job_keeps_to_one(drs: DrsClient) -> None:
    ids = [source_server_id("formats", n) for n in range(10)]
    seed(ACCOUNT, REGION, healthy_fleet(ids))
    for server in ids:
        drs.start_recovery(sourceServers=[{"sourceServerID": server}], isDrill=True)
    made = [job["creationDateTime"] for job in drs.describe_jobs()["items"]]
    assert {at[19:] for at in made} == {".000Z", ".000000+00:00"}
    assert {datetime.fromisoformat(at) for at in made} == {world_now()}


def test_times_are_written_in_the_published_formats() -> None:
    at = datetime(2022, 12, 7, 19, 15, 38, 846723, tzinfo=UTC)
    assert {iso(at, str(n)) for n in range(20)} == {"2022-12-07T19:15:38.846Z", "2022-12-07T19:15:38.846723+00:00"}


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(), "P0D"),
        (timedelta(minutes=3), "PT3M"),
        (timedelta(seconds=30), "PT30S"),
        (timedelta(days=30), "P30D"),
        (timedelta(days=2, hours=1, minutes=32, seconds=12, microseconds=136909), "P2DT1H32M12.136909S"),
        (timedelta(hours=2, microseconds=5), "PT2H0.000005S"),
    ],
)
def test_durations_are_written_as_drs_writes_them(span: timedelta, text: str) -> None:
    assert iso_duration(span) == text


def test_the_clock_survives_a_reset_and_is_the_wall_unless_set(mocked: ManualClock) -> None:
    assert world_now() == mocked.now()
    set_clock(wall_time)
    assert abs(world_now() - datetime.now(UTC)) < timedelta(minutes=1)
