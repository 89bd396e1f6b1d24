"""Forms for what is done to a drill: opened by a click, filled in, submitted; and each way in which that goes wrong."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.application.ports.storage import Change, StoredDrill
from bot.domain.errors import ConcurrentUpdate
from bot.domain.states import DrillState, WaveState
from bot.domain.written import LONGEST
from bot.slack.modals.opening import NO_ANSWER, TIMEOUT, TOO_LATE
from bot.views.action_ids import MORE
from bot.views.replies import BUSY, TWICE
from infra.local.slack.client import Person, Reply
from infra.local.slack.faults import Outage
from infra.local.slack.interactive import NotPossible
from infra.local.slack.payloads import interaction_body, view_submission
from infra.local.slack.records import Message
from tests.fakes.store import MemoryStore
from tests.handlers.slack.bot import Bot
from tests.unit.builders import EVE, a_plan

REQUEST = "approval/2/1"


class BrokenStore(MemoryStore):
    """Reads, but saves nothing."""

    def save(self, change: Change) -> StoredDrill:
        raise TimeoutError(f"the table did not answer about {change.after.id}")


class CrowdedStore(MemoryStore):
    """Reads, but every save has lost its race."""

    def save(self, change: Change) -> StoredDrill:
        raise ConcurrentUpdate(f"{change.after.id} has moved on")


@pytest.fixture
def waiting(bot: Bot) -> Bot:
    """A drill that waits for the approval of wave 2."""
    bot.started()
    bot.launched()
    bot.message(REQUEST)
    return bot


def menu_value(message: Message, label: str) -> str:
    """What the option of a message's menu carries."""
    (menu,) = [
        element
        for block in message.content.blocks
        for element in block.get("elements", ())
        if element["type"] == "overflow"
    ]
    return str(next(option["value"] for option in menu["options"] if option["text"]["text"] == label))


def approving(bot: Bot, who: Person) -> Reply:
    """Choose to approve with a comment."""
    request = bot.message(REQUEST)
    return who.click(request, MORE, menu_value(request, "Approve with a comment…"))


def rejecting(bot: Bot, who: Person) -> Reply:
    """Click Reject."""
    return who.click(bot.message(REQUEST), "reject")


def breaking(bot: Bot, who: Person) -> Reply:
    """Choose to break glass."""
    request = bot.message(REQUEST)
    return who.click(request, MORE, menu_value(request, "Break glass…"))


def assert_done(reply: Reply) -> None:
    assert (reply.status, reply.notice) == (200, None)


def test_a_wave_is_rejected_with_a_comment(waiting: Bot) -> None:
    assert_done(rejecting(waiting, waiting.grace))
    assert waiting.form(waiting.grace)["title"]["text"] == "Reject wave 2"
    assert_done(waiting.grace.submit({"words": "The month-end close still runs."}))
    assert waiting.slack.state.views.stack(waiting.grace.user.id) == []
    (asked,) = waiting.drill.wave(2).rounds
    assert asked.rejected
    assert (asked.rejected.by.user_id, asked.rejected.comment) == (
        waiting.grace.user.id,
        "The month-end close still runs.",
    )
    assert waiting.drill.state is DrillState.ON_HOLD


@pytest.mark.parametrize("words", ["Change 4711 is closed.", ""])
def test_a_wave_is_approved_with_a_comment_or_without_one_after_all(waiting: Bot, words: str) -> None:
    assert_done(approving(waiting, waiting.grace))
    assert_done(waiting.grace.submit({"words": words}))
    (given,) = waiting.drill.wave(2).rounds[0].given
    assert (given.by.user_id, given.comment) == (waiting.grace.user.id, words or None)
    assert waiting.drill.wave(2).state is WaveState.LAUNCHING


@pytest.mark.parametrize("words", ["The network team is late.", ""])
def test_a_drill_is_held_with_a_reason_or_without_one(waiting: Bot, words: str) -> None:
    assert_done(waiting.grace.click(waiting.card(), "hold"))
    assert waiting.drill.state is DrillState.RUNNING, "nothing has happened so far"
    assert_done(waiting.grace.submit({"words": words}))
    assert waiting.drill.hold
    assert waiting.drill.hold.detail == words


@pytest.fixture
def glassy(bot: Bot) -> Bot:
    """A drill that waits for the approval of wave 2, by a plan that lets Eve break glass."""
    plan = a_plan()
    access = plan.access.model_copy(update={"break_glass": (EVE.user_id,)})
    bot.plans.by_name["payments"] = plan.model_copy(update={"access": access})
    bot.started()
    bot.launched()
    return bot


