"""A sweep: what belongs to no open drill is looked for, offered, and cleaned up like anything else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.cleanup_events import LeftoversFound
from bot.domain.commands import CleanUp, FindLeftovers
from bot.domain.errors import IllegalTransition, NotAllowed
from bot.domain.events import DrillProposed, DrillStarted, ProposalWithdrawn, TimePassed
from bot.domain.measures import recovery_time
from bot.domain.results import result_of
from bot.domain.state_machine import Locks, transition
from bot.domain.states import DrillState, InstanceState, Outcome, Purpose
from tests.unit.domain.orders import ADA, CAT, EVE, HOME, a_plan, a_wave, server
from tests.unit.domain.seen import left_over
from tests.unit.domain.story import NOON, Story

CLOSED = {"allowed": ("daily 03:00-04:00 UTC",)}


def sweep() -> Story:
    return Story(a_plan(a_wave("Database", 3), also=CLOSED), purpose=Purpose.SWEEP)


def found(*numbers: int) -> Story:
    return sweep().tell(LeftoversFound(leftovers=tuple(map(left_over, numbers))))


def test_it_looks_and_checks_nothing() -> None:
    story = sweep()
    assert story.commands == (FindLeftovers(),)
    assert story.drill.server_count == 0


def test_those_who_may_ask_for_a_drill_may_ask_for_a_sweep() -> None:
    event = DrillProposed(drill_id="d-1", plan=a_plan(), target=HOME, actor=EVE, purpose=Purpose.SWEEP)
    with pytest.raises(NotAllowed):
        transition(None, event, NOON)


def test_where_nothing_is_left_it_is_over() -> None:
    story = sweep().tell(LeftoversFound())
    assert (story.drill.state, story.drill.outcome) == (DrillState.ENDED, Outcome.SWEPT)


def test_where_nobody_can_look_it_says_why() -> None:
    story = sweep().tell(LeftoversFound(error="DRS could not be read: denied"))
    assert (story.drill.state, story.drill.outcome) == (DrillState.ENDED, Outcome.REFUSED)
    assert story.drill.findings == ("DRS could not be read: denied",)


def test_what_is_found_waits_for_an_operator_and_is_terminated_at_a_click() -> None:
    story = found(1, 2)
    assert (story.drill.state, story.commands) == (DrillState.READY, ())
    assert [each.id for each in story.drill.servers] == [server(1), server(2)]
    assert isinstance(story.refused(DrillStarted(actor=CAT)), NotAllowed)
    story.starts(ADA)
    assert (story.drill.state, story.commands) == (DrillState.CLEANING_UP, (CleanUp(),))
    assert story.decision.locks is Locks.ACQUIRE
    story.is_clean()
    assert (story.drill.outcome, story.decision.locks) == (Outcome.SWEPT, Locks.RELEASE)
    assert {each.instance.state for each in story.drill.servers if each.instance} == {InstanceState.GONE}


def test_what_somebody_else_has_terminated_meanwhile_ends_it_too() -> None:
    story = found(1).starts().instances()
    assert story.drill.outcome is Outcome.SWEPT
    assert story.drill.findings == ()


def test_it_may_be_asked_for_at_any_hour_but_not_for_ever() -> None:
    story = found(1).after(hours=1)
    assert "This sweep expired" in str(story.refused(DrillStarted(actor=ADA)))
    story.tell(TimePassed())
    assert story.drill.outcome is Outcome.EXPIRED


def test_it_can_be_left_as_it_is() -> None:
    story = found(1).tell(ProposalWithdrawn(actor=ADA))
    assert story.drill.outcome is Outcome.WITHDRAWN
    assert isinstance(story.refused(DrillStarted(actor=ADA)), IllegalTransition)


def test_it_says_nothing_about_how_the_plans_drills_go() -> None:
    story = found(1, 2).after(minutes=3).starts().is_clean()
    assert result_of(story.drill) is None
    assert recovery_time(story.drill) is None
    assert story.drill.ended_at == NOON + timedelta(minutes=5)
