"""What every `Channel` does: the adapter to Slack's Web API, and the fake that stands for it in other tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.application.ports.slack import Message, SlackError
from tests.contract.slack.rigs import CHANNEL, Rig

HOUR_AGO = datetime.now(UTC) - timedelta(hours=1)
BLOCKS = '[{"type":"section","block_id":"now","text":{"type":"mrkdwn","text":"*Running*"}}]'


def a_message(key: str = "payments-1:card", text: str = "Running.") -> Message:
    return Message(key=key, text=text, blocks=BLOCKS)


def test_what_is_posted_stands_in_the_channel(rig: Rig) -> None:
    rig.channel.post(CHANNEL, a_message(), None)
    assert rig.shown() == [("Running.", None)]


def test_a_reply_stands_in_its_thread(rig: Rig) -> None:
    card = rig.channel.post(CHANNEL, a_message(), None)
    rig.channel.post(CHANNEL, a_message("payments-1:started", "Started."), card)
    assert rig.shown() == [("Running.", None), ("Started.", card)]


def test_an_update_replaces_what_is_shown(rig: Rig) -> None:
    ts = rig.channel.post(CHANNEL, a_message(), None)
    rig.channel.update(CHANNEL, ts, a_message(text="Passed."))
    assert rig.shown() == [("Passed.", None)]


def test_posting_twice_shows_it_twice(rig: Rig) -> None:
    first = rig.channel.post(CHANNEL, a_message(), None)
    assert rig.channel.post(CHANNEL, a_message(), None) != first
    assert len(rig.shown()) == 2


@pytest.mark.parametrize("in_thread", [False, True])
def test_a_message_is_found_by_its_key(rig: Rig, in_thread: bool) -> None:  # noqa: FBT001 - a parameter
    root = rig.channel.post(CHANNEL, a_message("payments-0:card"), None) if in_thread else None
    rig.channel.post(CHANNEL, a_message("payments-1:started"), root)
    wanted = rig.channel.post(CHANNEL, a_message("payments-1:wave/1/1"), root)
    rig.channel.post(CHANNEL, a_message("payments-1:wave/1/10"), root)
    assert rig.channel.find(CHANNEL, "payments-1:wave/1/1", root, HOUR_AGO) == wanted
    assert rig.channel.find(CHANNEL, "payments-1:result", root, HOUR_AGO) is None


@pytest.mark.parametrize("in_thread", [False, True])
def test_it_is_found_behind_any_number_of_others(rig: Rig, in_thread: bool) -> None:  # noqa: FBT001 - a parameter
    root = rig.channel.post(CHANNEL, a_message("payments-0:card"), None) if in_thread else None
    rig.chatter(205, root)
    wanted = rig.channel.post(CHANNEL, a_message(), root)
    rig.chatter(205, root)
    assert rig.channel.find(CHANNEL, "payments-1:card", root, HOUR_AGO) == wanted


def test_an_updated_message_is_found_as_before(rig: Rig) -> None:
    ts = rig.channel.post(CHANNEL, a_message(), None)
    rig.channel.update(CHANNEL, ts, a_message(text="Passed."))
    assert rig.channel.find(CHANNEL, "payments-1:card", None, HOUR_AGO) == ts


def test_a_message_of_the_channel_is_not_looked_for_in_a_thread_nor_the_other_way(rig: Rig) -> None:
    card = rig.channel.post(CHANNEL, a_message(), None)
    rig.channel.post(CHANNEL, a_message("payments-1:started"), card)
    assert rig.channel.find(CHANNEL, "payments-1:started", None, HOUR_AGO) is None


def test_what_is_older_than_asked_for_is_not_found(rig: Rig) -> None:
    rig.channel.post(CHANNEL, a_message(), None)
    assert rig.channel.find(CHANNEL, "payments-1:card", None, datetime.now(UTC) + timedelta(hours=1)) is None


def test_a_post_whose_answer_was_lost_is_unclear_and_can_be_found(rig: Rig) -> None:
    rig.lose_next_answer()
    with pytest.raises(SlackError) as lost:
        rig.channel.post(CHANNEL, a_message(), None)
    assert lost.value.is_unclear
    assert len(rig.shown()) == 1, "nothing was sent a second time"
    assert rig.channel.find(CHANNEL, "payments-1:card", None, HOUR_AGO)


def test_too_many_calls_are_told_how_long_to_wait(rig: Rig) -> None:
    rig.limit_next_call(7)
    with pytest.raises(SlackError) as limited:
        rig.channel.post(CHANNEL, a_message(), None)
    assert limited.value.retry_after == timedelta(seconds=7)
    assert not limited.value.is_unclear
    assert rig.shown() == []
    rig.channel.post(CHANNEL, a_message(), None)


def test_a_slack_that_does_not_answer_leaves_it_unclear(rig: Rig) -> None:
    rig.go_down()
    with pytest.raises(SlackError) as down:
        rig.channel.post(CHANNEL, a_message(), None)
    assert down.value.is_unclear
    assert not down.value.is_gone


def test_a_deleted_message_is_gone(rig: Rig) -> None:
    ts = rig.channel.post(CHANNEL, a_message(), None)
    rig.delete(ts)
    with pytest.raises(SlackError) as gone:
        rig.channel.update(CHANNEL, ts, a_message())
    assert gone.value.is_gone
    assert not gone.value.is_unclear


def test_an_unknown_channel_is_gone(rig: Rig) -> None:
    with pytest.raises(SlackError) as posting:
        rig.channel.post("C0NOWHERE", a_message(), None)
    with pytest.raises(SlackError) as updating:
        rig.channel.update("C0NOWHERE", "1.0", a_message())
    with pytest.raises(SlackError) as looking:
        rig.channel.find("C0NOWHERE", "payments-1:card", None, HOUR_AGO)
    assert all(gone.value.is_gone for gone in (posting, updating, looking))


def test_the_thread_of_a_deleted_card_is_gone(rig: Rig) -> None:
    ts = rig.channel.post(CHANNEL, a_message(), None)
    rig.delete(ts)
    with pytest.raises(SlackError) as looking:
        rig.channel.find(CHANNEL, "payments-1:started", ts, HOUR_AGO)
    with pytest.raises(SlackError) as posting:
        rig.channel.post(CHANNEL, a_message("payments-1:started"), ts)
    assert all(gone.value.is_gone for gone in (looking, posting))
    assert rig.shown() == []
