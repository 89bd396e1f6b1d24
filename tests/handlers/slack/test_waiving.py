"""Warnings are waived by a form behind the card's button, or by a command: by an operator, for a reason, on record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.checked import Waiver
from bot.domain.events import PreflightCompleted
from bot.domain.findings import Check, Finding, Severity
from bot.domain.states import DrillState
from bot.views.action_ids import DRILL_ACTIONS
from infra.local.slack.client import Person
from infra.local.slack.payloads import interaction_body, view_submission
from infra.local.slack.records import Message
from tests.handlers.slack.bot import CHANNEL, Bot
from tests.unit.builders import a_finding, a_plan

REASON = "The backlog is from the backup."
LAG = a_finding(1, severity=Severity.WARN)
LEFTOVER = a_finding(2, severity=Severity.WARN, check=Check.LEFTOVER_DRILL)


def warned(bot: Bot, *findings: Finding, **fields: Any) -> Bot:
    """A drill whose checks have found something, by a plan that wants warnings waived."""
    bot.plans.by_name["payments"] = a_plan(**{"warnings": "waive", **fields})
    bot.proposed()
    bot.happens(PreflightCompleted(findings=findings, names={}))
    return bot


def waivers(bot: Bot) -> list[Waiver]:
    return list(bot.drill.waivers)


def standing(bot: Bot) -> list[Finding]:
    return list(bot.drill.standing_warnings)


def actions(message: Message) -> set[str]:
    rows = (block["elements"] for block in message.content.blocks if block["type"] == "actions")
    return {element["action_id"] for row in rows for element in row}


def test_the_card_offers_start_only_when_its_warnings_are_waived(bot: Bot) -> None:
    warned(bot, LAG, LEFTOVER)
    assert actions(bot.card()) == {"waive", "withdraw"}
    assert bot.ada.click(bot.card(), "waive").status == 200
    assert waivers(bot) == [], "nothing has happened so far"
    assert "Which warnings?" in bot.reads(bot.ada)
    bot.ada.submit({"words": REASON})
    assert bot.slack.state.views.stack(bot.ada.user.id) == []
    (waiver,) = waivers(bot)
    assert (waiver.by.user_id, waiver.reason) == (bot.ada.user.id, REASON)
    assert waiver.checks == (Check.REPLICATION, Check.LEFTOVER_DRILL)
    assert actions(bot.card()) == {"start", "withdraw"}
    assert bot.ada.click(bot.card(), "start").status == 200
    assert bot.drill.state is DrillState.RUNNING


def test_the_warnings_of_one_check_are_waived(bot: Bot) -> None:
    warned(bot, LAG, LEFTOVER)
    bot.ada.click(bot.card(), "waive")
    bot.ada.submit({"which": "leftover_drill", "words": REASON})
    assert standing(bot) == [LAG]
    bot.ada.click(bot.card(), "waive")
    assert "Which warnings?" not in bot.reads(bot.ada)
    bot.ada.submit({"words": REASON})
    assert standing(bot) == []


def test_a_start_in_spite_of_warnings_is_refused_with_who_can_waive_them(bot: Bot) -> None:
    """As from the form of a version of the bot that knew no waivers."""
    warned(bot, LAG)
    bot.ada.click(bot.card(), "waive")
    answer = sent_as(bot, "start", {})
    told = json.dumps(answer["view"])
    assert answer["response_action"] == "push"
    assert "1 warning stands that nobody has waived, and this plan wants that before Start." in told
    assert "They can, with a reason: <@U0ADA>, <@U0LINUS>." in told
    assert bot.drill.state is DrillState.READY
    (refusal,) = bot.store.refusals(bot.drill.id)
    assert refusal.action == "drill_started"


def sent_as(bot: Bot, callback_id: str, held: Mapping[str, Any]) -> dict[str, Any]:
    """What the bot answers when Ada's form comes back as that of something else, or with something else in it."""
    view = bot.slack.state.views.on_top(bot.ada.user.id)
    assert view
    payload = view_submission(bot.slack.state, bot.ada.user, view, dict(held))
    payload["view"]["callback_id"] = callback_id
    reply = bot.ada.tampered(body=interaction_body(payload)).submit({"words": "never sent"})
    found: dict[str, Any] = json.loads(reply.answer.body)
    return found


def test_a_stranger_is_given_no_form(bot: Bot) -> None:
    warned(bot, LAG)
    bot.grace.click(bot.card(), "waive")
    assert bot.slack.state.views.stack(bot.grace.user.id) == []
    assert "You may not waive warnings of this drill." in "\n".join(bot.told(bot.grace))
    (refusal,) = bot.store.refusals(bot.drill.id)
    assert (refusal.actor.user_id, refusal.action) == (bot.grace.user.id, "warnings_waived")


