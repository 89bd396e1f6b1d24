"""Reminders of a request for approval, and its escalation to others."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands import LaunchBatch
from bot.domain.errors import ApprovalDenied
from bot.domain.events import TimePassed
from bot.domain.reminding import CLOSEST, reminder_times
from bot.domain.rounds import can_answer
from bot.domain.states import DrillState, HoldReason
from tests.unit.domain.orders import ADA, BOB, CAT, DAN, EVE, a_plan, a_wave
from tests.unit.domain.story import NOON, Story, at, key


def minutes(*numbers: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=number) for number in numbers)


@pytest.mark.parametrize(
    ("span", "escalates", "reminds"),
    [
        pytest.param(240, None, minutes(60, 120, 180, 230), id="at each quarter, and ten minutes before the end"),
        pytest.param(120, None, minutes(30, 60, 90, 110), id="the same for two hours"),
        pytest.param(40, None, minutes(10, 20, 30), id="the last quarter is ten minutes before the end"),
        pytest.param(30, None, minutes(7.5, 15, 20), id="the last call is worth more than a quarter close to it"),
        pytest.param(16, None, minutes(6), id="seldom, where there is little time"),
        pytest.param(9, None, (), id="never, where the request itself is only just there"),
        pytest.param(240, 45, minutes(45, 60, 120, 180, 230), id="at the escalation"),
        pytest.param(240, 62, minutes(62, 120, 180, 230), id="a quarter close to the escalation is left out"),
        pytest.param(240, 1, minutes(1, 60, 120, 180, 230), id="an escalation comes when the plan says"),
        pytest.param(9, 4, minutes(4), id="however little time there is"),
    ],
)
def test_when_people_are_reminded(span: float, escalates: float | None, reminds: tuple[timedelta, ...]) -> None:
    escalates_at = NOON + timedelta(minutes=escalates) if escalates else None
    planned = reminder_times(NOON, NOON + timedelta(minutes=span), escalates_at)
    assert tuple(moment - NOON for moment in planned) == reminds


@given(st.integers(1, 60 * 24 * 366), st.integers(1, 1000))
def test_messages_about_a_request_are_never_planned_close_to_each_other(span: int, part: int) -> None:
    """But for an escalation, whose time is the plan's own."""
    end = NOON + timedelta(minutes=span)
    escalates_at = NOON + timedelta(minutes=span) * part / 1001
    planned = reminder_times(NOON, end, escalates_at)
    assert escalates_at in planned
    assert all(NOON < moment < end for moment in planned)
    for earlier, later in pairwise((NOON, *planned, end)):
        assert later - earlier >= CLOSEST or escalates_at in {earlier, later}
    others: tuple[datetime, ...] = (NOON, *(moment for moment in planned if moment != escalates_at), end)
    assert all(later - earlier >= CLOSEST for earlier, later in pairwise(others) if len(others) > 2)


def waiting(needed: int = 1, **access: Any) -> Story:
    """Wave 2 waits for approval from 12:00 to 16:00."""
    return (
        Story(a_plan(a_wave("Database"), a_wave("Web"), minimum_approvals=needed, **access))
        .is_started()
        .jobs_start()
        .jobs_complete()
    )


def escalating(needed: int = 1) -> Story:
    """From 12:45 on, EVE may approve too."""
    return waiting(needed, escalation={"after": "45m", "approvers": [EVE.user_id]})


def test_each_reminder_is_sent_once_and_the_request_with_it_is_brought_up_to_date() -> None:
    story = waiting()
    for number, hours in enumerate((1, 2, 3), start=1):
        story.reminds()
        assert story.now == NOON + timedelta(hours=hours)
        assert story.drawn == ["approval/2/1", f"reminder/2/{number}"]
        assert story.commands == ()
        assert str(story.refused(TimePassed())) == "Nothing is overdue."
    asked = story.reminds().drill.wave(2).round
    assert asked
    assert [reminder.number for reminder in asked.reminders] == [1, 2, 3, 4]
    assert story.drill.wake_at == asked.expires_at
    assert story.reminds().drill.holds[-1].reason is HoldReason.APPROVAL_EXPIRED


