"""Approvals: whose click counts, whose does not and why, and what the last one needed leads to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.approval import Action, authorise, entitled
from bot.domain.commands import LaunchBatch
from bot.domain.errors import ApprovalDenied, IllegalTransition, NotAllowed
from bot.domain.events import WaveApproved
from bot.domain.person import Person
from bot.domain.plan_waves import Approval
from bot.domain.rounds import what_became
from bot.domain.states import WaveState
from tests.unit.domain.orders import ADA, BOB, CAT, DAN, EVE, a_plan, a_wave
from tests.unit.domain.story import Story, at, key


def awaiting(needed: int = 1, *, four_eyes: bool = True, by: Person = ADA, starter: Person = ADA) -> Story:
    """A drill whose second wave waits for approval, since 12:00."""
    plan = a_plan(a_wave("Database"), a_wave("Web"), a_wave("Mail"), minimum_approvals=needed, four_eyes=four_eyes)
    return Story(plan, by).is_started(starter).jobs_start().jobs_complete()


def test_a_wave_after_the_first_waits_for_approval() -> None:
    story = awaiting()
    (asked,) = story.drill.waves[1].rounds
    assert (asked.number, asked.needed, asked.asked_at) == (1, 1, story.now)
    assert asked.expires_at == story.now + timedelta(hours=4)
    assert story.drawn == ["wave/1/1", "approval/2/1"]
    assert story.commands == ()


def test_a_wave_that_needs_none_is_launched_at_once() -> None:
    plan = a_plan(a_wave("Database"), a_wave("Web", approval=Approval.NONE))
    story = Story(plan).is_started().jobs_start().jobs_complete()
    assert story.commands == (LaunchBatch(key=key(2)),)


def test_the_approval_that_was_missing_launches_the_wave() -> None:
    story = awaiting().after(minutes=5).approves(CAT)
    (asked,) = story.drill.waves[1].rounds
    assert [(given.by, given.at) for given in asked.given] == [(CAT, story.now)]
    assert asked.closed_at == story.now
    assert story.commands == (LaunchBatch(key=key(2)),)
    assert story.drawn == ["approval/2/1", "wave/2/1"]


def test_two_of_three_must_approve_and_the_first_launches_nothing() -> None:
    story = awaiting(2).approves(CAT)
    assert story.commands == ()
    assert story.drawn == ["approval/2/1"]
    assert story.drill.waves[1].state is WaveState.AWAITING_APPROVAL
    assert story.approves(DAN).commands == (LaunchBatch(key=key(2)),)


def test_nobody_approves_twice() -> None:
    story = awaiting(2).approves(CAT).after(minutes=5)
    refused = story.refused(story.approval_by(CAT))
    assert isinstance(refused, ApprovalDenied)
    assert str(refused) == f"You have already approved this, {at('12:00')}."


def test_two_approvals_at_once_launch_the_wave_once() -> None:
    """The loser's click is decided again on the drill as the winner left it."""
    story = awaiting()
    click = story.approval_by(DAN)
    story.approves(CAT)
    assert str(story.refused(click)) == f"Already approved by <@U0CAT>, {at('12:00')}."
    assert isinstance(story.refused(click), ApprovalDenied)


def test_a_stranger_is_told_who_may_approve() -> None:
    story = awaiting()
    refused = story.refused(story.approval_by(EVE))
    assert isinstance(refused, ApprovalDenied)
    assert str(refused) == ("You may not approve waves of this drill. These people may: <@U0BOB>, <@U0CAT>, <@U0DAN>.")


def test_an_operator_who_is_no_approver_may_not_approve() -> None:
    story = awaiting(by=BOB, starter=BOB)
    assert "You may not approve" in str(story.refused(story.approval_by(ADA)))


@pytest.mark.parametrize(("requester", "starter"), [(BOB, ADA), (ADA, BOB)])
def test_four_eyes_keep_requester_and_starter_from_approving(requester: Person, starter: Person) -> None:
    story = awaiting(by=requester, starter=starter)
    refused = story.refused(story.approval_by(BOB))
    assert isinstance(refused, ApprovalDenied)
    assert "somebody else must approve (<@U0CAT>, <@U0DAN>)" in str(refused)


