"""Moments in what people are told: in each reader's own time, or in UTC where no mark-up is shown."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from bot.domain.mark_up import in_utc, moment, plain

MOMENT = datetime(2026, 11, 23, 2, 3, 59, tzinfo=timezone(timedelta(hours=2)))
MARKED = "<!date^1795392239^{date_short_pretty} at {time}|2026-11-23 at 00:03 UTC>"


def test_a_moment_is_slacks_own_with_a_fallback_in_utc_that_names_the_day() -> None:
    assert moment(MOMENT) == MARKED
    assert in_utc(MOMENT) == "2026-11-23 at 00:03 UTC"


def test_where_no_mark_up_is_shown_moments_are_in_utc_and_all_else_stays() -> None:
    told = f"Rejected by <@U0DAN>, {MARKED}; asked, {MARKED}."
    assert plain(told) == "Rejected by <@U0DAN>, 2026-11-23 at 00:03 UTC; asked, 2026-11-23 at 00:03 UTC."


@pytest.mark.parametrize(
    "other", ["<!date^1^{ago}|at 10:03 UTC>", "<!date^1^{date_short_pretty} at {time}|<!channel>>", "<!channel>"]
)
def test_nothing_else_is_taken_for_a_moment(other: str) -> None:
    assert plain(other) == other
