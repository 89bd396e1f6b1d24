from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from infra.local.drs import ids
from infra.local.drs.phases import PUBLISHED, JobStatus, LaunchStatus, Pace, Pause, Phase, Span
from infra.local.drs.timeline import (
    Failure,
    Hold,
    JobPlan,
    ServerPlan,
    ServerRun,
    Skip,
    Trouble,
    job_status,
    launch_status,
    log_length,
    plan_job,
)

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
JOB = ids.job_id("timeline")
LAUNCH_PHASES = (Phase.SNAPSHOT, Phase.CONVERSION, Phase.LAUNCH)


def run(name: str = "db", *troubles: Trouble, phases: tuple[Phase, ...] = LAUNCH_PHASES) -> ServerRun:
    server = ids.source_server_id(name)
    return ServerRun(server, phases, launches=ids.instance_id(JOB, server), troubles=troubles)


def plan(*runs: ServerRun) -> JobPlan:
    return plan_job(JOB, START, runs, Pace())


def only(job: JobPlan) -> ServerPlan:
    (server,) = job.servers.values()
    return server


def seconds_between(server: ServerPlan, first: str, then: str) -> float:
    start, end = server.time_of(first), server.time_of(then)
    assert start
    assert end
    return (end - start).total_seconds()


@pytest.mark.parametrize(
    ("first", "then", "least", "most"),
    [
        ("SNAPSHOT_START", "SNAPSHOT_END", 0.19, 0.21),
        ("SNAPSHOT_END", "CONVERSION_START", 51.5, 52.5),
        ("CONVERSION_START", "CONVERSION_END", 175, 198),
        ("CONVERSION_END", "LAUNCH_START", 0, 1),
        ("LAUNCH_START", "LAUNCH_END", 280, 310),
    ],
)
def test_phases_are_as_long_as_in_the_published_job(first: str, then: str, least: float, most: float) -> None:
    lengths = [
        seconds_between(server, first, then) for server in plan(*(run(f"{n}") for n in range(50))).servers.values()
    ]
    assert least <= min(lengths) < max(lengths) <= most


def test_the_job_ends_two_to_four_seconds_after_its_last_server() -> None:
    job = plan(run("a"), run("b"))
    last = max(server.ended_at for server in job.servers.values() if server.ended_at)
    assert job.ended_at
    assert timedelta(seconds=2) <= job.ended_at - last <= timedelta(seconds=4)


def test_the_log_is_in_order_of_time_and_begins_and_ends_with_the_job() -> None:
    log = plan(run("a"), run("b"), run("c")).log
    assert [mark.at for mark in log] == sorted(mark.at for mark in log)
    assert (log[0].event, log[-1].event) == ("JOB_START", "JOB_END")


def test_the_same_job_is_planned_the_same_way_again_and_another_one_differently() -> None:
    other = plan_job(ids.job_id("other"), START, [run()], Pace())
    assert plan(run()) == plan(run())
    assert plan(run()).ended_at != other.ended_at


def test_a_job_is_pending_until_it_starts_and_completed_from_its_end_on() -> None:
    job = plan(run())
    assert job.ended_at
    moment = timedelta(microseconds=1)
    assert [
        job_status(job, at)
        for at in (START, job.started_at - moment, job.started_at, job.ended_at - moment, job.ended_at)
    ] == [JobStatus.PENDING, JobStatus.PENDING, JobStatus.STARTED, JobStatus.STARTED, JobStatus.COMPLETED]


def test_launch_status_stays_pending_through_snapshot_and_conversion() -> None:
    server = only(plan(run()))
    seen = {mark.event: launch_status(server, mark.at) for mark in server.marks}
    assert seen == {
        "SNAPSHOT_START": LaunchStatus.PENDING,
        "SNAPSHOT_END": LaunchStatus.PENDING,
        "CONVERSION_START": LaunchStatus.PENDING,
        "CONVERSION_END": LaunchStatus.PENDING,
        "LAUNCH_START": LaunchStatus.IN_PROGRESS,
        "LAUNCH_END": LaunchStatus.LAUNCHED,
    }


def test_the_log_at_a_time_holds_exactly_the_entries_up_to_it() -> None:
    job = plan(run())
    for position, mark in enumerate(job.log):
        assert log_length(job, mark.at) == position + 1
        assert log_length(job, mark.at - timedelta(microseconds=1)) == position


@pytest.mark.parametrize(
    ("phase", "event"),
    [(Phase.SNAPSHOT, "SNAPSHOT_FAIL"), (Phase.CONVERSION, "CONVERSION_FAIL"), (Phase.LAUNCH, "LAUNCH_FAILED")],
)
def test_a_failure_ends_the_server_in_its_phase_and_the_job_goes_on_without_it(phase: Phase, event: str) -> None:
    job = plan(run("bad", Failure(phase, "disk full")), run("good"))
    bad, good = job.servers.values()
    assert (bad.marks[-1].event, bad.marks[-1].data["rawError"]) == (event, "disk full")
    assert job.ended_at
    assert launch_status(bad, job.ended_at) is LaunchStatus.FAILED
    assert launch_status(good, job.ended_at) is LaunchStatus.LAUNCHED


def test_a_skipped_server_fails_at_once() -> None:
    server = only(plan(run("db", Skip("not ready"))))
    assert [mark.event for mark in server.marks] == ["SERVER_SKIPPED"]
    assert launch_status(server, server.marks[0].at) is LaunchStatus.FAILED


def test_a_server_stuck_for_ever_keeps_its_job_from_ending() -> None:
    job = plan(run("stuck", Hold(Phase.CONVERSION, None)), run("good"))
    stuck, _ = job.servers.values()
    assert stuck.marks[-1].event == "CONVERSION_START"
    assert job.ended_at is None
    assert job_status(job, START + timedelta(days=365)) is JobStatus.STARTED


def test_a_server_stuck_for_a_time_goes_on_after_it() -> None:
    usual, held = only(plan(run())), only(plan(run("db", Hold(Phase.LAUNCH, timedelta(hours=1)))))
    assert usual.ended_at
    assert held.ended_at == usual.ended_at + timedelta(hours=1)


def test_a_released_server_goes_on_from_the_moment_of_release_and_its_past_stays() -> None:
    released_at = START + timedelta(hours=2)
    stuck = only(plan(run("db", Hold(Phase.CONVERSION, None))))
    freed = only(plan(run("db", Hold(Phase.CONVERSION, None, released_at))))
    assert freed.marks[: len(stuck.marks)] == stuck.marks
    assert freed.time_of("CONVERSION_END") == released_at
    assert freed.marks[-1].event == "LAUNCH_END"


def test_a_launch_that_needs_no_snapshot_does_not_wait_for_one() -> None:
    server = only(plan(run("db", phases=(Phase.CONVERSION, Phase.LAUNCH))))
    assert server.marks[0].event == "CONVERSION_START"
    assert server.marks[0].at - START < timedelta(seconds=2)


def test_a_changed_pace_changes_only_what_it_names() -> None:
    pace = Pace().changed({Phase.LAUNCH: Span(60, 60)})
    assert pace.length(Phase.LAUNCH, "any") == timedelta(minutes=1)
    assert pace.length(Pause.START, "any") == Pace().length(Pause.START, "any")
    assert Pace().seconds == PUBLISHED
