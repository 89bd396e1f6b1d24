"""What the adapter sends to DRS, call by call, and how it bears what comes back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mypy_boto3_drs.client import DrsClient

from bot.adapters.drs import ACTIVE_JOBS_WINDOW, CALLS_BY_SERVER, CLOCK_MARGIN, SNAPSHOTS_PER_PAGE, DrsAdapter
from bot.adapters.side_by_side import SideBySide
from bot.application.lanes import LONGEST_STEP
from bot.application.ports.drs import DrsError, Refused
from bot.domain.launch import LaunchKey
from bot.domain.states import JobStatus, ServerPhase
from infra.local.drs import Settings, configure, faults, healthy_fleet, job_log, recorded_calls, seed, source_server_id
from infra.local.drs.shapes import request_violations
from tests.contract.drs.worlds import ACCOUNT, OPERATIONS, REGION, SimulatorWorld

KEY = LaunchKey(wave=2, attempt=3, batch=1)
IDS = [source_server_id(n) for n in range(6)]


@pytest.fixture
def world(simulator: SimulatorWorld) -> SimulatorWorld:
    seed(ACCOUNT, REGION, healthy_fleet(IDS))
    return simulator


def sent(operation: str) -> list[Mapping[str, Any]]:
    return [call.parameters for call in recorded_calls(ACCOUNT, REGION, operation)]


def small_pages(size: int = 2) -> None:
    configure(ACCOUNT, REGION, Settings(page_size=size, largest_page=size))


def start(world: SimulatorWorld, *server_ids: str) -> str:
    return world.drs.start_drill("drill-1", KEY, server_ids or IDS)


def test_a_drill_is_started_with_fresh_snapshots_and_four_tags(world: SimulatorWorld) -> None:
    start(world, *IDS[:2])
    assert sent("StartRecovery") == [
        {
            "sourceServers": [{"sourceServerID": IDS[0]}, {"sourceServerID": IDS[1]}],
            "isDrill": True,
            "tags": {
                "drs-drill-bot:drill": "drill-1",
                "drs-drill-bot:wave": "2",
                "drs-drill-bot:attempt": "3",
                "drs-drill-bot:batch": "1",
            },
        }
    ]


def test_a_snapshot_is_named_for_the_servers_that_have_one_and_for_no_other(world: SimulatorWorld) -> None:
    chosen = world.snapshots(IDS[1])[0]
    world.drs.start_drill("drill-1", KEY, IDS[:2], {IDS[1]: chosen.id})
    (call,) = sent("StartRecovery")
    assert call["sourceServers"] == [
        {"sourceServerID": IDS[0]},
        {"sourceServerID": IDS[1], "recoverySnapshotID": chosen.id},
    ]
    assert call["isDrill"] is True


def test_the_snapshots_of_each_server_are_asked_for_once_the_newest_first(world: SimulatorWorld) -> None:
    until = datetime(2026, 3, 1, 9, 7, 30, 900_000, tzinfo=UTC)
    world.drs.newest_snapshots([*IDS, IDS[0]], until)
    asked = {"order": "DESC", "maxResults": SNAPSHOTS_PER_PAGE, "filters": {"toDateTime": "2026-03-01T09:07:30Z"}}
    calls = sorted(sent("DescribeRecoverySnapshots"), key=lambda call: IDS.index(call["sourceServerID"]))
    assert calls == [{"sourceServerID": server_id, **asked} for server_id in IDS]


def test_snapshots_of_which_none_is_read_in_time_are_unclear(world: SimulatorWorld, client: DrsClient) -> None:
    no_time = SideBySide(per_second=1_000, at_once=2, budget=0)
    drs = DrsAdapter(client, client, world.clock.now, no_time)
    with pytest.raises(DrsError, match=r"DescribeRecoverySnapshots: of the servers, none was read") as caught:
        drs.newest_snapshots(IDS)
    assert caught.value.kind is Refused.UNCLEAR


def test_five_hundred_servers_are_read_within_a_step_of_the_executor() -> None:
    """As long as DRS answers fast enough: what it takes to start the calls; both kinds are read side by side."""
    begun = 500 / CALLS_BY_SERVER.per_second
    assert begun + 1 < CALLS_BY_SERVER.budget < LONGEST_STEP.total_seconds() / 2


def test_the_launch_settings_of_each_server_are_asked_for_once(world: SimulatorWorld) -> None:
    world.drs.launch_settings([*IDS, IDS[0]])
    assert sorted(call["sourceServerID"] for call in sent("GetLaunchConfiguration")) == sorted(IDS)


def test_every_request_is_what_botocores_model_of_drs_allows(world: SimulatorWorld) -> None:
    world.end(start(world))
    world.drs.source_servers(IDS)
    world.drs.every_source_server()
    world.drs.active_jobs()
    world.drs.newest_snapshots(IDS, world.clock.now())
    world.drs.launch_settings(IDS)
    world.drs.observe([job.job_id for job in world.drs.tagged_jobs(world.clock.now() - timedelta(hours=1))])
    world.drs.terminate([instance.id for instance in world.drs.recovery_instances(IDS)])
    calls = recorded_calls(ACCOUNT, REGION)
    assert {call.operation for call in calls} == {*OPERATIONS.values(), "DescribeJobLogItems"}
    assert {call.outcome for call in calls} == {"ok"}
    assert [wrong for call in calls for wrong in request_violations(call.operation, call.parameters)] == []


@pytest.mark.parametrize(
    ("operation", "read"),
    [
        ("DescribeSourceServers", DrsAdapter.source_servers),
        ("DescribeRecoveryInstances", DrsAdapter.recovery_instances),
    ],
)
def test_many_servers_are_asked_for_in_filters_of_two_hundred(
    world: SimulatorWorld, operation: str, read: Callable[[DrsAdapter, list[str]], object]
) -> None:
    ids = [source_server_id("many", n) for n in range(450)]
    read(world.drs, [*ids, *ids[:100]])
    filters = [parameters["filters"]["sourceServerIDs"] for parameters in sent(operation)]
    assert [len(chunk) for chunk in filters] == [200, 200, 50]
    assert {parameters["maxResults"] for parameters in sent(operation)} == {200}
    assert [server_id for chunk in filters for server_id in chunk] == ids


def test_many_jobs_are_asked_for_in_filters_of_a_thousand(world: SimulatorWorld) -> None:
    assert len(world.drs.observe([f"drsjob-{n:017d}" for n in range(1_001)])) == 1_001
    assert [len(parameters["filters"]["jobIDs"]) for parameters in sent("DescribeJobs")] == [1_000, 1]


def test_nothing_is_asked_when_nothing_is_wanted_since_drs_takes_an_empty_filter_for_all(world: SimulatorWorld) -> None:
    world.drs.source_servers([])
    world.drs.recovery_instances([])
    world.drs.observe([])
    assert recorded_calls(ACCOUNT, REGION) == []


def test_servers_and_instances_are_read_to_the_last_page(world: SimulatorWorld) -> None:
    world.end(start(world))
    small_pages()
    assert sorted(server.id for server in world.drs.source_servers(IDS)) == sorted(IDS)
    assert sorted(instance.server_id for instance in world.drs.recovery_instances(IDS)) == sorted(IDS)
    assert (len(sent("DescribeSourceServers")), len(sent("DescribeRecoveryInstances"))) == (3, 3)


def test_jobs_are_read_to_the_last_page(world: SimulatorWorld) -> None:
    job_ids = [start(world, server_id) for server_id in IDS]
    small_pages()
    assert {job.job_id for job in world.drs.active_jobs()} == set(job_ids)
    assert {job.job_id for job in world.drs.tagged_jobs(world.clock.now())} == set(job_ids)
    assert [job.job_id for job in world.drs.observe(job_ids)] == job_ids


def test_a_log_is_read_to_the_last_page(world: SimulatorWorld) -> None:
    job_id = start(world)
    world.end(job_id)
    small_pages(5)
    (job,) = world.drs.observe([job_id])
    assert len(sent("DescribeJobLogItems")) == -(-len(job_log(ACCOUNT, REGION, job_id)) // 5)
    assert all(server.ec2_instance_id and server.launched_at for server in job.servers)


def test_one_look_asks_for_all_jobs_at_once_and_for_the_logs_of_those_that_have_begun(world: SimulatorWorld) -> None:
    ended = start(world, IDS[0])
    world.end(ended)
    running = start(world, IDS[1])
    world.clock.advance(timedelta(seconds=5))
    pending = start(world, IDS[2])
    statuses = [job.status for job in world.drs.observe([ended, running, pending, ended])]
    assert statuses == [JobStatus.COMPLETED, JobStatus.STARTED, JobStatus.PENDING]
    assert [parameters["filters"]["jobIDs"] for parameters in sent("DescribeJobs")] == [[ended, running, pending]]
    assert [parameters["jobID"] for parameters in sent("DescribeJobLogItems")] == [ended, running]


def test_a_log_that_cannot_be_read_costs_only_that_jobs_detail(
    world: SimulatorWorld, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = start(world, IDS[0]), start(world, IDS[1])
    world.end(first)
    faults(ACCOUNT, REGION).fail_call("DescribeJobLogItems", error="ThrottlingException")
    blind, sharp = world.drs.observe([first, second])
    assert {(job.status, job.servers[0].phase) for job in (blind, sharp)} == {
        (JobStatus.COMPLETED, ServerPhase.LAUNCHED)
    }
    assert (blind.servers[0].ec2_instance_id, blind.servers[0].launched_at) == (None, None)
    assert sharp.servers[0].ec2_instance_id
    assert f"The log of DRS job {first} could not be read: DescribeJobLogItems: Throttling" in caplog.text


def test_jobs_that_cannot_be_read_are_an_error_and_no_lost_job(world: SimulatorWorld) -> None:
    job_id = start(world)
    faults(ACCOUNT, REGION).fail_call("DescribeJobs", error="InternalServerException")
    with pytest.raises(DrsError, match="DescribeJobs: InternalServerException: ") as caught:
        world.drs.observe([job_id])
    assert caught.value.kind is Refused.UNCLEAR


def test_running_jobs_are_looked_for_some_days_back(world: SimulatorWorld) -> None:
    faults(ACCOUNT, REGION).stick_server(IDS[0])
    stuck = start(world, IDS[0])
    world.clock.advance(ACTIVE_JOBS_WINDOW - timedelta(minutes=1))
    assert [job.job_id for job in world.drs.active_jobs()] == [stuck]
    world.clock.advance(timedelta(minutes=2))
    assert world.drs.active_jobs() == ()
    assert [parameters["filters"]["fromDate"] for parameters in sent("DescribeJobs")] == [
        "2026-03-02T08:59:00Z",
        "2026-03-02T09:01:00Z",
    ]


def test_tagged_jobs_are_found_though_drs_clock_is_behind(world: SimulatorWorld) -> None:
    job_id = start(world)
    ahead = world.clock.now() + CLOCK_MARGIN
    assert [job.job_id for job in world.drs.tagged_jobs(ahead)] == [job_id]
    assert world.drs.tagged_jobs(ahead + timedelta(seconds=1)) == ()


def test_a_termination_under_way_is_an_active_job(world: SimulatorWorld) -> None:
    world.end(start(world, IDS[0]))
    (instance,) = world.drs.recovery_instances(IDS)
    job_id = world.drs.terminate([instance.id])
    assert sent("TerminateRecoveryInstances") == [{"recoveryInstanceIDs": [instance.id]}]
    assert [(job.job_id, job.server_ids) for job in world.drs.active_jobs()] == [(job_id, (IDS[0],))]


def test_too_many_servers_or_none_are_refused_before_anything_is_sent(world: SimulatorWorld) -> None:
    for count in (0, 101):
        with pytest.raises(DrsError, match=f"StartRecovery: takes 1 to 100 at once, not {count}"):
            world.drs.start_drill("drill-1", KEY, [source_server_id("many", n) for n in range(count)])
    assert sent("StartRecovery") == []


def test_drs_own_words_reach_the_caller(world: SimulatorWorld) -> None:
    start(world, IDS[0])
    with pytest.raises(DrsError, match=r"StartRecovery: ConflictException: .*currently being processed by a Job"):
        start(world, IDS[0])


def test_every_call_is_logged_with_its_operation_and_duration_and_none_of_its_content(
    world: SimulatorWorld, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot.adapters.drs")
    world.drs.source_servers(IDS)
    faults(ACCOUNT, REGION).fail_call("StartRecovery", error="AccessDeniedException")
    with pytest.raises(DrsError):
        start(world)
    told = [vars(record) for record in caplog.records if record.name == "bot.adapters.drs"]
    assert [(line["levelname"], line["operation"], line["region"], line["outcome"]) for line in told] == [
        ("DEBUG", "DescribeSourceServers", REGION, "ok"),
        ("DEBUG", "StartRecovery", REGION, "denied"),
    ]
    assert all(line["duration_ms"] >= 0 for line in told)
    assert not any(server_id in str(told) for server_id in IDS)
