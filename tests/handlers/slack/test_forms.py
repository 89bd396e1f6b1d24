"""Forms for what is done to a drill: opened by a click, filled in, submitted."""

from __future__ import annotations

import pytest

from bot.domain.states import DrillState, WaveState
from bot.views.action_ids import MORE
from infra.local.slack.interactive import NotPossible
from tests.handlers.slack.bot import Bot
from tests.handlers.slack.forms import REQUEST, approving, assert_done, breaking, menu_value, rejecting
from tests.unit.builders import EVE, a_plan


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
    assert "on hold until an operator asks for approval again, skips the wave or aborts." in told
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