def test_glass_is_broken_for_a_reason(glassy: Bot) -> None:
    assert_done(breaking(glassy, glassy.eve))
    assert "This passes over the approvers." in glassy.reads(glassy.eve)
    assert_done(glassy.eve.submit({"words": "The region is going down."}))
    (asked,) = glassy.drill.wave(2).rounds
    assert asked.broken
    assert (asked.broken.by.user_id, asked.broken.reason) == (EVE.user_id, "The region is going down.")
    assert glassy.drill.wave(2).state is WaveState.LAUNCHING


def test_nine_characters_are_no_reason_to_break_glass(glassy: Bot) -> None:
    breaking(glassy, glassy.eve)
    with pytest.raises(NotPossible):
        glassy.eve.submit({"words": "It burns."})
    assert_done(glassy.eve.submit({"words": "   It burns.   "}))
    assert glassy.errors(glassy.eve) == {"words": "Your reason needs at least 10 characters."}
    assert not glassy.drill.wave(2).rounds[0].broken


def test_an_approver_may_not_break_glass(glassy: Bot) -> None:
    assert_done(breaking(glassy, glassy.grace))
    assert glassy.told(glassy.grace) == ["You may not break glass in this drill. These people may: @eve."]


def test_no_glass_can_be_broken_where_the_plan_names_nobody_for_it(waiting: Bot) -> None:
    with pytest.raises(StopIteration):
        breaking(waiting, waiting.grace)


def test_a_form_that_is_closed_changes_nothing_and_the_bot_hears_nothing(waiting: Bot) -> None:
    before = waiting.drill
    rejecting(waiting, waiting.grace)
    assert waiting.grace.dismiss() == []
    assert waiting.drill == before


def test_a_form_says_what_it_would_do(waiting: Bot) -> None:
    rejecting(waiting, waiting.grace)
    told = waiting.reads(waiting.grace)
    assert "Nothing of wave 2 of 3 (Application) is launched." in told
    assert "on hold until @ada or @linus" in told
    approving(waiting, waiting.grace)
    assert "2 servers are launched as drill instances: " in waiting.reads(waiting.grace)


def test_a_click_that_opens_a_form_leads_to_that_one_call_of_slack(waiting: Bot) -> None:
    waiting.card()
    before = len(waiting.slack.calls())
    rejecting(waiting, waiting.grace)
    waiting.grace.submit({"words": "Not today."})
    assert [call.method for call in waiting.slack.calls()[before:]] == ["views.open"]


@pytest.mark.parametrize("place", ["reject", "approve"])
def test_the_home_opens_the_same_forms(waiting: Bot, place: str) -> None:
    waiting.grace.open_home()
    waiting.settle()
    if place == "reject":
        assert_done(waiting.grace.click_in_view("reject", in_home=True))
    else:
        value = menu_value(waiting.message(REQUEST), "Approve with a comment…")
        assert_done(waiting.grace.click_in_view(MORE, value, in_home=True))
    assert waiting.form(waiting.grace)["callback_id"] == place
    assert_done(waiting.grace.submit({"words": "From the Home."}))
    (asked,) = waiting.drill.wave(2).rounds
    assert asked.closed_at


# ---------------------------------------------------------------------- who is refused, before they write anything


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
    assert "That was not done\nAlready approved by @linus at " in waiting.reads(waiting.grace)
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
        "words": "This button belongs to an earlier request for approval. Use the newest message."
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


def sent_as(bot: Bot, who: Person, view: Mapping[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """What the bot answers to a submission that differs from what Slack would send; signed as Slack signs."""
    shown = bot.slack.state.views.on_top(who.user.id)
    assert shown
    payload = view_submission(bot.slack.state, who.user, shown, written("Not today."))
    payload = {**payload, **changes, "view": {**payload["view"], **(view or {})}}
    reply = who.tampered(body=interaction_body(payload)).submit({"words": "not sent"})
    assert reply.status == 200
    found: dict[str, Any] = json.loads(reply.answer.body)
    return found


def written(words: str) -> dict[str, Any]:
    return {"words": {"words": {"type": "plain_text_input", "value": words}}}


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
        ({"team": {"id": "T0ELSEWHERE"}, "user": {"id": "U0GRACE"}}, "Only members of the workspace in which the bot"),
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


# ---------------------------------------------------------------------- when something breaks


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
