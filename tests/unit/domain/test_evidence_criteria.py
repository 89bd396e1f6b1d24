"""What must hold for a drill to have proven something, and whether it does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.check_events import ChecksObserved
from bot.domain.checks import Answer, CheckResult
from bot.domain.evidence import Evidence
from bot.domain.plan_checks import PlanCheck
from bot.domain.states import Purpose
from bot.domain.verifying import asks
from tests.unit.builders import a_plan
from tests.unit.evidence_cases import CASES, a_large_plan, answered, checked, checked_plan, launch
from tests.unit.plans import EVE
from tests.unit.recorded import Recorded


def met(made: Evidence) -> dict[str, bool | None]:
    """By the first words of each."""
    return {" ".join(each.text.split()[:4]): each.is_met for each in made.objective.criteria}


def test_of_a_drill_that_passes_all_of_it_holds() -> None:
    assert set(met(CASES["passed"]().evidence()).values()) == {True}


@pytest.mark.parametrize("case", ["refused", "withdrawn"])
def test_of_a_drill_that_was_never_started_nothing_is_known(case: str) -> None:
    assert set(met(CASES[case]().evidence()).values()) == {None}


def test_objectives_that_are_missed_do_not_hold() -> None:
    story = checked(Recorded(a_large_plan(5, 1)), lag=timedelta(minutes=16)).started()
    for _wave in range(5):
        launch(story)
    found = met(story.cleaned().evidence())
    assert found["Every critical server is"] is False
    assert found["No critical server's data"] is False
    assert found["Every drill instance is"] is True


def test_a_drill_that_was_stopped_has_not_recovered_and_says_nothing_of_waves_that_were_never_launched() -> None:
    found = met(CASES["aborted"]().evidence())
    assert found["Every critical server is"] is False
    assert found["Waves 2 and 3"] is None


def test_glass_that_was_broken_is_no_approval() -> None:
    access = a_plan().access.model_copy(update={"break_glass": (EVE.user_id,), "minimum_approvals": 2})
    plan = a_plan(("Database", 1), ("Web", 1)).model_copy(update={"access": access})
    story = launch(checked(Recorded(plan)).started()).glass_broken().jobs_started().launched().cleaned()
    texts = {each.text: each.is_met for each in story.evidence().objective.criteria}
    told = "Wave 2 is launched only after 2 approvals by somebody who neither asked for the drill nor started it."
    assert texts[told] is False


def test_a_plan_that_wants_no_approval_promises_none() -> None:
    plan = a_plan(("Database", 1))
    assert not any(
        "approval" in each.text
        for each in launch(checked(Recorded(plan)).started()).cleaned().evidence().objective.criteria
    )


def test_a_check_holds_as_its_last_round_has_shown() -> None:
    story = launch(checked(Recorded(checked_plan())).started())
    wave = story.drill.wave(1)
    answers = tuple(Answer(key=ask.key, result=CheckResult.FAILED, said="refused", output="") for ask in asks(wave))
    story.tell(ChecksObserved(wave=1, round=1, answers=answers)).reminded()
    made = story.aborted().cleaned().evidence()
    found = met(made)
    assert found["Wave 1 (Database): TCP"] is False
    assert found["Wave 2 (Web): TCP"] is None


def test_a_check_that_passes_when_it_is_made_again_holds() -> None:
    story = launch(checked(Recorded(checked_plan())).started())
    answers = tuple(
        Answer(key=ask.key, result=CheckResult.FAILED, said="refused", output="") for ask in asks(story.drill.wave(1))
    )
    story.tell(ChecksObserved(wave=1, round=1, answers=answers))
    assert story.reminded().drill.hold
    answered(story.retried(), 1)
    made = story.aborted().cleaned().evidence()
    assert len(story.drill.wave(1).checks) == 2
    assert met(made)["Wave 1 (Database): TCP"] is True


def test_a_check_that_only_is_looked_at_is_no_condition() -> None:
    check = PlanCheck.model_validate({"tcp": 443, "impact": "optional"})
    made = launch(checked(Recorded(a_plan(("Web", 1), checks=(check,)))).started()).aborted().cleaned().evidence()
    assert not any("443" in each.text for each in made.objective.criteria)


def test_a_sweep_has_only_to_clean_up() -> None:
    made = Recorded(a_plan(("Database", 1)), purpose=Purpose.SWEEP).withdrawn().evidence()
    assert met(made) == {"Every drill instance is": None}
    assert "Nothing is launched" in made.objective.scenario
