"""What holds for DRS behind the port, for the fake and for the real adapter alike."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.application.ports.drs import DrsError, Refused
from bot.domain.facts import ActiveJob, JobObservation, SourceServer, TaggedJob
from bot.domain.launch import LaunchKey
from bot.domain.states import JobStatus, ServerPhase
from infra.local.drs import source_server_id
from tests.contract.drs.fleet import FLEET, IDS, KEY, NOWHERE, start
from tests.contract.drs.worlds import OPERATIONS, RETRY_AFTER, World

pytestmark = pytest.mark.usefixtures("fleet")
LATER = timedelta(hours=1)


def observed(world: World, job_id: str) -> JobObservation:
    (job,) = world.drs.observe([job_id])
    return job


def phases(world: World, job_id: str) -> set[ServerPhase]:
    return {server.phase for server in observed(world, job_id).servers}


def call(world: World, method: str) -> object:
    """Call a method of the port in a way that would succeed."""
    if method == "start_drill":
        return start(world)
    if method == "terminate":
        return world.drs.terminate([instance.id for instance in world.drs.recovery_instances(IDS)])
    if method == "active_jobs":
        return world.drs.active_jobs()
    if method == "every_source_server":
        return world.drs.every_source_server()
    if method == "tagged_jobs":
        return world.drs.tagged_jobs(world.clock.now())
    return getattr(world.drs, method)(IDS if method != "observe" else ["drsjob-00000000000000000"])


def test_servers_that_exist_are_shown_as_they_are(world: World) -> None:
    lagging = SourceServer(
        id=source_server_id("app"),
        name="app",
        replication_state="STALLED",
        lag=timedelta(days=2, hours=1, minutes=32, seconds=12, microseconds=136909),
        replication_direction="FAILBACK",
        tags={"Name": "app", "Tier": "app", "Empty": ""},
    )
    world.add_servers(lagging)
    shown = {server.id: server for server in world.drs.source_servers([lagging.id, NOWHERE, IDS[0]])}
    expected = {server.id: server for server in (lagging, FLEET[0])}
    assert {id_: each.model_copy(update={"last_seen": None, "disks": ()}) for id_, each in shown.items()} == expected


def test_every_source_server_is_shown_as_each_by_itself(world: World) -> None:
    whole = {server.id: server for server in world.drs.every_source_server()}
    assert set(whole) == set(IDS)
    assert whole == {server.id: server for server in world.drs.source_servers(IDS)}


def test_no_servers_asked_for_are_no_servers_and_no_instances(world: World) -> None:
    world.leave_instance(FLEET[0], is_drill=True, failback_state="FAILBACK_NOT_STARTED")
    assert (world.drs.source_servers([]), world.drs.recovery_instances([]), world.drs.observe([])) == ((), (), ())


def test_instances_of_other_servers_are_not_shown(world: World) -> None:
    for server in FLEET[:2]:
        world.leave_instance(server, is_drill=False, failback_state="FAILBACK_IN_PROGRESS")
    (instance,) = world.drs.recovery_instances([IDS[0], IDS[2]])
    assert instance.server_id == IDS[0]
    assert (instance.is_drill, instance.failback_state) == (False, "FAILBACK_IN_PROGRESS")


def test_a_started_drill_is_active_and_known_by_its_tags(world: World) -> None:
    started_at = world.clock.now()
    job_id = start(world, *IDS[:2])
    assert world.drs.active_jobs() == (ActiveJob(job_id=job_id, server_ids=tuple(IDS[:2])),)
    assert world.drs.tagged_jobs(started_at) == (TaggedJob(job_id=job_id, drill_id="drill-1", key=KEY),)


def test_jobs_from_before_the_time_asked_for_are_not_found_by_their_tags(world: World) -> None:
    start(world)
    assert world.drs.tagged_jobs(world.clock.now() + LATER) == ()


def test_a_job_is_found_by_its_tags_though_the_clock_of_whoever_asks_is_ahead(world: World) -> None:
    job_id = start(world)
    ahead = world.clock.now() + timedelta(minutes=4)
    assert [job.job_id for job in world.drs.tagged_jobs(ahead)] == [job_id]


def test_a_job_keeps_its_tags_when_it_has_ended(world: World) -> None:
    started_at = world.clock.now()
    job_id = start(world)
    world.end(job_id)
    assert [job.job_id for job in world.drs.tagged_jobs(started_at)] == [job_id]
    assert world.drs.active_jobs() == ()


def test_somebody_elses_job_is_active_but_has_no_tags(world: World) -> None:
    job_id = world.start_elsewhere(IDS[:1])
    assert [job.job_id for job in world.drs.active_jobs()] == [job_id]
    assert world.drs.tagged_jobs(world.clock.now() - LATER) == ()


def test_jobs_are_told_apart_by_their_launch(world: World) -> None:
    keys = [LaunchKey(wave=1, attempt=1, batch=batch) for batch in (1, 2)]
    expected = {start(world, IDS[n], key=key): key for n, key in enumerate(keys)}
    assert {job.job_id: job.key for job in world.drs.tagged_jobs(world.clock.now())} == expected


def test_a_new_job_is_pending_and_its_servers_wait(world: World) -> None:
    job = observed(world, start(world))
    assert job.status is JobStatus.PENDING
    assert {server.id: server.phase for server in job.servers} == dict.fromkeys(IDS, ServerPhase.WAITING)


def test_servers_go_through_the_phases_in_order(world: World) -> None:
    job_id = start(world)
    for phase in (ServerPhase.SNAPSHOT, ServerPhase.CONVERSION, ServerPhase.LAUNCH):
        world.reach(job_id, phase)
        assert (observed(world, job_id).status, phases(world, job_id)) == (JobStatus.STARTED, {phase})


def test_a_launched_server_has_its_instance_and_the_time_of_its_launch(world: World) -> None:
    started_at = world.clock.now()
    job_id = start(world)
    world.end(job_id)
    job = observed(world, job_id)
    assert (job.status, {server.phase for server in job.servers}) == (JobStatus.COMPLETED, {ServerPhase.LAUNCHED})
    assert len({server.ec2_instance_id for server in job.servers} - {None}) == len(IDS)
    launched = [server.launched_at for server in job.servers]
    assert all(isinstance(at, datetime) and started_at < at <= world.clock.now() for at in launched)
    assert {server.failure for server in job.servers} == {None}


def test_a_server_that_fails_says_why_and_the_others_are_launched(world: World) -> None:
    world.doom(IDS[1], "InsufficientInstanceCapacity: none left")
    job_id = start(world)
    world.end(job_id)
    job = observed(world, job_id)
    shown = {server.id: server for server in job.servers}
    assert job.status is JobStatus.COMPLETED
    assert shown[IDS[1]].phase is ServerPhase.FAILED
    assert "InsufficientInstanceCapacity: none left" in (shown[IDS[1]].failure or "")
    assert {shown[IDS[0]].phase, shown[IDS[2]].phase} == {ServerPhase.LAUNCHED}


def test_a_job_that_drs_does_not_know_has_no_status(world: World) -> None:
    job_id, lost = start(world), "drsjob-0123456789abcdef0"
    shown = world.drs.observe([lost, job_id])
    assert shown[0] == JobObservation(job_id=lost, status=None)
    assert (shown[1].job_id, shown[1].status) == (job_id, JobStatus.PENDING)


def test_a_server_in_a_job_is_refused_as_a_conflict_and_no_second_job_is_made(world: World) -> None:
    start(world, IDS[0])
    with pytest.raises(DrsError) as caught:
        start(world, IDS[0], IDS[1])
    assert caught.value.kind is Refused.CONFLICT
    assert len(world.drs.active_jobs()) == 1


@pytest.mark.parametrize("count", [0, 101])
def test_a_job_takes_one_to_a_hundred_servers(world: World, count: int) -> None:
    ids = [source_server_id("many", n) for n in range(count)]
    world.add_servers(*(SourceServer(id=each, name=each, replication_state="CONTINUOUS") for each in ids))
    with pytest.raises(DrsError) as caught:
        world.drs.start_drill("drill-1", KEY, ids)
    assert caught.value.kind is Refused.INVALID
    assert world.drs.active_jobs() == ()


def test_a_server_that_drs_does_not_know_is_refused_as_invalid(world: World) -> None:
    with pytest.raises(DrsError) as caught:
        start(world, NOWHERE)
    assert caught.value.kind is Refused.INVALID


@pytest.mark.parametrize("kind", Refused)
def test_a_refusal_arrives_as_what_it_means_and_nothing_was_done(world: World, kind: Refused) -> None:
    world.refuse_next("start_drill", kind)
    with pytest.raises(DrsError) as caught:
        start(world)
    assert (caught.value.kind, caught.value.retry_after) == (kind, RETRY_AFTER.get(kind))
    assert world.drs.active_jobs() == ()
    assert start(world)


@pytest.mark.parametrize("method", OPERATIONS)
def test_every_call_can_be_refused_and_then_succeeds(world: World, method: str) -> None:
    world.leave_instance(FLEET[0], is_drill=True, failback_state="FAILBACK_NOT_STARTED")
    world.refuse_next(method, Refused.DENIED)
    with pytest.raises(DrsError) as caught:
        call(world, method)
    assert caught.value.kind is Refused.DENIED
    call(world, method)


def test_a_lost_reply_is_unclear_and_the_job_is_found_by_its_tags(world: World) -> None:
    world.lose_next_reply("start_drill")
    with pytest.raises(DrsError) as caught:
        start(world)
    assert caught.value.kind is Refused.UNCLEAR
    (job,) = world.drs.tagged_jobs(world.clock.now())
    assert (job.drill_id, job.key) == ("drill-1", KEY)


def test_a_drill_leaves_an_instance_of_its_own_for_each_server(world: World) -> None:
    started_at = world.clock.now()
    job_id = start(world)
    world.end(job_id)
    instances = world.drs.recovery_instances(IDS)
    assert sorted(instance.server_id for instance in instances) == sorted(IDS)
    assert {(instance.is_drill, instance.job_id) for instance in instances} == {(True, job_id)}
    assert {instance.ec2_instance_id for instance in instances} == {
        server.ec2_instance_id for server in observed(world, job_id).servers
    }
    points = [instance.recovery_point for instance in instances]
    assert all(point and abs(point - started_at) < timedelta(minutes=1) for point in points)


def test_a_new_drill_deletes_the_servers_previous_instance(world: World) -> None:
    world.leave_instance(FLEET[0], is_drill=True, failback_state="FAILBACK_NOT_STARTED")
    (before,) = world.drs.recovery_instances(IDS[:1])
    world.end(start(world, IDS[0]))
    (after,) = world.drs.recovery_instances(IDS[:1])
    assert after.id != before.id


def test_an_instance_tells_which_drill_it_was_tagged_with(world: World) -> None:
    world.end(start(world))
    shown = world.drs.recovery_instances(IDS)
    assert {instance.drill_id for instance in shown} == {None}
    world.drs.tag("payments-20260302-1", shown[1:])
    assert [i.drill_id for i in world.drs.recovery_instances(IDS)] == [None, *["payments-20260302-1"] * (len(IDS) - 1)]
    world.drs.tag("payments-20260302-1", shown)
    assert {i.drill_id for i in world.drs.recovery_instances(IDS)} == {"payments-20260302-1"}


def test_every_recovery_instance_is_shown_whoever_has_launched_it(world: World) -> None:
    world.leave_instance(FLEET[0], is_drill=False, failback_state="FAILBACK_NOT_STARTED")
    world.end(start(world, *IDS[1:]))
    assert {i.server_id for i in world.drs.every_recovery_instance()} == set(IDS)
    assert set(world.drs.every_recovery_instance()) == set(world.drs.recovery_instances(IDS))


def test_of_some_jobs_those_are_shown_that_carry_the_bots_tags(world: World) -> None:
    ours = start(world, IDS[0])
    others = world.start_elsewhere(IDS[1:2])
    tagged = world.drs.tagged([ours, others, "drsjob-00000000000000000"])
    assert [(job.job_id, job.drill_id, job.key) for job in tagged] == [(ours, "drill-1", KEY)]
    assert world.drs.tagged([]) == ()


def test_terminated_instances_shut_down_and_then_are_gone(world: World) -> None:
    world.end(start(world))
    kept, *unwanted = world.drs.recovery_instances(IDS)
    job_id = world.drs.terminate([instance.id for instance in unwanted])
    world.clock.advance(timedelta(seconds=5))
    assert [job.job_id for job in world.drs.active_jobs()] == [job_id]
    assert {i.ec2_state for i in world.drs.recovery_instances([i.server_id for i in unwanted])} == {"SHUTTING-DOWN"}
    world.end(job_id)
    assert world.drs.recovery_instances(IDS) == (kept,)


def test_instances_that_are_gone_cannot_be_terminated(world: World) -> None:
    with pytest.raises(DrsError) as caught:
        world.drs.terminate(["i-0123456789abcdef0"])
    assert caught.value.kind is Refused.CONFLICT


@pytest.mark.parametrize("count", [0, 201])
def test_one_to_two_hundred_instances_are_terminated_at_once(world: World, count: int) -> None:
    with pytest.raises(DrsError) as caught:
        world.drs.terminate([f"i-{n:017x}" for n in range(count)])
    assert caught.value.kind is Refused.INVALID
