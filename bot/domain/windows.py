"""When a plan may be drilled: on certain days between certain hours, as clocks show them in a time zone.

A window is written `weekdays 08:00-18:00 Europe/Berlin`. It belongs to the day on which it opens: `fri 22:00-06:00`
ends on Saturday. When clocks are put forward or back, a window is two moments like on any other day: it opens when its
first hour comes for the first time, and closes when its last one does. An hour that clocks leave out comes as much
later as they were put forward, so a window within that hour does not open on that day.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema

from bot.domain.model import Frozen

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As `date.weekday` counts them."""
_NAMED_DAYS = {"daily": tuple(range(7)), "weekdays": tuple(range(5))}
_DAY = f"({'|'.join(DAYS)})"
_SOME_DAYS = f"{_DAY}(-{_DAY})?"
_HOUR = "([01][0-9]|2[0-3]):[0-5][0-9]"
PATTERN = f"^(daily|weekdays|{_SOME_DAYS}(,{_SOME_DAYS})*) {_HOUR}-({_HOUR}|24:00) [A-Za-z0-9_+/-]{{1,64}}$"
"""What can be told by its shape. Which zones there are is known to the time zone database alone."""
_FORM = re.compile(PATTERN)
_A_DAY = timedelta(days=1)
_SEARCHED = 15
"""Days. Two of any weekday and the one before: where clocks leave out a window's hour, it opens a week later."""
_EXAMPLE = "weekdays 08:00-18:00 Europe/Berlin"


@cache
def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name.

    Raises:
        ValueError: there is none; the text says what would be right.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as unknown:  # OSError: a folder of zones, such as `Europe`
        shown = reprlib.repr(name)
        raise ValueError(f"{shown} is no time zone; write it like Europe/Berlin, by its IANA name") from unknown


def _known(name: str) -> str:
    zone_named(name)
    return name


ZoneName = Annotated[
    str,
    StringConstraints(pattern="^[A-Za-z0-9_+/-]{1,64}$"),
    AfterValidator(_known),
    Field(title="IANA time zone", examples=["Europe/Berlin"]),
]


class Hours(Frozen):
    """One window, again on each of its days.

    Attributes:
        days: weekdays, Monday is 0.
        opens: minutes from midnight, as clocks count them.
        closes: the same; greater than a day's 1,440 where the window ends on the day after.
    """

    days: tuple[int, ...]
    opens: int
    closes: int
    zone: str

    def __str__(self) -> str:
        return f"{_spelled(self.days)} {_clock(self.opens)}-{_clock(self.closes)} {self.zone}"

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """From when, until when (exclusive) it is open by the day on which it opens; None if it does not."""
        if day.weekday() not in self.days:
            return None
        opens, closes = (moment(day, minutes, self.zone) for minutes in (self.opens, self.closes))
        return (opens, closes) if opens < closes else None

    def next(self, at: datetime) -> datetime:
        """When it is next open: `at` itself if it is open then."""
        today = at.astimezone(zone_named(self.zone)).date()
        days = (today + n * _A_DAY for n in range(-1, _SEARCHED))
        return next(max(at, span[0]) for span in map(self.on, days) if span and at < span[1])


def moment(day: date, minutes: int, zone: str) -> datetime:
    """When clocks in a zone show a time of day, the first time if they do so twice.

    Args:
        day: the day from whose midnight is counted.
        minutes: from midnight as clocks count them; a day's 1,440 are the midnight after it, and so on.
        zone: IANA name.
    """
    later, left = divmod(minutes, 24 * 60)
    wall = datetime.combine(day + later * _A_DAY, time(*divmod(left, 60)), tzinfo=zone_named(zone))
    return wall.astimezone(zone_named("UTC"))


