"""Drills of 500 servers stay well inside DynamoDB's limits: 400 KB an item, 100 items and 4 MB a transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest

from bot.application.ports.storage import DrillStore, StoredDrill
from bot.domain.cleanup_events import InstancesObserved
from bot.domain.drill import Drill
from bot.domain.events import JobsObserved, PreflightCompleted
from bot.domain.facts import JobObservation, RecoveryInstance, ServerObservation
from bot.domain.findings import Check, Finding, Severity
from bot.domain.launch_point import RecoverySnapshot
from bot.domain.states import DrillState, JobStatus, ServerPhase
from tests.contract.store.backends import DynamoDb
from tests.contract.store.drills import (
    ALL_GONE,
    NOON,
    STARTED,
    observed,
    plan_of,
    proposal,
    save,
    with_jobs,
)

pytestmark = pytest.mark.ministack
KB = 1024


def text_about(server_id: str, length: int = 700) -> str:
    """A text as long as AWS's longest errors, another one for each server, and hardly to be packed."""
    return f"{server_id}: {hashlib.shake_256(server_id.encode()).hexdigest(length // 2)}"


def checked(drill: Drill) -> PreflightCompleted:
    """A warning for each server, a name, and a snapshot to launch it from."""
    findings = [
        Finding(
            check=Check.LEFTOVER_DRILL,
            severity=Severity.WARN,
            server_id=server.id,
            fact=text_about(server.id, 200),
            remedy="DRS deletes it when this drill launches the server.",
        )
        for server in drill.servers
    ]
    names = {server.id: f"server-{server.id[-4:]}.payments.example.com" for server in drill.servers}
    points = {each.id: RecoverySnapshot(id=f"pit-{text_about(each.id, 18)[-17:]}", at=NOON) for each in drill.servers}
    return PreflightCompleted(findings=tuple(findings), names=names, snapshots=points)


def failed(stored: StoredDrill) -> JobsObserved:
    """Every job has ended and every server has failed, each for reasons of its own."""
    jobs = []
    for launch in stored.drill.followed_jobs:
        servers = [
            ServerObservation(id=name, phase=ServerPhase.FAILED, failure=text_about(name)) for name in launch.server_ids
        ]
        jobs.append(JobObservation(job_id=launch.job_id or "", status=JobStatus.COMPLETED, servers=tuple(servers)))
    return JobsObserved(jobs=tuple(jobs))


def shown(drill: Drill) -> InstancesObserved:
    """An instance of each server, all told to terminate."""
    instances = [
        RecoveryInstance(
            id=f"i-{server.id[2:]}",
            server_id=server.id,
            is_drill=True,
            job_id=server.job_id,
            ec2_instance_id=f"i-{server.id[2:]}",
            recovery_point=NOON,
        )
        for server in drill.servers
    ]
    return InstancesObserved(
        present=tuple(instances), terminating=tuple(seen.id for seen in instances), job_ids=("drsjob-t",)
    )


def started(store: DrillStore, *sizes: int) -> StoredDrill:
    stored = save(store, None, proposal("d-1", plan_of(*sizes)))
    return with_jobs(store, save(store, save(store, stored, checked(stored.drill)), STARTED))


def size(item: dict[str, Any]) -> int:
    """An item's size as DynamoDB counts it: names and values in UTF-8 (AWS: item sizes and formats)."""
    return sum(len(name.encode()) + size_of_value(value) for name, value in item.items())


def size_of_value(value: dict[str, Any]) -> int:
    (content,) = value.values()
    return len(content) if isinstance(content, bytes) else len(content.encode())


def written(write: dict[str, Any]) -> dict[str, Any]:
    """The attributes that one write of a transaction sends."""
    (request,) = write.values()
    values: dict[str, Any] = request.get("Item") or request.get("ExpressionAttributeValues", {})
    return values


def transactions(dynamodb: DynamoDb) -> Iterator[list[dict[str, Any]]]:
    yield from (params["TransactItems"] for name, params in dynamodb.calls if name == "TransactWriteItems")


def check_limits(dynamodb: DynamoDb) -> None:
    """No item has come near its limit, nor has a transaction."""
    for writes in transactions(dynamodb):
        assert len(writes) <= 60
        assert sum(size(written(write)) for write in writes) < 1000 * KB
    assert max(size(item) for item in dynamodb.items()) < 300 * KB


def test_a_drill_of_twenty_waves_and_500_servers_fits_from_proposal_to_end(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    dynamodb.watch()
    stored = started(store, *[25] * 20)
    while stored.drill.state is DrillState.RUNNING:
        stored = save(store, stored, observed(stored, JobStatus.COMPLETED, ServerPhase.LAUNCHED))
        stored = with_jobs(store, stored)
    stored = save(store, stored, shown(stored.drill))
    assert store.load("d-1") == stored
    stored = save(store, stored, ALL_GONE)
    assert stored.drill.state is DrillState.ENDED
    assert store.load("d-1") == stored
    check_limits(dynamodb)


def test_a_wave_of_500_servers_that_all_fail_fits(dynamodb: DynamoDb) -> None:
    store = dynamodb.storage().store
    dynamodb.watch()
    stored = started(store, 500)
    stored = save(store, stored, failed(stored))
    assert stored.drill.state is DrillState.ON_HOLD
    assert store.load("d-1") == stored
    (wave,) = stored.drill.waves
    assert len(wave.model_dump_json()) > 400 * KB
    check_limits(dynamodb)
    assert len(store.records("d-1")) == stored.drill.version
