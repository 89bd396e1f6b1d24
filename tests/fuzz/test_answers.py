"""Whatever DRS answers, the adapter gives what it promises or a `DrsError`: nothing else reaches those who call it."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from hypothesis import given
from hypothesis import strategies as st
from moto.core.botocore_stubber import MockRawResponse

from bot.adapters.drs import DrsAdapter
from bot.application.ports.drs import DrsError
from bot.domain.launch import LaunchKey
from bot.domain.states import ServerPhase
from tests.fuzz.shapes import ANYTHING, FUZZ, changed

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
JOB_ID, SERVER, INSTANCE = "drsjob-00000000000000d01", "s-00000000000000d01", "i-00000000000000d01"
TAGS = {f"drs-drill-bot:{name}": "1" for name in ("drill", "wave", "attempt", "batch")}
JOB = {
    "jobID": JOB_ID,
    "status": "STARTED",
    "type": "LAUNCH",
    "tags": TAGS,
    "creationDateTime": "2026-03-02T09:59:00Z",
    "participatingServers": [{"sourceServerID": SERVER, "launchStatus": "PENDING", "recoveryInstanceID": INSTANCE}],
}
ENTRY = {
    "event": "CONVERSION_FAIL",
    "logDateTime": "2026-03-02T10:00:00Z",
    "eventData": {"sourceServerID": SERVER, "targetInstanceID": INSTANCE, "rawError": "no room"},
}
SOURCE = {
    "sourceServerID": SERVER,
    "tags": {"Name": "db-1"},
    "replicationDirection": "FAILOVER",
    "dataReplicationInfo": {
        "dataReplicationState": "CONTINUOUS",
        "lagDuration": "PT3S",
        "dataReplicationError": {"error": "AGENT_NOT_SEEN"},
        "replicatedDisks": [{"deviceName": "/dev/sda1", "totalStorageBytes": 8, "backloggedStorageBytes": 0}],
    },
    "lifeCycle": {"lastSeenByServiceDateTime": "2026-03-02T10:00:00Z"},
    "sourceProperties": {"identificationHints": {"hostname": "db-1"}},
}
FOUND = {
    "recoveryInstanceID": INSTANCE,
    "sourceServerID": SERVER,
    "isDrill": True,
    "jobID": JOB_ID,
    "ec2InstanceState": "RUNNING",
    "failback": {"state": "FAILBACK_NOT_STARTED"},
    "pointInTimeSnapshotDateTime": "2026-03-02T09:59:00Z",
    "tags": TAGS,
}
POINT = {"snapshotID": "pit-00000000000000d01", "sourceServerID": SERVER, "timestamp": "2026-03-02T09:59:00Z"}
SETTINGS = {"launchDisposition": "STARTED", "copyTags": True, "licensing": {"osByol": True}, "recoveryMode": "STANDARD"}
KEY = LaunchKey(wave=1, attempt=1, batch=1)
Call = Callable[[DrsAdapter], object]
CALLS: dict[str, tuple[Call, dict[str, Any]]] = {
    "DescribeSourceServers": (lambda drs: drs.source_servers([SERVER]), {"items": [SOURCE]}),
    "all of DescribeSourceServers": (lambda drs: drs.every_source_server(), {"items": [SOURCE]}),
    "DescribeRecoveryInstances": (lambda drs: drs.recovery_instances([SERVER]), {"items": [FOUND]}),
    "all of DescribeRecoveryInstances": (lambda drs: drs.every_recovery_instance(), {"items": [FOUND]}),
    "DescribeJobs, active": (lambda drs: drs.active_jobs(), {"items": [JOB]}),
    "DescribeJobs, tagged": (lambda drs: drs.tagged_jobs(NOW), {"items": [JOB]}),
    "DescribeJobs, by id": (lambda drs: drs.tagged([JOB_ID]), {"items": [JOB]}),
    "DescribeRecoverySnapshots": (lambda drs: drs.newest_snapshots([SERVER]), {"items": [POINT]}),
    "GetLaunchConfiguration": (lambda drs: drs.launch_settings([SERVER]), SETTINGS),
    "StartRecovery": (lambda drs: drs.start_drill("d", KEY, [SERVER]), {"job": JOB}),
    "TerminateRecoveryInstances": (lambda drs: drs.terminate([INSTANCE]), {"job": JOB}),
}
REFUSED = 300
STATUSES = (200, 202, 204, 302, 400, 403, 404, 409, 429, 500, 503)


class Wire:
    """What comes over the wire, answer by answer; the last one over and over."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = []

    def answer(self, request: Any, **_: Any) -> AWSResponse:
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        headers = HTTPHeaders.from_dict({"x-amzn-errortype": "ThrottlingException"} if status >= REFUSED else {})
        return AWSResponse(request.url, status, headers, MockRawResponse(body))


