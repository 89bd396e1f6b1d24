"""What can be done to a drill now, and by whom: asked of the rules, never of a second opinion."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.actions import possible
from bot.domain.approval import Action
from bot.domain.errors import DrillError
from bot.domain.offers import Offer, event_of, objection, offers
from bot.domain.state_machine import transition
from tests.unit.builders import ADA, EVE, GRACE, LINUS, Story, a_plan
from tests.unit.views.stages import STAGES, Size, at

WAITING = Story(a_plan(minimum_approvals=2)).checked().started().jobs_started().launched()


def of(story: Story) -> list[Offer]:
    return list(offers(story.drill))


def test_a_wave_that_waits_is_named_with_its_request() -> None:
    assert of(WAITING) == [
        Offer(Action.APPROVE, wave=2, round=1),
        Offer(Action.REJECT, wave=2, round=1),
        Offer(Action.HOLD),
        Offer(Action.ABORT),
    ]


def test_a_hold_is_named_by_its_number() -> None:
    held = Story().checked().started().held().resumed().held()
    assert of(held) == [Offer(Action.RESUME, hold=2), Offer(Action.ABORT)]
    failed = Story().checked().started().jobs_started().launched(failing={"server-1": "no capacity"})
    assert of(failed) == [Offer(Action.RETRY, hold=1), Offer(Action.SKIP, hold=1), Offer(Action.ABORT)]


@pytest.mark.parametrize("stage", list(STAGES))
def test_nothing_is_offered_that_is_not_possible_and_all_that_is(stage: str) -> None:
    drill = at(stage, Size.SMALLEST).drill
    found = {offer.action for offer in offers(drill)}
    assert found - {Action.APPROVE, Action.REJECT, Action.CONFIRM, Action.DENY} == possible(drill)


@pytest.mark.parametrize("stage", list(STAGES))
def test_whoever_has_no_objection_against_them_can_do_it(stage: str) -> None:
    story = at(stage, Size.SMALLEST)
    for offer in offers(story.drill):
        for person in (ADA, LINUS, GRACE, EVE):
            event = event_of(offer, person)
            refused = objection(story.drill, event, story.now)
            if refused is None:
                assert transition(story.drill, event, story.now).drill.version == story.drill.version + 1
            else:
                with pytest.raises(type(refused), match="^" + str(refused)[:20]):
                    transition(story.drill, event, story.now)


def test_an_objection_says_why_and_changes_nothing() -> None:
    before = WAITING.drill
    for person, words in ((EVE, "You may not approve"), (ADA, "You may not approve")):
        refused = objection(before, event_of(Offer(Action.APPROVE, wave=2, round=1), person), WAITING.now)
        assert isinstance(refused, DrillError)
        assert str(refused).startswith(words)
    late = WAITING.now + timedelta(days=1)
    refused = objection(before, event_of(Offer(Action.APPROVE, wave=2, round=1), GRACE), late)
    assert str(refused).startswith("The time for this approval is over")
    assert WAITING.drill == before


def test_what_is_written_goes_into_the_event() -> None:
    event = event_of(Offer(Action.REJECT, wave=2, round=1), GRACE, "Not today.")
    after = transition(WAITING.drill, event, WAITING.now).drill
    rejected = after.wave(2).rounds[0].rejected
    assert rejected
    assert rejected.comment == "Not today."
