"""What Slack and keyboards make of what people type is undone."""

from __future__ import annotations

import pytest

from bot.slack.typed_text import name, plain


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("hold wait", "hold wait"),
        ("hold <mailto:ada@example.com|ada@example.com> is ill", "hold ada@example.com is ill"),
        ("hold <mailto:ada@example.com>", "hold ada@example.com"),
        ("hold see <https://example.com/4711|example.com/4711>", "hold see example.com/4711"),
        ("hold see <https://example.com/4711>", "hold see https://example.com/4711"),
        ("status <#C0DRILLS01|drills>", "status #drills"),
        ("status <#C0DRILLS01|>", "status #C0DRILLS01"),
        ("hold <@U0ADA|ada> said so", "hold @ada said so"),
        ("hold <@U0ADA> said so", "hold <@U0ADA> said so"),
        ("hold <!channel> look", "hold <!channel> look"),
        ("hold RTO &lt; 1h &amp;amp; more &gt;", "hold RTO < 1h &amp; more >"),
        ("hold\u00a0wait\u200b\x07", "hold wait  "),
        ("hold <a|", "hold <a|"),
    ],
)
def test_text_is_as_it_was_typed(sent: str, typed: str) -> None:
    assert plain(sent) == typed


def test_hostile_text_takes_no_time() -> None:
    assert len(plain("<a|" * 100_000)) == 300_000


@pytest.mark.parametrize("quotes", ["", "“”", "''", "‘’", "``", "„“", '""', "«»"])  # noqa: RUF001 - what keyboards make
def test_quotes_around_a_name_are_not_its_own(quotes: str) -> None:
    assert name(f"{quotes[:1]}payments{quotes[1:]}") == "payments"


@pytest.mark.parametrize("dash", "-‐‑–—")  # noqa: RUF001 - what keyboards make of a hyphen
def test_any_dash_in_a_name_is_a_hyphen(dash: str) -> None:
    assert name(f"single{dash}server") == "single-server"
