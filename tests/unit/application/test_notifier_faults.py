"""The notifier beyond one message: bugs in views, drills that cannot be read, two notifiers at once."""

from __future__ import annotations

import logging

import pytest

from bot.application.lanes import LEASE
from bot.application.ports.storage import StoreUnavailable
from bot.application.ports.work import WorkItem
from bot.domain.approval import Action
from bot.domain.commands import CleanUp, Lane
from tests.unit.application.board import Board
from tests.unit.application.faults import unavailable
from tests.unit.application.house import plenty


@pytest.fixture
def board() -> Board:
    return Board()


# ---------------------------------------------------------------------- bugs


def test_a_topic_that_cannot_be_drawn_does_not_hold_up_the_others(
    board: Board, caplog: pytest.LogCaptureFixture
) -> None:
    board.texts["card"] = ZeroDivisionError("a bug in a view")
    drill_id = board.house.launched()
    board.drain(drill_id)
    assert board.shown == ["preflight", "started", "wave/1/1"]
    assert board.waiting(drill_id) == []
    assert "ZeroDivisionError" in caplog.text
    board.texts["card"] = "card, mended"
    board.ask(drill_id, "card")
    board.drain(drill_id)
    assert board.shown[-1] == "card, mended"


def test_a_drill_that_cannot_be_drawn_does_not_hold_up_another(board: Board) -> None:
    house = board.house
    one = house.proposed()
    house.do(one, Action.WITHDRAW)
    two = house.proposed()
    house.store.fail("load", ValueError("an item that nobody understands"))
    board.drain(one)
    board.drain(two)
    assert [post.message.key for post in board.slack.posts] == [f"{two}/card"]
    assert set(board.waiting(one)) == {"card"}


def test_without_the_table_the_record_fails(board: Board) -> None:
    drill_id = board.house.ready()
    board.house.store.fail("load", unavailable())
    with pytest.raises(StoreUnavailable):
        board.drain(drill_id)
    board.drain(drill_id)
    assert board.shown == ["card", "- preflight"]


def test_the_executors_work_is_refused_loudly(board: Board) -> None:
    drill_id = board.house.ready()
    board.drain(drill_id)
    misplaced = WorkItem(drill_id, Lane.SLACK, "9", CleanUp(), board.house.clock())
    board.house.table.work[drill_id, Lane.SLACK, "9"] = misplaced
    with pytest.raises(TypeError, match="clean_up is the executor's work"):
        board.drain(drill_id)


# ---------------------------------------------------------------------- two at once


def test_two_notifiers_at_one_lane_post_once_however_fast_world_time_runs(board: Board) -> None:
    drill_id = board.house.ready()
    other = board.another_notifier("notifier-2")

    def wake_the_other() -> None:
        board.house.clock.advance(10 * LEASE)
        other.drain(drill_id, plenty())

    board.house.outbox.before("postpone", wake_the_other)  # right before the first one notes that it begins to post
    board.drain(drill_id)
    assert board.shown == ["card", "- preflight"]


def test_what_somebody_else_has_drawn_meanwhile_is_let_be(board: Board, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="bot")
    drill_id = board.house.ready()
    board.drain(drill_id)
    board.texts["card"] = "card, changed"
    board.ask(drill_id, "card")
    (item,) = board.house.work(drill_id, Lane.SLACK)
    board.house.messages.before("keep", lambda: board.house.outbox.done(item))
    board.drain(drill_id)
    assert "somebody else has drawn this" in caplog.text
    assert board.waiting(drill_id) == []
