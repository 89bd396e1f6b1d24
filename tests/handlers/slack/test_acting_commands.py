"""Commands that act: on the channel's only drill, or on the one that is named; refused like a click."""

from __future__ import annotations

import pytest

from bot.domain.drill import Drill
from bot.domain.states import DrillState, Outcome, WaveState
from infra.local.slack.client import Person
from tests.handlers.slack.bot import CHANNEL, LOBBY, Bot
from tests.unit.builders import a_plan

ACTING = ["hold", "resume", "retry", "skip", "abort", "cleanup"]
REASON = {"skip": " not needed now"}
"""What must be typed behind a command."""


def types(bot: Bot, somebody: Person, text: str, channel: str = CHANNEL) -> str:
    """What only they are answered."""
    before = len(bot.told(somebody))
    reply = somebody.command("/drs", text, channel=channel)
    assert (reply.status, reply.notice) == (200, None)
    return "\n".join(bot.told(somebody)[before:])


def failed(bot: Bot) -> None:
    """The servers of wave 1 could not be launched: the drill is on hold."""
    bot.started()
    bot.launched(fails=True)


def test_a_hold_is_asked_for_and_ended(bot: Bot) -> None:
    bot.started()
    told = types(bot, bot.grace, "hold The network team isn't here &amp; I wait.")
    assert told.startswith("Held: nothing more is launched until it is resumed.")
    assert "The thread in #dr-drills has it." in told
    assert bot.drill.hold
    assert bot.drill.hold.detail == "The network team isn't here & I wait."
    assert types(bot, bot.ada, "resume").startswith("Resumed: it goes on where it was.")
    assert bot.drill.state is DrillState.RUNNING


def test_a_hold_needs_no_reason(bot: Bot) -> None:
    bot.started()
    types(bot, bot.ada, "hold")
    assert bot.drill.state is DrillState.ON_HOLD


def test_a_reason_that_is_too_long_is_told_and_nothing_is_held(bot: Bot) -> None:
    bot.started()
    assert types(bot, bot.ada, f"hold {'why ' * 200}").startswith("Your reason has 799 characters")
    assert bot.drill.state is DrillState.RUNNING


def test_a_failed_wave_is_retried(bot: Bot) -> None:
    failed(bot)
    assert types(bot, bot.ada, "retry").startswith("Retried: the bot launches once more the servers that failed.")
    assert (bot.drill.state, bot.drill.wave(1).attempt) == (DrillState.RUNNING, 2)


@pytest.mark.parametrize("typed", ["skip Known fault, see 4711.", "skip payments-1 Known fault, see 4711."])
def test_a_wave_is_skipped_for_a_reason_that_is_kept(bot: Bot, typed: str) -> None:
    failed(bot)
    assert types(bot, bot.ada, typed).startswith("Skipped: it goes on without the rest of the wave.")
    assert bot.drill.wave(1).state is WaveState.SKIPPED
    assert bot.drill.holds[0].why == "Known fault, see 4711."


def test_a_skip_without_a_reason_that_says_something_is_refused(bot: Bot) -> None:
    failed(bot)
    assert types(bot, bot.ada, "skip payments-1 so what") == "Your reason needs at least 10 characters."
    assert bot.drill.state is DrillState.ON_HOLD


def test_a_retry_may_have_a_reason(bot: Bot) -> None:
    failed(bot)
    types(bot, bot.ada, "retry Capacity is back.")
    assert bot.drill.holds[0].why == "Capacity is back."


def test_an_abort_asks_back_and_the_button_does_it(bot: Bot) -> None:
    bot.started()
    told = types(bot, bot.grace, "abort")
    assert "Abort the drill of Payments in the recovery Region? Nothing is done yet." in told
    assert "This cannot be undone." in told
    assert not bot.drill.aborted_at
    asked = bot.slack.state.private.ephemerals(bot.grace.user.id)[-1]
    assert bot.grace.click(asked, "abort").status == 200
    assert bot.drill.state is DrillState.ABORTING


