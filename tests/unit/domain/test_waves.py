"""Waves: their jobs, what DRS shows of them, and how they end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.commands import LaunchBatch
from bot.domain.errors import IllegalTransition
from bot.domain.events import JobsObserved, JobStarted
from bot.domain.facts import JobObservation, ServerObservation
from bot.domain.launch import MAX_SERVERS_PER_JOB, ServerRun
from bot.domain.states import DrillState, JobStatus, LaunchState, ServerPhase, WaveState
from bot.domain.wave_run import WaveRun
from tests.unit.domain.orders import BOB, a_plan, a_wave, server
from tests.unit.domain.story import NOON, Story, job, key

COMPLETED, STARTED, PENDING = JobStatus.COMPLETED, JobStatus.STARTED, JobStatus.PENDING


def launching(critical: int = 1, optional: int = 0) -> Story:
    """A drill whose only wave is being launched: DRS has its jobs."""
    return Story(a_plan(a_wave("Database", critical, optional))).is_started().jobs_start()


def first(story: Story) -> WaveRun:
    return story.drill.wave(1)


def only(story: Story) -> ServerRun:
    (server_run,) = story.drill.servers
    return server_run


@pytest.mark.parametrize(
    ("servers", "jobs"), [(1, [1]), (100, [100]), (101, [100, 1]), (200, [100, 100]), (250, [100, 100, 50])]
)
def test_a_wave_is_launched_in_jobs_of_at_most_a_hundred_servers(servers: int, jobs: list[int]) -> None:
    story = Story(a_plan(a_wave("Database", servers))).is_started()
    launches = first(story).launches
    assert MAX_SERVERS_PER_JOB == 100
    assert [len(launch.server_ids) for launch in launches] == jobs
    assert [launch.key for launch in launches] == [key(1, 1, batch) for batch in range(1, len(jobs) + 1)]
    assert [s for launch in launches for s in launch.server_ids] == [server(n) for n in range(1, servers + 1)]
    assert story.commands == tuple(LaunchBatch(key=launch.key) for launch in launches)


def test_a_started_job_is_recorded_with_its_servers_and_followed() -> None:
    story = Story(a_plan(a_wave("Database", 2))).is_started().after(seconds=20).jobs_start()
    (launch,) = first(story).launches
    assert (launch.state, launch.job_id, launch.job_status) == (LaunchState.STARTED, job(key(1)), PENDING)
    assert (launch.started_at, launch.adopted) == (story.now, False)
    assert {s.job_id for s in story.drill.servers} == {job(key(1))}
    assert story.drill.followed_jobs == (launch,)
    assert story.drill.job_ids == {job(key(1))}
    assert story.drawn == ["wave/1/1"]


def test_an_adopted_job_is_marked_so() -> None:
    story = Story(a_plan()).is_started().tell(JobStarted(key=key(1), job_id="drsjob-7", adopted=True))
    assert first(story).launches[0].adopted


def test_progress_is_recorded_server_by_server() -> None:
    story = launching(2).shows({1: ServerPhase.CONVERSION, 2: ServerPhase.SNAPSHOT})
    assert [s.phase for s in story.drill.servers] == [ServerPhase.CONVERSION, ServerPhase.SNAPSHOT]
    assert first(story).launches[0].job_status is STARTED
    assert story.drawn == ["wave/1/1"]
    assert story.commands == ()


def test_a_server_that_the_job_does_not_show_stays_as_it_is() -> None:
    story = launching(2).shows({1: ServerPhase.CONVERSION})
    assert [s.phase for s in story.drill.servers] == [ServerPhase.CONVERSION, ServerPhase.WAITING]


def test_phases_never_go_back() -> None:
    story = launching().shows({1: ServerPhase.LAUNCH})
    assert isinstance(story.refused(_observed(ServerPhase.SNAPSHOT)), IllegalTransition)
    assert str(story.refused(_observed(ServerPhase.SNAPSHOT))) == "Nothing has moved."


def test_a_launched_server_stays_launched_whatever_an_older_look_says() -> None:
    story = launching().after(minutes=8).shows({1: ServerPhase.LAUNCHED})
    launched_at = only(story).launched_at
    story.after(minutes=1)
    for phase in (ServerPhase.FAILED, ServerPhase.LAUNCH, ServerPhase.LAUNCHED):
        assert str(story.refused(_observed(phase))) == "Nothing has moved."
    assert only(story).launched_at == launched_at


def test_an_older_look_does_not_put_a_started_job_back_to_pending() -> None:
    story = launching().shows({1: ServerPhase.SNAPSHOT}, STARTED)
    story.shows({1: ServerPhase.CONVERSION}, PENDING)
    assert first(story).launches[0].job_status is STARTED


def _observed(phase: ServerPhase, status: JobStatus = STARTED) -> JobsObserved:
    seen = ServerObservation(id=server(1), phase=phase)
    return JobsObserved(jobs=(JobObservation(job_id=job(key(1)), status=status, servers=(seen,)),))


def test_a_job_of_somebody_else_is_no_news() -> None:
    strange = JobObservation(job_id="drsjob-other", status=COMPLETED)
    assert str(launching().refused(JobsObserved(jobs=(strange,)))) == "Nothing has moved."


def test_the_launch_time_is_the_one_that_drs_gives() -> None:
    seen = ServerObservation(
        id=server(1), phase=ServerPhase.LAUNCHED, ec2_instance_id="i-7", launched_at=NOON + timedelta(minutes=6)
    )
    observed = JobsObserved(jobs=(JobObservation(job_id=job(key(1)), status=STARTED, servers=(seen,)),))
    launched = only(launching().after(minutes=8).tell(observed))
    assert (launched.launched_at, launched.ec2_instance_id) == (NOON + timedelta(minutes=6), "i-7")


def test_where_drs_gives_no_launch_time_it_is_when_it_was_seen() -> None:
    story = launching().after(minutes=8).shows({1: ServerPhase.LAUNCHED})
    assert only(story).launched_at == NOON + timedelta(minutes=8)


def test_a_wave_has_succeeded_when_all_its_jobs_have_ended_with_every_server_launched() -> None:
    story = launching(101).jobs_complete(key(1, 1, 1))
    assert first(story).state is WaveState.LAUNCHING
    assert story.drawn == ["wave/1/1"]
    story.after(minutes=1).jobs_complete()
    assert (first(story).state, first(story).ended_at) == (WaveState.SUCCEEDED, story.now)
    assert first(story).launches[1].completed_at == story.now
    assert story.drawn == ["wave/1/1", "cleanup"]


def test_launched_servers_do_not_end_the_wave_before_their_job_has_ended() -> None:
    story = launching().shows({1: ServerPhase.LAUNCHED})
    assert first(story).state is WaveState.LAUNCHING


def test_a_failed_critical_server_fails_the_wave_and_holds_the_drill() -> None:
    story = launching(2).jobs_complete(failed=[2])
    assert first(story).state is WaveState.FAILED
    assert story.drill.state is DrillState.ON_HOLD
    assert [s.id for s in first(story).failed(critical=True)] == [server(2)]
    assert story.drawn == ["wave/1/1", "hold/1"]


def test_a_failed_optional_server_lets_the_drill_go_on() -> None:
    story = launching(1, optional=1).jobs_complete(failed=[2])
    assert first(story).state is WaveState.SUCCEEDED
    assert story.drill.state is DrillState.CLEANING_UP
    assert [s.id for s in first(story).failed(critical=False)] == [server(2)]
    assert first(story).failed(critical=True) == ()


def test_a_server_that_a_completed_job_never_launched_has_failed() -> None:
    """DRS has no failed jobs: COMPLETED can hold servers that were never launched."""
    story = launching(2).shows({1: ServerPhase.LAUNCHED}, COMPLETED)
    silent = story.drill.wave(1).servers[1]
    assert (silent.phase, silent.failure) == (
        ServerPhase.FAILED,
        "DRS ended the job without launching this server.",
    )


def test_a_server_that_a_completed_job_left_half_way_has_failed() -> None:
    story = launching().shows({1: ServerPhase.LAUNCH}, COMPLETED)
    assert only(story).phase is ServerPhase.FAILED


def test_a_failure_without_a_reason_is_still_put_into_words() -> None:
    story = launching().tell(_observed(ServerPhase.FAILED, COMPLETED))
    assert only(story).failure == "DRS says that the launch failed, and no more."
    assert story.drill.hold
    assert "None" not in story.drill.hold.detail


def test_the_reason_that_drs_gives_is_kept() -> None:
    assert only(launching().jobs_complete(failed=[1])).failure == "LAUNCH_FAILED: no capacity"


def test_a_retry_launches_what_is_not_launched_and_nothing_else() -> None:
    """The optional server that failed is tried again too; the launched one is left alone."""
    story = launching(2, optional=1).jobs_complete(failed=[2, 3]).retries()
    assert first(story).launches[-1].key == key(1, 2)
    assert first(story).launches[-1].server_ids == (server(2), server(3))
    assert [s.phase for s in story.drill.servers] == [ServerPhase.LAUNCHED, ServerPhase.WAITING, ServerPhase.WAITING]
    assert [s.failure for s in story.drill.servers] == [None, None, None]
    story.jobs_start().jobs_complete()
    assert first(story).state is WaveState.SUCCEEDED
    assert story.drill.job_ids == {job(key(1, 1)), job(key(1, 2))}


def test_a_retry_forgets_the_failed_job_of_a_server_but_not_when_the_wave_began() -> None:
    seen = ServerObservation(id=server(1), phase=ServerPhase.FAILED, ec2_instance_id="i-7", failure="no boot")
    story = launching().tell(
        JobsObserved(jobs=(JobObservation(job_id=job(key(1)), status=COMPLETED, servers=(seen,)),))
    )
    assert (only(story).job_id, only(story).ec2_instance_id) == (job(key(1)), "i-7")
    story.after(minutes=5).retries()
    assert (only(story).job_id, only(story).ec2_instance_id) == (None, None)
    assert (first(story).started_at, first(story).ended_at) == (NOON, None)


def test_what_is_learnt_of_a_server_within_a_phase_is_taken_in() -> None:
    story = launching().shows({1: ServerPhase.LAUNCH})
    seen = ServerObservation(id=server(1), phase=ServerPhase.LAUNCH, ec2_instance_id="i-7")
    story.tell(JobsObserved(jobs=(JobObservation(job_id=job(key(1)), status=STARTED, servers=(seen,)),)))
    assert only(story).ec2_instance_id == "i-7"
    story.shows({1: ServerPhase.LAUNCHED})
    assert only(story).ec2_instance_id == "i-7", "a later look without it does not take it away"


def test_a_job_of_an_earlier_attempt_says_nothing_about_the_next() -> None:
    story = launching(2).jobs_complete(failed=[2]).retries().jobs_start()
    old = JobObservation(
        job_id=job(key(1)), status=COMPLETED, servers=(ServerObservation(id=server(2), phase=ServerPhase.FAILED),)
    )
    assert str(story.refused(JobsObserved(jobs=(old,)))) == "Nothing has moved."


def test_the_next_wave_begins_only_when_the_one_before_has_ended() -> None:
    story = Story(a_plan(a_wave("Database"), a_wave("Web"), a_wave("Mail"))).is_started().jobs_start()
    assert [wave.state for wave in story.drill.waves[1:]] == [WaveState.PENDING, WaveState.PENDING]
    story.jobs_complete().approves(BOB)
    assert [wave.state for wave in story.drill.waves] == [
        WaveState.SUCCEEDED,
        WaveState.LAUNCHING,
        WaveState.PENDING,
    ]
