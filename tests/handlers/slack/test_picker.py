"""The form in which a plan is picked: by a command without a plan, or from the Home."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.launch_point import Fresh, LaunchPoint, NewestBefore, NewestExisting
from bot.domain.states import Purpose
from bot.slack.modals.opening import TOO_LATE
from bot.views.action_ids import PICK
from bot.views.modals.picker import NOTHING_TO_PICK
from infra.local.slack.client import Person, Reply
from tests.handlers.slack.bot import CHANNEL, Bot
from tests.unit.builders import ADA, LINUS, T0, a_plan

TOMORROW = int(T0.timestamp()) + 86_400


@pytest.fixture
def several(bot: Bot) -> Bot:
    """Three plans, two of them Ada's."""
    bot.plans.by_name["datacenter"] = a_plan(name="datacenter", title="Everything", operators=(LINUS,))
    bot.plans.by_name["canary"] = a_plan(name="canary", title="A canary", operators=(ADA,))
    return bot


def ask(who: Person, typed: str = "drill") -> Reply:
    reply = who.command("/drs", typed, channel=CHANNEL)
    assert (reply.status, reply.notice) == (200, None)
    return reply


def plans(bot: Bot, who: Person) -> list[tuple[str, str]]:
    (element,) = [block["element"] for block in bot.form(who)["blocks"] if block["block_id"] == "plan"]
    return [(option["text"]["text"], option["value"]) for option in element["options"]]


def submit(who: Person, filled: dict[str, Any]) -> None:
    reply = who.submit(filled)
    assert (reply.status, reply.notice) == (200, None)


@pytest.mark.parametrize("typed", ["drill", " DRILL "])
def test_a_command_without_a_plan_lets_one_be_picked(several: Bot, typed: str) -> None:
    ask(several.ada, typed)
    assert several.told(several.ada) == [], "the form says it all"
    assert plans(several, several.ada) == [("A canary", "canary"), ("Payments in the recovery Region", "payments")]
    submit(several.ada, {"plan": "payments"})
    assert several.drill.plan.name == "payments"
    told = several.reads(several.ada)
    assert "Checking whether the drill of Payments in the recovery Region is safe to start." in told
    assert "submit" not in several.form(several.ada)


@pytest.mark.parametrize(
    ("chosen", "point"),
    [({}, Fresh()), ({"point": "fresh"}, Fresh()), ({"point": "newest"}, NewestExisting())],
)
def test_what_to_launch_from_is_chosen_or_as_the_plan_says(
    several: Bot, chosen: dict[str, str], point: LaunchPoint
) -> None:
    ask(several.ada)
    submit(several.ada, {"plan": "payments", **chosen})
    assert several.drill.launch_point == point


@pytest.mark.parametrize(("chosen", "point"), [({}, NewestExisting()), ({"point": "fresh"}, Fresh())])
def test_what_a_plan_says_holds_unless_something_else_is_chosen(
    bot: Bot, chosen: dict[str, str], point: LaunchPoint
) -> None:
    bot.plans.by_name["payments"] = a_plan().model_copy(update={"launch_point": "newest"})
    ask(bot.ada)
    submit(bot.ada, {"plan": "payments", **chosen})
    assert bot.drill.launch_point == point


@pytest.mark.parametrize(
    ("ticked", "purpose", "told"),
    [
        ({}, Purpose.DRILL, ""),
        ({"purpose": ["check"]}, Purpose.CHECK, "Nothing is launched unless somebody starts it there."),
    ],
)
def test_a_drill_can_be_asked_for_only_to_be_checked(
    several: Bot, ticked: dict[str, Any], purpose: Purpose, told: str
) -> None:
    ask(several.ada)
    assert several.form(several.ada)["submit"]["text"] == "Check and offer Start"
    submit(several.ada, {"plan": "payments", **ticked})
    assert several.drill.purpose is purpose
    assert told in several.reads(several.ada)


def test_a_time_can_be_chosen(several: Bot) -> None:
    at = T0 - timedelta(hours=3)
    ask(several.ada)
    submit(several.ada, {"plan": "payments", "point": "before", "time": int(at.timestamp())})
    assert several.drill.launch_point == NewestBefore(at=at)


@pytest.mark.parametrize(
    ("filled", "told"),
    [
        ({"point": "before"}, "Choose the day and the time"),
        ({"point": "newest", "time": int(T0.timestamp())}, "A time is only for “Newest before a time”"),
        (
            {"point": "before", "time": int(T0.timestamp()) + 86_400},
            "This time is yet to come (2026-03-03 at 10:00 UTC",
        ),
        ({"point": "before", "time": 0}, "This time is too long ago (1970-01-01 at 00:00 UTC)"),
    ],
)
def test_a_time_that_does_not_fit_is_refused_at_the_time(several: Bot, filled: dict[str, Any], told: str) -> None:
    ask(several.ada)
    submit(several.ada, {"plan": "payments", **filled})
    ((name, words),) = several.errors(several.ada).items()
    assert name == "time"
    assert words.startswith(told)
    assert several.table.drills == {}


def test_the_home_has_a_button_for_it(several: Bot) -> None:
    several.linus.open_home()
    several.settle()
    several.linus.click_in_view(PICK, in_home=True)
    assert [name for _, name in plans(several, several.linus)] == ["datacenter", "payments"]


def test_a_plan_that_is_being_drilled_is_not_offered(several: Bot) -> None:
    several.started()
    ask(several.ada)
    assert [name for _, name in plans(several, several.ada)] == ["canary"]


def test_whoever_may_drill_nothing_is_told_so(several: Bot) -> None:
    ask(several.eve)
    assert several.told(several.eve) == [NOTHING_TO_PICK]
    assert several.slack.state.views.stack(several.eve.user.id) == []


def test_a_refusal_that_names_people_is_laid_on_top(several: Bot) -> None:
    ask(several.ada)
    several.plans.by_name["payments"] = a_plan(operators=(LINUS,))
    submit(several.ada, {"plan": "payments"})
    assert "You may not drill payments. Its operators may: @linus." in several.reads(several.ada)
    several.ada.dismiss()
    submit(several.ada, {"plan": "canary"})
    assert several.drill.plan.name == "canary"


def test_a_plan_that_is_gone_is_refused_at_its_input(several: Bot) -> None:
    ask(several.ada)
    del several.plans.by_name["canary"]
    submit(several.ada, {"plan": "canary"})
    assert several.errors(several.ada) == {"plan": "There is no plan canary. There are: datacenter, payments."}


def test_a_command_whose_form_is_not_opened_says_so(several: Bot) -> None:
    several.slack.faults.fail("views.open", "expired_trigger_id")
    ask(several.ada)
    assert several.told(several.ada) == [TOO_LATE]


def test_whose_home_offers_nothing_to_drill_has_no_button(several: Bot) -> None:
    several.eve.open_home()
    several.settle()
    view = several.slack.state.views.home(several.eve.user.id)
    assert view
    assert PICK not in str(view.definition["blocks"])


def test_the_options_of_another_versions_menu_are_none(bot: Bot) -> None:
    ask(bot.ada)
    view = bot.slack.state.views.on_top(bot.ada.user.id)
    assert view
    element = view.definition["blocks"][1]["element"]
    element.update(type="external_select")
    assert bot.ada.search("plan", "pay") == []
