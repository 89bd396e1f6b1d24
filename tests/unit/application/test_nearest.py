from __future__ import annotations

import pytest

from bot.application.nearest import did_you_mean, nearest

NAMES = ["payments", "datacenter", "payments-20260302-x7k2m"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("paymnts", "payments"),
        ("data", "datacenter"),
        ("payments-20260302-x7k2n", "payments-20260302-x7k2m"),
        ("payments-2", "payments-20260302-x7k2m"),
        ("zebra", None),
        ("", None),
    ],
)
def test_a_name_that_begins_so_comes_before_one_with_few_other_letters(typed: str, meant: str | None) -> None:
    assert nearest(typed, NAMES) == meant
    assert did_you_mean(typed, NAMES) == (f" Did you mean {meant}?" if meant else "")
