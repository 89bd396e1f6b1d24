"""`/drs …`, typed by people: each a signed form over HTTP, as Slack and the HTTP API send it."""

from __future__ import annotations

import pytest

from bot.domain.states import DrillState, Purpose
from bot.slack.listeners.commands import COMMANDS
from infra.local.slack.transcript import message_lines
from tests.handlers.slack.bot import CHANNEL, Bot
from tests.unit.builders import a_plan

WORDS = [command.word for command in COMMANDS]


def test_a_drill_is_asked_for_and_its_card_comes(bot: Bot) -> None:
    reply = bot.ada.command("/drs", "drill payments", channel=CHANNEL)
    assert (reply.status, reply.notice) == (200, None)
    (told,) = bot.told(bot.ada)
    assert told.startswith("Checking whether the drill of Payments in the recovery Region is safe to start.")
    assert told.endswith("Its card is on the way to #dr-drills.")
    assert bot.drill.state is DrillState.PROPOSED
    assert bot.drill.requester.user_id == bot.ada.user.id
    assert message_lines(bot.slack.state, bot.card())[0].endswith("🧪 DRILL · Payments in the recovery Region")


def test_what_is_only_checked_is_started_from_its_card_like_any(bot: Bot) -> None:
    reply = bot.ada.command("/drs", "check payments", channel=CHANNEL)
    assert (reply.status, reply.notice) == (200, None)
    assert bot.told(bot.ada)[0].endswith("Nothing is launched unless somebody starts it there.")
    assert bot.drill.purpose is Purpose.CHECK
    assert "Only a check" in "\n".join(message_lines(bot.slack.state, bot.card()))
    bot.checked()
    assert bot.ada.click(bot.card(), "start").status == 200
    assert bot.drill.state is DrillState.RUNNING
    assert "Only a drill" in "\n".join(message_lines(bot.slack.state, bot.card()))


@pytest.mark.parametrize(
    "typed",
    ["DRILL Payments", "  drill   payments  ", "drill “payments”", "'drill' payments\u200b", "drill `payments`"],
)
def test_capitals_spaces_and_quotes_do_not_matter(bot: Bot, typed: str) -> None:
    bot.ada.command("/drs", typed, channel=CHANNEL)
    assert bot.drill.plan.name == "payments"


def test_a_dash_that_a_keyboard_made_of_a_hyphen_is_one(bot: Bot) -> None:
    bot.plans.by_name["single-server"] = a_plan(name="single-server")
    bot.ada.command("/drs", "drill single\u2013server", channel=CHANNEL)
    assert bot.drill.plan.name == "single-server"


@pytest.mark.parametrize("word", ["drill", "check", "history"])
def test_an_unknown_plan_is_answered_with_the_nearest_and_those_there_are(bot: Bot, word: str) -> None:
    reply = bot.ada.command("/drs", f"{word} paymnts", channel=CHANNEL)
    assert (reply.status, reply.notice) == (200, None)
    assert bot.told(bot.ada) == ["There is no plan paymnts. Did you mean payments? There are: payments."]
    assert not bot.table.drills


@pytest.mark.parametrize("typed", ["plan", "help plan"])
def test_an_unknown_word_is_answered_with_the_nearest_and_all_there_are(bot: Bot, typed: str) -> None:
    bot.ada.command("/drs", typed, channel=CHANNEL)
    first, *rest = bot.told(bot.ada)
    assert first == "There is no command plan. Did you mean plans?"
    assert [line.split()[:2] for line in rest] == [["/drs", word] for word in WORDS]


NONSENSE = [
    "<!channel>",
    "<@U0ADA>",
    "<#C0DRDRILLS|dr-drills>",
    "*_~`&lt;!here&gt;",
    "<mailto:a@b.example|a@b.example>",
]


@pytest.mark.parametrize("nonsense", NONSENSE)
@pytest.mark.parametrize("before", ["", "help ", "drill ", "check ", "status ", "history ", "abort ", "resume "])
def test_nonsense_is_shown_back_harmless(bot: Bot, before: str, nonsense: str) -> None:
    assert bot.ada.command("/drs", f"{before}{nonsense}", channel=CHANNEL).status == 200
    shown = bot.slack.state.private.ephemerals()[0].content.text
    assert "There is no" in shown
    assert not [mark for mark in ("<!", "<@", "<#", "<mailto") if mark in shown]


@pytest.mark.parametrize("typed", ["", "help", "HELP"])
def test_help_is_written_from_what_can_be_typed(bot: Bot, typed: str) -> None:
    bot.ada.command("/drs", typed, channel=CHANNEL)
    _, *lines, last = bot.told(bot.ada)
    assert [line.split()[:2] for line in lines] == [["/drs", word] for word in WORDS]
    assert "/drs help abort" in last


@pytest.mark.parametrize("command", COMMANDS, ids=WORDS)
def test_each_command_has_a_help_of_its_own(bot: Bot, command: object) -> None:
    (found,) = [each for each in COMMANDS if each is command]
    bot.ada.command("/drs", f"help {found.word.upper()}", channel=CHANNEL)
    first, *_, last = bot.told(bot.ada)
    assert first == f"/drs {found.form} {found.does}"
    assert all(f"/drs {example}" in last for example in found.examples)


@pytest.mark.parametrize("typed", ["check", "reject", "breakglass", "skip"])
def test_too_little_is_answered_with_how_to_type_it_and_an_example(bot: Bot, typed: str) -> None:
    bot.ada.command("/drs", typed, channel=CHANNEL)
    (told,) = bot.told(bot.ada)
    assert told.startswith(f"Something is missing. Type it like this: /drs {typed}")
    assert f"For example: /drs {typed}" in told
    assert not bot.table.drills


@pytest.mark.parametrize(
    "typed",
    [
        "drill payments now", "start a b", "check payments now", "plans all", "status a b", "history a b c",
        "resume a b", "abort a b c", "whoami really", "help me please",
    ],
)  # fmt: skip
def test_too_much_is_answered_with_how_to_type_it_and_an_example(bot: Bot, typed: str) -> None:
    bot.ada.command("/drs", typed, channel=CHANNEL)
    (told,) = bot.told(bot.ada)
    word = typed.split(maxsplit=1)[0]
    assert told.startswith(f"Those are too many words. Type it like this: /drs {word}")
    assert f"For example: /drs {word}" in told
    assert not bot.table.drills


@pytest.mark.parametrize("word", ["drill", "check"])
def test_a_stranger_is_told_who_may(bot: Bot, word: str) -> None:
    reply = bot.eve.command("/drs", f"{word} payments", channel=CHANNEL)
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