@pytest.mark.parametrize("typed", ["abort confirm", "abort payments-1 confirm"])
def test_an_abort_that_is_confirmed_is_done_at_once(bot: Bot, typed: str) -> None:
    bot.started()
    assert types(bot, bot.ada, typed).startswith("Aborted: nothing more is launched.")
    assert bot.drill.state is DrillState.ABORTING


@pytest.mark.parametrize("words", ["payments-1 confrim", "confirm payments-1", "payments-1 payments-1", "shop"])
def test_what_is_not_quite_a_confirmation_aborts_nothing(bot: Bot, words: str) -> None:
    bot.started()
    assert types(bot, bot.ada, f"abort {words}").startswith("There is no drill ")
    assert bot.drill.state is DrillState.RUNNING


def test_what_was_not_started_is_cancelled_at_once(bot: Bot) -> None:
    bot.ready()
    assert types(bot, bot.ada, "abort").startswith("Cancelled: it was not started, and nothing was launched.")
    assert bot.drill.outcome is Outcome.WITHDRAWN


@pytest.mark.parametrize("word", ["hold", "resume", "retry", "skip not needed now", "abort", "abort confirm"])
def test_a_stranger_is_refused_with_who_may(bot: Bot, word: str) -> None:
    failed(bot)
    if word == "hold":
        bot.ada.command("/drs", "retry", channel=CHANNEL)
    if word == "resume":
        bot.ada.command("/drs", "retry", channel=CHANNEL)
        bot.ada.command("/drs", "hold", channel=CHANNEL)
    before = bot.drill
    assert "These people may: @ada, @linus" in types(bot, bot.eve, word)
    assert bot.drill == before


def test_a_cleanup_goes_on_at_once_for_those_who_may(bot: Bot) -> None:
    bot.started()
    bot.launched()
    types(bot, bot.ada, "abort confirm")
    assert bot.drill.state is DrillState.CLEANING_UP
    assert "You may not clean up this drill. These people may: @ada" in types(bot, bot.eve, "cleanup")
    assert types(bot, bot.grace, "cleanup payments-1").startswith("What is left of its instances")
    assert bot.drill.cleanup
    assert bot.drill.cleanup.turn == 1


def test_a_cleanup_before_its_time_is_told_that_it_comes_by_itself(bot: Bot) -> None:
    bot.started()
    told = types(bot, bot.ada, "cleanup")
    assert told == "This does not apply now: the drill is running. It cleans up by itself once its waves have ended."


def test_a_refused_command_is_on_record_like_a_refused_click(bot: Bot) -> None:
    bot.started()
    types(bot, bot.eve, "abort confirm")
    (refusal,) = bot.store.refusals(bot.drill.id)
    assert (refusal.actor.user_id, refusal.action) == (bot.eve.user.id, "drill_aborted")


@pytest.mark.parametrize("word", ["resume", "retry", "skip not needed now"])
def test_what_does_not_apply_is_told_with_what_is_the_case(bot: Bot, word: str) -> None:
    bot.started()
    assert types(bot, bot.ada, word) == "This drill is not on hold."


def test_whoever_is_second_is_told_who_was_first(bot: Bot) -> None:
    failed(bot)
    types(bot, bot.linus, "retry")
    assert types(bot, bot.ada, "retry") == "This drill is not on hold."
    assert types(bot, bot.ada, "abort confirm")
    assert types(bot, bot.linus, "abort").startswith("This drill was aborted by @ada, ")


@pytest.mark.parametrize("word", ACTING)
def test_without_a_drill_under_way_it_says_so(bot: Bot, word: str) -> None:
    assert types(bot, bot.ada, word + REASON.get(word, "")) == (
        "No drill is under way, in this channel or elsewhere. /drs status shows it when one is."
    )


