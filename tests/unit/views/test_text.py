from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views import text
from infra.local.slack.mrkdwn import unescaped

MOMENT = datetime(2026, 3, 2, 10, 3, 59, 999_999, tzinfo=UTC)


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_escaped_text_is_harmless_and_never_longer_than_asked(outside: str, most: int) -> None:
    shown = text.escape(outside, most)
    assert len(shown) <= most
    assert not set("<>\n`*") & set(shown)
    assert unescaped(shown).count("&") == unescaped(shown).replace("&", "&amp;").count("&amp;")


@given(st.text(alphabet="&<>a", max_size=30))
def test_what_fits_is_kept_letter_for_letter(outside: str) -> None:
    assert unescaped(text.escape(outside, 300)) == outside


def test_an_escape_is_never_cut_in_two() -> None:
    assert text.escape("a&b", 5) == "a…"
    assert text.escape("a&&", 7) == "a&amp;…"


@pytest.mark.parametrize("outside", ["a\u202eb", "a\x00b", "a\r\n\tb", "a  b", " a b "])
def test_control_characters_and_line_breaks_become_one_space(outside: str) -> None:
    assert text.escape(outside, 10) == "a b"


def test_a_name_cannot_end_the_bold_or_the_code_it_stands_in() -> None:
    assert text.escape("a*b`c", 10) == "a\u2217b'c"


@pytest.mark.parametrize(
    ("outside", "shown"),
    [
        ("_x_ and ~y~", "\u02cdx\u02cd and \u223cy\u223c"),
        ("(__x__)", "(\u02cd\u02cdx\u02cd\u02cd)"),
        ("a:fire::+1:b", "a\u2236fire:\u2236+1:b"),
        (":100: :8ball:", "\u2236100: \u22368ball:"),
    ],
)
def test_what_slack_would_take_for_italics_strikes_and_emoji_only_looks_like_it(outside: str, shown: str) -> None:
    assert text.escape(outside, 50) == shown


@pytest.mark.parametrize(
    "outside",
    ["db_server_1", "10:03:15", "a: b: c", "arn:aws:iam::123456789012:role/drs_read", "http://[::1]:80/", "a~b"],
)
def test_names_times_and_arns_can_be_copied_as_they_are(outside: str) -> None:
    assert text.escape(outside, 60) == outside


def test_the_domain_may_name_people_and_channels_and_nothing_else() -> None:
    told = text.from_domain("<@U0ADA> in <#C0DRILLS>, <!channel> <https://evil|x> <@nobody>", 300)
    assert told == "<@U0ADA> in <#C0DRILLS>, &lt;!channel&gt; &lt;https://evil|x&gt; &lt;@nobody&gt;"


def test_the_domain_may_give_moments_and_no_other_dates() -> None:
    told = f"Rejected, {text.moment(MOMENT)}."
    assert text.from_domain(told, 300) == told
    for forged in ("<!date^1^{ago}|now>", "<!date^1^{date_short_pretty} at {time}|<!channel>>", "<!date^1>"):
        assert text.from_domain(forged, 300) == text.escape(forged, 300)


@pytest.mark.parametrize("named", [text.moment(MOMENT), "<@U0ADA>", "<#C0DRILLS>", "<!subteam^S0DBA>"])
def test_what_the_domain_names_is_shown_whole_or_not_at_all(named: str) -> None:
    told = f"Since {named}, and so on: <https://a.example>"
    whole = len(text.escape(f"Since {named}", 300))
    for most in range(8, whole + 1):
        assert text.from_domain(told, most) == "Since …"
    assert text.from_domain(told, whole + 1) == f"Since {named}…"


def test_an_error_stays_as_it_is_inside_its_code() -> None:
    assert text.raw("arn:aws:*:<role> ```x```", 100) == "```arn:aws:*:&lt;role&gt; '''x'''```"


def test_times_are_slacks_own_with_a_fallback_in_utc() -> None:
    assert text.moment(MOMENT) == "<!date^1772445839^{date_short_pretty} at {time}|2026-03-02 at 10:03 UTC>"
    assert text.clock(MOMENT) == "<!date^1772445839^{time}|10:03 UTC>"
    assert text.ago(MOMENT) == "<!date^1772445839^{ago}|at 10:03 UTC>"


@pytest.mark.parametrize(("number", "said"), [(0, "0 servers"), (1, "1 server"), (2, "2 servers")])
def test_things_are_counted_in_the_right_number(number: int, said: str) -> None:
    assert text.count(number, "server") == said


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (list("abcde"), "a, b, c and 2 more"),
    ],
)
def test_long_lists_say_how_much_is_left_out(items: list[str], said: str) -> None:
    assert text.listed(items, 3) == said


def test_bullets_say_how_much_is_left_out() -> None:
    assert text.bullets(["a", "b", "c"], 2) == "• a\n• b\nand 1 more"
    assert text.bullets(["a", "b"], 2) == "• a\n• b"


def test_people_are_named_by_their_ids() -> None:
    assert text.anyone_of(["U0ADA", "U0GRACE"]) == "<@U0ADA> or <@U0GRACE>"
    assert text.everyone_of(["U0ADA", "U0GRACE"]) == "<@U0ADA> and <@U0GRACE>"


@pytest.mark.parametrize(
    ("numbers", "told"),
    [([3], "3"), ([2, 3], "2 and 3"), ([2, 3, 4, 7], "2 to 4 and 7"), ([1, 3, 4, 6], "1, 3 and 4 and 6")],
)
def test_numbers_in_a_row_are_told_as_one(numbers: list[int], told: str) -> None:
    assert text.runs(numbers) == told


@pytest.mark.parametrize(("seconds", "told"), [(10, "1m"), (89, "1m"), (91, "2m"), (7_530, "2h6m")])
def test_what_nobody_knows_to_the_second_is_told_in_minutes(seconds: int, told: str) -> None:
    assert text.about(timedelta(seconds=seconds)) == told
