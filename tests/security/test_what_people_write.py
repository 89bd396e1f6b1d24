"""Words from outside are shown as words: they notify nobody, link nowhere, break no message and name no path."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from bot.domain.events import PreflightCompleted
from bot.domain.findings import Check, Finding, Severity
from bot.slack.door import MAX_BODY
from infra.local.slack.delivery import FORM
from tests.handlers.slack.bot import CHANNEL, PEOPLE, Bot, running_bot
from tests.handlers.slack.forms import REQUEST
from tests.unit.builders import a_plan

SHOWN = "eve-was-here"
HOSTILE = (
    f"{SHOWN} <!channel> <!here> <!everyone> <!subteam^S0ALL0001> <@U0ADA00001> <https://evil.example|the report> "
    "<mailto:x@evil.example|mail> *bold* `code` ```block``` _it_ ~no~ &lt;!channel&gt; \u202e\u0000\r\n>quote"
)
NOTIFIES = re.compile(r"<(!channel|!here|!everyone|!subteam|@U0ADA00001|https?://evil|mailto:)")
PATHS = (
    "../../etc/passwd",
    "..",
    "/etc/passwd",
    "plans/payments.yaml",
    "payments.yaml",
    "..%2f..%2fetc%2fpasswd",
    "payments%00",
    "payments\\..\\x",
    "file:///etc/passwd",
    "~root",
    "$(id)",
)


def everything_said(bot: Bot) -> Iterator[str]:
    """All texts and blocks that anybody sees."""
    bot.settle()
    for message in bot.slack.state.messages.in_channel(bot.slack.state.channel(CHANNEL).id):
        yield message.content.text
        yield json.dumps(message.content.blocks)
    for name in PEOPLE:
        for shown in bot.slack.state.private.ephemerals(getattr(bot, name).user.id):
            yield shown.content.text
            yield json.dumps(shown.content.blocks)


def assert_harmless(bot: Bot) -> None:
    said = list(everything_said(bot))
    assert any(SHOWN in each for each in said), "it is shown, as words"
    assert [each for each in said if NOTIFIES.search(each)] == []


@pytest.mark.parametrize("words", ["reject {}", "hold {}", "approve {}"])
def test_a_reason_notifies_nobody_and_links_nowhere(waiting: Bot, words: str) -> None:
    waiting.grace.command("/drs", words.format(HOSTILE.replace("\r\n", " ")), channel=CHANNEL)
    assert_harmless(waiting)


def test_neither_does_a_comment_in_a_form(waiting: Bot) -> None:
    waiting.grace.click(waiting.message(REQUEST), "reject")
    waiting.grace.submit({"words": HOSTILE})
    assert_harmless(waiting)


def test_nor_do_names_and_messages_of_aws() -> None:
    with running_bot() as bot:
        bot.proposed()
        found = Finding(check=Check.REPLICATION, severity=Severity.WARN, fact=HOSTILE, remedy=HOSTILE)
        bot.happens(PreflightCompleted(findings=(found,), names={next(iter(bot.drill.servers)).id: HOSTILE}))
        assert_harmless(bot)


def test_nor_does_a_plan() -> None:
    with running_bot() as bot:
        plan = a_plan(("<!channel> <https://evil.example|Database>", 1))
        words = HOSTILE.replace("\r\n", " ").replace("\u0000", "")
        bot.plans.by_name["payments"] = plan.model_copy(update={"description": words, "title": words[:80]})
        bot.started()
        assert_harmless(bot)


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("command", ["drill", "check", "plan", "history", "sweep"])
def test_a_path_is_no_plan(bot: Bot, command: str, name: str) -> None:
    bot.ada.command("/drs", f"{command} {name}", channel=CHANNEL)
    told = "\n".join(bot.told(bot.ada))
    assert "root:" not in told, "nothing of a file is shown"
    assert told
    assert not bot.table.drills


@pytest.mark.parametrize(
    "text", ["a" * 10_000, "drill " + "x" * 100_000, "status \U0001f9e8" * 5_000, "\u0000" * 4_000]
)
def test_a_command_of_any_length_gets_an_answer_that_slack_takes(bot: Bot, text: str) -> None:
    reply = bot.ada.command("/drs", text, channel=CHANNEL)
    assert reply.status == HTTPStatus.OK
    assert reply.notice is None
    assert not bot.table.drills


def test_a_reason_that_is_too_long_is_told_so_or_cut_and_breaks_no_message(waiting: Bot) -> None:
    reply = waiting.grace.command("/drs", "reject " + "long " * 2_000, channel=CHANNEL)
    assert reply.status == HTTPStatus.OK
    assert waiting.told(waiting.grace) or waiting.drill.hold
    waiting.settle()


def test_a_body_beyond_all_that_slack_sends_is_not_even_read(bot: Bot) -> None:
    assert MAX_BODY < 2_000_000
    body = b"payload=" + b"x" * (MAX_BODY + 1)
    bot.ready()
    attack = bot.ada.tampered(body=body, content_type=FORM)
    assert attack.click(bot.card(), "start").status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_no_command_reads_a_file_of_the_machine(bot: Bot, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("version: 1\nname: secret\n")
    bot.ada.command("/drs", f"plan {secret.with_suffix('')}", channel=CHANNEL)
    assert "version" not in "\n".join(bot.told(bot.ada))
