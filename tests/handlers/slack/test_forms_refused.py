"""Forms that are refused: before anybody writes anything, and at the submission."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.states import DrillState
from bot.domain.written import LONGEST
from bot.views.replies import TWICE
from infra.local.slack.client import Person, Reply
from infra.local.slack.interactive import NotPossible
from tests.handlers.slack.bot import Bot
from tests.handlers.slack.forms import REQUEST, approving, assert_done, rejecting, sent_as, written


@pytest.mark.parametrize(("opens", "verb"), [(rejecting, "reject"), (approving, "approve")])
def test_who_may_not_is_told_so_instead_of_being_given_a_form(
    waiting: Bot, opens: Callable[[Bot, Person], Reply], verb: str
) -> None:
    assert_done(opens(waiting, waiting.eve))
    assert waiting.slack.state.views.stack(waiting.eve.user.id) == []
    assert waiting.told(waiting.eve) == [f"You may not {verb} waves of this drill. These people may: @grace, @linus."]


def test_the_refusal_of_a_form_is_on_record(waiting: Bot) -> None:
    rejecting(waiting, waiting.eve)
    (refusal,) = waiting.store.refusals(waiting.drill.id)
    assert (refusal.actor.user_id, refusal.action) == (waiting.eve.user.id, "wave_rejected")


def test_a_request_that_was_answered_opens_no_form_any_more(waiting: Bot) -> None:
    request = waiting.message(REQUEST)
    waiting.linus.click(request, "approve")
    waiting.grace.click(request, "reject", revision=0)
    assert waiting.told(waiting.grace)[-1].startswith("Already approved by @linus")
    assert waiting.slack.state.views.stack(waiting.grace.user.id) == []


# ---------------------------------------------------------------------- what is refused at the submission


def test_a_request_that_was_answered_meanwhile_is_refused_on_top_of_the_form(waiting: Bot) -> None:
    rejecting(waiting, waiting.grace)
    waiting.linus.click(waiting.message(REQUEST), "approve")
    assert_done(waiting.grace.submit({"words": "Too late?"}))
    assert "That was not done\nAlready approved by @linus, " in waiting.reads(waiting.grace)
    waiting.grace.dismiss()
    assert waiting.form(waiting.grace)["callback_id"] == "reject"
    assert not waiting.drill.wave(2).rounds[0].rejected


def test_a_form_of_an_earlier_request_is_refused_at_its_input(waiting: Bot) -> None:
    rejecting(waiting, waiting.grace)
    rejecting(waiting, waiting.linus)
    waiting.linus.submit({"words": "Not yet."})
    waiting.ada.click(waiting.message("hold/1"), "retry")
    assert_done(waiting.grace.submit({"words": "Nor now."}))
    assert waiting.errors(waiting.grace) == {
        "words": "This was about an earlier request for approval. Only the newest one can be answered."
    }
    assert waiting.drill.wave(2).rounds[1].rejected is None


def test_blanks_are_no_comment(waiting: Bot) -> None:
    rejecting(waiting, waiting.grace)
    assert_done(waiting.grace.submit({"words": "   "}))
    assert waiting.errors(waiting.grace) == {"words": "Your comment is missing."}
    assert waiting.drill.state is DrillState.RUNNING


@pytest.mark.parametrize("words", ["", "x" * (LONGEST + 1)])
def test_slack_itself_takes_no_empty_comment_and_none_that_is_too_long(waiting: Bot, words: str) -> None:
    rejecting(waiting, waiting.grace)
    with pytest.raises(NotPossible):
        waiting.grace.submit({"words": words})


def test_a_comment_that_is_too_long_is_refused_by_the_domain_too(waiting: Bot) -> None:
    rejecting(waiting, waiting.grace)
    answer = sent_as(waiting, waiting.grace, {"state": {"values": written("x" * (LONGEST + 1))}})
    assert answer == {
        "response_action": "errors",
        "errors": {"words": "Your comment has 501 characters; at most 500 can be kept."},
    }


@pytest.mark.parametrize(
    ("view", "told"),
    [
        ({"callback_id": "launch"}, "The bot does not know this form any more."),
        ({"private_metadata": ""}, "This button is of no use any more."),
        ({"private_metadata": '{"drill":"payments-1"}'}, "This button is of no use any more."),
        ({"private_metadata": '{"drill":"payments-1","wave":9,"round":1}'}, "This drill has no wave 9."),
        ({"private_metadata": '{"drill":"nothing","wave":2,"round":1}'}, "There is no drill nothing."),
        ({"private_metadata": f'{{"drill":"{"x" * 2_900}","wave":2,"round":1}}'}, "This button is of no use any more."),
        ({"private_metadata": '{"drill":"","wave":2,"round":1}'}, "This button is of no use any more."),
        ({"private_metadata": '{"drill":"payments-1","wave":"2","round":1}'}, "This button is of no use any more."),
        ({"private_metadata": '{"drill":"payments-1","wave":-1,"round":1}'}, "This button is of no use any more."),
        ({"private_metadata": '{"drill":"payments-1","wave":2,"round":99999}'}, "This button is of no use any more."),
        ({"state": {"values": {}}}, "Your comment is missing."),
        ({"state": {"values": {"words": {"words": {"value": 7}}}}}, "The bot does not understand what Slack sent."),
    ],
)
def test_a_form_that_means_nothing_any_more_is_refused_in_words(waiting: Bot, view: dict[str, Any], told: str) -> None:
    rejecting(waiting, waiting.grace)
    before = waiting.drill
    assert sent_as(waiting, waiting.grace, view)["errors"]["words"].startswith(told)
    assert waiting.drill == before


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"user": {"id": "U0GRACE", "team_id": "T0ELSEWHERE"}}, "Only members of this workspace can take part"),
        ({"user": {"id": "B0ANOTHER", "team_id": "T0LOCALDR"}}, "The bot does not understand what Slack sent."),
        ({"user": None}, "The bot does not understand what Slack sent."),
        ({"team": {"id": "T0ELSEWHERE"}, "user": {"id": "U0GRACE"}}, "Only members of this workspace can take part"),
    ],
)
def test_bots_and_people_of_another_workspace_are_refused(waiting: Bot, changes: dict[str, Any], told: str) -> None:
    rejecting(waiting, waiting.grace)
    before = waiting.drill
    waiting.app = waiting.build_app(waiting.store, team_id="T0LOCALDR")
    assert sent_as(waiting, waiting.grace, **changes)["errors"]["words"].startswith(told)
    assert waiting.drill == before


def test_the_bot_itself_may_not(waiting: Bot) -> None:
    rejecting(waiting, waiting.grace)
    itself = {"id": waiting.slack.state.app.bot_user, "team_id": "T0LOCALDR"}
    answer = sent_as(waiting, waiting.grace, user=itself)
    assert "You may not reject waves of this drill." in answer["view"]["blocks"][0]["text"]["text"]
    assert waiting.drill.state is DrillState.RUNNING


def test_a_forged_submission_changes_nothing(waiting: Bot) -> None:
    rejecting(waiting, waiting.grace)
    assert waiting.grace.tampered(secret="guessed").submit({"words": "Not today."}).status == 401
    assert waiting.drill.state is DrillState.RUNNING


def test_a_submission_that_comes_a_second_time_is_told_in_words(waiting: Bot) -> None:
    waiting.grace.click(waiting.card(), "hold")
    first = waiting.grace.submit({"words": "Wait."})
    held = waiting.drill
    again = waiting.grace.replay(first)
    assert again.status == 200
    assert json.loads(again.answer.body)["errors"] == {"words": TWICE}
    assert waiting.drill == held
