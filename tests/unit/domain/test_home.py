"""What somebody's Home is about: only what they could really do."""

from __future__ import annotations

import pytest

from bot.domain.approval import Action
from bot.domain.home import Home, roles
from bot.domain.person import Person
from tests.unit.builders import ADA, EVE, GRACE, LINUS, MINUTE, Story, a_plan

TWO_WAVES = a_plan(("Database", 1), ("Web", 1), operators=(ADA, LINUS), approvers=(GRACE, LINUS))


def waiting(by: Person = ADA) -> Story:
    """A drill that waits for the approval of wave 2."""
    return Story(TWO_WAVES).checked().started(by).jobs_started().launched()


def at_home(person: Person, story: Story) -> Home:
    return Home(person, story.now, (story.drill,), (story.drill.plan,))


def test_a_wave_waits_for_each_of_its_approvers() -> None:
    (found,) = at_home(GRACE, waiting()).pending
    assert (found.wave.number, found.round.number) == (2, 1)


@pytest.mark.parametrize(("person", "starter"), [(ADA, ADA), (EVE, ADA), (LINUS, LINUS)])
def test_nothing_waits_for_somebody_whose_click_would_be_refused(person: Person, starter: Person) -> None:
    assert at_home(person, waiting(starter)).pending == ()


def test_nothing_waits_once_its_time_is_over() -> None:
    story = waiting()
    asked = story.drill.wave(2).round
    assert asked
    assert Home(GRACE, asked.expires_at, (story.drill,), ()).pending == ()
    assert len(Home(GRACE, asked.expires_at - MINUTE, (story.drill,), ()).pending) == 1


def test_nothing_waits_before_it_is_asked_for() -> None:
    assert at_home(GRACE, Story(TWO_WAVES).checked()).pending == ()


def test_a_ready_drill_can_be_started_by_its_operators_alone() -> None:
    ready = Story(TWO_WAVES).checked()
    assert [at_home(person, ready).may(ready.drill, Action.START) for person in (ADA, GRACE)] == [True, False]
    started = waiting()
    assert not at_home(ADA, started).may(started.drill, Action.START)


def test_operators_may_ask_for_a_drill() -> None:
    story = waiting()
    assert [at_home(person, story).may_propose(TWO_WAVES) for person in (ADA, GRACE, EVE)] == [True, False, False]


@pytest.mark.parametrize(
    ("person", "what"), [(ADA, ("operator",)), (GRACE, ("approver",)), (LINUS, ("operator", "approver")), (EVE, ())]
)
def test_roles(person: Person, what: tuple[str, ...]) -> None:
    assert roles(TWO_WAVES.access, person) == what
