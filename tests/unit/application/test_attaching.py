"""What is too much for a message is uploaded into the thread, once, and nothing waits for what Slack does not take."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.attaching import TRIES
from bot.application.ports.slack import Attachment, Background, Message, SlackError
from bot.domain.approval import Action
from bot.domain.commands import Lane, Topic, TopicKind
from bot.domain.drill import Drill
from bot.domain.findings import Finding, Severity
from tests.unit.application.board import Board
from tests.unit.builders import a_finding

KEY = "findings/1"
NO_ANSWER = SlackError("no answer", is_unclear=True)
BUSY = SlackError("ratelimited", retry_after=timedelta(seconds=20))
FOUND = (a_finding(1, severity=Severity.WARN),)


class FileBoard(Board):
    """A board whose findings are a file."""

    def _render(self, drill: Drill, topic: Topic, background: Background) -> Message | Attachment | None:
        if topic.kind is TopicKind.FINDINGS:
            return Attachment(f"{drill.id}-findings.csv", "Findings", "All of them.", b"severity\nwarning\n")
        return super()._render(drill, topic, background)


@pytest.fixture
def board() -> FileBoard:
    return FileBoard()


def checked(board: Board, *findings: Finding) -> str:
    """A drill about which something was found, its card and findings shown; the file waits."""
    drill_id = board.house.proposed()
    board.house.finds(drill_id, *findings)
    return drill_id


def refuse_upload(board: Board, error: SlackError, *, done: bool = False) -> None:
    """The messages are posted, and then the upload fails."""
    board.slack.fail_at("attach", error, done=done)


def test_a_file_comes_into_the_thread_behind_what_it_belongs_to(board: FileBoard) -> None:
    drill_id = checked(board, *FOUND)
    board.drain(drill_id)
    assert board.slack.calls == ["post", "post", "attach"]
    (file,) = board.slack.files
    assert (file.thread_ts, file.attachment.name) == (board.slack.posts[0].ts, f"{drill_id}-findings.csv")
    assert board.house.messages.messages(drill_id)[KEY].ts == file.id
    assert board.waiting(drill_id) == []


def test_without_findings_there_is_no_file(board: FileBoard) -> None:
    board.drain(checked(board))
    assert board.slack.files == []


def test_a_file_that_is_there_stays(board: FileBoard) -> None:
    drill_id = checked(board, *FOUND)
    board.drain(drill_id)
    board.ask_for(drill_id, Topic(kind=TopicKind.FINDINGS, number=1))
    board.drain(drill_id)
    assert len(board.slack.files) == 1
    assert board.waiting(drill_id) == []


def test_without_a_card_there_is_no_thread_for_it(board: FileBoard) -> None:
    board.texts |= {"card": None, "preflight": None}
    drill_id = checked(board, *FOUND)
    board.drain(drill_id)
    assert board.slack.calls == []
    assert board.waiting(drill_id) == []


def test_an_upload_whose_answer_was_lost_is_found_by_its_name_and_not_doubled(board: FileBoard) -> None:
    drill_id = checked(board, *FOUND)
    refuse_upload(board, NO_ANSWER, done=True)
    board.drain(drill_id)
    assert board.waiting(drill_id) == [KEY]
    board.wait_and_drain(drill_id)
    assert len(board.slack.files) == 1
    assert board.house.messages.messages(drill_id)[KEY].ts == board.slack.files[0].id
    assert board.slack.calls[-1] == "find_file"


def test_an_upload_that_got_lost_on_its_way_is_made_again(board: FileBoard) -> None:
    drill_id = checked(board, *FOUND)
    refuse_upload(board, NO_ANSWER)
    board.drain(drill_id)
    board.wait_and_drain(drill_id)
    assert len(board.slack.files) == 1
    assert board.waiting(drill_id) == []


def test_a_busy_slack_is_waited_for(board: FileBoard) -> None:
    drill_id = checked(board, *FOUND)
    refuse_upload(board, BUSY)
    board.drain(drill_id)
    (item,) = board.house.work(drill_id, Lane.SLACK)
    assert item.due_at == board.house.clock() + timedelta(seconds=20)
    board.wait_and_drain(drill_id)
    assert len(board.slack.files) == 1


@pytest.mark.parametrize("code", ["missing_scope", "thread_not_found", "an error that Slack has made up since"])
def test_a_file_that_slack_refuses_is_left_out_and_nothing_waits_for_it(
    board: FileBoard, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    drill_id = checked(board, *FOUND)
    refuse_upload(board, SlackError(code))
    board.drain(drill_id)
    assert board.slack.files == []
    assert board.waiting(drill_id) == []
    (told,) = [record for record in caplog.records if "does not take this file" in record.getMessage()]
    assert told.levelname == "ERROR"
    board.house.do(drill_id, Action.START)
    board.drain(drill_id)
    assert "- started" in board.shown


def test_a_notifier_that_dies_right_after_the_upload_does_not_double_it(board: FileBoard) -> None:
    drill_id = checked(board, *FOUND)
    refuse_upload(board, NO_ANSWER, done=True)
    board.drain(drill_id)
    board.house.pass_time(timedelta(minutes=10))
    board.another_notifier("notifier-2").drain(drill_id, lambda: timedelta(minutes=1))
    assert len(board.slack.files) == 1


def test_an_upload_that_never_gets_through_holds_up_nothing_for_long(board: FileBoard) -> None:
    """As where the network lets messages through, but nothing to the host that takes files."""
    drill_id = checked(board, *FOUND)
    for _ in range(TRIES):
        assert board.waiting(drill_id)
        refuse_upload(board, NO_ANSWER)
        board.wait_and_drain(drill_id)
    assert board.slack.calls.count("attach") == TRIES
    assert board.slack.files == []
    assert board.waiting(drill_id) == []
