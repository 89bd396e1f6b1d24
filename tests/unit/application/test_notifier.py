"""Slack is a view: each topic is posted once, kept up to date in place, and read from top to bottom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.notifier import TRIES
from bot.application.ports.slack import Background, SlackError
from bot.application.ports.storage import StoreUnavailable
from bot.domain.approval import Action
from bot.domain.commands import Lane
from bot.domain.results import DrillResult, PlanRecord, result_of
from tests.unit.application.board import Board
from tests.unit.application.faults import unavailable
from tests.unit.application.house import plenty
from tests.unit.builders import CHANNEL
from tests.unit.views.stages import Size, drill_at

SECOND = timedelta(seconds=1)
BUSY = SlackError("ratelimited", retry_after=timedelta(seconds=33))
NO = SlackError("invalid_blocks", is_about_content=True)
NOT_ABOUT_CONTENT = [
    SlackError("invalid_auth"),
    SlackError("token_revoked"),
    SlackError("not_in_channel"),
    SlackError("is_archived"),
    SlackError("channel_not_found", is_gone=True),
    SlackError("an error that Slack has made up since"),
]
NO_ANSWER = SlackError("Slack did not answer", is_unclear=True)


class NoResults:
    """A `ResultStore` that cannot be read just now."""

    def results(self, plan_name: str, limit: int) -> tuple[DrillResult, ...]:
        raise StoreUnavailable(f"no results of {plan_name}, nor {limit} of them", retryable=True)

    def plan_records(self) -> Mapping[str, PlanRecord]:
        raise unavailable()


@pytest.fixture
def board() -> Board:
    return Board()


# ---------------------------------------------------------------------- what is shown


def test_the_card_stands_in_the_channel_and_everything_else_in_its_thread_in_order(board: Board) -> None:
    drill_id = board.house.launched()
    board.drain(drill_id)
    assert board.shown == ["card", "- preflight", "- started", "- wave/1/1"]
    card, *replies = board.slack.posts
    assert {post.channel for post in board.slack.posts} == {CHANNEL}
    assert {post.thread_ts for post in replies} == {card.ts}
    assert board.waiting(drill_id) == []


def test_a_topic_that_looks_different_is_changed_where_it_stands(board: Board) -> None:
    drill_id = board.house.ready()
    board.drain(drill_id)
    (card, _) = board.slack.posts
    board.texts["card"] = "card, started"
    board.house.do(drill_id, Action.START)
    board.drain(drill_id)
    assert board.shown == ["card, started", "- preflight", "- started", "- wave/1/1"]
    assert board.slack.posts[0].ts == card.ts


def test_nothing_is_sent_when_nothing_looks_different(board: Board) -> None:
    drill_id = board.house.ready()
    board.drain(drill_id)
    board.slack.calls.clear()
    board.ask(drill_id, "card", "preflight")
    board.drain(drill_id)
    assert board.slack.calls == []
    assert board.waiting(drill_id) == []


def test_of_several_changes_only_the_newest_is_sent(board: Board) -> None:
    drill_id = board.house.launched()
    assert board.waiting(drill_id).count("card") == 4
    board.drain(drill_id)
    assert board.slack.calls == ["post"] * 4
    assert board.slack.posts[0].updates == 0


def test_a_topic_on_which_there_is_nothing_to_say_is_not_posted(board: Board) -> None:
    board.texts["preflight"] = None
    drill_id = board.house.ready()
    board.drain(drill_id)
    assert board.shown == ["card"]
    assert board.waiting(drill_id) == []


def test_the_card_is_drawn_beside_the_plans_earlier_results_before_start_alone(board: Board) -> None:
    earlier = result_of(drill_at("passed", Size.USUAL))
    assert earlier
    board.house.table.results.append(earlier)
    drill_id = board.house.ready()
    board.drain(drill_id)
    assert board.backgrounds["card"] == Background(now=board.house.clock(), earlier=(earlier,))
    assert board.backgrounds["preflight"].earlier == ()
    board.house.do(drill_id, Action.START)
    board.drain(drill_id)
    assert board.backgrounds["card"].earlier == ()


def test_a_card_is_not_left_out_because_the_results_cannot_be_read_just_now(board: Board) -> None:
    drill_id = board.house.ready()
    with pytest.raises(StoreUnavailable):
        replace(board.notifier, results=NoResults()).drain(drill_id, plenty())
    assert board.shown == []
    board.drain(drill_id)
    assert board.shown == ["card", "- preflight"]


# ---------------------------------------------------------------------- Slack refuses


def test_slack_being_busy_is_waited_for_as_long_as_it_asks_and_order_is_kept(board: Board) -> None:
    drill_id = board.house.launched()
    board.slack.fail(BUSY)
    board.drain(drill_id)
    assert board.shown == []
    (first, *_) = board.house.work(drill_id, Lane.SLACK)
    assert first.due_at == board.house.clock() + 33 * SECOND
    board.house.pass_time(32 * SECOND)
    board.drain(drill_id)
    assert board.slack.calls == ["post"]
    board.house.pass_time(SECOND)
    board.drain(drill_id)
    assert board.shown == ["card", "- preflight", "- started", "- wave/1/1"]


def test_a_post_in_the_middle_that_fails_holds_up_those_behind_it(board: Board) -> None:
    drill_id = board.house.ready()
    board.drain(drill_id)
    board.house.do(drill_id, Action.START)
    board.slack.fail(NO)
    board.drain(drill_id)
    assert board.shown == ["card", "- preflight"]
    assert board.waiting(drill_id) == ["started", "wave/1/1"]
    board.wait_and_drain(drill_id)
    assert board.shown == ["card", "- preflight", "- started", "- wave/1/1"]


def test_a_message_that_slack_refuses_for_good_is_left_out_after_six_tries(
    board: Board, caplog: pytest.LogCaptureFixture
) -> None:
    drill_id = board.house.ready()
    board.drain(drill_id)
    board.house.do(drill_id, Action.START)
    board.slack.refused.add("started")
    for _ in range(TRIES):
        assert board.waiting(drill_id)[-2:] == ["started", "wave/1/1"]
        board.wait_and_drain(drill_id)
    assert board.shown == ["card", "- preflight", "- wave/1/1"]
    assert board.waiting(drill_id) == []
    assert "Slack does not take this message; it is left out" in caplog.text


@pytest.mark.parametrize("error", NOT_ABOUT_CONTENT, ids=str)
def test_a_question_to_people_outlasts_whatever_is_not_about_its_content(
    board: Board, caplog: pytest.LogCaptureFixture, error: SlackError
) -> None:
    drill_id = board.house.ready()
    board.slack.fail(error, times=3 * TRIES)
    board.wait_and_drain(drill_id, times=3 * TRIES)
    assert board.shown == []
    (first, *_) = board.house.work(drill_id, Lane.SLACK)
    assert first.due_at == board.house.clock() + timedelta(minutes=5)
    levels = [each.levelname for each in caplog.records if "it is tried again" in each.message]
    assert levels == ["WARNING"] * (TRIES - 1) + ["ERROR"] * (2 * TRIES + 1)
    board.slack.calls.clear()
    board.wait_and_drain(drill_id)
    assert board.shown == ["card", "- preflight"]


def test_an_unforeseen_error_does_not_lose_a_message_however_often_it_comes(board: Board) -> None:
    drill_id = board.house.ready()
    board.house.messages.fail("keep", KeyError("a bug"), times=2 * TRIES)
    board.wait_and_drain(drill_id, times=2 * TRIES)
    board.wait_and_drain(drill_id)
    assert board.shown == ["card", "- preflight"]


def test_a_slack_that_asks_for_no_wait_at_all_gets_a_second(board: Board) -> None:
    drill_id = board.house.ready()
    board.slack.fail(SlackError("ratelimited", retry_after=timedelta(0)))
    board.drain(drill_id)
    (first, *_) = board.house.work(drill_id, Lane.SLACK)
    assert first.due_at == board.house.clock() + SECOND


def test_however_long_slack_is_down_nothing_is_left_out_or_doubled(board: Board) -> None:
    drill_id = board.house.launched()
    board.slack.is_down = True
    board.wait_and_drain(drill_id, times=40)
    assert board.shown == []
    board.slack.is_down = False
    board.wait_and_drain(drill_id)
    assert board.shown == ["card", "- preflight", "- started", "- wave/1/1"]


# ---------------------------------------------------------------------- lost answers


def test_a_post_whose_answer_was_lost_is_found_by_its_key_and_not_doubled(board: Board) -> None:
    drill_id = board.house.ready()
    board.slack.fail(NO_ANSWER, done=True)
    board.drain(drill_id)
    assert board.shown == ["card"]
    board.texts["card"] = "card, by now"
    board.wait_and_drain(drill_id)
    assert board.shown == ["card, by now", "- preflight"]


def test_a_post_that_got_lost_on_its_way_is_posted_again(board: Board) -> None:
    drill_id = board.house.ready()
    board.slack.fail(NO_ANSWER)
    board.drain(drill_id)
    assert board.shown == []
    board.wait_and_drain(drill_id)
    assert board.shown == ["card", "- preflight"]


@pytest.mark.parametrize("topics", [["card"], ["card", "- preflight"]])
def test_a_notifier_that_dies_right_after_posting_does_not_double_the_message(board: Board, topics: list[str]) -> None:
    drill_id = board.house.ready()
    for _ in topics[1:]:
        board.house.messages.before("keep", lambda: None)
    board.house.messages.fail("keep", unavailable())
    with pytest.raises(StoreUnavailable):
        board.drain(drill_id)
    assert board.shown == topics
    board.drain(drill_id)
    assert board.shown == ["card", "- preflight"]


def test_an_unforeseen_error_after_the_post_does_not_double_it_either(board: Board) -> None:
    drill_id = board.house.ready()
    board.house.messages.fail("keep", KeyError("a bug"))
    board.drain(drill_id)
    assert board.shown == ["card"]
    assert board.house.work(drill_id, Lane.SLACK)[0].attempts == 1
    board.wait_and_drain(drill_id)
    assert board.shown == ["card", "- preflight"]


def test_a_card_is_looked_for_as_far_back_as_a_day_of_wall_time(board: Board) -> None:
    drill_id = board.house.ready()
    board.slack.fail(NO_ANSWER, done=True)
    board.drain(drill_id)
    board.house.clock.advance(timedelta(days=30))
    board.house.wall.advance(timedelta(hours=23))
    board.drain(drill_id)
    assert board.shown == ["card", "- preflight"]
