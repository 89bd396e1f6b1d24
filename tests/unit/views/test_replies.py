"""What one person alone is answered."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.application.looking import PlanBoard, PlanHistory, PlanStatus
from bot.application.typed import Unclear
from bot.domain.access import Escalation
from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.home import Home
from bot.domain.plan import Plan
from bot.domain.results import NO_RECORD, DrillResult, PlanRecord, result_of
from bot.slack.listeners.commands import COMMANDS
from bot.views import deeds, helping, lookups, replies
from bot.views.helping import Usage
from bot.views.replies import Reply
from bot.views.whoami import whoami
from infra.local.slack.blockkit import TEXT_BUDGET, check_message, text_length
from tests.unit.builders import EVE, GRACE, T0
from tests.unit.views.stages import Size, at, the_plan

GOLDEN = Path(__file__).parents[2] / "golden" / "views" / "replies.json"
USAGES = [command.usage("/drs") for command in COMMANDS]
LONG = "x" * 40
SMALL, LARGE = the_plan(Size.SMALLEST), the_plan(Size.LARGEST)
QUARTERLY = SMALL.model_copy(update={"drill_every": timedelta(days=90)})
MANY = [at("failed-wave", Size.LARGEST).drill] * 60
RUNNING = at("launching", Size.USUAL).drill
READY = at("ready", Size.USUAL).drill
HELD = at("failed-wave", Size.USUAL).drill


def result(stage: str, size: Size = Size.USUAL) -> DrillResult:
    found = result_of(at(stage, size).drill)
    assert found
    return found


PASSED, FAILED, CHECKED = result("passed"), result("failed"), result("checked-and-not-started")
RESULTS = (PASSED, FAILED, result("aborted"), CHECKED, result("refused", Size.SMALLEST), result("expired"))
RECORD = PlanRecord(last=FAILED, passed=PASSED)


def long_named(number: int) -> Plan:
    """A plan whose words are as long as words can be, in which everybody has every part through groups."""
    groups = tuple(f"S0{number:02}GROUP{letter}" for letter in "ABCD")
    access = LARGE.access.model_copy(
        update={
            "operators": groups,
            "approvers": groups,
            "escalation": Escalation(after=timedelta(minutes=30), approvers=groups),
        }
    )
    name = f"plan-{number:02}-{'n' * 32}"
    return LARGE.model_copy(update={"name": name, "access": access, "drill_every": timedelta(days=366)})


LONG_PLANS = tuple(long_named(number) for number in range(1, 21))
EVERYWHERE = EVE.model_copy(
    update={"groups": tuple(group for plan in LONG_PLANS[:18] for group in plan.access.groups[:4])}
)
UNSURE = EVE.model_copy(update={"unsure": ("S001GROUPA", "S002GROUPA"), "unsure_since": T0})
LONG_BOARD = PlanBoard(LONG_PLANS * 3, {plan.name: RECORD for plan in LONG_PLANS}, T0 + timedelta(days=999))


def many_drills() -> tuple[Drill, ...]:
    drill = at("waiting", Size.LARGEST).drill
    plan = drill.plan.model_copy(update={"access": LONG_PLANS[0].access})
    return (drill.model_copy(update={"plan": plan, "id": f"{LONG}-20260302-aaaaa"}),) * 20


REPLIES: dict[str, Reply] = {
    "refused": replies.refused("You may not start this drill. These people may: <@U0ADA>. <!channel>"),
    "refused at length": replies.refused("No & no. " * 1_000),
    "failed": replies.failed("3f2a9c"),
    "coming": replies.coming(at("proposed", Size.USUAL).drill),
    "coming to be checked": replies.coming(at("only-to-check", Size.SMALLEST).drill),
    "no plans": lookups.plans(PlanBoard((), {}, T0), "/drs"),
    "one plan": lookups.plans(PlanBoard((SMALL,), {}, T0), "/drs"),
    "many plans": lookups.plans(LONG_BOARD, "/drs"),
    "nothing under way": lookups.status([], "/drs"),
    "one under way": lookups.status([at("waiting", Size.USUAL).drill], "/drs"),
    "many under way": lookups.status(MANY, "/drs"),
    "one that cannot be read": lookups.status([at("waiting", Size.USUAL).drill], "/drs", ("shop-20260301-abcde",)),
    "one drill": lookups.drill_status(HELD),
    "the largest drill": lookups.drill_status(MANY[0]),
    "a plan under way": lookups.plan_status(PlanStatus("payments", (RUNNING,), RECORD), "/drs"),
    "a plan under way twice": lookups.plan_status(PlanStatus("payments", (RUNNING, READY), NO_RECORD), "/drs"),
    "a plan that was drilled": lookups.plan_status(PlanStatus("payments", (), RECORD), "/drs"),
    "a plan that was not": lookups.plan_status(PlanStatus("payments", (), NO_RECORD), "/drs"),
    "no history": lookups.history(PlanHistory("payments", ()), "/drs"),
    "a history": lookups.history(PlanHistory("payments", RESULTS), "/drs"),
    "a long history": lookups.history(
        PlanHistory(LONG, (PASSED.model_copy(update={"drill_id": LONG + LONG}),) * 20), "/drs"
    ),
    "a history as CSV": lookups.history_csv(PlanHistory("payments", RESULTS)),
    "a long history as CSV": lookups.history_csv(
        PlanHistory(LONG, (PASSED.model_copy(update={"drill_id": LONG}),) * 20)
    ),
    "no history as CSV": lookups.history_csv(PlanHistory("payments", ())),
    "no plan was drilled": lookups.records({"payments": NO_RECORD}, "/drs"),
    "each plan's last": lookups.records({"payments": RECORD, "shop": PlanRecord(last=PASSED)}, "/drs"),
    "each of many plans' last": lookups.records({f"{n}": RECORD for n in range(60)}, "/drs"),
    "which of two": deeds.unclear(
        Unclear((RUNNING, HELD), (READY,)), "/drs hold", "Wait for <@U0EVE> " * 9, "/drs status"
    ),
    "which of many": deeds.unclear(Unclear(tuple(MANY), ()), "/drs abort", "confirm", "/drs status"),
    "none that fits": deeds.unclear(Unclear((RUNNING, READY), fits=False), "/drs resume", "", "/drs status"),
    "none here": deeds.unclear(Unclear((), (READY,)), "/drs resume", "", "/drs status"),
    "none at all": deeds.unclear(Unclear((), ()), "/drs resume", "", "/drs status"),
    "confirm an abort": deeds.confirm_abort(RUNNING, f"/drs abort {RUNNING.id} confirm"),
    "confirm the largest abort": deeds.confirm_abort(MANY[0], f"/drs abort {MANY[0].id} confirm"),
    "held": deeds.done(Action.HOLD, at("held", Size.USUAL).drill),
    "the largest held": deeds.done(Action.HOLD, at("held", Size.LARGEST).drill),
    "resumed": deeds.done(Action.RESUME, at("resumed", Size.USUAL).drill),
    "retried": deeds.done(Action.RETRY, at("second-attempt", Size.USUAL).drill),
    "skipped": deeds.done(Action.SKIP, at("skipped", Size.USUAL).drill),
    "aborted": deeds.done(Action.ABORT, at("aborting", Size.USUAL).drill),
    "cancelled": deeds.done(Action.WITHDRAW, at("withdrawn", Size.USUAL).drill),
    "whoami of a stranger": whoami(Home(EVE, T0, (), (SMALL,))),
    "whoami of nobody's plans": whoami(Home(EVE, T0, (), ())),
    "whoami of an operator": whoami(Home(RUNNING.requester, T0, (RUNNING, HELD), (RUNNING.plan, LONG_PLANS[0]))),
    "whoami of an approver": whoami(Home(GRACE, T0, (at("waiting", Size.USUAL).drill,), (RUNNING.plan,))),
    "whoami through an escalation": whoami(
        Home(EVERYWHERE, T0, (), (LONG_PLANS[0].model_copy(update={"name": "payments"}),))
    ),
    "whoami unsure": whoami(Home(UNSURE, T0, (), LONG_PLANS[:1])),
    "whoami unsure from the beginning": whoami(
        Home(UNSURE.model_copy(update={"unsure_since": None}), T0, (), LONG_PLANS[:1])
    ),
    "whoami of everything": whoami(
        replace(
            Home(EVERYWHERE, T0, many_drills(), LONG_PLANS),
            person=EVERYWHERE.model_copy(update={"unsure": LONG_PLANS[19].access.groups}),
        )
    ),
    "help": helping.help_text(USAGES, "/drs"),
    **{f"help {usage.typed.split()[1]}": helping.command_help(usage) for usage in USAGES},
    "unknown word": helping.unknown_word("dril", "drill", USAGES),
    "unknown nonsense": helping.unknown_word("`<!channel>`" * 50, None, USAGES),
    "wrong use": helping.wrong_use(Usage("/drs check <plan>", "checks.", ("/drs check payments",)), too_much=True),
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


def test_a_retry_is_told_by_what_the_drill_was_held_for() -> None:
    assert deeds.done(Action.RETRY, at("rejection-overruled", Size.USUAL).drill).text.startswith(
        "Retried: the bot asks for approval again."
    )
    assert REPLIES["retried"].text.startswith("Retried: the bot launches once more the servers that failed.")


def test_whoami_says_no_part_only_where_that_is_known() -> None:
    plans = (LONG_PLANS[0], SMALL)
    written = json.dumps(whoami(Home(UNSURE, T0, (), plans)).blocks)
    assert f"You have no part in {SMALL.name}." in written
    assert f"Not known just now: whether you have a part in {LONG_PLANS[0].name}." in written
    assert "0 of 2 plans, as far as is known just now." in written


def test_nothing_that_is_left_out_goes_uncounted() -> None:
    written = json.dumps(REPLIES["whoami of everything"].blocks)
    assert "and 8 more plans" in written
    assert "and 12 more drills" in written
    assert "and 30 more." in json.dumps(REPLIES["many plans"].blocks)
