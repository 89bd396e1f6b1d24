"""Forms when something breaks: the bot, its table, or Slack."""

from __future__ import annotations

import logging
import re

import pytest

from bot.domain.states import DrillState
from bot.slack.modals.opening import (
    NO_ANSWER,
    NO_TRIGGER,
    TIMEOUT,
    TOO_LATE,
    FormNotOpened,
    open_form,
    web_client,
)
from bot.views.replies import BUSY
from infra.local.slack.faults import Outage
from tests.handlers.slack.bot import Bot
from tests.handlers.slack.forms import REQUEST, assert_done, rejecting
from tests.handlers.slack.stores import BrokenStore, CrowdedStore


def test_a_lost_race_is_told_at_the_input_and_nothing_written_is_lost(waiting: Bot) -> None:
    rejecting(waiting, waiting.grace)
    waiting.app = waiting.build_app(CrowdedStore(waiting.table))
    assert_done(waiting.grace.submit({"words": "Not today."}))
    assert waiting.errors(waiting.grace) == {"words": BUSY}
    waiting.app = waiting.build_app(waiting.store)
    assert_done(waiting.grace.submit({"words": "Not today."}))
    assert waiting.drill.state is DrillState.ON_HOLD


def test_what_breaks_is_told_in_the_form_with_the_reference_of_the_log(
    waiting: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    rejecting(waiting, waiting.grace)
    waiting.app = waiting.build_app(BrokenStore(waiting.table))
    assert_done(waiting.grace.submit({"words": "Not today."}))
    told = waiting.reads(waiting.grace)
    assert told.startswith("Something went wrong\n")
    found = re.search(r"under the reference ([0-9a-f]{8})\.", told)
    assert found
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert getattr(record, "reference", None) == found[1]
    assert record.exc_info


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("expired_trigger_id", TOO_LATE),
        ("exchanged_trigger_id", TOO_LATE),
        ("invalid_trigger_id", TOO_LATE),
        ("internal_error", NO_ANSWER),
        ("invalid_auth", NO_ANSWER),
    ],
)
def test_a_form_that_slack_does_not_open_is_told_to_the_person_alone(
    waiting: Bot, caplog: pytest.LogCaptureFixture, error: str, told: str
) -> None:
    waiting.message(REQUEST)
    waiting.slack.faults.fail("views.open", error)
    assert_done(rejecting(waiting, waiting.grace))
    assert waiting.told(waiting.grace) == [told]
    assert [getattr(each, "error", "") for each in caplog.records if each.message == "a form was not opened"] == [error]
    assert_done(rejecting(waiting, waiting.grace))
    assert waiting.form(waiting.grace)["callback_id"] == "reject"


def test_a_click_without_a_trigger_is_not_told_of_three_seconds() -> None:
    for sent in ({}, {"trigger_id": None}, {"trigger_id": ""}, {"trigger_id": 5}):
        with pytest.raises(FormNotOpened) as told:
            open_form(web_client("http://127.0.0.1:9/"), sent, {})
        assert str(told.value) == NO_TRIGGER


def test_a_form_that_slack_limits_is_told_too_and_not_tried_again(waiting: Bot) -> None:
    waiting.slack.faults.rate_limit("views.open", retry_after=30)
    assert_done(rejecting(waiting, waiting.grace))
    assert waiting.told(waiting.grace) == [NO_ANSWER]
    assert len(waiting.slack.calls("views.open")) == 1


def test_a_form_that_slack_would_never_take_is_the_bots_own_mistake(
    waiting: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    waiting.slack.faults.fail("views.open", "invalid_arguments")
    assert_done(rejecting(waiting, waiting.grace))
    assert "Something went wrong inside the bot." in waiting.told(waiting.grace)[0]
    assert [record.levelname for record in caplog.records if record.levelno == logging.ERROR] == ["ERROR"]


@pytest.mark.parametrize("how", list(Outage))
def test_while_slack_is_down_nobody_waits_and_nothing_is_tried_twice(waiting: Bot, how: Outage) -> None:
    request = waiting.message(REQUEST)
    waiting.slack.faults.down(how=how)
    reply = waiting.grace.click(request, "reject")
    waiting.slack.faults.down(on=False)
    assert reply.status == 200
    assert reply.answer.seconds < TIMEOUT + 1
    assert waiting.slack.state.views.stack(waiting.grace.user.id) == []


def test_what_cannot_be_opened_from_the_home_is_told_on_the_home(waiting: Bot) -> None:
    waiting.grace.open_home()
    waiting.settle()
    waiting.slack.faults.fail("views.open", "expired_trigger_id")
    assert_done(waiting.grace.click_in_view("reject", in_home=True))
    assert waiting.table.viewers[waiting.grace.user.id].notice == TOO_LATE
