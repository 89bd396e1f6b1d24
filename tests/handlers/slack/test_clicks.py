"""Clicks on the buttons of real messages: what they do, and how a refused one is answered."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlencode

import pytest

from bot.domain.states import DrillState, HoldDecision, Outcome, WaveState
from infra.local.slack.client import Reply
from infra.local.slack.faults import Outage
from tests.handlers.slack.bot import Bot


def assert_done(bot: Bot, reply: Reply) -> None:
    """The thread shows it; nobody is told anything beside."""
    assert (reply.status, reply.answer.body, reply.notice) == (200, "", None)
    assert all(bot.told(somebody) == [] for somebody in (bot.linus, bot.grace))


def test_start(bot: Bot) -> None:
    bot.ready()
    assert_done(bot, bot.linus.click(bot.card(), "start"))
    assert bot.drill.state is DrillState.RUNNING
    assert bot.drill.started_by
    assert bot.drill.started_by.user_id == bot.linus.user.id


def test_cancel(bot: Bot) -> None:
    bot.ready()
    assert_done(bot, bot.ada.click(bot.card(), "withdraw"))
    assert bot.drill.outcome is Outcome.WITHDRAWN


def test_approve(bot: Bot) -> None:
    bot.started()
    bot.launched()
    assert_done(bot, bot.grace.click(bot.message("approval/2/1"), "approve"))
    assert bot.drill.wave(2).state is WaveState.LAUNCHING


@pytest.mark.parametrize("place", ["card", "approval/2/1"])
def test_abort(bot: Bot, place: str) -> None:
    bot.started()
    bot.launched()
    assert_done(bot, bot.grace.click(bot.message(place), "abort"))
    assert bot.drill.outcome is Outcome.ABORTED


def test_decide_about_a_hold(bot: Bot) -> None:
    bot.started()
    bot.launched(fails=True)
    assert bot.drill.state is DrillState.ON_HOLD
    assert_done(bot, bot.linus.click(bot.message("hold/1"), "retry"))
    assert bot.drill.holds[0].decision is HoldDecision.RETRIED


def test_skipping_a_wave_asks_why(bot: Bot) -> None:
    bot.started()
    bot.launched(fails=True)
    assert bot.linus.click(bot.message("hold/1"), "skip").status == 200
    assert bot.drill.state is DrillState.ON_HOLD
    assert "The drill goes on without 2 servers" in bot.reads(bot.linus)
    assert bot.linus.submit({"words": "Known fault, see 4711."}).status == 200
    (held,) = bot.drill.holds
    assert (held.decision, held.why) == (HoldDecision.SKIPPED, "Known fault, see 4711.")


def test_a_refusal_is_told_to_the_person_alone_in_the_same_thread(bot: Bot) -> None:
    bot.started()
    bot.launched()
    request, before = bot.message("approval/2/1"), bot.drill
    reply = bot.eve.click(request, "approve")
    assert (reply.status, reply.notice) == (200, None)
    assert bot.told(bot.eve) == ["You may not approve waves of this drill. These people may: @grace, @linus."]
    (shown,) = bot.slack.state.private.ephemerals(bot.eve.user.id)
    assert shown.thread_ts == request.thread_ts
    assert bot.drill == before
    assert bot.slack.state.messages.get(request.channel, request.ts) == request


def test_a_button_of_an_old_window_is_refused_with_what_is_the_case(bot: Bot) -> None:
    bot.ready()
    card = bot.card()
    seen = len(card.revisions) - 1
    bot.ada.click(card, "start")
    bot.linus.click(bot.card(), "start", revision=seen)
    (told,) = bot.told(bot.linus)
    assert told.startswith("Already started by @ada, ")


def test_a_click_that_opens_no_form_leads_to_no_call_of_slack(bot: Bot) -> None:
    bot.ready()
    card = bot.card()
    before = len(bot.slack.calls())
    bot.ada.click(card, "start")
    assert len(bot.slack.calls()) == before


def click_with(bot: Bot, payload: dict[str, object]) -> Reply:
    """A click of Eve's with a payload of our making, signed as Slack signs."""
    return bot.eve.tampered(body=urlencode({"payload": json.dumps(payload)}).encode()).click(bot.card(), "start")


def sent_form(reply: Reply) -> dict[str, object]:
    assert reply.request is not None
    payload: dict[str, object] = json.loads(parse_qs(reply.request.body.decode())["payload"][0])
    return payload


