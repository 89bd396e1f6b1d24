"""Messages that somebody deleted in Slack, and those that can no longer be changed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.ports.slack import SlackError
from bot.application.ports.storage import StoreUnavailable
from tests.unit.application.board import Board
from tests.unit.application.faults import unavailable
from tests.unit.builders import CHANNEL

BUSY = SlackError("ratelimited", retry_after=timedelta(seconds=33))


@pytest.fixture
def board() -> Board:
    return Board()


def test_a_message_that_somebody_deleted_is_posted_again_when_it_changes(board: Board) -> None:
    drill_id = board.house.ready()
    board.drain(drill_id)
    board.slack.delete(CHANNEL, board.slack.posts[0].ts)
    board.texts["card"] = "card, once more"
    board.ask(drill_id, "card", "preflight", "started")
    board.drain(drill_id)
    assert board.shown == ["- preflight", "card, once more", "- started"]
    assert board.slack.posts[-1].thread_ts == board.slack.posts[1].ts


def test_a_reply_whose_thread_is_gone_comes_after_a_new_card_and_into_its_thread(board: Board) -> None:
    drill_id = with_card_deleted(board)
    board.drain(drill_id)
    assert board.shown == ["- preflight", "card", "- started", "- result"]
    _, card, *replies = board.slack.posts
    assert {post.thread_ts for post in replies} == {card.ts}
    assert board.house.messages.messages(drill_id)["card"].ts == card.ts
    assert board.waiting(drill_id) == []


@pytest.mark.parametrize("kept", [0, 1])
def test_a_notifier_that_dies_over_a_gone_thread_doubles_neither_card_nor_reply(board: Board, kept: int) -> None:
    drill_id = with_card_deleted(board)
    if kept:
        board.house.messages.before("keep", lambda: None)
    board.house.messages.fail("keep", unavailable())
    with pytest.raises(StoreUnavailable):
        board.drain(drill_id)
    board.drain(drill_id)
    assert board.shown == ["- preflight", "card", "- started", "- result"]


def test_a_card_that_cannot_be_drawn_any_more_does_not_keep_a_question_from_people(board: Board) -> None:
    drill_id = with_card_deleted(board)
    board.texts["card"] = ValueError("a card that cannot be drawn")
    board.drain(drill_id)
    assert board.shown == ["- preflight", "started", "result"]


def test_a_card_that_still_stands_is_not_posted_again_for_a_thread_that_slack_does_not_find(board: Board) -> None:
    drill_id = board.house.ready()
    board.drain(drill_id)
    board.ask(drill_id, "started")
    board.slack.fail(SlackError("thread_not_found", is_gone=True))
    board.drain(drill_id)
    assert board.shown == ["card", "- preflight", "- started"]


def with_card_deleted(board: Board) -> str:
    """A drill whose card somebody deleted, and nothing but replies to be posted."""
    drill_id = board.house.ready()
    board.drain(drill_id)
    board.slack.delete(CHANNEL, board.slack.posts[0].ts)
    board.ask(drill_id, "started", "result")
    return drill_id


def test_a_deleted_message_whose_second_posting_was_cut_short_is_not_doubled(board: Board) -> None:
    drill_id = board.house.ready()
    board.drain(drill_id)
    board.slack.delete(CHANNEL, board.slack.posts[0].ts)
    board.texts["card"] = "card, once more"
    board.ask(drill_id, "card")
    board.house.messages.fail("keep", unavailable())
    with pytest.raises(StoreUnavailable):
        board.drain(drill_id)
    board.drain(drill_id)
    assert board.shown == ["- preflight", "card, once more"]


def test_an_update_that_slack_refuses_is_tried_again(board: Board) -> None:
    drill_id = board.house.ready()
    board.drain(drill_id)
    board.texts["card"] = "card, changed"
    board.ask(drill_id, "card")
    board.slack.fail(BUSY)
    board.drain(drill_id)
    assert board.shown == ["card", "- preflight"]
    board.wait_and_drain(drill_id)
    assert board.shown == ["card, changed", "- preflight"]
