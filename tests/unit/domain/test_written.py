"""What people write is kept whole or refused, never cut."""

from __future__ import annotations

import pytest

from bot.domain.errors import UnfitText
from bot.domain.written import LONGEST, fit


def test_blanks_around_it_are_not_kept_and_do_not_count() -> None:
    assert fit("  why not  ", "Your reason", least=7) == "why not"
    assert fit(" ", "Your reason") == ""
    assert fit("x" * LONGEST + " " * 9, "Your reason") == "x" * LONGEST


@pytest.mark.parametrize(
    ("text", "least", "told"),
    [
        ("  ", 1, "Your reason is missing."),
        ("too short ", 10, "Your reason needs at least 10 characters."),
        ("x" * (LONGEST + 1), 0, "Your reason has 501 characters; at most 500 can be kept."),
    ],
)
def test_what_does_not_fit_is_refused_with_how_long_it_may_be(text: str, least: int, told: str) -> None:
    with pytest.raises(UnfitText) as refused:
        fit(text, "Your reason", least=least)
    assert str(refused.value) == told
