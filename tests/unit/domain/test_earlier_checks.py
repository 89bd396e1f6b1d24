"""What was found in earlier drills and is not put right is told before the next one starts."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.domain.afterwards import FollowUp
from bot.domain.earlier_checks import STILL_OPEN, examine_earlier
from tests.unit.plans import ADA, LINUS

TODAY = date(2026, 3, 2)
ADDED = datetime(2026, 1, 5, 12, tzinfo=UTC)


def found(number: int = 1, due: date = TODAY, *, is_fixed: bool = False) -> tuple[str, FollowUp]:
    fixed = {"fixed_by": ADA, "fixed_at": ADDED} if is_fixed else {}
    made = FollowUp(number=number, text="The disk is too small.", owner=LINUS.user_id, due=due, by=ADA, at=ADDED)
    return "payments-1", made.model_copy(update=fixed)


def test_an_open_one_is_told_with_where_it_stands_and_until_when_it_has_time() -> None:
    (told,) = examine_earlier([found(2)], TODAY)
    assert told == STILL_OPEN.finding(
        "Finding 2 of payments-1 is open, to be seen to until 2026-03-02: The disk is too small."
    )
    assert not told.blocks


def test_one_whose_day_has_passed_is_overdue() -> None:
    (told,) = examine_earlier([found(due=date(2026, 3, 1))], TODAY)
    assert "is open, overdue since 2026-03-01" in told.fact


def test_one_that_is_fixed_is_told_no_more() -> None:
    assert list(examine_earlier([found(is_fixed=True)], TODAY)) == []
