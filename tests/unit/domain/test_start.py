"""Start: who may click it, what it locks and launches, and that it counts once."""

from __future__ import annotations

import pytest

from bot.domain.commands import LaunchBatch
from bot.domain.errors import IllegalTransition, NotAllowed
from bot.domain.events import DrillStarted
from bot.domain.person import Person
from bot.domain.plan_waves import Approval
from bot.domain.state_machine import Locks
from bot.domain.states import DrillState, WaveState
from tests.unit.domain.orders import ADA, BOB, CAT, EVE, a_plan, a_wave
from tests.unit.domain.story import Story, at, key


def test_start_locks_the_servers_and_launches_the_first_wave() -> None:
    story = Story(a_plan(a_wave("Database"), a_wave("Web"))).checked().after(minutes=3).starts(BOB)
    drill = story.drill
    assert (drill.state, drill.started_by, drill.started_at) == (DrillState.RUNNING, BOB, story.now)
    assert story.decision.locks is Locks.ACQUIRE
    assert story.commands == (LaunchBatch(key=key(1)),)
    assert story.drawn == ["started", "wave/1/1"]
    assert [wave.state for wave in drill.waves] == [WaveState.LAUNCHING, WaveState.PENDING]


def test_a_first_wave_that_wants_approval_is_not_launched_by_start() -> None:
    story = Story(a_plan(a_wave("Database", approval=Approval.REQUIRED))).is_started()
    assert story.commands == ()
    assert story.drawn == ["started", "approval/1/1"]
    assert story.drill.waves[0].state is WaveState.AWAITING_APPROVAL


@pytest.mark.parametrize("person", [CAT, EVE])
def test_only_an_operator_may_start(person: Person) -> None:
    refused = Story(a_plan()).checked().refused(DrillStarted(actor=person))
    assert isinstance(refused, NotAllowed)
    assert str(refused) == "You may not start this drill. These people may: <@U0ADA>, <@U0BOB>."


def test_a_start_that_would_leave_nobody_to_approve_is_refused() -> None:
    """ADA asked, so BOB could approve; if BOB starts, nobody can."""
    story = Story(a_plan(a_wave("Database"), a_wave("Web"), approvers=(ADA, BOB))).checked()
    assert "Let somebody else ask for it or start it" in str(story.refused(DrillStarted(actor=BOB)))
    assert story.starts(ADA).drill.state is DrillState.RUNNING


def test_a_drill_is_not_started_before_it_is_checked() -> None:
    refused = Story(a_plan()).refused(DrillStarted(actor=ADA))
    assert isinstance(refused, IllegalTransition)
    assert str(refused) == "This does not apply now: the drill is still being checked."


def test_a_second_start_is_told_who_was_first() -> None:
    story = Story(a_plan()).is_started(ADA)
    assert str(story.refused(DrillStarted(actor=BOB))) == f"Already started by <@U0ADA>, {at('12:00')}."


def test_an_expired_proposal_cannot_be_started_even_before_anybody_has_woken_it() -> None:
    story = Story(a_plan()).checked().after(hours=1)
    refused = story.refused(DrillStarted(actor=ADA))
    assert str(refused) == f"This drill expired, {at('13:00')}: ask for a new one."
    assert story.after(seconds=-1).starts().drill.state is DrillState.RUNNING


def test_locks_are_taken_exactly_at_start_and_given_back_exactly_at_the_end() -> None:
    story = Story(a_plan(a_wave("Database"), a_wave("Web"))).is_started().jobs_start().jobs_complete()
    story.approves(BOB).jobs_start().jobs_complete(failed=[2]).skips().is_clean()
    asked = [(type(event).__name__, decision.locks) for event, _at, decision in story.history]
    assert [found for found in asked if found[1] is not Locks.KEEP] == [
        ("DrillStarted", Locks.ACQUIRE),
        ("InstancesObserved", Locks.RELEASE),
    ]
    assert asked[-1][1] is Locks.RELEASE
    assert not story.drill.holds_locks
