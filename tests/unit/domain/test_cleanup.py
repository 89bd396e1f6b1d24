"""Cleanup: the drill ends only when DRS shows none of its instances any more."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.cleanup_events import CleanupHindered, InstancesObserved
from bot.domain.cleanup_rules import APPEARANCE, HINDERED, LOOK_AGAIN, unseen
from bot.domain.commands import CleanUp
from bot.domain.events import DrillAborted, JobsObserved
from bot.domain.facts import JobObservation, RecoveryInstance, ServerObservation
from bot.domain.launch import Instance
from bot.domain.states import DrillState, InstanceState, JobStatus, Outcome, ServerPhase
from tests.unit.domain.orders import ADA, CAT, a_plan, a_wave, server
from tests.unit.domain.seen import RECOVERY_POINT, instance
from tests.unit.domain.story import Story, job, key


def cleaning(servers: int = 1, failed: tuple[int, ...] = ()) -> Story:
    """A drill whose only wave has ended: its optional servers may have failed."""
    plan = a_plan(a_wave("Database", servers - len(failed), len(failed)))
    return Story(plan).is_started().jobs_start().after(minutes=9).jobs_complete(failed=failed)


def kept(story: Story, number: int = 1) -> Instance:
    found = next(s.instance for s in story.drill.servers if s.id == server(number))
    assert found
    return found


def again(story: Story, delay: timedelta) -> tuple[CleanUp, ...]:
    return (CleanUp(not_before=story.now + delay),)


def test_the_cleanup_begins_when_the_last_wave_has_ended() -> None:
    story = cleaning()
    assert (story.drill.state, story.drill.outcome) == (DrillState.CLEANING_UP, Outcome.PASSED)
    assert story.drill.waves_ended_at == story.now
    assert story.commands == (CleanUp(),)


def test_an_instance_that_is_told_to_go_is_recorded_and_looked_for_again() -> None:
    story = cleaning().instances(1, terminating=[1])
    assert (kept(story).id, kept(story).state) == (instance(1).id, InstanceState.TERMINATING)
    assert kept(story).recovery_point == RECOVERY_POINT
    assert story.commands == again(story, LOOK_AGAIN)
    assert story.drawn == ["cleanup"]
    assert story.drill.cleanup
    assert story.drill.cleanup.job_ids == ("drsjob-term",)


def test_an_instance_that_is_not_told_to_go_yet_still_runs() -> None:
    story = cleaning(2).instances(1, 2, terminating=[1])
    assert [kept(story, n).state for n in (1, 2)] == [InstanceState.TERMINATING, InstanceState.RUNNING]


def test_an_instance_on_its_way_out_stays_so_at_the_next_look() -> None:
    story = cleaning().instances(1, terminating=[1]).after(seconds=30).instances(1)
    assert kept(story).state is InstanceState.TERMINATING
    assert story.drill.cleanup
    assert story.drill.cleanup.job_ids == ("drsjob-term",)


def test_the_drill_does_not_end_while_one_instance_is_shown() -> None:
    story = cleaning(2).instances(1, 2, terminating=[1, 2]).instances(2)
    assert [kept(story, n).state for n in (1, 2)] == [InstanceState.GONE, InstanceState.TERMINATING]
    assert story.drill.state is DrillState.CLEANING_UP


def test_an_instance_that_is_shown_again_is_not_gone() -> None:
    story = cleaning(2).instances(1, 2).instances(2).instances(1, 2)
    assert kept(story).state is InstanceState.RUNNING


def test_the_drill_ends_when_the_last_instance_is_gone() -> None:
    story = cleaning().instances(1, terminating=[1]).after(minutes=3).instances()
    assert (story.drill.state, story.drill.outcome) == (DrillState.ENDED, Outcome.PASSED)
    assert story.drill.ended_at == story.now
    assert kept(story).state is InstanceState.GONE
    assert story.drawn == ["cleanup", "result"]
    assert story.commands == ()


def test_another_instance_of_the_same_server_takes_the_place_of_the_first() -> None:
    second = RecoveryInstance(id="i-second", server_id=server(1), is_drill=True)
    story = cleaning().instances(1, terminating=[1])
    story.tell(InstancesObserved(present=(second,)))
    assert (kept(story).id, kept(story).state, kept(story).job_id) == ("i-second", InstanceState.RUNNING, "")


def test_a_launched_server_whose_instance_does_not_show_up_is_waited_for() -> None:
    story = cleaning().instances()
    assert story.drill.state is DrillState.CLEANING_UP
    assert story.commands == again(story, LOOK_AGAIN)
    assert [s.id for s in unseen(story.drill)] == [server(1)]


def test_an_instance_that_shows_up_late_is_still_terminated() -> None:
    story = cleaning().instances().after(minutes=4).instances(1, terminating=[1])
    assert story.drill.state is DrillState.CLEANING_UP
    assert story.after(minutes=2).instances().drill.outcome is Outcome.PASSED


def test_an_instance_that_never_shows_up_is_a_finding() -> None:
    story = cleaning().after(minutes=9, seconds=59).instances().after(seconds=1).instances()
    assert timedelta(minutes=10) == APPEARANCE
    assert (story.drill.state, story.drill.outcome) == (DrillState.ENDED, Outcome.PASSED_WITH_FINDINGS)
    assert story.drill.findings == (
        f"DRS never showed a recovery instance of {server(1)}: see whether its EC2 instance is still there.",
    )


def test_the_finding_names_server_and_ec2_instance_where_they_are_known() -> None:
    seen = ServerObservation(id=server(1), phase=ServerPhase.LAUNCHED, ec2_instance_id="i-0abc")
    story = Story(a_plan()).checked(names={server(1): "db-1"}).starts().jobs_start()
    story.tell(JobsObserved(jobs=(JobObservation(job_id=job(key(1)), status=JobStatus.COMPLETED, servers=(seen,)),)))
    story.after(minutes=10).instances()
    assert story.drill.findings[0].startswith(
        "DRS never showed a recovery instance of db-1: see whether EC2 instance i-0abc"
    )


def test_a_server_that_was_never_launched_is_not_waited_for() -> None:
    story = cleaning(2, failed=(2,)).instances(1, terminating=[1]).instances()
    assert story.drill.state is DrillState.ENDED


def test_an_instance_of_a_server_that_failed_is_waited_for_once_it_is_shown() -> None:
    story = cleaning(2, failed=(2,)).instances(1, 2, terminating=[1, 2]).instances(2)
    assert story.drill.state is DrillState.CLEANING_UP


def test_what_is_in_the_way_of_the_cleanup_is_said_and_tried_again() -> None:
    story = cleaning().tell(CleanupHindered(error="AccessDenied"))
    assert story.drill.cleanup
    assert story.drill.cleanup.problem == "AccessDenied"
    assert story.commands == again(story, HINDERED)
    assert story.drawn == ["cleanup"]
    assert story.drill.state is DrillState.CLEANING_UP


def test_a_look_that_succeeds_takes_the_problem_away() -> None:
    story = cleaning().tell(CleanupHindered(error="AccessDenied")).instances(1, terminating=[1])
    assert story.drill.cleanup
    assert story.drill.cleanup.problem is None
    assert story.tell(CleanupHindered(error="throttled")).drill.cleanup == story.drill.cleanup
    assert story.drill.cleanup.job_ids == ("drsjob-term",)


def test_a_cleanup_cannot_be_aborted() -> None:
    assert "cleaning up its instances" in str(cleaning().refused(DrillAborted(actor=ADA)))


def test_nothing_happens_to_a_drill_that_has_ended() -> None:
    story = cleaning().is_clean()
    for event in (InstancesObserved(present=(instance(1),)), CleanupHindered(error="x"), DrillAborted(actor=ADA)):
        assert str(story.refused(event)) == "This drill has ended (passed)."


def test_a_cleanup_that_is_wanted_sooner_is_looked_at_now_and_by_one_row_of_looks() -> None:
    story = cleaning().instances(1, terminating=[1])
    waiting = story.commands
    assert story.wants_cleanup(CAT).commands == (CleanUp(turn=1),)
    late = InstancesObserved(present=(instance(1),), turn=0)
    assert story.tell(late).commands == (), "a look of the row before, under way meanwhile, asks for no other"
    assert story.instances(1).commands == (CleanUp(turn=1, not_before=story.now + LOOK_AGAIN),)
    assert waiting == again(story, LOOK_AGAIN)


def test_a_hindrance_is_kept_when_the_cleanup_is_wanted_sooner() -> None:
    story = cleaning().tell(CleanupHindered(error="denied")).wants_cleanup()
    assert story.drill.cleanup
    assert (story.drill.cleanup.problem, story.drill.cleanup.turn) == ("denied", 1)
    assert story.tell(CleanupHindered(error="denied")).commands == ()


def test_an_instance_is_on_record_before_it_is_told_to_go() -> None:
    story = Story(a_plan(a_wave("Database", 2))).is_started().jobs_start().jobs_complete().instances(1, 2)
    assert story.commands == (CleanUp(not_before=story.now),), "and is told to go at once then"
    assert {each.instance.state for each in story.drill.servers if each.instance} == {InstanceState.RUNNING}
    assert story.instances(1, 2).commands == (CleanUp(not_before=story.now + LOOK_AGAIN),)
