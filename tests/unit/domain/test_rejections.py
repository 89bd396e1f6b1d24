"""Rejections and comments: who may say no, what it leads to, and what is kept of what was said."""

from __future__ import annotations

import pytest

from bot.domain.commands import LaunchBatch
from bot.domain.errors import ApprovalDenied, IllegalTransition, UnfitText
from bot.domain.events import WaveRejected
from bot.domain.person import Person
from bot.domain.states import DrillState, HoldDecision, HoldReason, WaveState
from tests.unit.domain.orders import ADA, BOB, CAT, DAN, EVE, a_plan, a_wave
from tests.unit.domain.story import Story, at, key


def awaiting(needed: int = 1, by: Person = ADA) -> Story:
    """A drill whose second wave waits for approval, since 12:00."""
    plan = a_plan(a_wave("Database"), a_wave("Web"), minimum_approvals=needed)
    return Story(plan, by).is_started(by).jobs_start().jobs_complete()


def test_a_rejection_ends_the_request_and_puts_the_drill_on_hold_with_the_words() -> None:
    story = awaiting().after(minutes=5).rejects(CAT, " The month-end close is still running. ")
    asked, held = story.drill.wave(2).round, story.drill.hold
    assert asked
    assert asked.rejected
    assert (asked.rejected.by, asked.rejected.at, asked.closed_at) == (CAT, story.now, story.now)
    assert held
    assert (held.reason, held.wave, held.by) == (HoldReason.APPROVAL_REJECTED, 2, CAT)
    assert held.detail == asked.rejected.comment == "The month-end close is still running."
    assert story.drawn == ["approval/2/1", "hold/1"]
    assert story.commands == ()


def test_one_no_outweighs_the_approvals_that_were_given() -> None:
    story = awaiting(2).approves(CAT).rejects(DAN)
    assert story.drill.state is DrillState.ON_HOLD


def test_somebody_who_approved_may_think_better_of_it_as_long_as_the_request_is_open() -> None:
    story = awaiting(2).approves(CAT).rejects(CAT, "I looked at the wrong change.")
    assert story.drill.hold
    assert story.drill.hold.by == CAT


def test_a_retry_asks_for_approval_anew_and_nothing_of_the_rejected_request_counts() -> None:
    story = awaiting(2).approves(CAT).rejects(DAN).retries()
    asked = story.drill.wave(2).round
    assert asked
    assert (asked.number, asked.given, asked.rejected) == (2, (), None)
    assert story.approves(CAT).approves(DAN).commands == (LaunchBatch(key=key(2)),)


def test_an_operator_may_skip_the_rejected_wave_or_abort() -> None:
    story = awaiting().rejects(CAT).skips()
    assert (story.drill.wave(2).state, story.drill.state) == (WaveState.SKIPPED, DrillState.CLEANING_UP)
    aborted = awaiting().rejects(CAT).aborts()
    assert aborted.drill.holds[0].decision is HoldDecision.ABORTED


@pytest.mark.parametrize(
    ("by", "person", "told"),
    [
        (ADA, EVE, "You may not reject waves of this drill. These people may: <@U0BOB>, <@U0CAT>, <@U0DAN>."),
        (ADA, ADA, "You may not reject waves of this drill. These people may: <@U0BOB>, <@U0CAT>, <@U0DAN>."),
        (
            BOB,
            BOB,
            (
                "You asked for this drill or started it, and its plan wants a second pair of eyes: "
                "somebody else must reject (<@U0CAT>, <@U0DAN>)."
            ),
        ),
    ],
)
def test_only_those_who_may_approve_may_reject(by: Person, person: Person, told: str) -> None:
    story = awaiting(by=by)
    refused = story.refused(story.rejection_by(person))
    assert isinstance(refused, ApprovalDenied)
    assert str(refused) == told


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("", "Your comment is missing."),
        (" \n ", "Your comment is missing."),
        ("x" * 501, "Your comment has 501 characters; at most 500 can be kept."),
    ],
)
def test_a_rejection_must_say_why(comment: str, told: str) -> None:
    story = awaiting()
    refused = story.refused(story.rejection_by(CAT, comment))
    assert isinstance(refused, UnfitText)
    assert str(refused) == told


def test_a_request_that_is_closed_cannot_be_rejected_and_the_answer_says_by_whom_it_was() -> None:
    story = awaiting()
    late = story.rejection_by(DAN)
    story.approves(CAT)
    assert str(story.refused(late)) == f"Already approved by <@U0CAT>, {at('12:00')}."


def test_a_rejected_request_can_be_answered_no_more() -> None:
    story = awaiting()
    approval, rejection = story.approval_by(CAT), story.rejection_by(BOB)
    story.rejects(DAN)
    again = "Retry asks for approval again (<@U0ADA>, <@U0BOB> can do that)."
    for late in (approval, rejection):
        assert str(story.refused(late)) == f"Already rejected by <@U0DAN>, {at('12:00')}. {again}"
    plan = a_plan(a_wave("Database"), a_wave("Web"), a_wave("Mail"))
    gone_on = Story(plan).is_started().jobs_start().jobs_complete().rejects(DAN).skips()
    assert str(gone_on.refused(rejection)) == f"Already rejected by <@U0DAN>, {at('12:00')}."
    assert str(gone_on.refused(approval)) == f"Already rejected by <@U0DAN>, {at('12:00')}."


def test_a_button_of_an_earlier_request_rejects_nothing() -> None:
    story = awaiting()
    old = story.rejection_by(CAT)
    story.overdue().retries()
    assert "earlier request" in str(story.refused(old))


def test_a_request_that_has_expired_cannot_be_rejected_either() -> None:
    story = awaiting().after(hours=4)
    assert str(story.refused(story.rejection_by(CAT))) == f"The time for this approval is over, since {at('16:00')}."


def test_a_wave_that_does_not_exist_cannot_be_rejected() -> None:
    refused = awaiting().refused(WaveRejected(actor=CAT, wave=4, round=1, comment="no"))
    assert isinstance(refused, IllegalTransition)


def test_what_an_approver_has_to_say_is_kept_and_may_be_nothing() -> None:
    story = awaiting(2)
    story.tell(story.approval_by(CAT).model_copy(update={"comment": " Change 4711 is closed. "}))
    story.tell(story.approval_by(DAN).model_copy(update={"comment": "  "}))
    asked = story.drill.wave(2).round
    assert asked
    assert [given.comment for given in asked.given] == ["Change 4711 is closed.", None]


def test_a_comment_that_is_too_long_is_refused_and_the_approval_with_it() -> None:
    story = awaiting()
    long = story.approval_by(CAT).model_copy(update={"comment": "x" * 501})
    assert isinstance(story.refused(long), UnfitText)