def test_reminders_that_were_missed_are_one() -> None:
    story = waiting().after(hours=2, minutes=30).tell(TimePassed())
    assert story.drawn == ["approval/2/1", "reminder/2/1"]
    assert story.drill.wake_at == NOON + timedelta(hours=3)


def test_a_request_that_has_expired_is_not_reminded_of_whatever_was_missed() -> None:
    story = waiting().after(hours=5).tell(TimePassed())
    assert story.drawn == ["approval/2/1", "hold/1"]


def test_reminders_of_the_next_request_count_on() -> None:
    story = waiting().reminds().overdue().retries().reminds()
    assert story.drawn == ["approval/2/2", "reminder/2/2"]


def test_nobody_is_reminded_of_what_is_approved() -> None:
    story = waiting().approves(CAT)
    assert story.drill.wake_at == story.now + timedelta(hours=1)
    assert str(story.after(minutes=59).refused(TimePassed())) == "Nothing is overdue."


def test_nobody_is_reminded_on_hold_and_the_time_until_the_next_reminder_goes_on_after_it() -> None:
    story = waiting().reminds().after(minutes=50).holds()
    assert story.drill.wake_at is None
    story.after(hours=7).resumes()
    assert story.drill.wake_at == story.now + timedelta(minutes=10)
    story.reminds()
    assert story.drawn == ["approval/2/1", "reminder/2/2"]
    assert story.drill.wake_at == story.now + timedelta(hours=1)


def test_those_who_asked_started_or_approved_already_are_not_among_those_who_can_approve() -> None:
    asked = waiting(2).approves(CAT).drill.wave(2).round
    assert asked
    assert can_answer(waiting(2).drill, asked) == (BOB.user_id, DAN.user_id)


def test_others_may_approve_from_the_escalation_on_and_not_before() -> None:
    story = escalating().after(minutes=44)
    click, rejection = story.approval_by(EVE), story.rejection_by(EVE)
    refused = story.refused(click)
    assert isinstance(refused, ApprovalDenied)
    assert str(refused) == (
        f"You may approve this wave from {at('12:45')} on, if it still waits then. "
        "These people may: <@U0BOB>, <@U0CAT>, <@U0DAN>."
    )
    assert f"You may reject this wave from {at('12:45')} on" in str(story.refused(rejection))
    assert story.after(minutes=1).tell(click).commands == (LaunchBatch(key=key(2)),)


def test_at_the_escalation_people_are_told_and_the_others_are_among_those_who_can_approve() -> None:
    story = escalating(2).approves(BOB)
    before = story.drill.wave(2).round
    after = story.reminds().drill.wave(2).round
    assert before
    assert after
    assert story.now == NOON + timedelta(minutes=45)
    assert can_answer(story.drill, before) == (CAT.user_id, DAN.user_id)
    assert can_answer(story.drill, after) == (CAT.user_id, DAN.user_id, EVE.user_id)
    assert [reminder.escalates for reminder in after.reminders] == [True]
    again = story.reminds().drill.wave(2).round
    assert again
    assert [reminder.escalates for reminder in again.reminders] == [True, False]


def test_those_who_were_approvers_before_the_escalation_stay_approvers() -> None:
    assert escalating(2).reminds().approves(CAT).approves(EVE).commands == (LaunchBatch(key=key(2)),)


def test_time_on_hold_moves_the_escalation_too() -> None:
    story = escalating().after(minutes=30).holds().after(hours=2).resumes()
    assert f"from {at('14:45')} on" in str(story.refused(story.approval_by(EVE)))
    assert story.drill.wake_at == story.now + timedelta(minutes=15)


def test_a_new_request_begins_with_those_who_approve_first() -> None:
    story = escalating().reminds().rejects(EVE).retries()
    asked = story.drill.wave(2).round
    assert asked
    assert not asked.has_escalated
    assert f"You may approve this wave from {at('13:30')} on" in str(story.refused(story.approval_by(EVE)))


def test_four_eyes_hold_for_an_escalation_too() -> None:
    story = waiting(escalation={"after": "45m", "approvers": [ADA.user_id]}).reminds()
    assert "second pair of eyes" in str(story.refused(story.approval_by(ADA)))
    assert story.drill.state is DrillState.RUNNING
