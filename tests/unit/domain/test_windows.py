"""When a plan may be drilled: windows of hours and frozen days, also where clocks are put forward and back.

In Europe/Berlin clocks went from 02:00 to 03:00 on Sunday 29 March 2026, and from 03:00 to 02:00 on 25 October.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.windows import DAYS, Frost, Hours, Times, moment, parse, zone_named

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo", "UTC"]
OFFICE = parse("weekdays 08:00-18:00 Europe/Berlin")


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("text", "read", "spelled"),
    [
        ("weekdays 08:00-18:00 Europe/Berlin", ((0, 1, 2, 3, 4), 480, 1080), None),
        ("daily 00:00-24:00 UTC", (tuple(range(7)), 0, 1440), None),
        ("mon,wed,fri 09:30-17:05 Asia/Tokyo", ((0, 2, 4), 570, 1025), None),
        ("mon-wed,sat 09:00-17:00 UTC", ((0, 1, 2, 5), 540, 1020), "mon,tue,wed,sat 09:00-17:00 UTC"),
        ("tue,wed,thu 09:00-17:00 UTC", ((1, 2, 3), 540, 1020), "tue-thu 09:00-17:00 UTC"),
        ("sat-sun 09:00-17:00 UTC", ((5, 6), 540, 1020), "sat,sun 09:00-17:00 UTC"),
        ("fri-mon 09:00-17:00 UTC", ((0, 4, 5, 6), 540, 1020), "mon,fri,sat,sun 09:00-17:00 UTC"),
        ("sun,sun-sun 09:00-17:00 UTC", ((6,), 540, 1020), "sun 09:00-17:00 UTC"),
        ("mon-fri 22:00-06:00 UTC", ((0, 1, 2, 3, 4), 1320, 1800), "weekdays 22:00-06:00 UTC"),
        ("sat 20:00-00:00 Etc/GMT+1", ((5,), 1200, 1440), "sat 20:00-24:00 Etc/GMT+1"),
    ],
)
def test_a_window_is_read_as_people_write_it(text: str, read: tuple[object, ...], spelled: str | None) -> None:
    window = parse(text)
    assert (window.days, window.opens, window.closes) == read
    assert str(window) == (spelled or text)
    assert parse(str(window)) == window
    assert parse(window) is window


@pytest.mark.parametrize(
    "text",
    [
        "",
        "08:00-18:00 UTC",
        "weekdays 8:00-18:00 UTC",
        "weekdays 08:00-24:30 UTC",
        "weekdays 24:00-06:00 UTC",
        "weekdays  08:00-18:00 UTC",
        "weekdays 08:00 - 18:00 UTC",
        "Monday 08:00-18:00 UTC",
        "mon, tue 08:00-18:00 UTC",
        "daily,mon 08:00-18:00 UTC",
        "weekdays 08:00-18:00",
        "weekdays 08:00-18:00 UTC\n",
        7,
        None,
    ],
)
def test_anything_else_is_refused_with_an_example(text: object) -> None:
    with pytest.raises(ValueError, match="is no window of hours; write it like weekdays 08:00-18:00 Europe/Berlin"):
        parse(text)


@pytest.mark.parametrize("name", ["Europe", "Europe/Berlim", "../passwd", "/etc/localtime", "berlin time"])
def test_a_zone_is_one_of_the_time_zone_database(name: str) -> None:
    with pytest.raises(ValueError, match="is no time zone; write it like Europe/Berlin"):
        zone_named(name)


def test_zones_come_with_the_bot_where_the_machine_has_none() -> None:
    """Lambda's base image has come without them (github.com/aws/aws-lambda-dotnet, issue 1620)."""
    code = "import zoneinfo; zoneinfo.reset_tzpath([]); print(zoneinfo.ZoneInfo('Europe/Berlin'))"
    own = [sys.executable, "-c", code]
    told = subprocess.run(own, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert told.stdout == "Europe/Berlin\n", told.stderr


@pytest.mark.parametrize(
    ("at", "is_open", "next_open"),
    [
        ("2026-12-14T08:00", True, "2026-12-14T08:00"),
        ("2026-12-14T07:59", False, "2026-12-14T08:00"),
        ("2026-12-14T17:59", True, "2026-12-14T17:59"),
        ("2026-12-14T18:00", False, "2026-12-15T08:00"),
        ("2026-12-11T18:00", False, "2026-12-14T08:00"),
        ("2026-12-13T12:00", False, "2026-12-14T08:00"),
    ],
)
def test_a_window_is_open_from_its_first_minute_until_its_last_is_over(at: str, is_open: bool, next_open: str) -> None:  # noqa: FBT001 - a parameter
    times = Times(windows=(OFFICE,))
    assert times.is_open(berlin(at)) is is_open
    assert times.next_open(berlin(at)) == berlin(next_open)


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_opens() -> None:
    times = Times(windows=(parse("fri 22:00-06:00 Europe/Berlin"),))
    assert times.is_open(berlin("2026-12-12T05:59"))  # a Saturday
    assert not times.is_open(berlin("2026-12-11T05:59"))
    assert times.next_open(berlin("2026-12-12T06:00")) == berlin("2026-12-18T22:00")


def test_of_several_windows_one_is_enough() -> None:
    times = Times(windows=(OFFICE, parse("sat 10:00-12:00 UTC")))
    assert times.next_open(berlin("2026-12-11T19:00")) == datetime(2026, 12, 12, 10, tzinfo=UTC)


def test_without_a_window_every_moment_is_open() -> None:
    assert Times().is_open(berlin("2026-12-13T03:00"))


YEAR_END = Frost(first=date(2026, 12, 15), last=date(2027, 1, 6), zone="Europe/Berlin", why="year end")


@pytest.mark.parametrize(
    ("at", "frozen"),
    [
        ("2026-12-14T23:59", False),
        ("2026-12-15T00:00", True),
        ("2027-01-06T23:59", True),
        ("2027-01-07T00:00", False),
    ],
)
def test_both_days_of_a_freeze_are_within(at: str, frozen: bool) -> None:  # noqa: FBT001 - a parameter
    assert Times(frozen=(YEAR_END,)).is_open(berlin(at)) is not frozen
    assert (Times(frozen=(YEAR_END,)).frost(berlin(at)) is YEAR_END) is frozen


def test_after_a_freeze_the_next_window_counts() -> None:
    later = Frost(first=date(2027, 1, 7), last=date(2027, 1, 8), zone="UTC", why="stocktaking")
    assert Times(windows=(OFFICE,), frozen=(YEAR_END,)).next_open(berlin("2026-12-15T09:00")) == berlin(
        "2027-01-07T08:00"
    )
    both = Times(windows=(OFFICE,), frozen=(later, YEAR_END))
    assert both.next_open(berlin("2026-12-15T09:00")) == berlin("2027-01-11T08:00")


@pytest.mark.parametrize(
    ("window", "day", "hours"),
    [
        ("daily 00:00-24:00 Europe/Berlin", date(2026, 3, 29), 23),
        ("daily 00:00-24:00 Europe/Berlin", date(2026, 10, 25), 25),
        ("daily 22:00-06:00 Europe/Berlin", date(2026, 3, 28), 7),
        ("daily 22:00-06:00 Europe/Berlin", date(2026, 10, 24), 9),
        ("daily 02:00-04:00 Europe/Berlin", date(2026, 3, 29), 1),
        ("daily 01:00-02:30 Europe/Berlin", date(2026, 10, 25), 1.5),
    ],
)
def test_a_window_is_as_long_as_the_clocks_make_it(window: str, day: date, hours: float) -> None:
    span = parse(window).on(day)
    assert span
    assert span[1] - span[0] == timedelta(hours=hours)


def test_an_hour_that_clocks_leave_out_does_not_come_on_that_day() -> None:
    window = parse("sun 02:00-03:00 Europe/Berlin")
    assert window.on(date(2026, 3, 29)) is None
    assert Times(windows=(window,)).next_open(berlin("2026-03-29T00:00")) == berlin("2026-04-05T02:00")


days = st.lists(st.sampled_from(DAYS), min_size=1, max_size=7).map(",".join)
clocks = st.integers(0, 24 * 60 - 1).map(lambda minutes: f"{minutes // 60:02d}:{minutes % 60:02d}")
zones = st.sampled_from(ZONES)
windows = (
    st.tuples(days, clocks, clocks, zones)
    .filter(lambda parts: parts[1] != parts[2])
    .map(lambda parts: parse(f"{parts[0]} {parts[1]}-{parts[2]} {parts[3]}"))
)
freezes = st.builds(
    lambda first, length, zone: Frost(first=first, last=first + length * DAY, zone=zone, why="so"),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(0, 20),
    zones,
)
times = st.builds(
    lambda open_in, frozen: Times(windows=tuple(open_in), frozen=tuple(frozen)),
    st.lists(windows, max_size=3),
    st.lists(freezes, max_size=3),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
quick = settings(deadline=None, max_examples=150)


@quick
@given(times, moments)
def test_the_next_opening_is_open_and_not_in_the_past(when: Times, at: datetime) -> None:
    found = when.next_open(at)
    assert found >= at
    assert when.is_open(found)
    assert not any(frost.covers(found) for frost in when.frozen)
    assert when.next_open(found) == found


@quick
@given(times, moments, st.floats(0, 1, exclude_max=True))
def test_nothing_is_open_before_the_next_opening(when: Times, at: datetime, share: float) -> None:
    found = when.next_open(at)
    between = at + (found - at) * share
    if between < found:
        assert not when.is_open(between)
        assert when.next_open(between) == found


@quick
@given(windows, moments)
def test_on_days_on_which_clocks_are_left_alone_a_window_is_what_they_show(window: Hours, at: datetime) -> None:
    zone = zone_named(window.zone)
    local = at.astimezone(zone)
    around = [datetime.combine(local.date() + n * DAY, time(), tzinfo=zone).utcoffset() for n in (-1, 0, 1, 2)]
    if len(set(around)) == 1:
        shown, yesterday = local.hour * 60 + local.minute, (local - DAY).weekday()
        today = local.weekday() in window.days and window.opens <= shown < window.closes
        since = yesterday in window.days and window.opens <= shown + 24 * 60 < window.closes
        assert Times(windows=(window,)).is_open(at) == (today or since)


@quick
@given(windows, st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_where_clocks_change_a_window_is_longer_or_shorter_by_no_more_than_that(window: Hours, day: date) -> None:
    span = window.on(day)
    if span:
        planned = timedelta(minutes=window.closes - window.opens)
        changed = abs(moment(day + 2 * DAY, 0, window.zone) - moment(day, 0, window.zone) - 2 * DAY)
        assert abs(span[1] - span[0] - planned) <= changed


@quick
@given(windows)
def test_what_is_spelled_reads_as_the_same_window(window: Hours) -> None:
    assert parse(str(window)) == window


def test_a_moment_is_shown_as_clocks_show_it_in_the_zone_of_the_windows() -> None:
    at = datetime(2026, 12, 14, 7, tzinfo=UTC)
    assert Times(windows=(OFFICE,), frozen=(YEAR_END,)).shown(at) == "Mon 2026-12-14 08:00 Europe/Berlin"
    assert Times().shown(at) == "Mon 2026-12-14 07:00 UTC"
