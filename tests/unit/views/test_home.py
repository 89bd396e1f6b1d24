"""The App Home, for the one who reads it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.domain.drill import Drill
from bot.domain.home import Home
from bot.domain.person import Person
from bot.domain.plan import Plan
from bot.views.home import home
from infra.local.slack.blockkit import check_view
from tests.unit.builders import ADA, EVE, GRACE, LINUS, T0
from tests.unit.views.reading import texts
from tests.unit.views.stages import Size, at, the_plan

GOLDEN = Path(__file__).parents[2] / "golden" / "views" / "home.json"
WAITING, READY = at("waiting", Size.USUAL), at("ready", Size.USUAL)
LARGE = at("partly-approved", Size.LARGEST)


def of(person: Person, drills: Sequence[Drill] = (), plans: Sequence[Plan] = (), notice: str | None = None) -> Home:
    return Home(person, WAITING.now, tuple(drills), tuple(plans), notice)


HOMES: dict[str, Home] = {
    "nothing at all": of(EVE),
    "an operator's": of(ADA, [READY.drill], [the_plan(Size.USUAL), the_plan(Size.SMALLEST)]),
    "an approver's": of(GRACE, [WAITING.drill], [the_plan(Size.USUAL)]),
    "both at once": of(LINUS, [WAITING.drill, READY.drill], [the_plan(Size.USUAL)]),
    "an outsider's": of(EVE, [WAITING.drill, READY.drill], [the_plan(Size.USUAL)]),
    "one who was refused": of(EVE, [], [], "You may not drill payments. These people may: <@U0ADA>. <!channel>"),
    "the largest": Home(LINUS, LARGE.now, (LARGE.drill,) * 60, (the_plan(Size.LARGEST),) * 60, "No & no. " * 1_000),
}


def view(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(home(HOMES[name]))
    return found


def reads(name: str) -> str:
    return "\n".join(text["text"] for text in texts(view(name)["blocks"]))


@pytest.mark.parametrize("name", list(HOMES))
def test_slack_takes_it(name: str) -> None:
    assert check_view(view(name)) == []


@pytest.mark.parametrize("name", list(HOMES))
def test_nothing_from_outside_becomes_mark_up(name: str) -> None:
    assert "<!channel>" not in reads(name)
    assert "<!everyone>" not in reads(name)


def test_what_it_shows_is_what_it_was(pytestconfig: pytest.Config) -> None:
    written = json.dumps({name: view(name) for name in HOMES}, ensure_ascii=False, indent=1) + "\n"
    if pytestconfig.getoption("--update-golden"):
        GOLDEN.write_text(written, encoding="utf-8")
    assert written == GOLDEN.read_text(encoding="utf-8"), "home.json differs; see --update-golden"


def buttons(name: str) -> list[str]:
    shown = view(name)["blocks"]
    rows = [element for block in shown for element in block.get("elements", [])]
    beside = [block["accessory"] for block in shown if "accessory" in block]
    return [element["action_id"] for element in rows + beside if element["type"] == "button"]


def test_each_sees_the_buttons_that_they_can_use() -> None:
    assert buttons("an operator's") == ["start", "propose", "propose"]
    assert buttons("an approver's") == ["approve"]
    assert buttons("an outsider's") == []


def test_an_empty_home_says_so() -> None:
    assert "No drill is under way." in reads("nothing at all")
    assert "There is no plan yet" in reads("nothing at all")


def test_what_is_left_out_is_counted() -> None:
    for left in ("and 50 more approvals", "and 45 more drills", "and 40 more plans"):
        assert left in reads("the largest")


def test_the_same_home_is_the_same_bytes_at_another_time() -> None:
    later = Home(GRACE, T0, HOMES["an approver's"].drills, HOMES["an approver's"].plans)
    assert home(later) == home(HOMES["an approver's"])
