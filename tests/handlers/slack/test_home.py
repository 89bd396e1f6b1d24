"""The App Home: the event that opens it, what it shows, and the buttons on it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain.events import LaunchWithdrawn
from bot.domain.states import Purpose, WaveState
from infra.local.slack.client import Person
from infra.local.slack.interactive import NotPossible
from tests.handlers.slack.bot import Bot
from tests.unit.builders import LINUS, a_plan

JSON = "application/json"


def opened(bot: Bot, who: Person) -> list[str]:
    """Open somebody's Home and let the notifier draw it; what it says."""
    assert who.open_home().status == 200
    bot.settle()
    return shown(bot, who)


def shown(bot: Bot, who: Person) -> list[str]:
    view = bot.slack.state.views.home(who.user.id)
    return [text["text"] for text in _texts(view.definition["blocks"])] if view else []


def _texts(value: Any) -> Any:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        if "text" in value and isinstance(value["text"], str):
            yield value
        for item in value.values():
            yield from _texts(item)


def test_whoever_opens_it_sees_what_is_under_way(bot: Bot) -> None:
    bot.started()
    home = opened(bot, bot.eve)
    assert any("Launching wave 1" in line for line in home)
    assert any("You have no part in it." in line for line in home)


def test_opening_makes_no_call_to_slack(bot: Bot) -> None:
    before = len(bot.slack.calls())
    bot.eve.open_home()
    assert len(bot.slack.calls()) == before


def test_an_approval_on_the_home_counts_as_one_in_the_thread_does(bot: Bot) -> None:
    bot.started()
    bot.launched()
    opened(bot, bot.grace)
    assert bot.grace.click_in_view("approve", in_home=True).status == 200
    assert bot.drill.wave(2).state is WaveState.LAUNCHING


def test_a_drill_is_asked_for_from_the_home(bot: Bot) -> None:
    opened(bot, bot.ada)
    assert bot.ada.click_in_view("propose", in_home=True).status == 200
    assert bot.drill.requester.user_id == bot.ada.user.id


def test_a_check_is_asked_for_from_the_home(bot: Bot) -> None:
    opened(bot, bot.ada)
    assert bot.ada.click_in_view("check", in_home=True).status == 200
    assert bot.drill.purpose is Purpose.CHECK


def test_a_refusal_is_told_on_the_home_itself(bot: Bot) -> None:
    bot.started()
    bot.launched()
    opened(bot, bot.grace)
    bot.linus.click(bot.card(), "abort")
    reply = bot.grace.click_in_view("approve", in_home=True)
    assert (reply.status, reply.notice) == (200, None)
    bot.settle()
    assert any("This drill was aborted" in line for line in shown(bot, bot.grace))


def test_a_button_that_this_version_does_not_know_is_told_on_the_home_too(bot: Bot) -> None:
    opened(bot, bot.ada)
    body = bot.slack.state.views.home(bot.ada.user.id)
    assert body
    body.definition["blocks"][-1]["elements"][0]["value"] = "not ours"
    assert bot.ada.click_in_view("propose", in_home=True).status == 200
    bot.settle()
    assert any("no use any more" in line for line in shown(bot, bot.ada))


def test_a_retried_event_does_no_harm(bot: Bot) -> None:
    first = bot.ada.open_home()
    assert bot.ada.retry(first, 1).status == 200
    bot.settle()
    assert len(bot.slack.calls("views.publish")) == 1


def test_a_home_that_slack_has_lost_is_shown_again(bot: Bot) -> None:
    opened(bot, bot.ada)
    sent = bot.ada.open_home().request
    assert sent
    event = json.loads(sent.body)
    assert event["event"].pop("view")
    bot.ada.tampered(body=json.dumps(event).encode(), content_type=JSON).open_home()
    bot.settle()
    assert len(bot.slack.calls("views.publish")) == 2


def test_slack_is_answered_when_it_asks_whether_the_address_is_ours(bot: Bot) -> None:
    assert bot.ada.verify_request_url()


