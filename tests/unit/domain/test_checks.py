"""A proposal that only checks: held to the rules of any, started like any, and no failure where nobody starts it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.actions import possible
from bot.domain.approval import Action
from bot.domain.errors import NotAllowed
from bot.domain.events import DrillProposed
from bot.domain.results import result_of
from bot.domain.state_machine import transition
from bot.domain.states import DrillState, Outcome, Purpose
from tests.unit.builders import EVE, HOME, T0, Story, a_finding, a_plan

ONE = a_plan(("Web", 1))


def check() -> Story:
    return Story(ONE, purpose=Purpose.CHECK)


def test_what_was_only_to_be_checked_can_be_started_like_any() -> None:
    story = check().checked()
    assert story.drill.purpose is Purpose.CHECK
    assert possible(story.drill) == possible(Story(ONE).checked().drill) == {Action.START, Action.WITHDRAW}
    assert story.started().drill.state is DrillState.RUNNING


def test_whoever_may_not_ask_for_a_drill_may_not_ask_for_a_check() -> None:
    asked = DrillProposed(drill_id="d-1", plan=ONE, target=HOME, actor=EVE, purpose=Purpose.CHECK)
    with pytest.raises(NotAllowed, match="You may not drill payments"):
        transition(None, asked, T0)


ENDS: dict[str, tuple[Callable[[], Story], Outcome, bool]] = {
    "nobody started it": (lambda: check().checked().overdue(), Outcome.EXPIRED, True),
    "cancelled after the checks": (lambda: check().checked().withdrawn(), Outcome.WITHDRAWN, True),
    "cancelled before the checks": (lambda: check().withdrawn(), Outcome.WITHDRAWN, False),
    "never checked": (lambda: check().overdue(), Outcome.EXPIRED, False),
    "not safe": (lambda: check().checked(a_finding()), Outcome.REFUSED, False),
    "started after all": (
        lambda: check().checked().started().jobs_started().launched().cleaned(),
        Outcome.PASSED,
        False,
    ),
    "asked for as a drill": (lambda: Story(ONE).checked().overdue(), Outcome.EXPIRED, False),
}


@pytest.mark.parametrize("how", ENDS)
def test_a_check_that_was_made_and_not_started_has_done_what_it_was_asked_for(how: str) -> None:
    tell, outcome, only_checked = ENDS[how]
    drill = tell().drill
    assert (drill.outcome, drill.only_checked) == (outcome, only_checked)
    result = result_of(drill)
    assert result
    assert result.only_checked is only_checked


def test_what_was_stored_before_there_were_checks_is_a_drill() -> None:
    drill = Story(ONE).drill
    stored = drill.model_dump(mode="json")
    del stored["purpose"]
    assert type(drill).model_validate(stored) == drill
