"""What only a person can see: they confirm it, deny it, or do not answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.check_events import CheckConfirmed, CheckDenied
from bot.domain.checks import CheckState
from bot.domain.errors import NotAllowed, UnfitText
from bot.domain.states import HoldReason, WaveState
from tests.unit.domain.checked_waves import LOGIN, STATUS, launched
from tests.unit.domain.orders import CAT, EVE


def test_people_are_asked_once_the_machines_have_answered() -> None:
    story = launched(STATUS, LOGIN)
    assert story.drill.wave(1).checks[-1].asked_runs == ()
    story.after(minutes=1).checks_show(1)
    assert story.drawn == ["wave/1/1", "confirmation/1/102"]
    assert story.drill.wave(1).checks[-1].asked_at == story.now
    assert story.drill.wake_at == story.now + timedelta(hours=1)
    story.after(minutes=5).confirms(CAT, 1, 2, "Seen on the big screen.")
    assert story.drill.wave(1).state is WaveState.SUCCEEDED
    run = story.drill.wave(1).checks[-1].runs[-1]
    assert (run.by, run.said, run.state) == (CAT, "Seen on the big screen.", CheckState.PASSED)


def test_a_wave_with_nothing_but_a_question_asks_at_once() -> None:
    story = launched(LOGIN)
    assert (story.commands, story.drawn) == ((), ["wave/1/1", "confirmation/1/101"])


def test_a_person_can_deny_with_what_they_have_seen() -> None:
    story = launched(LOGIN).denies(CAT, 1, 1, "The page stays white.")
    held = story.drill.hold
    assert held is not None
    assert (held.reason, held.detail) == (HoldReason.CHECKS_FAILED, "Finance has logged in: The page stays white.")
    story.retries()
    assert story.drawn[-2:] == ["wave/1/1", "confirmation/1/201"]


def test_only_those_of_the_plan_answer_and_a_denial_says_what_is_wrong() -> None:
    story = launched(LOGIN)
    assert isinstance(story.refused(CheckConfirmed(actor=EVE, wave=1, round=1, check=1)), NotAllowed)
    assert isinstance(story.refused(CheckDenied(actor=CAT, wave=1, round=1, check=1, reason=" ")), UnfitText)


@pytest.mark.parametrize(("wave", "round_", "check"), [(0, 1, 1), (3, 1, 1), (1, 2, 1), (1, 1, 2), (2, 1, 1)])
def test_only_what_is_asked_can_be_answered(wave: int, round_: int, check: int) -> None:
    click = CheckConfirmed(actor=CAT, wave=wave, round=round_, check=check)
    assert "not asked any more" in str(launched(LOGIN).refused(click))


def test_nobody_answers_in_time() -> None:
    story = launched(LOGIN).overdue()
    held = story.drill.hold
    assert held is not None
    assert held.detail == "Finance has logged in: Nobody confirmed it within 1h."
