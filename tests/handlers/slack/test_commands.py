"""`/drs …`, typed by people: each a signed form over HTTP, as Slack and the HTTP API send it."""

from __future__ import annotations

import pytest

from bot.domain.states import DrillState
from bot.slack.listeners.commands import COMMANDS
from infra.local.slack.transcript import message_lines
from tests.handlers.slack.bot import CHANNEL, Bot
from tests.unit.builders import a_plan


def test_a_drill_is_asked_for_and_its_card_comes(bot: Bot) -> None:
    reply = bot.ada.command("/drs", "drill payments", channel=CHANNEL)
    assert (reply.status, reply.notice) == (200, None)
    (told,) = bot.told(bot.ada)
    assert told.startswith("Checking whether the drill of Payments in the recovery Region is safe to start.")
    assert told.endswith("Its card is on the way to #dr-drills.")
    assert bot.drill.state is DrillState.PROPOSED
    assert bot.drill.requester.user_id == bot.ada.user.id
    assert message_lines(bot.slack.state, bot.card())[0].endswith("🧪 DRILL · Payments in the recovery Region")


@pytest.mark.parametrize("typed", ["DRILL Payments", "  drill   payments  "])
def test_case_and_spaces_do_not_matter(bot: Bot, typed: str) -> None:
    bot.ada.command("/drs", typed, channel=CHANNEL)
    assert bot.drill.plan.name == "payments"


def test_an_unknown_plan_is_answered_with_those_there_are(bot: Bot) -> None:
    reply = bot.ada.command("/drs", "drill paymnts", channel=CHANNEL)
    assert (reply.status, reply.notice) == (200, None)
    assert bot.told(bot.ada) == ["There is no plan named 'paymnts'. There are: payments."]
    assert not bot.table.drills


def test_an_unknown_word_is_answered_with_the_nearest_and_all_there_are(bot: Bot) -> None:
    bot.ada.command("/drs", "plan", channel=CHANNEL)
    first, *rest = bot.told(bot.ada)
    assert first == "There is no command plan. Did you mean plans?"
    assert [line.split()[:2] for line in rest] == [["/drs", command.word] for command in COMMANDS]


def test_nonsense_is_shown_back_harmless(bot: Bot) -> None:
    bot.ada.command("/drs", "<!channel>", channel=CHANNEL)
    assert bot.told(bot.ada)[0] == "There is no command <!channel>."
    assert "<!channel>" not in bot.slack.state.private.ephemerals()[0].content.text


@pytest.mark.parametrize("typed", ["", "help", "HELP"])
def test_help_is_written_from_what_can_be_typed(bot: Bot, typed: str) -> None:
    bot.ada.command("/drs", typed, channel=CHANNEL)
    assert [line.split()[:2] for line in bot.told(bot.ada)[1:]] == [["/drs", command.word] for command in COMMANDS]


@pytest.mark.parametrize("typed", ["drill payments now", "plans all", "status a b", "help me"])
def test_too_little_or_too_much_is_answered_with_how_to_type_it(bot: Bot, typed: str) -> None:
    bot.ada.command("/drs", typed, channel=CHANNEL)
    assert bot.told(bot.ada)[0].startswith(f"Type it like this: /drs {typed.split(maxsplit=1)[0]}")
    assert not bot.table.drills


def test_plans_are_listed_with_size_and_channel(bot: Bot) -> None:
    bot.ada.command("/drs", "plans", channel=CHANNEL)
    assert bot.told(bot.ada) == [
        "1 plan",
        "• payments: Payments in the recovery Region · 6 servers in 3 waves · #dr-drills",
        "(Ask for a drill with /drs drill payments.)",
    ]


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


def test_status_shows_one_drill(bot: Bot) -> None:
    bot.started()
    bot.grace.command("/drs", f"status {bot.drill.id}", channel=CHANNEL)
    assert bot.told(bot.grace)[0] == "🚀 Payments in the recovery Region: Launching wave 1 of 3 (Database)"


@pytest.mark.parametrize(
    ("drill_id", "told"),
    [("nothing-1", "There is no drill nothing-1."), ("x" * 3_000, "There is no such drill.")],
)
def test_status_of_no_drill_is_answered(bot: Bot, drill_id: str, told: str) -> None:
    """DynamoDB takes no key of 3,000 characters: such a one is not even looked up."""
    assert bot.ada.command("/drs", f"status {drill_id}", channel=CHANNEL).status == 200
    assert bot.told(bot.ada) == [told]


def test_a_stranger_is_told_who_may(bot: Bot) -> None:
    reply = bot.eve.command("/drs", "drill payments", channel=CHANNEL)
    assert (reply.status, reply.notice) == (200, None)
    assert bot.told(bot.eve) == ["You may not drill payments. Its operators may: @ada, @linus."]
    assert not bot.table.drills


def test_a_plan_may_be_called_what_bolt_looks_for(bot: Bot) -> None:
    bot.plans.by_name["payload"] = a_plan(name="payload")
    assert bot.ada.command("/drs", "drill payload", channel=CHANNEL).status == 200
    assert bot.drill.plan.name == "payload"


def test_what_is_answered_is_for_that_person_alone(bot: Bot) -> None:
    bot.ada.command("/drs", "plans", channel=CHANNEL)
    assert bot.told(bot.eve) == []
    assert bot.slack.state.messages.in_channel("C0DRDRILLS") == []
