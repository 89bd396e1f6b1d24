from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.adapters.plan_files import PlanFileError, PlanFiles
from bot.adapters.plan_places import Position
from bot.domain.errors import DrillError, UnsafePlan
from tests.unit.plan_mistakes import MISTAKES, PLAN, UNREAD

Refuse = Callable[[str], PlanFileError]


@pytest.fixture
def refuse(tmp_path: Path) -> Refuse:
    """How the bot refuses a `payments.yaml` of the given text."""

    def refuse(text: str) -> PlanFileError:
        folder = tmp_path / "plans"
        folder.mkdir()
        (folder / "payments.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(PlanFileError) as refused:
            PlanFiles(folder).load("payments")
        return refused.value

    return refuse


def edited(old: str, new: str) -> str:
    """The plan above with one change."""
    assert PLAN.count(old) == 1, f"{old!r} must be in the plan once"
    return PLAN.replace(old, new)


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_place_and_its_remedy(refuse: Refuse, old: str, new: str, told: str) -> None:
    assert str(refuse(edited(old, new))) == f"plans/payments.yaml:{told}"


def test_a_refusal_is_an_error_of_the_house_that_carries_each_problem(refuse: Refuse) -> None:
    refused = refuse(edited("C0DRILLS01", "drills").replace("optional", "high"))
    assert isinstance(refused, UnsafePlan)
    assert isinstance(refused, DrillError)
    assert (refused.name, refused.file) == ("payments", "plans/payments.yaml")
    assert [(problem.position, problem.place) for problem in refused.problems] == [
        (Position(6, 10), ("channel",)),
        (Position(18, 17), ("waves", 1, "servers", 0, "impact")),
    ]


def test_every_problem_of_a_file_is_told_at_once_in_its_order(refuse: Refuse) -> None:
    text = edited("version: 1", "version: 3").replace("C0DRILLS01", "drills").replace("rto:", "rot:")
    refused = refuse(text.replace("owner:", "title: Again\nowner:").replace("impact: optional", "impact: *x"))
    assert str(refused).splitlines() == [
        "plans/payments.yaml:1:10: version: 3 is not known; write 1",
        "plans/payments.yaml:5:1: title: written twice, first on line 3; keep one",
        "plans/payments.yaml:7:10: channel: 'drills' is not a valid Slack channel id; write it like C0DRILLS01",
        "plans/payments.yaml:8:1: objectives.rto: is missing; write it like 1h30m",
        "plans/payments.yaml:8:14: objectives.rot: unknown key; did you mean rto?",
        f"plans/payments.yaml:19:17: waves[1].servers[0].impact: {UNREAD}",
    ]


def test_a_file_that_is_no_yaml_is_told_where_it_stops_being_it(refuse: Refuse) -> None:
    assert str(refuse(edited("title: Payments", "title: 'Payments"))) == (
        "plans/payments.yaml:3:8: not YAML: found unexpected end of stream; close the quotes that are opened here"
    )


def test_a_wave_of_more_servers_than_the_bot_takes_is_told_how_many_it_may_have(refuse: Refuse) -> None:
    servers = "".join(f"      - id: s-{number:017x}\n" for number in range(501))
    assert str(refuse(edited("      - id: s-3c1730a9e0771ea14\n", servers))) == (
        "plans/payments.yaml:14:7: waves[0].servers: has 501 items; write 1 to 500"
    )
