"""What one person alone is answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.views import replies
from bot.views.replies import Reply, Usage
from infra.local.slack.blockkit import TEXT_BUDGET, check_message, text_length
from tests.unit.views.stages import Size, at, the_plan

GOLDEN = Path(__file__).parents[2] / "golden" / "views" / "replies.json"
USAGES = [Usage("/drs drill <plan>", "asks for a drill of a plan."), Usage("/drs help", "shows this.")]
MANY = [at("failed-wave", Size.LARGEST).drill] * 60

REPLIES: dict[str, Reply] = {
    "refused": replies.refused("You may not start this drill. These people may: <@U0ADA>. <!channel>"),
    "refused at length": replies.refused("No & no. " * 1_000),
    "failed": replies.failed("3f2a9c"),
    "coming": replies.coming(at("proposed", Size.USUAL).drill),
    "no plans": replies.plans([], "/drs"),
    "one plan": replies.plans([the_plan(Size.SMALLEST)], "/drs"),
    "many plans": replies.plans([the_plan(Size.LARGEST)] * 60, "/drs"),
    "nothing under way": replies.status([], "/drs"),
    "one under way": replies.status([at("waiting", Size.USUAL).drill], "/drs"),
    "many under way": replies.status(MANY, "/drs"),
    "one drill": replies.drill_status(at("failed-wave", Size.USUAL).drill),
    "the largest drill": replies.drill_status(MANY[0]),
    "help": replies.help_text(USAGES),
    "unknown word": replies.unknown_word("dril", "drill", USAGES),
    "unknown nonsense": replies.unknown_word("`<!channel>`" * 50, None, USAGES),
    "wrong use": replies.wrong_use(USAGES[0], "Plans: payments."),
}


@pytest.mark.parametrize("name", list(REPLIES))
def test_slack_takes_it(name: str) -> None:
    reply = REPLIES[name]
    assert check_message({"text": reply.text, "blocks": list(reply.blocks)}) == []
    assert text_length(list(reply.blocks)) <= TEXT_BUDGET


def test_what_is_answered_is_what_it_was(pytestconfig: pytest.Config) -> None:
    shown: dict[str, Any] = {name: {"text": each.text, "blocks": list(each.blocks)} for name, each in REPLIES.items()}
    written = json.dumps(shown, ensure_ascii=False, indent=1) + "\n"
    if pytestconfig.getoption("--update-golden"):
        GOLDEN.write_text(written, encoding="utf-8")
    assert written == GOLDEN.read_text(encoding="utf-8"), "replies.json differs; see --update-golden"


def test_a_refusal_names_people_and_pings_no_channel() -> None:
    assert REPLIES["refused"].text.endswith("These people may: <@U0ADA>. &lt;!channel&gt;")