def parse(text: object) -> Hours:
    """Read a window; one that is read already passes through.

    Raises:
        ValueError: it is none; the text says what would be right.
    """
    if isinstance(text, Hours):
        return text
    if not isinstance(text, str) or not _FORM.fullmatch(text):
        raise ValueError(f"{reprlib.repr(text)[:80]} is no window of hours; write it like {_EXAMPLE}")
    days, hours, zone = text.split(" ")
    opens, closes = map(_minutes, hours.split("-"))
    if opens == closes:
        raise ValueError(f"{hours} is no time at all; write 00:00-24:00 for the whole day")
    zone_named(zone)
    ends = closes if opens < closes else closes + 24 * 60
    return Hours(days=tuple(sorted(set(_read_days(days)))), opens=opens, closes=ends, zone=zone)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _clock(minutes: int) -> str:
    within = minutes if minutes <= 24 * 60 else minutes - 24 * 60
    return f"{within // 60:02d}:{within % 60:02d}"


def _read_days(text: str) -> Iterator[int]:
    if text in _NAMED_DAYS:
        yield from _NAMED_DAYS[text]
        return
    for part in text.split(","):
        first, _, last = part.partition("-")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        yield from (day % 7 for day in range(begin, end + 1 if begin <= end else end + 8))


def _spelled(days: tuple[int, ...]) -> str:
    named = next((name for name, named in _NAMED_DAYS.items() if named == days), None)
    if named:
        return named
    in_a_row = len(days) > 2 and days[-1] - days[0] == len(days) - 1  # noqa: PLR2004 - `sat-sun` is no shorter
    return f"{DAYS[days[0]]}-{DAYS[days[-1]]}" if in_a_row else ",".join(DAYS[day] for day in days)


Window = Annotated[
    Hours,
    BeforeValidator(parse),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "title": "window of hours", "pattern": PATTERN, "examples": [_EXAMPLE]}),
]
"""A window as a plan has it: days (`daily`, `weekdays`, `mon-thu`, `mon,wed,fri`), hours, IANA time zone."""


class Frost(Frozen):
    """Whole days on which nothing is drilled, as a calendar in `zone` shows them; both are within.

    Attributes:
        why: in the words of the plan's author.
    """

    first: date
    last: date
    zone: str
    why: str

    @property
    def begins(self) -> datetime:
        """The first day's midnight."""
        return moment(self.first, 0, self.zone)

    @property
    def ends(self) -> datetime:
        """The midnight after the last day: it is over then."""
        return moment(self.last, 24 * 60, self.zone)

    def covers(self, at: datetime) -> bool:
        """Whether nothing is drilled at that moment."""
        return self.begins <= at < self.ends


class Times(Frozen):
    """When a plan may be drilled. Without windows: always, but for the days that are frozen."""

    windows: tuple[Window, ...] = ()
    frozen: tuple[Frost, ...] = ()

    def frost(self, at: datetime) -> Frost | None:
        """What keeps the plan from being drilled at that moment, whatever the hour."""
        return next((frost for frost in self.frozen if frost.covers(at)), None)

    def is_open(self, at: datetime) -> bool:
        """Whether the plan may be drilled at that moment."""
        return self.next_open(at) == at

    def next_open(self, at: datetime) -> datetime:
        """When it may next be drilled: `at` itself if it may be then."""
        while True:
            found = min((window.next(at) for window in self.windows), default=at)
            frost = self.frost(found)
            if frost is None:
                return found
            at = frost.ends

    def shown(self, at: datetime) -> str:
        """A moment as clocks show it in the zone of these times: `Mon 2026-12-14 08:00 Europe/Berlin`."""
        zone = next(self.zones, "UTC")
        return f"{at.astimezone(zone_named(zone)):%a %Y-%m-%d %H:%M} {zone}"

    @property
    def zones(self) -> Iterator[str]:
        """The zones that are named, each once, those of the windows first."""
        parts: Iterable[Hours | Frost] = (*self.windows, *self.frozen)
        return iter(dict.fromkeys(part.zone for part in parts))
