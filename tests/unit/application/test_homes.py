"""App Homes: drawn when opened, kept up to date while looked at, and nobody else's trouble."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.homes import LOOKED_AT, MOST_VIEWERS, NOTICE_SHOWN
from bot.application.notifier import TRIES
from bot.application.ports.groups import Membership
from bot.application.ports.homes import home_lane
from bot.application.ports.slack import SlackError
from bot.application.ports.storage import StoreUnavailable
from bot.domain.approval import Action
from bot.domain.commands import Lane
from bot.domain.home import Home
from bot.domain.person import Person
from tests.fakes.results import MemoryResults
from tests.unit.application.board import Board
from tests.unit.application.faults import unavailable
from tests.unit.application.house import House
from tests.unit.builders import ADA, GRACE, TEAM, a_plan

MINUTE = timedelta(minutes=1)


@pytest.fixture
def board() -> Board:
    return Board()


def draw(board: Board, person: Person = ADA) -> str | None:
    """Let the notifier draw somebody's Home; what it then shows."""
    board.drain(home_lane(person))
    return board.slack.homes.get(person.user_id)


def opens(board: Board, person: Person = ADA, *, is_blank: bool = False) -> None:
    """Somebody opens their Home, which is blank or shows what was drawn last."""
    board.house.drills.open_home(person, is_blank=is_blank)


def published(board: Board) -> int:
    return board.slack.calls.count("publish")


def test_a_home_is_drawn_when_it_is_opened(board: Board) -> None:
    opens(board)
    assert draw(board) == "payments | no notice"
    assert board.house.work(home_lane(ADA), Lane.SLACK) == ()


def test_a_home_that_looks_as_it_did_is_not_sent_again(board: Board) -> None:
    for _ in range(3):
        opens(board)
        draw(board)
    assert published(board) == 1


def test_a_home_that_slack_shows_blank_is_sent_again(board: Board) -> None:
    for is_blank in (True, False, True):
        opens(board, is_blank=is_blank)
        draw(board)
    assert published(board) == 2


def test_it_follows_the_drills_while_it_is_looked_at(board: Board) -> None:
    opens(board)
    draw(board)
    drill_id = board.house.ready()
    board.drain(drill_id)
    assert draw(board) == f"{drill_id} ready | payments | no notice"


def test_it_is_left_alone_once_nobody_looks_any_more(board: Board) -> None:
    opens(board)
    draw(board)
    board.house.pass_time(LOOKED_AT)
    board.drain(board.house.ready())
    assert board.house.work(home_lane(ADA), Lane.SLACK) == ()


def test_of_a_crowd_those_who_came_last_are_kept_up_to_date(board: Board) -> None:
    crowd = [Person(user_id=f"U0CROWD{number}", team_id=TEAM) for number in range(MOST_VIEWERS + 1)]
    for person in crowd:
        opens(board, person)
        draw(board, person)
        board.house.pass_time(timedelta(seconds=1))
    board.drain(board.house.ready())
    asked = [bool(board.house.work(home_lane(person), Lane.SLACK)) for person in crowd]
    assert asked == [False, *[True] * MOST_VIEWERS]


def test_a_drill_that_looks_as_it_did_asks_for_no_home(board: Board) -> None:
    drill_id = board.house.ready()
    board.drain(drill_id)
    opens(board)
    draw(board)
    board.ask(drill_id, "card")
    board.drain(drill_id)
    assert board.house.work(home_lane(ADA), Lane.SLACK) == ()


def test_a_home_follows_once_and_behind_the_messages_of_the_drill(board: Board) -> None:
    opens(board)
    draw(board)
    drill_id = board.house.launched()
    board.texts["card"] = "card"
    asked: list[list[str]] = []
    board.house.table.listeners.append(lambda who, _lane: asked.append(board.shown) if who == home_lane(ADA) else None)
    board.drain(drill_id)
    assert asked == [["card", "- preflight", "- started", "- wave/1/1"]]
    assert len(board.house.work(home_lane(ADA), Lane.SLACK)) == 1


def test_a_home_does_not_wait_for_a_message_that_slack_does_not_take(board: Board) -> None:
    opens(board)
    draw(board)
    drill_id = board.house.ready()
    board.slack.refused.add("preflight")
    board.drain(drill_id)
    assert board.waiting(drill_id) == ["preflight"]
    assert draw(board) == f"{drill_id} ready | payments | no notice"


def test_a_home_follows_though_the_table_fails_behind_the_card(board: Board) -> None:
    opens(board)
    draw(board)
    drill_id = board.house.ready()
    board.house.outbox.before("postpone", lambda: None)  # the card's posting is begun
    board.house.outbox.fail("postpone", unavailable())
    with pytest.raises(StoreUnavailable):
        board.drain(drill_id)
    assert len(board.house.work(home_lane(ADA), Lane.SLACK)) == 1