@pytest.mark.parametrize(
    ("action_id", "value", "told"),
    [
        ("launch", '{"drill":"payments-1"}', "The bot does not know this button any more."),
        ("approve", '{"drill":"payments-1"}', "This button is of no use any more."),
        ("retry", '{"drill":"payments-1","wave":1}', "This button is of no use any more."),
        ("start", "payments-1", "This button is of no use any more."),
        ("start", "", "This button is of no use any more."),
        ("start", '{"drill":"payments-1","state":"ready"}', "This button is of no use any more."),
        ("start", '{"drill":"nothing"}', "There is no drill nothing."),
    ],
)
def test_a_button_that_means_nothing_any_more_is_refused(bot: Bot, action_id: str, value: str, told: str) -> None:
    bot.ready()
    card = bot.card()
    bot.eve.click(card, "start")
    before = bot.drill
    body = sent_form(bot.eve.click(card, "start"))
    pressed = {"type": "button", "action_id": action_id, "value": value, "block_id": "actions"}
    assert click_with(bot, {**body, "actions": [pressed]}).status == 200
    assert bot.told(bot.eve)[-1].startswith(told)
    assert bot.drill == before


def test_a_member_of_another_workspace_is_refused(bot: Bot) -> None:
    bot.ready()
    card = bot.card()
    body = sent_form(bot.eve.click(card, "start"))
    as_guest = {**body, "user": {"id": bot.ada.user.id, "team_id": "T0ELSEWHERE", "name": "ada"}}
    assert click_with(bot, as_guest).status == 200
    assert bot.drill.state is DrillState.READY
    assert bot.told(bot.eve)[-1] == "Only members of this workspace can take part in a drill."


ORG = {"id": "E0ORG", "name": "Everybody"}


@pytest.mark.parametrize(
    "changes",
    [
        {"enterprise": ORG, "user": {"id": "U0ADA", "team_id": "T0ELSEWHERE"}},
        {"enterprise": ORG, "user": {"id": "U0ADA", "team_id": "E0ORG"}},
        {"enterprise": ORG, "user": {"id": "U0ADA"}},
        {"view": {"app_installed_team_id": "T0ELSEWHERE"}},
    ],
)
def test_whose_workspace_cannot_be_told_or_is_not_the_bots_is_refused(bot: Bot, changes: dict[str, object]) -> None:
    bot.ready()
    body = sent_form(bot.eve.click(bot.card(), "start"))
    ada = {"id": bot.ada.user.id, "team_id": "T0LOCALDR"}
    assert click_with(bot, {**body, "user": ada, **changes}).status == 200
    assert bot.drill.state is DrillState.READY
    assert bot.told(bot.eve)[-1] == "Only members of this workspace can take part in a drill."


def test_a_member_of_the_workspace_is_let_in_also_where_it_belongs_to_an_organization(bot: Bot) -> None:
    bot.ready()
    body = sent_form(bot.eve.click(bot.card(), "start"))
    ada = {"id": bot.ada.user.id, "team_id": "T0LOCALDR", "name": "ada"}
    assert click_with(bot, {**body, "enterprise": ORG, "user": ada}).status == 200
    assert bot.drill.state is DrillState.RUNNING


def test_an_app_of_one_workspace_takes_no_other(bot: Bot) -> None:
    bot.ready()
    card = bot.card()
    bot.app = bot.build_app(bot.store, team_id="T0ELSEWHERE")
    assert bot.ada.click(card, "start").status == 200
    assert bot.drill.state is DrillState.READY
    assert bot.told(bot.ada)[-1].startswith("Only members of the workspace in which the bot is installed")


@pytest.mark.parametrize("how", list(Outage))
def test_a_refusal_that_cannot_be_shown_is_a_refusal_all_the_same(
    bot: Bot, caplog: pytest.LogCaptureFixture, how: Outage
) -> None:
    bot.ready()
    card = bot.card()
    bot.slack.faults.down(how=how)
    assert bot.eve.click(card, "start").status == 200
    bot.slack.faults.down(on=False)
    assert bot.told(bot.eve) == []
    assert bot.drill.state is DrillState.READY
    assert "a person could not be answered" in caplog.text


@pytest.mark.parametrize("left_out", ["response_url", "user"])
def test_a_click_without_all_its_fields_is_refused(bot: Bot, caplog: pytest.LogCaptureFixture, left_out: str) -> None:
    bot.ready()
    body = sent_form(bot.eve.click(bot.card(), "start"))
    told = len(bot.told(bot.eve))
    assert click_with(bot, {name: value for name, value in body.items() if name != left_out}).status == 200
    assert bot.drill.state is DrillState.READY
    if left_out == "user":
        assert bot.told(bot.eve)[told:] == ["The bot does not understand what Slack sent."]
    else:
        assert "there is no response_url to answer through" in caplog.text
