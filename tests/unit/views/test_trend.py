"""The trend of a plan: drawn in a line, and as CSV."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.measures import RecoveryTime
from bot.domain.results import DrillResult
from bot.domain.states import Outcome
from bot.views.trend import COLUMNS, ROWS, as_csv, sparkline

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def result(
    minutes: int | None, objective: int = 90, *, was_run: bool = True, drill_id: str = "payments-1"
) -> DrillResult:
    spans = timedelta(minutes=minutes or 0), timedelta(minutes=1), timedelta(minutes=objective)
    reached = RecoveryTime(gross=spans[0] + spans[1], waiting=spans[1], objective=spans[2])
    return DrillResult(
        plan="payments",
        drill_id=drill_id,
        outcome=Outcome.PASSED if minutes else Outcome.FAILED,
        started_at=NOON if was_run else None,
        ended_at=NOON,
        recovery=reached if minutes else None,
    )


@pytest.mark.parametrize(
    ("newest_first", "drawn"),
    [
        ((), ""),
        ((30,), ""),
        ((30, None), ""),
        ((90, 45), "▅█"),
        ((180, None, 90), "▅·█"),
        ((10, 20, 30), "▃▃▂"),
    ],
)
def test_recovery_times_are_drawn_from_the_oldest_to_the_newest(
    newest_first: tuple[int | None, ...], drawn: str
) -> None:
    line = sparkline([result(minutes) for minutes in newest_first])
    assert line.split(" · ")[0] == drawn


def test_the_objective_is_drawn_by_the_same_measure() -> None:
    assert sparkline([result(180), result(90)]).endswith("objective 1h30m is ▅ · oldest to newest")
    assert sparkline([result(20), result(10)]).endswith("objective 1h30m is █ · oldest to newest")


def test_drills_that_were_never_started_are_no_part_of_the_trend() -> None:
    assert sparkline([result(90), result(None, was_run=False), result(90)]).startswith("██ ·")


def test_the_csv_has_every_figure_in_seconds() -> None:
    lines = as_csv([result(90), result(None)]).strip("`").splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert lines[1] == "payments-1,2026-03-02 12:00:00,passed,5400,5460,5400,yes"
    assert lines[2] == "payments-1,2026-03-02 12:00:00,failed,,,,"


def test_it_has_no_more_rows_than_a_message_holds_and_nothing_in_it_ends_the_code() -> None:
    written = as_csv([result(91, drill_id="```<!channel>")] * (ROWS + 5))
    assert len(written.splitlines()) == ROWS + 2
    assert written.count("```") == 2
    assert "<!channel>" not in written
    assert ",no\n" in written
