"""What somebody's Home is about: only what they could really do."""

from __future__ import annotations

import pytest

from bot.domain.approval import Action
from bot.domain.home import Home
from bot.domain.person import Person
from bot.domain.results import DrillResult, PlanRecord, result_of
from tests.unit.builders import ADA, EVE, GRACE, LINUS, MINUTE, Story, a_plan

TWO_WAVES = a_plan(("Database", 1), ("Web", 1), operators=(ADA, LINUS), approvers=(GRACE, LINUS))


def waiting(by: Person = ADA) -> Story:
    """A drill that waits for the approval of wave 2."""
    return Story(TWO_WAVES).checked().started(by).jobs_started().launched()


def passed_drill() -> DrillResult:
    story = Story(a_plan(("Web", 1))).checked().started().jobs_started().launched().cleaned()
    found = result_of(story.drill)
    assert found
    return found


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
    story, canary = Story(TWO_WAVES), a_plan(name="canary")
    assert [at_home(person, story).may_propose(canary) for person in (ADA, GRACE, EVE)] == [True, False, False]


def test_a_group_counts_as_its_members() -> None:
    plan = a_plan(("Database", 1), ("Web", 1), operators=(ADA,), approvers=(LINUS,))
    access = plan.access.model_copy(update={"operators": (ADA.user_id, "S0OPS"), "approvers": ("S0DBA", LINUS.user_id)})
    grouped = plan.model_copy(update={"access": access})
    story = Story(grouped).checked().started().jobs_started().launched()
    grace, eve = (GRACE.model_copy(update={"groups": ("S0DBA",)}), EVE.model_copy(update={"groups": ("S0OPS",)}))
    assert len(at_home(grace, story).pending) == 1
    assert at_home(GRACE, story).pending == (), "whoever is not known to be in the group cannot approve"
    assert at_home(eve, story).may(story.drill, Action.ABORT)


def test_a_plan_that_is_being_drilled_or_waits_for_its_start_cannot_be_asked_for_again() -> None:
    ready, started = Story(TWO_WAVES).checked(), waiting()
    assert not at_home(ADA, ready).may_propose(TWO_WAVES)
    assert not at_home(ADA, started).may_propose(TWO_WAVES)
    assert at_home(ADA, started).may_propose(a_plan(name="canary", operators=(ADA,)))


def test_plans_that_are_overdue_come_first_and_else_stay_in_their_order() -> None:
    plans = [a_plan(name=name, drill_every=every) for name, every in (("a", None), ("b", MINUTE), ("c", None))]
    home = Home(ADA, waiting().now, (), tuple(plans))
    assert [plan.name for plan in home.plans_by_need] == ["b", "a", "c"]


def test_a_plan_is_overdue_by_its_own_record() -> None:
    plans = [a_plan(name=name, drill_every=MINUTE * 2) for name in ("a", "b")]
    passed = passed_drill()
    record = PlanRecord(last=passed, passed=passed)
    home = Home(ADA, passed.ended_at + MINUTE, (), tuple(plans), {"a": record})
    assert [home.is_overdue(plan) for plan in plans] == [False, True]
    assert [home.record(plan) for plan in plans] == [record, PlanRecord()]
