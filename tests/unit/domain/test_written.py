"""What people write is kept whole or refused, never cut."""

from __future__ import annotations

import pytest

from bot.domain.errors import UnfitText
from bot.domain.written import LONGEST, REASON_LEAST, fit, none_named


def test_blanks_around_it_are_not_kept_and_do_not_count() -> None:
    assert fit("  why not  ", "Your reason", least=7) == "why not"
    assert fit(" ", "Your reason") == ""
    assert fit("x" * LONGEST + " " * 9, "Your reason") == "x" * LONGEST


def test_what_is_kept_is_what_will_be_shown() -> None:
    """Views show one line of what can be printed."""
    assert fit("The month-end\r\n\tclose   runs.\u2028Wait.", "Your reason") == "The month-end close runs. Wait."
    assert fit("a\u200bb\u202ec\x00d\u00ade", "Your reason") == "abcde"
    assert fit("ok \u2764\ufe0f", "Your reason") == "ok \u2764\ufe0f", "an emoji stays what it was"
    assert fit("\u3164 \u3164", "Your comment") == "", "what nobody can see says nothing"


@pytest.mark.parametrize("filler", ["\u200b", "\u2060", "\u00ad", "\ufe0f", "\u3164", "\u2800", "\u034f", "\U000e0101"])
def test_what_nobody_can_see_is_no_reason(filler: str) -> None:
    for text in (filler * 12, f"ok{filler * 12}", f"{filler} " * 12):
        with pytest.raises(UnfitText, match="needs at least 10 characters"):
            fit(text, "Your reason", least=REASON_LEAST)
    with pytest.raises(UnfitText, match="is missing"):
        fit(filler, "Your comment", least=1)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("payments-9", "There is no drill payments-9."),
        ("x" * 2_900, f"There is no drill {'x' * 40}…."),
        ("", "No drill was named."),
        (" \u200b<>", "No drill was named."),
        ("<!channel>\n<@U0ADA>", "There is no drill !channel @U0ADA."),
    ],
)
def test_a_name_that_does_not_exist_is_told_back_cut_and_harmless(name: str, told: str) -> None:
    assert none_named("drill", name) == told


@pytest.mark.parametrize(
    ("text", "least", "told"),
    [
        ("a  b  c  d", 10, "Your reason needs at least 10 characters."),
        ("  ", 1, "Your reason is missing."),
        ("too short ", 10, "Your reason needs at least 10 characters."),
        ("x" * (LONGEST + 1), 0, "Your reason has 501 characters; at most 500 can be kept."),
    ],
)
def test_what_does_not_fit_is_refused_with_how_long_it_may_be(text: str, least: int, told: str) -> None:
    with pytest.raises(UnfitText) as refused:
        fit(text, "Your reason", least=least)
    assert str(refused.value) == told
