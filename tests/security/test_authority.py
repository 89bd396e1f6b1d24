"""Who may do something is asked at the click: not when a button was drawn, and not by what the click says of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from bot.application.ports.groups import Membership
from bot.domain.states import DrillState, WaveState
from infra.local.slack.client import Person, Reply
from infra.local.slack.delivery import FORM
from tests.handlers.slack.bot import CHANNEL, Bot, running_bot
from tests.handlers.slack.forms import REQUEST, sent_as
from tests.unit.builders import a_plan

GROUP = "S0APPROVERS"
CLICKS = 60


@pytest.fixture
def grouped() -> Iterator[Bot]:
    """A drill that waits for the approval of wave 2 by anybody in a user group, in which Grace is."""
    with running_bot() as bot:
        plan = a_plan()
        access = plan.access.model_copy(update={"approvers": (GROUP,)})
        bot.plans.by_name["payments"] = plan.model_copy(update={"access": access})
        put_into_group(bot, bot.grace)
        bot.started()
        bot.launched()
        bot.message(REQUEST)
        yield bot


def put_into_group(bot: Bot, *people: Person) -> None:
    bot.groups.keep(GROUP, Membership(tuple(each.user.id for each in people), bot.now))


def is_approved(bot: Bot) -> bool:
    return bot.drill.wave(2).state is WaveState.LAUNCHING


def test_whoever_has_left_the_group_since_the_button_was_drawn_approves_nothing(grouped: Bot) -> None:
    request = grouped.message(REQUEST)
    put_into_group(grouped, grouped.linus)
    grouped.grace.click(request, "approve")
    assert not is_approved(grouped)
    assert "You may not approve" in grouped.told(grouped.grace)[-1]
    grouped.linus.click(request, "approve")
    assert is_approved(grouped)


def test_a_group_of_which_nothing_is_known_has_nobody_in_it(grouped: Bot) -> None:
    request = grouped.message(REQUEST)
    grouped.groups.kept.clear()
    grouped.grace.click(request, "approve")
    assert not is_approved(grouped)


def test_what_was_known_of_a_group_too_long_ago_counts_no_more(grouped: Bot) -> None:
    request = grouped.message(REQUEST)
    grouped.now += timedelta(minutes=61)
    grouped.grace.click(request, "approve")
    assert not is_approved(grouped)
    put_into_group(grouped, grouped.grace)
    grouped.grace.click(request, "approve")
    assert is_approved(grouped), "the request itself is as good as before"


def test_a_button_from_before_a_rejection_approves_nothing_after_it(waiting: Bot) -> None:
    request = waiting.message(REQUEST)
    waiting.grace.command("/drs", "reject Not today.", channel=CHANNEL)
    waiting.ada.command("/drs", "retry Now it can be.", channel=CHANNEL)
    waiting.settle()
    waiting.grace.click(request, "approve", revision=0)
    (_rejected, asked) = waiting.drill.wave(2).rounds
    assert not asked.given


def test_a_form_that_was_opened_by_an_approver_is_of_no_use_to_a_stranger(waiting: Bot) -> None:
    waiting.grace.click(waiting.message(REQUEST), "reject")
    before = waiting.drill
    stranger = {"user": {"id": waiting.eve.user.id, "team_id": "T0LOCALDR", "username": "eve"}}
    answered = sent_as(waiting, waiting.grace, filled={"words": "Not today."}, **stranger)
    assert "You may not reject" in json.dumps(answered)
    assert waiting.drill == before


@pytest.mark.parametrize(
    "changed",
    [
        {"round": 2},
        {"round": 0},
        {"wave": 1},
        {"wave": 3},
        {"drill": "payments-2"},
        {"drill": "../payments-1"},
        {"actor": "U0GRACE", "is_approver": True},
    ],
)
def test_what_a_button_carries_gives_no_right(waiting: Bot, changed: dict[str, Any]) -> None:
    before = waiting.drill
    click_as(waiting, waiting.eve, changed)
    assert waiting.drill == before


def click_as(bot: Bot, somebody: Person, changed: dict[str, Any]) -> Reply:
    """A click that carries something else than the button does; signed, so by whoever has the secret."""
    sent = somebody.click(bot.message(REQUEST), "approve")
    assert sent.request
    payload = json.loads(parse_qs(sent.request.body.decode())["payload"][0])
    (pressed,) = payload["actions"]
    pressed["value"] = json.dumps({**json.loads(pressed["value"]), **changed})
    payload["trigger_id"] = f"{payload['trigger_id']}.changed"
    body = urlencode({"payload": json.dumps(payload)}).encode()
    return somebody.tampered(body=body, content_type=FORM).click(bot.message(REQUEST), "approve")


def test_a_stranger_who_clicks_in_a_loop_is_on_record_once_a_minute_and_keeps_nobody_from_approving(
    waiting: Bot,
) -> None:
    request, before = waiting.message(REQUEST), waiting.drill
    work = dict(waiting.table.work)
    for _ in range(CLICKS):
        waiting.eve.click(request, "approve")
    assert waiting.drill == before
    assert waiting.table.work == work, "nothing is caused by it"
    minutes = {refusal.at.strftime("%H:%M") for refusal in waiting.store.refusals(before.id)}
    assert 0 < len(waiting.store.refusals(before.id)) == len(minutes) < CLICKS / 10
    waiting.grace.click(request, "approve")
    assert is_approved(waiting)


def test_a_stranger_who_types_in_a_loop_leaves_nothing_but_that(waiting: Bot) -> None:
    before, work = waiting.drill, dict(waiting.table.work)
    for number in range(CLICKS):
        words = ("approve", "abort", "hold now", "drill payments", "resume", "cleanup")[number % 6]
        waiting.eve.command("/drs", words, channel=CHANNEL)
    assert (waiting.drill, waiting.table.work) == (before, work)
    assert waiting.drill.state is DrillState.RUNNING
