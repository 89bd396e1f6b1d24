"""What somebody's Home is about: only what they could really do."""

from __future__ import annotations

import pytest

from bot.domain.approval import Action
from bot.domain.home import Home
from bot.domain.offers import Offer
from bot.domain.person import Person
from bot.domain.plan_checks import PlanCheck
from bot.domain.results import DrillResult, PlanRecord, result_of
from tests.unit.builders import ADA, EVE, GRACE, LINUS, MINUTE, Story, a_plan

TWO_WAVES = a_plan(("Database", 1), ("Web", 1), operators=(ADA, LINUS), approvers=(GRACE, LINUS))

ASKED = PlanCheck(manual="Finance has logged in")


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
    assert found.offers == (Offer(Action.APPROVE, wave=2, round=1), Offer(Action.REJECT, wave=2, round=1))


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


def test_a_check_waits_for_those_who_can_confirm_it_and_a_wave_beside_it_by_itself() -> None:
    needs_nothing = {"depends_on": ()}
    plan = a_plan(("Database", 1), ("Web", 1), operators=(ADA, LINUS), approvers=(GRACE, LINUS), checks=(ASKED,))
    web = plan.waves[1].model_copy(update=needs_nothing)
    story = Story(plan.model_copy(update={"waves": (plan.waves[0], web)})).checked().started()
    story.jobs_started().launched()
    found = [[each.action for each in pending.offers] for pending in at_home(LINUS, story).pending]
    assert found == [[Action.APPROVE, Action.REJECT], [Action.CONFIRM, Action.DENY]]
    (mine,) = at_home(ADA, story).pending
    assert {(each.wave, each.check) for each in mine.offers} == {(1, 1)}


def test_a_ready_drill_can_be_started_by_its_operators_alone() -> None:
    ready = Story(TWO_WAVES).checked()
    assert [Action.START in at_home(person, ready).can(ready.drill) for person in (ADA, GRACE)] == [True, False]
    started = waiting()
    assert Action.START not in at_home(ADA, started).can(started.drill)


def test_a_hold_waits_for_those_who_can_decide_about_it() -> None:
    failed = Story(TWO_WAVES).checked().started().jobs_started().launched(failing={"server-1": "no capacity"})
    (found,) = at_home(ADA, failed).pending
    assert found.offers == (Offer(Action.RETRY, hold=1), Offer(Action.SKIP, hold=1))
    assert at_home(GRACE, failed).pending == ()
    (asked_for,) = at_home(ADA, Story(TWO_WAVES).checked().started().held(GRACE)).pending
    assert asked_for.offers == (Offer(Action.RESUME, hold=1),)


def test_breaking_glass_waits_for_nobody_and_can_be_done_by_those_who_are_named_for_it() -> None:
    access = TWO_WAVES.access.model_copy(update={"break_glass": (EVE.user_id,)})
    story = Story(TWO_WAVES.model_copy(update={"access": access})).checked().started().jobs_started().launched()
    assert at_home(EVE, story).pending == ()
    assert at_home(EVE, story).can(story.drill) == (Action.BREAK_GLASS,)
    assert Action.BREAK_GLASS not in at_home(GRACE, story).can(story.drill)


def test_who_may_break_glass_and_approve_has_both_beside_each_other() -> None:
    access = TWO_WAVES.access.model_copy(update={"break_glass": (GRACE.user_id,)})
    story = Story(TWO_WAVES.model_copy(update={"access": access})).checked().started().jobs_started().launched()
    (found,) = at_home(GRACE, story).pending
    assert [each.action for each in found.offers] == [Action.APPROVE, Action.REJECT, Action.BREAK_GLASS]


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
    assert Action.ABORT in at_home(eve, story).can(story.drill)


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