@pytest.fixture(scope="module")
def wire() -> Wire:
    return Wire()


@pytest.fixture(scope="module")
def drs(wire: Wire) -> DrsAdapter:
    client = boto3.session.Session().client(
        "drs",
        region_name="eu-west-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}),
    )
    events: Any = client.meta.events
    events.register("before-send.drs", wire.answer)
    return DrsAdapter(client, client, lambda: NOW)


def once(answer: dict[str, Any]) -> bytes:
    """As bytes, and without a further page: an answer that always has one is another test's."""
    return json.dumps({name: value for name, value in answer.items() if name != "nextToken"}).encode()


def expect_order(call: Call, drs: DrsAdapter) -> None:
    with contextlib.suppress(DrsError):
        call(drs)


@pytest.mark.parametrize("name", CALLS)
@FUZZ
@given(data=st.data())
def test_an_answer_that_is_not_as_the_model_has_it_is_read_or_unclear(
    drs: DrsAdapter, wire: Wire, name: str, data: st.DataObject
) -> None:
    call, good = CALLS[name]
    wire.answers = [(200, once(changed(good, data)))]
    expect_order(call, drs)


@FUZZ
@given(
    name=st.sampled_from(sorted(CALLS)),
    status=st.sampled_from(STATUSES),
    body=st.binary(max_size=60) | ANYTHING.map(lambda value: json.dumps(value).encode()),
)
def test_an_answer_of_anything_is_read_or_an_error_of_drs(
    drs: DrsAdapter, wire: Wire, name: str, status: int, body: bytes
) -> None:
    wire.answers = [(status, body)]
    expect_order(CALLS[name][0], drs)


@FUZZ
@given(data=st.data())
def test_a_job_and_its_log_that_are_not_as_the_model_has_them_are_read_or_unclear(
    drs: DrsAdapter, wire: Wire, data: st.DataObject
) -> None:
    jobs, log = copy.deepcopy({"items": [JOB]}), {"items": [ENTRY]}
    answers = [changed(jobs, data), log] if data.draw(st.booleans()) else [jobs, changed(log, data)]
    wire.answers = [(200, once(answer)) for answer in answers]
    expect_order(lambda drs: drs.observe([JOB_ID]), drs)


def test_a_job_that_cannot_be_read_keeps_nobody_from_seeing_the_others(drs: DrsAdapter, wire: Wire) -> None:
    odd_id = "drsjob-00000000000000d02"
    odd = {**JOB, "jobID": odd_id, "participatingServers": [{"sourceServerID": 5}]}
    wire.answers = [(200, once({"items": [odd, JOB]})), (200, once({"items": []}))]
    assert [job.job_id for job in drs.observe([odd_id, JOB_ID])] == [JOB_ID]


def test_a_log_that_cannot_be_read_costs_its_job_the_detail_alone(drs: DrsAdapter, wire: Wire) -> None:
    launched = {**JOB, "participatingServers": [{"sourceServerID": SERVER, "launchStatus": "LAUNCHED"}]}
    wire.answers = [(200, once({"items": [launched]})), (200, once({"items": [{"eventData": ["no", "data"]}]}))]
    (seen,) = drs.observe([JOB_ID])
    assert [server.phase for server in seen.servers] == [ServerPhase.LAUNCHED]