def test_a_home_shows_how_the_last_drill_of_a_plan_came_out(board: Board) -> None:
    opens(board)
    draw(board)
    drill_id = board.house.ready()
    board.drain(drill_id)
    board.house.do(drill_id, Action.START)
    board.house.abort(drill_id)
    board.house.drain(drill_id)
    board.texts["card"] = "aborted"
    board.drain(drill_id)
    assert draw(board) == "payments aborted | no notice"


def test_the_trend_of_a_plan_is_read_once_for_each_drill_of_it(board: Board) -> None:
    drawn: list[dict[str, list[str]]] = []

    def render(home: Home) -> str:
        drawn.append({plan: [result.drill_id for result in results] for plan, results in home.trends.items()})
        return str(len(drawn))

    results = MemoryResults(board.house.table)
    homes = replace(board.notifier.homes, render=render, results=results)
    board.notifier = replace(board.notifier, homes=homes)
    ended: list[str] = []
    for _ in range(2):
        drill_id = board.house.ready()
        board.house.do(drill_id, Action.START)
        board.house.abort(drill_id)
        board.house.drain(drill_id)
        ended.insert(0, drill_id)
        for _opened in range(2):
            opens(board, is_blank=True)
            draw(board)
    assert drawn == [{"payments": ended[1:]}] * 2 + [{"payments": ended}] * 2
    assert results.calls.count("results") == 2


def test_drawing_a_home_asks_the_table_once_for_what_is_under_way_and_once_for_each_drill(board: Board) -> None:
    board.house.ready()
    opens(board)
    board.house.store.calls.clear()
    draw(board)
    assert board.house.store.calls == ["unfinished", "load"]


def test_an_idle_minute_costs_a_look_at_the_index_and_no_call_to_slack(board: Board) -> None:
    opens(board)
    draw(board)
    board.house.store.calls.clear()
    board.house.outbox.calls.clear()
    calls = len(board.slack.calls)
    board.house.pass_time(MINUTE)
    board.house.finder.look_round()
    assert (board.house.store.calls, board.house.outbox.calls) == (["unfinished"], [])
    assert len(board.slack.calls) == calls


def test_a_notice_is_shown_for_some_minutes(board: Board) -> None:
    board.house.drills.tell_at_home(ADA, "You may not.")
    assert draw(board) == "payments | You may not."
    board.house.pass_time(NOTICE_SHOWN)
    opens(board)
    assert draw(board) == "payments | no notice"


def test_a_busy_slack_is_asked_again_when_it_says_and_holds_up_nobody_else(board: Board) -> None:
    opens(board)
    opens(board, GRACE)
    board.slack.fail(SlackError("ratelimited", retry_after=MINUTE))
    assert draw(board) is None
    assert draw(board, GRACE) == "payments | no notice"
    board.house.pass_time(MINUTE)
    assert draw(board) == "payments | no notice"


def test_while_slack_is_down_the_home_waits(board: Board) -> None:
    opens(board)
    board.slack.is_down = True
    board.drain(home_lane(ADA))
    board.wait_and_drain(home_lane(ADA), TRIES + 2)
    board.slack.is_down = False
    board.wait_and_drain(home_lane(ADA))
    assert board.slack.homes[ADA.user_id] == "payments | no notice"


def test_a_home_that_slack_refuses_is_left_out_after_some_tries(board: Board) -> None:
    opens(board)
    board.slack.fail(SlackError("not_enabled"), times=TRIES)
    board.drain(home_lane(ADA))
    board.wait_and_drain(home_lane(ADA), TRIES - 1)
    assert board.house.work(home_lane(ADA), Lane.SLACK) == ()
    assert published(board) == TRIES


def test_whoever_was_not_known_any_more_is_shown_their_home_all_the_same(board: Board) -> None:
    opens(board)
    board.house.table.viewers.clear()  # DynamoDB has deleted what had expired
    assert draw(board) == "payments | no notice"


def test_the_executor_has_no_part_in_homes(board: Board) -> None:
    opens(board)
    board.house.executor.drain(home_lane(ADA), lambda: MINUTE)
    assert len(board.house.work(home_lane(ADA), Lane.SLACK)) == 1


def test_a_home_knows_the_readers_user_groups() -> None:
    plan = a_plan(("Web", 1))
    grouped = plan.model_copy(update={"access": plan.access.model_copy(update={"operators": ("S0OPS",)})})
    board = Board(House((grouped,)))
    board.house.groups.keep("S0OPS", Membership((ADA.user_id,), board.house.clock()))
    opens(board, ADA)
    opens(board, GRACE)
    assert draw(board, ADA) == "in S0OPS | payments | no notice"
    assert draw(board, GRACE) == "payments | no notice"
