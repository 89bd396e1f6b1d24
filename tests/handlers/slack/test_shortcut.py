"""The shortcut in a message's menu: it offers, in a thread too, all that one can do to the drill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.events import JobStarted
from bot.domain.states import DrillState, Outcome, WaveState
from bot.slack.modals.opening import TOO_LATE
from bot.views.action_ids import CHOOSE, DRILL_ACTIONS
from infra.local.slack.client import Person, Reply
from infra.local.slack.payloads import interaction_body, message_shortcut
from infra.local.slack.records import Message
from tests.handlers.slack.bot import CHANNEL, Bot
from tests.unit.builders import job_id


@pytest.fixture
def waiting(bot: Bot) -> Bot:
    """A drill that waits for the approval of wave 2."""
    bot.started()
    bot.launched()
    return bot


def use(who: Person, message: Message) -> Reply:
    reply = who.message_shortcut(message, DRILL_ACTIONS)
    assert (reply.status, reply.notice) == (200, None)
    return reply


def offered(bot: Bot, who: Person) -> dict[str, str]:
    """What the form offers: what each option is called, and its value."""
    inputs = [block for block in bot.form(who)["blocks"] if block["type"] == "input"]
    return {option["text"]["text"]: option["value"] for block in inputs for option in block["element"]["options"]}


def choose(bot: Bot, who: Person, label: str) -> Reply:
    reply = who.submit({"choice": offered(bot, who)[label]})
    assert (reply.status, reply.notice) == (200, None)
    return reply


def submit(who: Person, filled: dict[str, Any] | None = None) -> None:
    reply = who.submit(filled)
    assert (reply.status, reply.notice) == (200, None)


def test_the_card_offers_what_is_possible_to_whoever_may(waiting: Bot) -> None:
    use(waiting.grace, waiting.card())
    assert list(offered(waiting, waiting.grace)) == ["Approve wave 2", "Reject wave 2", "Hold", "Abort drill"]
    use(waiting.ada, waiting.card())
    assert list(offered(waiting, waiting.ada)) == ["Hold", "Abort drill"]
    told = waiting.reads(waiting.ada)
    assert "Waiting for approval of wave 2 of 3 (Application)" in told
    assert "Not for you: • You may not approve waves of this drill. These people may: @grace" in told


@pytest.mark.parametrize("by", ["bot", "person"])
def test_every_message_of_the_thread_does_the_same(waiting: Bot, by: str) -> None:
    card = waiting.card()
    message = (
        waiting.message("started")
        if by == "bot"
        else waiting.linus.say("Shall we?", channel=CHANNEL, thread_ts=card.ts)
    )
    assert message.thread_ts == card.ts
    use(waiting.grace, message)
    assert "Approve wave 2" in offered(waiting, waiting.grace)


def test_whoever_may_nothing_reads_who_may(waiting: Bot) -> None:
    use(waiting.eve, waiting.card())
    assert "submit" not in waiting.form(waiting.eve)
    assert waiting.reads(waiting.eve).count("• You may not") == 4


def test_what_needs_words_is_asked_for_on_top_and_then_all_closes(waiting: Bot) -> None:
    use(waiting.grace, waiting.card())
    choose(waiting, waiting.grace, "Reject wave 2")
    assert [view.definition["callback_id"] for view in waiting.slack.state.views.stack(waiting.grace.user.id)] == [
        CHOOSE,
        "reject",
    ]
    submit(waiting.grace, {"words": "Not today."})
    assert waiting.slack.state.views.stack(waiting.grace.user.id) == []
    assert waiting.drill.state is DrillState.ON_HOLD


def test_all_of_it_takes_one_call_of_slack(waiting: Bot) -> None:
    card, before = waiting.card(), len(waiting.slack.calls())
    use(waiting.grace, card)
    choose(waiting, waiting.grace, "Approve wave 2")
    submit(waiting.grace, {"words": ""})
    assert [call.method for call in waiting.slack.calls()[before:]] == ["views.open"]
    assert waiting.drill.wave(2).state is WaveState.LAUNCHING


def test_what_cannot_be_undone_is_asked_about_first(waiting: Bot) -> None:
    use(waiting.grace, waiting.card())
    choose(waiting, waiting.grace, "Abort drill")
    assert waiting.reads(waiting.grace).startswith("Abort this drill?\n")
    assert "This cannot be undone." in waiting.reads(waiting.grace)
    assert waiting.drill.state is DrillState.RUNNING
    submit(waiting.grace)
    assert waiting.drill.outcome is Outcome.ABORTED


@pytest.mark.parametrize(
    ("label", "outcome"), [("Start drill", None), ("Cancel drill", Outcome.WITHDRAWN)], ids=["start", "withdraw"]
)
def test_before_the_start_it_offers_to_start_or_cancel(bot: Bot, label: str, outcome: Outcome | None) -> None:
    bot.ready()
    use(bot.linus, bot.card())
    assert list(offered(bot, bot.linus)) == ["Start drill", "Cancel drill"]
    choose(bot, bot.linus, label)
    submit(bot.linus)
    assert bot.drill.outcome is outcome


@pytest.mark.parametrize(("label", "words"), [("Retry", {}), ("Skip wave", {"words": "Not needed now."})])
def test_a_hold_is_decided_by_it(bot: Bot, label: str, words: dict[str, str]) -> None:
    bot.started()
    bot.launched(fails=True)
    use(bot.linus, bot.message("hold/1"))
    choose(bot, bot.linus, label)
    submit(bot.linus, words)
    assert bot.drill.hold is None


def test_a_drill_is_held_and_resumed_by_it(waiting: Bot) -> None:
    use(waiting.grace, waiting.card())
    choose(waiting, waiting.grace, "Hold")
    submit(waiting.grace, {"words": "Lunch."})
    use(waiting.linus, waiting.card())
    choose(waiting, waiting.linus, "Resume")
    submit(waiting.linus)
    assert waiting.drill.state is DrillState.RUNNING


def test_what_cannot_be_done_any_more_is_said_and_the_choice_stays(waiting: Bot) -> None:
    use(waiting.grace, waiting.card())
    waiting.linus.click(waiting.message("approval/2/1"), "approve")
    choose(waiting, waiting.grace, "Reject wave 2")
    assert "That was not done\nAlready approved by @linus" in waiting.reads(waiting.grace)
    waiting.grace.dismiss()
    assert waiting.form(waiting.grace)["callback_id"] == CHOOSE


def test_a_form_without_inputs_says_on_top_why_it_was_refused(waiting: Bot) -> None:
    for who in (waiting.grace, waiting.linus):
        use(who, waiting.card())
        choose(waiting, who, "Abort drill")
    submit(waiting.linus)
    submit(waiting.grace)
    assert "That was not done\nThis drill was aborted by @linus" in waiting.reads(waiting.grace)


def test_a_choice_that_is_none_of_ours_is_refused_at_the_input(waiting: Bot) -> None:
    use(waiting.grace, waiting.card())
    view = waiting.slack.state.views.on_top(waiting.grace.user.id)
    assert view
    (option, *_rest) = view.definition["blocks"][1]["element"]["options"]
    option["value"] = "launch"
    submit(waiting.grace, {"choice": "launch"})
    assert waiting.errors(waiting.grace) == {
        "choice": "This button is of no use any more. Use the newest message of the drill."
    }


def test_a_message_of_no_drill_gets_those_of_its_channel(waiting: Bot) -> None:
    other = waiting.eve.say("Lunch?", channel=CHANNEL)
    use(waiting.grace, other)
    told = waiting.reads(waiting.grace)
    assert "This message belongs to no drill under way, nor to the last one of a plan" in told
    assert "Payments in the recovery Region: Waiting for approval of wave 2 of 3 (Application) · payments-1" in told


def test_and_where_there_is_none_it_says_so(bot: Bot) -> None:
    use(bot.grace, bot.eve.say("Lunch?", channel=CHANNEL))
    assert "There is none in this channel." in bot.reads(bot.grace)


def test_the_card_of_a_drill_that_was_never_started_and_has_ended_offers_nothing(bot: Bot) -> None:
    bot.ready()
    bot.ada.click(bot.card(), "withdraw")
    use(bot.ada, bot.card())
    assert "This message belongs to no drill under way, nor to the last one of a plan" in bot.reads(bot.ada)


def test_a_cleanup_can_be_wanted_sooner(waiting: Bot) -> None:
    waiting.grace.click(waiting.card(), "abort")
    assert waiting.drill.state is DrillState.CLEANING_UP
    use(waiting.grace, waiting.card())
    choose(waiting, waiting.grace, "Clean up now")
    submit(waiting.grace)
    assert waiting.drill.cleanup
    assert waiting.drill.cleanup.turn == 1


def test_while_an_aborted_drill_waits_for_its_jobs_nobody_can_do_anything(bot: Bot) -> None:
    bot.started()
    (launch,) = bot.drill.launches
    bot.happens(JobStarted(key=launch.key, job_id=job_id(launch.key)))
    bot.ada.click(bot.card(), "abort")
    assert bot.drill.state is DrillState.ABORTING
    use(bot.ada, bot.card())
    assert "There is nothing that anybody has to do or can do now." in bot.reads(bot.ada)


# ---------------------------------------------------------------------- good for nothing


def forged(bot: Bot, who: Person, message: Message, changes: Mapping[str, Any]) -> None:
    """A shortcut that differs from what Slack would send; signed as Slack signs."""
    payload = message_shortcut(bot.slack.state, who.user, message, DRILL_ACTIONS, "")
    url = bot.slack.state.passes.response_url(who.user.id, message.channel, message.ts, ephemeral=False)
    payload = {**payload, "response_url": f"{bot.slack.url}/app/T0LOCALDR/{url}", **changes}
    reply = who.tampered(body=interaction_body(payload)).message_shortcut(message, DRILL_ACTIONS)
    assert reply.status == 200
    assert bot.slack.state.views.stack(who.user.id) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"callback_id": "launch"}, "The bot does not know this shortcut any more."),
        ({"user": {"id": "U0GRACE", "team_id": "T0ELSEWHERE"}}, "Only members of this workspace can take part"),
        ({"channel": None}, "The bot does not understand what Slack sent."),
        ({"message": {}}, "The bot does not understand what Slack sent."),
        ({"type": "shortcut", "message": None}, "The bot does not understand what Slack sent."),
    ],
)
def test_what_is_no_shortcut_of_ours_is_answered_in_words(waiting: Bot, changes: dict[str, Any], told: str) -> None:
    forged(waiting, waiting.grace, waiting.card(), changes)
    assert waiting.told(waiting.grace)[-1].startswith(told)


def test_an_app_of_one_workspace_takes_no_other(waiting: Bot) -> None:
    card = waiting.card()
    waiting.app = waiting.build_app(waiting.store, team_id="T0ELSEWHERE")
    use(waiting.grace, card)
    assert waiting.slack.state.views.stack(waiting.grace.user.id) == []
    assert waiting.told(waiting.grace)[-1].startswith("Only members of the workspace in which the bot is installed")


def test_a_form_that_was_not_opened_is_told_in_the_same_thread(waiting: Bot) -> None:
    message = waiting.message("started")
    waiting.slack.faults.fail("views.open", "expired_trigger_id")
    use(waiting.grace, message)
    assert waiting.told(waiting.grace) == [TOO_LATE]
    (shown,) = waiting.slack.state.private.ephemerals(waiting.grace.user.id)
    assert shown.thread_ts == message.thread_ts