@pytest.mark.parametrize("word", ACTING)
def test_of_several_drills_their_ids_are_listed_with_what_to_type_for_each(bot: Bot, word: str) -> None:
    first, second = two_drills(bot)
    told = types(bot, bot.ada, word + REASON.get(word, ""))
    if word == "abort":
        assert told.startswith("Which of these 2 drills?")
        assert f"/drs abort {first.id}" in told
        assert f"/drs abort {second.id}" in told
    else:
        assert f"/drs {word} fits none of the 2 drills under way here just now:" in told
    assert [stored.drill for stored in bot.table.drills.values()] == [first, second]


def two_drills(bot: Bot) -> tuple[Drill, Drill]:
    bot.plans.by_name["shop"] = a_plan(name="shop")
    bot.ada.command("/drs", "drill payments", channel=CHANNEL)
    bot.ada.command("/drs", "drill shop", channel=CHANNEL)
    first, second = (stored.drill for stored in bot.table.drills.values())
    return first, second


def test_the_one_that_is_named_is_meant(bot: Bot) -> None:
    first, second = two_drills(bot)
    types(bot, bot.ada, f"abort {second.id.upper()}")
    assert bot.table.drills[second.id].drill.state is DrillState.ENDED
    assert bot.table.drills[first.id].drill == first


@pytest.mark.parametrize("word", ACTING)
def test_in_another_channel_those_under_way_are_listed_with_theirs(bot: Bot, word: str) -> None:
    bot.started()
    told = types(bot, bot.ada, word + REASON.get(word, ""), LOBBY)
    assert told.startswith("No drill is under way in this channel. In others:")
    assert "#dr-drills · payments-1" in told
    assert f"/drs {word} payments-1" in told
    assert "/drs status shows all that is under way." in told
    assert bot.drill.state is DrillState.RUNNING


def test_a_proposal_of_somebody_else_stands_in_nobodys_way(bot: Bot) -> None:
    bot.plans.by_name["shop"] = a_plan(name="shop")
    bot.started()
    bot.linus.command("/drs", "check shop", channel=CHANNEL)
    assert types(bot, bot.ada, "hold").startswith("Held: ")
    held = next(stored.drill for stored in bot.table.drills.values() if stored.drill.hold)
    assert held.plan.name == "payments"


def test_a_plans_name_is_never_a_reason_to_hold_another_plans_drill(bot: Bot) -> None:
    bot.plans.by_name["shop"] = a_plan(name="shop")
    bot.started()
    assert types(bot, bot.ada, "hold shop") == "No drill of shop is under way."
    assert bot.drill.state is DrillState.RUNNING
    types(bot, bot.ada, "hold payments the network team is late")
    assert bot.drill.hold
    assert bot.drill.hold.detail == "the network team is late"


def test_a_drill_is_started_and_its_waves_are_answered_by_commands(bot: Bot) -> None:
    bot.ready()
    assert types(bot, bot.ada, "start").startswith("Started: the recovery time counts from now.")
    bot.launched()
    assert types(bot, bot.grace, "reject payments The close still runs.").startswith("Rejected: the drill is on hold")
    assert bot.drill.hold
    assert bot.drill.hold.detail == "The close still runs."
    types(bot, bot.ada, "retry")
    assert types(bot, bot.ada, "approve").startswith("You may not approve waves of this drill.")
    assert types(bot, bot.grace, "breakglass Nobody else is awake.").startswith("You may not break glass")
    assert types(bot, bot.grace, "approve It is done now.").startswith("Approved.")
    (given,) = bot.drill.wave(2).rounds[-1].given
    assert given.comment == "It is done now."


def test_in_another_channel_a_drill_can_be_named(bot: Bot) -> None:
    bot.started()
    types(bot, bot.ada, "hold payments-1 wait for Grace", LOBBY)
    assert bot.drill.hold
    assert bot.drill.hold.detail == "wait for Grace"


def test_a_command_sent_a_second_time_is_not_done_again(bot: Bot) -> None:
    bot.started()
    first = bot.ada.command("/drs", "hold", channel=CHANNEL)
    held = bot.drill
    assert bot.ada.replay(first).status == 409
    assert bot.drill == held
