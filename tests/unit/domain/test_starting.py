"""Start of a plan that chooses servers by their tags: looked up once more, and started only if they are the same."""

from __future__ import annotations

import pytest

from bot.domain.actions import possible
from bot.domain.approval import Action
from bot.domain.commands import LaunchBatch, RunPreflight, SelectAgain
from bot.domain.errors import IllegalTransition
from bot.domain.events import DrillStarted, ProposalWithdrawn, SelectionFailed, ServersSelected
from bot.domain.findings import Check, Finding, Severity
from bot.domain.state_machine import Locks, transition
from bot.domain.states import DrillState, Outcome
from tests.unit.domain.orders import ADA, BOB, CAT, a_plan, a_wave, server
from tests.unit.domain.story import Story, at, ids_of, key

TAGS = {"Tier": ("web",)}
LAG = Finding(check=Check.REPLICATION, severity=Severity.WARN, server_id=server(1), fact="It lags.", remedy="Look.")
REASON = "Known, and harmless here."


def ready(*findings: Finding, warnings: str = "tell") -> Story:
    """A wave that names its server, then one of servers 5 and 6 by their tags."""
    plan = a_plan(a_wave("Database"), a_wave("Web", 0, tags=TAGS), also={"warnings": warnings})
    return Story(plan).checked(*findings, chosen=[[1], [5, 6]])


def starting() -> Story:
    return ready().after(minutes=5).starts(BOB)


def test_the_servers_that_were_chosen_are_in_the_drill_from_the_checks_on() -> None:
    story = ready()
    assert [[each.id for each in wave.servers] for wave in story.drill.waves] == [[server(1)], [server(5), server(6)]]
    assert story.drill.server_count == 3


def test_start_locks_the_servers_and_launches_nothing_before_they_are_looked_up() -> None:
    story = starting()
    assert story.drill.state is DrillState.STARTING
    assert story.decision.locks is Locks.ACQUIRE
    assert story.commands == (SelectAgain(),)
    assert (story.drill.started_at, story.drill.started_by) == (None, None)


def test_the_same_servers_start_the_drill_and_its_time_counts_from_the_click() -> None:
    story = starting()
    clicked = story.now
    story.after(seconds=40).selected([1], [6, 5])
    assert story.drill.state is DrillState.RUNNING
    assert (story.drill.started_at, story.drill.started_by) == (clicked, BOB)
    assert story.decision.locks is Locks.KEEP
    assert story.commands == (LaunchBatch(key=key(1)),)
    assert story.drawn == ["started", "wave/1/1"]


def test_other_servers_start_nothing_are_told_and_checked_anew() -> None:
    story = starting().after(seconds=40).selected([1], [6, 7])
    drill = story.drill
    assert drill.state is DrillState.PROPOSED
    assert story.decision.locks is Locks.RELEASE
    assert story.commands == (RunPreflight(),)
    assert story.drawn == ["false_start/1"]
    (told,) = drill.false_starts
    assert (told.click.by, told.at, told.error) == (BOB, story.now, None)
    assert [(change.server_id, change.is_added) for change in told.changes] == [(server(7), True), (server(5), False)]
    assert [each.id for each in drill.wave(2).servers] == [server(6), server(7)]
    assert drill.start is None
    assert (drill.expires_at - story.now).total_seconds() == 3_600


def test_after_the_new_checks_start_must_be_clicked_again() -> None:
    story = starting().selected([1], [6, 7]).checked(LAG, chosen=[[1], [6, 7]])
    assert story.drill.state is DrillState.READY
    assert story.drawn == ["preflight/2", "findings/2"]
    story.starts(ADA).selected([1], [6, 7])
    assert (story.drill.state, story.drill.started_by) == (DrillState.RUNNING, ADA)


def test_a_server_whose_tags_change_between_the_checks_and_their_repetition_is_taken_as_checked_last() -> None:
    story = starting().selected([1], [6, 7]).checked(chosen=[[1], [8]])
    assert [each.id for each in story.drill.wave(2).servers] == [server(8)]


def test_servers_that_cannot_be_looked_up_start_nothing_and_start_can_be_clicked_again() -> None:
    story = starting().tell(SelectionFailed(error="DescribeSourceServers: AccessDenied"))
    assert possible(story.drill) == {Action.START, Action.WITHDRAW}
    assert story.decision.locks is Locks.RELEASE
    assert story.drawn == ["false_start/1"]
    assert story.drill.false_starts[0].error == "DescribeSourceServers: AccessDenied"
    story.starts().selected([1], [5, 6])
    assert story.drill.state is DrillState.RUNNING


def test_waivers_are_of_the_checks_after_which_they_were_given() -> None:
    story = ready(LAG, warnings="waive").waives(BOB).starts(BOB).selected([1], [7])
    story.checked(LAG, chosen=[[1], [7]])
    assert len(story.drill.waivers) == 1
    assert story.drill.standing_warnings == (LAG,)
    assert "1 warning stands" in str(story.refused(DrillStarted(actor=BOB)))
    story.waives(ADA)
    assert story.drawn == ["preflight/2", "findings/4"]
    assert [(waiver.by, waiver.preflight) for waiver in story.drill.waivers] == [(BOB, 1), (ADA, 2)]
    assert story.starts().selected([1], [7]).drill.state is DrillState.RUNNING


def test_a_second_click_is_told_who_was_first_and_what_is_going_on() -> None:
    told = f"Start was clicked by <@U0BOB>, {at('12:05')}: its servers are looked up once more."
    assert str(starting().refused(DrillStarted(actor=ADA))) == told


def test_a_drill_that_is_starting_can_be_cancelled() -> None:
    story = starting().tell(ProposalWithdrawn(actor=CAT))
    assert (story.drill.state, story.drill.outcome) == (DrillState.ENDED, Outcome.WITHDRAWN)
    assert story.decision.locks is Locks.RELEASE
    late = story.refused(ServersSelected(servers=ids_of([[1], [5, 6]]), names={}))
    assert str(late) == "This drill has ended (withdrawn by <@U0CAT>)."


def test_a_click_just_before_the_proposal_expires_still_counts() -> None:
    story = ready().after(minutes=59, seconds=59).starts()
    story.after(minutes=5).selected([1], [5, 6])
    assert story.drill.state is DrillState.RUNNING


def test_a_start_of_which_nothing_more_is_heard_ends_in_time() -> None:
    story = ready().after(minutes=59).starts()
    assert story.drill.wake_at
    assert (story.drill.wake_at - story.now).total_seconds() == 15 * 60
    assert story.overdue().drill.outcome is Outcome.EXPIRED


def test_a_stored_drill_that_starts_without_a_click_is_not_started() -> None:
    drill = starting().drill.model_copy(update={"start": None})
    with pytest.raises(IllegalTransition, match="Nobody has clicked Start"):
        transition(drill, SelectionFailed(error="late"), starting().now)
