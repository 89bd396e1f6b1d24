"""Break-glass: a wave launched without its approvals, in the open."""

from __future__ import annotations

import pytest

from bot.domain.commands import LaunchBatch
from bot.domain.errors import UnfitText
from bot.domain.events import GlassBroken
from bot.domain.states import DrillState, Outcome
from tests.unit.domain.orders import CAT, EVE, a_plan, a_wave
from tests.unit.domain.story import Story, at, key

REASON = "The approvers are on a plane."


def asked(needed: int = 2) -> Story:
    plan = a_plan(a_wave("Database"), a_wave("Web"), minimum_approvals=needed, break_glass=(EVE,))
    return Story(plan).is_started().jobs_start().jobs_complete()


def test_the_wave_is_launched_at_once_and_everybody_is_told() -> None:
    story = asked().approves(CAT).breaks_glass(EVE, f" {REASON} ")
    assert story.commands == (LaunchBatch(key=key(2)),)
    assert story.drawn == ["approval/2/1", "break_glass/2/1", "wave/2/1"]
    round_ = story.drill.wave(2).round
    assert round_
    assert round_.broken
    assert (round_.broken.by, round_.broken.reason, round_.closed_at) == (EVE, REASON, story.now)
    assert [one.by for one in round_.given] == [CAT], "who had approved still has"


def test_a_drill_in_which_glass_was_broken_does_not_pass_without_a_finding() -> None:
    story = asked().breaks_glass(EVE).jobs_start().jobs_complete().is_clean()
    assert (story.drill.state, story.drill.outcome) == (DrillState.ENDED, Outcome.PASSED_WITH_FINDINGS)
    assert story.drill.findings == (f"Break-glass: wave 2 (Web) was launched with 0 of 2 approvals. Reason: {REASON}",)


def test_a_wave_that_is_tried_again_is_not_asked_for_again() -> None:
    story = asked().breaks_glass(EVE).jobs_start().jobs_complete(failed=[2]).retries()
    assert story.commands == (LaunchBatch(key=key(2, 2)),)


@pytest.mark.parametrize(
    ("reason", "told"),
    [("", "at least 10 characters"), ("because   ", "at least 10 characters"), ("x" * 501, "at most 500")],
)
def test_the_reason_must_say_something(reason: str, told: str) -> None:
    refused = asked().refused(GlassBroken(actor=EVE, wave=2, round=1, reason=reason))
    assert isinstance(refused, UnfitText)
    assert told in str(refused)


def test_an_old_button_breaks_no_glass() -> None:
    story = asked().overdue().retries()
    refused = story.refused(GlassBroken(actor=EVE, wave=2, round=1, reason=REASON))
    assert "earlier request" in str(refused)


def test_it_is_too_late_when_the_request_has_expired() -> None:
    story = asked().after(hours=4)
    refused = story.refused(GlassBroken(actor=EVE, wave=2, round=1, reason=REASON))
    assert f"is over, since {at('16:00')}" in str(refused)