def test_nobody_but_slack_is_answered(bot: Bot) -> None:
    assert not bot.ada.tampered(secret="forged").verify_request_url()


@pytest.mark.parametrize(
    "event", [None, {}, "app_home_opened", [], {"type": 5}, {"type": None}, {"type": "app_home_opened", "user": 7}]
)
def test_an_event_that_is_not_shaped_as_slacks_are_is_refused(bot: Bot, event: object) -> None:
    body = {"type": "event_callback", "team_id": "T0LOCALDR", "event": event}
    attack = bot.ada.tampered(body=json.dumps(body).encode(), content_type=JSON)
    assert attack.open_home().status == 400
    assert bot.table.viewers == {}


@pytest.mark.parametrize("kind", ["message", "team_join", "app_uninstalled", "an_event_to_come", ""])
def test_an_event_of_another_kind_is_acknowledged_and_changes_nothing(bot: Bot, kind: str) -> None:
    event = {"type": kind, "user": {"id": "U0ADA"}, "channel": {"id": "C0DRILLS01"}}
    body = {"type": "event_callback", "team_id": "T0LOCALDR", "event": event}
    attack = bot.ada.tampered(body=json.dumps(body).encode(), content_type=JSON)
    assert attack.open_home().status == 200
    assert bot.table.viewers == {}


def test_another_tab_of_the_app_is_no_home(bot: Bot) -> None:
    assert bot.ada.open_home("messages").status == 200
    assert bot.table.viewers == {}


def test_a_plan_shows_how_its_last_drill_came_out(bot: Bot) -> None:
    bot.started()
    bot.ada.click(bot.card(), "abort")
    bot.happens(LaunchWithdrawn(key=bot.drill.wave(1).launches[0].key))
    home = "\n".join(opened(bot, bot.eve))
    assert "🛑 Aborted. ⏱️ No recovery time." in home
    assert "No drill has passed yet." in home


def test_a_plan_that_is_being_drilled_has_no_button_to_drill_it(bot: Bot) -> None:
    bot.started()
    opened(bot, bot.ada)
    with pytest.raises(NotPossible):
        bot.ada.click_in_view("propose", in_home=True)


def test_whoever_may_not_drill_a_plan_any_more_is_told_on_the_home_who_may(bot: Bot) -> None:
    opened(bot, bot.ada)
    bot.plans.by_name["payments"] = a_plan(operators=(LINUS,))
    assert bot.ada.click_in_view("propose", in_home=True).status == 200
    bot.settle()
    assert any("You may not drill payments. Its operators may: <@U0LINUS>" in line for line in shown(bot, bot.ada))
    assert bot.table.drills == {}


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{",
        b'{"type": "block_actions"}',
        b'"event_callback"',
        b"{}",
        b'{"type": ["event_callback"]}',
        b"[" * 100_000,
    ],
)
def test_json_that_is_no_event_is_refused_at_the_door(bot: Bot, body: bytes) -> None:
    assert bot.ada.tampered(body=body, content_type=JSON).open_home().status == 400


def test_a_forged_event_changes_nothing(bot: Bot) -> None:
    assert bot.ada.tampered(secret="forged").open_home().status == 401
    assert bot.table.viewers == {}


@pytest.mark.parametrize("missing", ["user", "team_id"])
def test_an_event_without_its_fields_is_refused_in_words(bot: Bot, missing: str) -> None:
    event = {
        "type": "event_callback",
        "team_id": "T0LOCALDR",
        "event": {"type": "app_home_opened", "user": "U0ADA", "tab": "home"},
    }
    event.pop(missing, None)
    event["event"].pop(missing, None)  # type: ignore[attr-defined]  # a dict, as written above
    attack = bot.ada.tampered(body=json.dumps(event).encode(), content_type=JSON)
    assert attack.open_home().status == 200
    assert bot.table.viewers == {}


def test_people_of_another_workspace_have_no_home_here(bot: Bot) -> None:
    bot.app = bot.build_app(bot.store, team_id="T0ELSEWHERE")
    bot.ada.open_home()
    assert bot.table.viewers == {}
