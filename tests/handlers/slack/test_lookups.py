"""What anybody may look up by a command, in any channel."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.ports.groups import Membership
from bot.domain.events import LaunchWithdrawn
from tests.handlers.slack.bot import CHANNEL, LOBBY, Bot
from tests.unit.builders import T0, a_plan

BOTH_MAY = (
    *("ask for a drill", "start", "waive warnings", "cancel", "approve a wave", "reject a wave"),
    *("hold", "resume", "abort", "retry", "skip a wave", "clean up", "confirm a check or deny it"),
    *("have a report made", "sign a drill off", "add findings and notes", "say that findings are fixed"),
)
"""What somebody may who is both operator and approver."""


def aborted(bot: Bot) -> None:
    """A drill was started, aborted, and has ended."""
    bot.started()
    bot.ada.click(bot.card(), "abort")
    bot.happens(LaunchWithdrawn(key=bot.drill.wave(1).launches[0].key))


def test_plans_are_listed_with_size_and_channel(bot: Bot) -> None:
    bot.ada.command("/drs", "plans", channel=CHANNEL)
    assert bot.told(bot.ada) == [
        "1 plan:",
        "• payments: Payments in the recovery Region · 6 servers in 3 waves · #dr-drills",
        "(Ask for a drill with /drs drill payments, or only check with /drs check ….)",
    ]


def test_plans_that_are_to_be_drilled_every_so_often_say_when(bot: Bot) -> None:
    bot.plans.by_name["payments"] = a_plan(drill_every=timedelta(days=90))
    bot.eve.command("/drs", "plans", channel=LOBBY)
    assert "🔴 Overdue: no drill has passed yet, due every 90d." in "\n".join(bot.told(bot.eve))


def test_status_shows_what_is_under_way(bot: Bot) -> None:
    bot.eve.command("/drs", "status", channel=CHANNEL)
    assert bot.told(bot.eve) == ["No drill is under way. /drs plans shows what can be drilled."]
    bot.ready()
    bot.grace.command("/drs", "status", channel=CHANNEL)
    assert bot.told(bot.grace) == [
        "1 drill under way",
        "🟢 Payments in the recovery Region: Ready to start · #dr-drills · payments-1",
        "(More about one: /drs status payments-1.)",
    ]


@pytest.mark.parametrize("typed", ["payments-1", "Payments-1", "“payments-1”", "payments", "PAYMENTS"])
def test_status_shows_one_drill_by_its_id_or_its_plan(bot: Bot, typed: str) -> None:
    bot.started()
    bot.grace.command("/drs", f"status {typed}", channel=CHANNEL)
    assert bot.told(bot.grace)[0] == "🚀 Payments in the recovery Region: Launching wave 1 of 3 (Database)"


def test_status_of_a_plan_that_is_not_being_drilled_is_how_its_last_drill_ended(bot: Bot) -> None:
    bot.eve.command("/drs", "status payments", channel=CHANNEL)
    assert bot.told(bot.eve) == ["No drill of payments is under way, and none was ever run."]
    aborted(bot)
    bot.grace.command("/drs", "status payments", channel=CHANNEL)
    first, last, more = bot.told(bot.grace)
    assert first == "No drill of payments is under way. The last one:"
    assert last.startswith("🛑 Aborted · ")
    assert last.endswith("no recovery time · payments-1")
    assert more == "(/drs history payments shows those before.)"


@pytest.mark.parametrize(
    ("drill_id", "told"),
    [
        ("nothing-1", "There is no drill or plan nothing-1."),
        ("paiments-1", "There is no drill or plan paiments-1. Did you mean payments-1?"),
        ("paymets", "There is no drill or plan paymets. Did you mean payments?"),
        ("x" * 3_000, "There is no such drill."),
    ],
)
def test_status_of_no_drill_is_answered_with_the_nearest(bot: Bot, drill_id: str, told: str) -> None:
    """DynamoDB takes no key of 3,000 characters: such a one is not even looked up."""
    bot.proposed()
    assert bot.grace.command("/drs", f"status {drill_id}", channel=CHANNEL).status == 200
    assert bot.told(bot.grace) == [told]


def test_history_shows_how_the_drills_of_a_plan_ended(bot: Bot) -> None:
    bot.eve.command("/drs", "history payments", channel=LOBBY)
    assert bot.told(bot.eve) == ["No drill of payments has ended yet. /drs status payments shows what is under way."]
    aborted(bot)
    bot.grace.command("/drs", "history Payments", channel=LOBBY)
    title, line, _more = bot.told(bot.grace)
    assert title == "The last 1 drill of payments"
    assert line.startswith("🛑 Aborted · ")
    assert line.endswith("· payments-1")


def test_history_without_a_plan_shows_the_last_drill_of_each(bot: Bot) -> None:
    bot.eve.command("/drs", "history", channel=CHANNEL)
    assert bot.told(bot.eve) == ["No drill has been run yet. /drs plans shows what can be drilled."]
    aborted(bot)
    bot.grace.command("/drs", "history", channel=CHANNEL)
    assert bot.told(bot.grace)[0] == "The last drill of 1 plan"
    assert bot.told(bot.grace)[1].startswith("payments: 🛑 Aborted · ")


def test_history_shows_a_check_that_nobody_started_as_what_it_was(bot: Bot) -> None:
    bot.ada.command("/drs", "check payments", channel=CHANNEL)
    bot.checked()
    bot.ada.click(bot.card(), "withdraw")
    bot.grace.command("/drs", "history payments", channel=CHANNEL)
    assert bot.told(bot.grace)[1].startswith("☑️ Checked, not started · ")


def test_whoami_tells_a_persons_part_and_what_they_can_do_now(bot: Bot) -> None:
    bot.started()
    bot.linus.command("/drs", "whoami", channel=LOBBY)
    assert bot.told(bot.linus) == [
        "@linus: you have a part in 1 of 1 plan.",
        "• payments: you are an operator (by name) and an approver (by name).",
        f"    You may, when it is possible: {', '.join(BOTH_MAY)}.",
        "🚀 Payments in the recovery Region: Launching wave 1 of 3 (Database) · payments-1",
        "    You can now: hold, abort.",
    ]


def test_whoami_tells_a_stranger_that_they_have_no_part(bot: Bot) -> None:
    bot.started()
    bot.eve.command("/drs", "whoami", channel=CHANNEL)
    told = "\n".join(bot.told(bot.eve))
    assert "@eve: you have a part in 0 of 1 plan." in told
    assert "There is nothing for you to do in it now." in told
    assert "You have no part in payments." in told


def test_whoami_tells_through_which_group_and_which_are_not_known(bot: Bot) -> None:
    named = {"operators": (bot.ada.user.id, "S0DRTEAM"), "approvers": (bot.grace.user.id, "S0LEADS")}
    plan = a_plan()
    bot.plans.by_name["payments"] = plan.model_copy(update={"access": plan.access.model_copy(update=named)})
    bot.groups.keep("S0DRTEAM", Membership((bot.eve.user.id,), T0))
    bot.eve.command("/drs", "whoami", channel=CHANNEL)
    told = "\n".join(bot.told(bot.eve))
    assert "you are an operator (through " in told
    assert "could not be looked up so far: you may have more rights than this says in payments." in told
