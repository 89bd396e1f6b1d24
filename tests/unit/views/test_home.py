"""The App Home, for the one who reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from bot.domain.drill import Drill
from bot.domain.home import Home
from bot.domain.person import Person
from bot.domain.plan import Plan
from bot.domain.plan_waves import Approval
from bot.domain.results import DrillResult, PlanRecord, result_of
from bot.views.home import home
from infra.local.slack.blockkit import check_view
from tests.unit.builders import ADA, EVE, GRACE, LINUS, T0, Story
from tests.unit.views.reading import texts
from tests.unit.views.stages import Size, at, the_plan

GOLDEN = Path(__file__).parents[2] / "golden" / "views" / "home.json"
WAITING, READY = at("waiting", Size.USUAL), at("ready", Size.USUAL)
ASKING = at("asking", Size.USUAL)
FAILED, HELD = at("failed-wave", Size.USUAL), at("held", Size.USUAL)
LARGE = at("partly-approved", Size.LARGEST)


def glassy() -> Story:
    """A drill whose first wave waits, by a plan that lets Eve break glass."""
    plan = the_plan(Size.USUAL, approval=Approval.REQUIRED)
    access = plan.access.model_copy(update={"break_glass": (EVE.user_id,)})
    return Story(plan.model_copy(update={"access": access})).checked().started()


def grouped() -> Plan:
    """A plan whose operators are Linus and a user group."""
    plan = the_plan(Size.USUAL)
    return plan.model_copy(update={"access": plan.access.model_copy(update={"operators": (LINUS.user_id, "S0OPS")})})


GLASS, GROUPED = glassy(), grouped()
UNSURE = EVE.model_copy(update={"unsure": ("S0OPS",), "unsure_since": T0})
DAY = timedelta(days=1)
NOW = WAITING.now


def of(
    person: Person,
    drills: Sequence[Drill] = (),
    plans: Sequence[Plan] = (),
    records: Mapping[str, PlanRecord] = MappingProxyType({}),
    *,
    notice: str | None = None,
    trends: Mapping[str, tuple[DrillResult, ...]] = MappingProxyType({}),
) -> Home:
    return Home(person, NOW, tuple(drills), tuple(plans), records, notice, trends)


def ended(stage: str, days: float, size: Size = Size.USUAL) -> DrillResult:
    """How a drill came out that ended so many days ago."""
    found = result_of(at(stage, size).drill)
    assert found
    return found.model_copy(update={"ended_at": NOW - days * DAY})


def due(name: str, every: int | None = 90) -> Plan:
    """A plan that wants a drill to pass every so many days."""
    return the_plan(Size.USUAL, name=name, title=f"The {name}", drill_every=every and every * DAY)


PLANS = [due(name) for name in ("fresh", "late", "late-today", "never", "failed", "stuck", "aborted")]
PLANS += [due("whenever", None), due("untried", None)]
RECORDS = {
    "fresh": PlanRecord(last=ended("passed", 12), passed=ended("passed", 12)),
    "late": PlanRecord(last=ended("too-late", 112), passed=ended("too-late", 112)),
    "late-today": PlanRecord(last=ended("passed", 90), passed=ended("passed", 90)),
    "failed": PlanRecord(last=ended("failed", 1), passed=ended("passed", 80.5)),
    "stuck": PlanRecord(last=ended("failed", 1)),
    "aborted": PlanRecord(last=ended("aborted", 0.1), passed=ended("never-shown", 89.5)),
    "whenever": PlanRecord(last=ended("passed", 0.5), passed=ended("passed", 0.5)),
}


HOMES: dict[str, Home] = {
    "nothing at all": of(EVE),
    "an operator's": of(ADA, [READY.drill], [the_plan(Size.USUAL), the_plan(Size.SMALLEST)]),
    "an approver's": of(GRACE, [WAITING.drill], [the_plan(Size.USUAL)]),
    "both at once": of(LINUS, [WAITING.drill, READY.drill], [the_plan(Size.USUAL)]),
    "an approver's of nothing": of(GRACE, [], [the_plan(Size.SMALLEST, drill_every=DAY)]),
    "an operator's on hold": of(ADA, [FAILED.drill, HELD.drill], [the_plan(Size.USUAL)]),
    "one who may break glass": of(EVE, [GLASS.drill], [GLASS.drill.plan]),
    "one who can confirm": of(ADA, [ASKING.drill], [ASKING.drill.plan]),
    "an outsider's": of(EVE, [WAITING.drill, READY.drill], [the_plan(Size.USUAL)]),
    "one who was refused": of(EVE, notice="You may not drill payments. Its operators may: <@U0ADA>. <!channel>"),
    "records": of(ADA, [], PLANS, RECORDS, trends={"fresh": (ended("passed", 12), ended("too-late", 40))}),
    "one of whom it is not known": of(UNSURE, [], [GROUPED, the_plan(Size.USUAL, name="quarterly")]),
    "the most blocks": of(
        LINUS.model_copy(update={"unsure": ("S0OPS",)}),
        [READY.drill] * 20 + [WAITING.drill] * 20,
        [GROUPED.model_copy(update={"name": "quarterly"})] * 21,
        notice="You may not.",
    ),
    "the largest": Home(
        LINUS,
        LARGE.now,
        (LARGE.drill,) * 60,
        (the_plan(Size.LARGEST, drill_every=90 * DAY, operators=(LINUS,)),) * 60,
        {"payments": PlanRecord(last=ended("failed", 1, Size.LARGEST), passed=ended("passed", 300))},
        "No & no. " * 1_000,
    ),
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
    assert buttons("an operator's") == ["start", "pick", "propose", "check"]
    assert buttons("an approver's") == ["approve", "reject"]
    assert buttons("an operator's on hold") == ["retry", "skip", "resume"]
    assert buttons("one who may break glass") == ["break_glass"]
    assert buttons("an outsider's") == []


def test_a_drill_on_hold_waits_for_its_operators_above_all() -> None:
    shown = reads("an operator's on hold")
    assert shown.index("Waiting for you") < shown.index("1 critical server of wave 3 of 3 (Web) did not launch.")
    assert shown.index("Somebody asked to launch nothing more for now.") < shown.index("Under way")


def test_what_is_not_known_of_groups_is_said_and_not_taken_for_a_no() -> None:
    shown = reads("one of whom it is not known")
    assert "The members of <!subteam^S0OPS> could not be looked up since 10:00 UTC" in shown
    assert "you may have more rights than this says in payments." in shown
    assert shown.count("Whether you have a part in it is not known just now.") == 1
    assert shown.count("You have no part in it.") == 1


def test_an_empty_home_says_so() -> None:
    assert "No drill is under way." in reads("nothing at all")
    assert "There is no plan yet" in reads("nothing at all")


def test_the_most_that_is_shown_at_once_leaves_room_for_more() -> None:
    assert len(view("the most blocks")["blocks"]) == 98


def test_what_is_left_out_is_counted() -> None:
    shown = reads("the largest")
    assert "and 52 more decisions: type `/drs status`" in shown
    assert "and 46 more drills: type `/drs status`" in shown
    assert "and 40 more plans: type `/drs plans`" in shown


def told(plan: str) -> str:
    """What the Home of records says of a plan."""
    sections = [block["text"]["text"] for block in view("records")["blocks"] if block["type"] == "section"]
    (found,) = [text for text in sections if text.startswith(f"*The {plan}*")]
    return str(found)


PASSED_LINE = "✅ Passed. ⏱️ Recovered in"
SAID: dict[str, Sequence[str]] = {
    "fresh": ["🟢 Last passed 12 days ago, due again in 78 days (every 90d).", PASSED_LINE, "objective 1h30m met"],
    "late": ["🔴 *Overdue by 22 days*: last passed 112 days ago, due every 90d.", "objective 1h30m missed"],
    "late-today": ["🔴 *Overdue*: last passed 90 days ago, due every 90d."],
    "never": ["🔴 *Overdue*: no drill has passed yet, due every 90d."],
    "failed": [
        "🟢 Last passed 80 days ago, due again in 9 days",
        "❌ Failed. ⏱️ No recovery time; of the last one that",
    ],
    "stuck": ["🔴 *Overdue*: no drill has passed yet", "❌ Failed. ⏱️ No recovery time."],
    "aborted": ["due again in less than a day", "🛑 Aborted. "],
    "whenever": ["\nLast passed less than a day ago.\n"],
    "untried": ["\nNo drill has passed yet.\n"],
}


@pytest.mark.parametrize("plan", SAID)
def test_how_a_plan_stands(plan: str) -> None:
    assert [words for words in SAID[plan] if words not in told(plan)] == []


def test_what_is_overdue_stands_first_and_is_counted() -> None:
    shown = reads("records")
    assert "Plans: 4 overdue" in shown
    marks = [told(plan).count("🔴") for plan in ("late", "late-today", "never", "stuck")]
    assert marks == [1, 1, 1, 1]
    assert shown.rindex("🔴") < shown.index("🟢")
    assert "overdue" not in reads("an operator's")


def test_an_empty_home_says_what_to_do() -> None:
    assert "To begin one, check a plan below" in reads("records")
    assert "The operators of a plan can ask for one." in reads("an approver's of nothing")


def test_the_same_home_is_the_same_bytes_at_another_time() -> None:
    later = Home(GRACE, T0, HOMES["an approver's"].drills, HOMES["an approver's"].plans)
    assert home(later) == home(HOMES["an approver's"])
