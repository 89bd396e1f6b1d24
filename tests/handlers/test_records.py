"""Batches of records: each drill once, each failure alone."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.errors import UnreadableDrill
from bot.entrypoints.log import logger
from bot.entrypoints.records import for_each_drill, for_each_message, time_left, with_log_key
from tests.handlers.events import context, failures, queue, slack, stream, work


@pytest.fixture
def log() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The lines that were logged, as JSON."""
    handler, written = logger.registered_handler, io.StringIO()
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    handler.setStream(before)


def broken(*drill_ids: str) -> tuple[list[str], Callable[[str], None]]:
    """What is called with each drill, and what it was called with; it fails for some."""
    used: list[str] = []

    def use(name: str) -> None:
        used.append(name)
        if name in drill_ids:
            raise RuntimeError(f"{name} is broken")

    return used, use


def test_each_drill_of_a_batch_is_used_once_however_many_records_it_has() -> None:
    used, use = broken()
    event = stream(work("payments-1", 1), work("web-1"), work("payments-1", 2), slack("payments-1"))
    assert for_each_drill(event, context(), use) == {"batchItemFailures": []}
    assert used == ["payments-1", "web-1"]


def test_a_drill_that_fails_is_reported_by_its_record_and_the_others_are_done() -> None:
    used, use = broken("web-1")
    event = stream(work("payments-1"), work("web-1"), work("cards-1"))
    assert failures(for_each_drill(event, context(), use)) == ["101"]
    assert used == ["payments-1", "web-1", "cards-1"]


def test_the_first_record_of_a_drill_that_fails_is_reported_from_which_on_lambda_tries_again() -> None:
    _, use = broken("web-1")
    event = stream(work("payments-1"), work("web-1", 1), work("web-1", 2))
    assert failures(for_each_drill(event, context(), use)) == ["101"]


def test_a_batch_that_fails_as_a_whole_is_reported_record_by_record() -> None:
    _, use = broken("web-1", "payments-1")
    assert failures(for_each_drill(stream(work("payments-1"), work("web-1")), context(), use)) == ["100", "101"]
    _, use = broken("one", "two")
    assert failures(for_each_message(queue("one", "two"), context(), use)) == ["m-0", "m-1"]


def test_each_message_is_used_and_those_that_fail_are_reported() -> None:
    used, use = broken("two")
    assert failures(for_each_message(queue("one", "two", "two", "three"), context(), use)) == ["m-1", "m-2"]
    assert used == ["one", "two", "two", "three"]


def test_a_drill_that_cannot_be_read_is_logged_and_not_delivered_again(log: Callable[[], list[dict[str, Any]]]) -> None:
    used: list[str] = []

    def use(drill_id: str) -> None:
        used.append(drill_id)
        if drill_id == "web-1":
            raise UnreadableDrill(drill_id, "it has schema 2")

    assert failures(for_each_drill(stream(work("web-1"), work("cards-1")), context(), use)) == []
    assert used == ["web-1", "cards-1"]
    (line,) = log()
    assert (line["level"], line["drill_id"]) == ("ERROR", "web-1")
    assert line["message"] == "a drill is left as it is: it has schema 2"


def test_a_record_that_failed_is_in_the_log_with_its_traceback(log: Callable[[], list[dict[str, Any]]]) -> None:
    _, use = broken("web-1")
    for_each_drill(stream(work("web-1")), context(), use)
    (line,) = log()
    assert line["message"] == "a record failed; it will be delivered again"
    assert "RuntimeError: web-1 is broken" in line["exception"]
    assert line["correlation_id"] == "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"


def test_the_drill_is_on_every_line_that_the_bot_logs_about_it_and_on_no_other(
    log: Callable[[], list[dict[str, Any]]],
) -> None:
    ours = logging.getLogger("bot.application.executor")
    with_log_key("payments-1", lambda drill_id: ours.warning("working at %s", drill_id))
    with pytest.raises(RuntimeError):
        with_log_key("web-1", broken("web-1")[1])
    ours.warning("done")
    first, second = log()
    assert (first["message"], first["drill_id"]) == ("working at payments-1", "payments-1")
    assert "drill_id" not in second


def test_three_seconds_of_the_invocation_are_kept_for_its_end() -> None:
    assert time_left(context(left=60_000))() == timedelta(seconds=57)
    assert time_left(context(left=1_000))() == timedelta(seconds=-2)
