"""How servers, instances, moments and durations are read from what DRS shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.adapters.drs_replies import duration, instant, recovery_instance, recovery_snapshot, source_server, written
from bot.application.ports.drs import DrsError, Refused
from bot.domain.facts import RecoveryInstance, ReplicatedDisk, SourceServer
from bot.domain.launch_point import RecoverySnapshot

SERVER, INSTANCE, JOB = "s-00000000000000d01", "i-00000000000000d01", "drsjob-00000000000000d01"


def test_a_server_that_replicates() -> None:
    item = {
        "sourceServerID": SERVER,
        "dataReplicationInfo": {"dataReplicationState": "CONTINUOUS", "lagDuration": "P0D"},
        "sourceProperties": {"identificationHints": {"hostname": "db-1.corp.example"}},
        "tags": {"Name": "payments-db"},
    }
    expected = SourceServer(id=SERVER, name="payments-db", replication_state="CONTINUOUS", lag=timedelta())
    assert source_server(item) == expected.model_copy(update={"tags": {"Name": "payments-db"}})


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ({"tags": {"Name": "db"}, "sourceProperties": {"identificationHints": {"hostname": "host"}}}, "db"),
        ({"tags": {"Name": ""}, "sourceProperties": {"identificationHints": {"hostname": "host"}}}, "host"),
        ({"tags": {}, "sourceProperties": {"identificationHints": {"hostname": "host", "fqdn": "host.corp"}}}, "host"),
        ({"sourceProperties": {"identificationHints": {"fqdn": "host.corp"}}}, "host.corp"),
        ({"sourceProperties": {}}, ""),
        ({}, ""),
    ],
)
def test_a_server_is_called_by_its_name_tag_else_its_host_name_else_its_domain_name(
    item: dict[str, Any], name: str
) -> None:
    assert source_server({"sourceServerID": SERVER, **item}).name == name


def test_a_server_of_which_drs_tells_nothing_is_not_taken_for_ready() -> None:
    shown = source_server({"sourceServerID": SERVER})
    assert (shown.replication_state, shown.lag) == ("UNKNOWN", None)


def test_a_server_that_fails_back_is_shown_so() -> None:
    shown = source_server({"sourceServerID": SERVER, "replicationDirection": "FAILBACK"})
    assert shown.replication_direction == "FAILBACK"


def test_an_instance_with_all_that_drs_tells() -> None:
    item = {
        "recoveryInstanceID": INSTANCE,
        "ec2InstanceID": INSTANCE,
        "ec2InstanceState": "SHUTTING-DOWN",
        "sourceServerID": SERVER,
        "jobID": JOB,
        "isDrill": True,
        "failback": {"state": "FAILBACK_NOT_STARTED"},
        "pointInTimeSnapshotDateTime": "2024-06-15T15:00:00.000Z",
    }
    assert recovery_instance(item) == RecoveryInstance(
        id=INSTANCE,
        server_id=SERVER,
        is_drill=True,
        job_id=JOB,
        ec2_instance_id=INSTANCE,
        ec2_state="SHUTTING-DOWN",
        failback_state="FAILBACK_NOT_STARTED",
        recovery_point=datetime(2024, 6, 15, 15, tzinfo=UTC),
    )


def test_an_instance_of_which_drs_does_not_say_that_it_is_a_drill_is_not_taken_for_one() -> None:
    shown = recovery_instance({"recoveryInstanceID": INSTANCE, "sourceServerID": SERVER})
    assert shown == RecoveryInstance(id=INSTANCE, server_id=SERVER, is_drill=None)


@pytest.mark.parametrize("item", [{"recoveryInstanceID": INSTANCE}, {"sourceServerID": SERVER}])
def test_an_instance_without_an_id_or_a_server_makes_the_answer_unreadable(item: dict[str, str]) -> None:
    with pytest.raises(DrsError, match="DescribeRecoveryInstances: the answer has no") as caught:
        recovery_instance(item)
    assert caught.value.kind is Refused.UNCLEAR


@pytest.mark.parametrize(
    ("text", "lag"),
    [
        ("P0D", timedelta()),
        ("PT3M", timedelta(minutes=3)),
        ("PT1H30M", timedelta(hours=1, minutes=30)),
        (
            "P2DT1H32M12.136909S",
            timedelta(days=2, hours=1, minutes=32, seconds=12, microseconds=136909),
        ),
        ("some time", None),
        ("", None),
        (None, None),
    ],
)
def test_a_duration_is_read_exactly_or_not_at_all(text: str | None, lag: timedelta | None) -> None:
    assert duration(text) == lag


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T09:08:50.125001+00:00", datetime(2026, 3, 2, 9, 8, 50, 125001, tzinfo=UTC)),
        ("2024-06-15T15:00:00.000Z", datetime(2024, 6, 15, 15, tzinfo=UTC)),
        ("2024-06-15T15:00:00Z", datetime(2024, 6, 15, 15, tzinfo=UTC)),
        ("2024-06-15T15:00:00", datetime(2024, 6, 15, 15, tzinfo=UTC)),
        ("yesterday", None),
        (None, None),
    ],
)
def test_a_moment_is_read_in_all_of_drs_formats_or_not_at_all(text: str | None, moment: datetime | None) -> None:
    assert instant(text) == moment


def test_a_moment_in_a_filter_is_in_utc_and_never_later_than_meant() -> None:
    moment = datetime(2026, 3, 2, 10, 0, 0, 999999, tzinfo=timezone(timedelta(hours=1)))
    assert written(moment) == "2026-03-02T09:00:00Z"


def test_a_snapshot_is_of_the_time_at_which_it_was_taken_not_of_that_at_which_it_was_expected() -> None:
    item = {"snapshotID": "pit-1", "sourceServerID": SERVER, "expectedTimestamp": "2026-03-02T10:00:00Z"}
    assert recovery_snapshot(item) is None
    taken = datetime(2026, 3, 2, 10, 0, 41, tzinfo=UTC)
    assert recovery_snapshot(item | {"timestamp": "2026-03-02T10:00:41Z"}) == RecoverySnapshot(id="pit-1", at=taken)


def test_a_snapshot_without_an_id_makes_the_answer_unreadable() -> None:
    with pytest.raises(DrsError, match="DescribeRecoverySnapshots: the answer has no snapshotID") as caught:
        recovery_snapshot({"sourceServerID": SERVER, "timestamp": "2026-03-02T10:00:41Z"})
    assert caught.value.kind is Refused.UNCLEAR


def test_the_health_of_a_servers_replication_is_read_whole() -> None:
    disk = {
        "deviceName": "/dev/sda",
        "totalStorageBytes": 8,
        "replicatedStorageBytes": 7,
        "rescannedStorageBytes": 2,
        "backloggedStorageBytes": 1,
    }
    item = {
        "sourceServerID": SERVER,
        "dataReplicationInfo": {
            "dataReplicationState": "STALLED",
            "dataReplicationError": {"error": "NOT_CONVERGING"},
            "replicatedDisks": [disk, {}],
        },
        "lifeCycle": {"lastSeenByServiceDateTime": "2026-03-02T10:00:00+00:00"},
    }
    shown = source_server(item)
    assert shown.replication_error == "NOT_CONVERGING"
    assert shown.last_seen == datetime(2026, 3, 2, 10, tzinfo=UTC)
    whole = ReplicatedDisk(device="/dev/sda", total=8, replicated=7, to_rescan=2, backlog=1)
    assert shown.disks == (whole, ReplicatedDisk())