def test_a_form_that_was_overtaken_says_by_whom(bot: Bot) -> None:
    warned(bot, LAG)
    card = bot.card()
    bot.ada.click(card, "waive")
    bot.linus.click(card, "waive")
    bot.linus.submit({"words": REASON})
    bot.ada.submit({"words": REASON})
    assert "There is nothing to waive. @linus waived warnings, " in bot.reads(bot.ada)
    assert len(bot.drill.waivers) == 1


def test_a_reason_of_blanks_is_told_at_its_input(bot: Bot) -> None:
    warned(bot, LAG)
    bot.ada.click(bot.card(), "waive")
    bot.ada.submit({"words": "ok" + " " * 20})
    assert bot.errors(bot.ada) == {"words": "Your reason needs at least 10 characters."}
    assert waivers(bot) == []


def test_a_check_that_this_version_does_not_know_is_refused(bot: Bot) -> None:
    warned(bot, LAG, LEFTOVER)
    bot.ada.click(bot.card(), "waive")
    chosen = {"text": {"type": "plain_text", "text": "Tomorrow's check"}, "value": "tomorrows_check"}
    held = {
        "which": {"which": {"type": "static_select", "selected_option": chosen}},
        "words": {"words": {"type": "plain_text_input", "value": REASON}},
    }
    assert sent_as(bot, "waive", held)["errors"] == {
        "which": "This button is of no use any more. Use the newest message of the drill."
    }
    assert waivers(bot) == []


def types(bot: Bot, somebody: Person, text: str) -> str:
    """What only they are answered."""
    before = len(bot.told(somebody))
    assert somebody.command("/drs", text, channel=CHANNEL).status == 200
    return "\n".join(bot.told(somebody)[before:])


@pytest.mark.parametrize("typed", [f"waive {REASON}", f"waive payments-1 {REASON}"])
def test_a_command_waives_all_that_stands(bot: Bot, typed: str) -> None:
    warned(bot, LAG, LEFTOVER)
    told = types(bot, bot.ada, typed)
    assert told.startswith("Waived: its warnings no longer keep it from being started.")
    assert "Ready to start" in told
    (waiver,) = waivers(bot)
    assert (waiver.reason, len(waiver.checks)) == (REASON, 2)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("waive", "/drs waive [drill] <reason …>"),
        ("waive too short", "Your reason needs at least 10 characters."),
        ("waive payments-1", "Your reason needs at least 10 characters."),
    ],
)
def test_a_command_without_a_reason_is_told_so(bot: Bot, typed: str, told: str) -> None:
    warned(bot, LAG)
    assert told in types(bot, bot.ada, typed)
    assert waivers(bot) == []


def test_a_plan_that_only_tells_its_warnings_needs_no_waiver(bot: Bot) -> None:
    warned(bot, LAG, warnings="tell")
    assert actions(bot.card()) == {"start", "withdraw"}
    assert "The plan only tells its warnings" in types(bot, bot.ada, f"waive {REASON}")


def test_the_shortcut_offers_the_waiver_to_operators(bot: Bot) -> None:
    warned(bot, LAG)
    bot.ada.message_shortcut(bot.card(), DRILL_ACTIONS)
    assert "Waive 1 warning" in json.dumps(bot.form(bot.ada))


def test_what_is_too_much_for_the_thread_comes_as_a_file_and_once_more_as_waived(bot: Bot) -> None:
    warned(bot, *(a_finding(n, severity=Severity.WARN) for n in range(1, 7)))
    card = bot.card()
    types(bot, bot.ada, f"waive {REASON}")
    bot.settle()
    files = bot.slack.state.files.all()
    assert [file.name for file in files] == ["payments-1-findings.csv", "payments-1-findings-2.csv"]
    assert {bot.slack.state.messages.get(*file.shared_in[0]).thread_ts for file in files} == {card.ts}
    before, after = ((file.body or b"").decode() for file in files)
    assert (before.count(REASON), after.count(REASON)) == (0, 6)


def test_a_start_out_of_hours_is_refused_with_the_next_opening(bot: Bot) -> None:
    bot.plans.by_name["payments"] = a_plan(allowed=["mon 10:00-10:30 UTC"])
    bot.ready()
    card = bot.card()
    bot.now = bot.now.replace(minute=40)
    bot.ada.click(card, "start")
    told = "\n".join(bot.told(bot.ada))
    assert "may be drilled only mon 10:00-10:30 UTC; it is Mon 2026-03-02 10:40 UTC." in told
    assert "Next open: Mon 2026-03-09 10:00 UTC." in told
    assert bot.drill.state is DrillState.READY