def test_without_four_eyes_the_requester_may_approve() -> None:
    story = awaiting(four_eyes=False, by=BOB, starter=BOB)
    assert story.approves(BOB).commands == (LaunchBatch(key=key(2)),)


EARLIER = "This was about an earlier request for approval. Only the newest one can be answered."
NOT_ASKED = "Nobody is asked to approve this wave."


@pytest.mark.parametrize(
    ("wave", "round_", "told"), [(2, 2, EARLIER), (2, 0, EARLIER), (3, 1, NOT_ASKED), (1, 1, NOT_ASKED)]
)
def test_a_button_of_another_request_does_not_count(wave: int, round_: int, told: str) -> None:
    refused = awaiting().refused(WaveApproved(actor=CAT, wave=wave, round=round_))
    assert isinstance(refused, ApprovalDenied)
    assert str(refused) == told


@pytest.mark.parametrize("wave", [0, -1, 4])
def test_a_wave_that_does_not_exist_cannot_be_approved(wave: int) -> None:
    refused = awaiting().refused(WaveApproved(actor=CAT, wave=wave, round=1))
    assert isinstance(refused, IllegalTransition)
    assert str(refused) == f"This drill has no wave {wave}."


def test_a_button_from_before_a_hold_is_stale_after_it() -> None:
    story = awaiting()
    old = story.approval_by(CAT)
    story.overdue().retries()
    assert "earlier request" in str(story.refused(old))
    assert story.approves(CAT).commands == (LaunchBatch(key=key(2)),)


def test_approvals_of_a_request_that_expired_do_not_count_for_the_next() -> None:
    story = awaiting(2).approves(CAT).overdue().retries()
    assert story.drill.waves[1].rounds[1].given == ()
    assert story.approves(DAN).commands == ()


def test_an_expired_request_is_not_met_even_before_anybody_has_woken_the_drill() -> None:
    story = awaiting().after(hours=4)
    refused = story.refused(story.approval_by(CAT))
    assert isinstance(refused, ApprovalDenied)
    assert str(refused) == f"The time for this approval is over, since {at('16:00')}."
    assert story.after(seconds=-1).approves(CAT).commands == (LaunchBatch(key=key(2)),)


def test_nobody_approves_on_hold() -> None:
    story = awaiting()
    click = story.approval_by(CAT)
    told = f"The time for this approval is over, since {at('16:00')}. Retry asks for approval again "
    assert str(story.overdue().refused(click)) == f"{told}(<@U0ADA>, <@U0BOB> can do that)."


def test_a_request_that_an_abort_closed_before_its_time_is_told_as_closed() -> None:
    asked = awaiting().aborts().drill.wave(2).round
    assert asked
    assert what_became(asked) == f"This request for approval was closed, {at('12:00')}."


def test_nobody_approves_a_wave_that_was_skipped_and_nobody_is_said_to_have() -> None:
    story = awaiting()
    click = story.approval_by(CAT)
    story.overdue().skips()
    assert str(story.refused(click)) == f"The time for this approval is over, since {at('16:00')}."


def test_nobody_approves_after_an_abort() -> None:
    story = awaiting()
    click = story.approval_by(CAT)
    story.aborts(ADA)
    assert str(story.refused(click)) == f"This drill was aborted by <@U0ADA>, {at('12:00')}."


@pytest.mark.parametrize(
    ("action", "who"),
    [
        (Action.START, (ADA, BOB)),
        (Action.RETRY, (ADA, BOB)),
        (Action.SKIP, (ADA, BOB)),
        (Action.APPROVE, (BOB, CAT, DAN)),
        (Action.RESUME, (ADA, BOB)),
        (Action.REJECT, (BOB, CAT, DAN)),
        (Action.HOLD, (ADA, BOB, CAT, DAN)),
        (Action.ABORT, (ADA, BOB, CAT, DAN)),
        (Action.WITHDRAW, (ADA, BOB, CAT, DAN)),
    ],
)
def test_who_may_do_what(action: Action, who: tuple[Person, ...]) -> None:
    access = a_plan().access
    assert entitled(access, action) == tuple(person.user_id for person in who)
    for person in (ADA, BOB, CAT, DAN, EVE):
        assert _may(action, person) == (person in who)


def _may(action: Action, person: Person) -> bool:
    try:
        authorise(a_plan().access, action, person)
    except NotAllowed:
        return False
    return True
