from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bot.domain.durations import Duration, parse, spell

YEAR = timedelta(days=366)
READABLE = st.integers(1, int(YEAR.total_seconds())).map(lambda seconds: timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        ("1h30m", timedelta(hours=1, minutes=30)),
        ("2d", timedelta(days=2)),
        ("1d2h3m4s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("0h5m", timedelta(minutes=5)),
        ("366d", YEAR),
        ("31622400s", YEAR),
    ],
)
def test_a_length_of_time_is_read_as_people_write_it(text: str, span: timedelta) -> None:
    assert parse(text) == span


@settings(deadline=None)
@given(READABLE)
def test_what_is_spelled_reads_as_the_same_span(span: timedelta) -> None:
    assert parse(spell(span)) == span


@settings(deadline=None)
@given(st.timedeltas(min_value=-YEAR, max_value=YEAR))
def test_a_negative_span_is_spelled_as_its_opposite_with_a_minus(span: timedelta) -> None:
    whole = timedelta(seconds=int(span.total_seconds()))
    assert spell(-whole) == (f"-{spell(whole)}" if whole > timedelta(0) else spell(whole).removeprefix("-"))


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(0), "0s"),
        (timedelta(milliseconds=999), "0s"),
        (timedelta(seconds=61, milliseconds=700), "1m1s"),
        (timedelta(hours=36), "1d12h"),
        (timedelta(minutes=-90), "-1h30m"),
        (timedelta(milliseconds=-999), "0s"),
    ],
)
def test_fractions_of_a_second_are_dropped_in_spelling(span: timedelta, text: str) -> None:
    assert spell(span) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "30",
        "0m",
        "0d0s",
        "m",
        "30M",
        "1.5h",
        "-5m",
        "30m1h",
        "1h 30m",
        " 30m",
        "30m\n",
        "٣m",
        "PT30M",
        "123456789s",
    ],
)
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="is not a length of time; write it like 90s, 30m, 1h30m or 2d"):
        parse(text)


@settings(deadline=None)
@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.integers())))
def test_no_value_raises_anything_but_a_short_value_error(value: object) -> None:
    try:
        outcome = spell(parse(value))
    except ValueError as error:
        outcome = str(error)
    assert 0 < len(outcome) < 200


@pytest.mark.parametrize("span", ["367d", "99999999d", timedelta(0), timedelta(seconds=-1), timedelta(days=367)])
def test_zero_and_more_than_a_year_are_refused(span: str | timedelta) -> None:
    with pytest.raises(ValueError, match="must be longer than zero and at most 366d"):
        parse(span)


def test_a_model_field_takes_text_or_a_span_and_is_saved_as_text() -> None:
    field = TypeAdapter(Duration)
    assert field.validate_python("1h30m") == field.validate_python(timedelta(minutes=90)) == timedelta(minutes=90)
    assert field.dump_json(timedelta(minutes=90)) == b'"1h30m"'
    assert field.validate_json(b'"1h30m"', strict=True) == timedelta(minutes=90)
    with pytest.raises(ValidationError, match="90 is not a length of time"):
        field.validate_python(90)
