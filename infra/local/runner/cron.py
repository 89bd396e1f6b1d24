"""EventBridge's cron expressions: minutes, hours, day of month, month, day of week, year, in UTC.

AWS: EventBridge user guide, "Cron expressions". Days of the week count from Sunday = 1. The wildcards L, W and #
are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2199))
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
NAMES = {name: number for names in (MONTHS, DAYS) for number, name in enumerate(names, 1)}
LONGEST_GAP = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Cron:
    """The values that each of the six fields allows."""

    fields: tuple[frozenset[int], ...]

    @classmethod
    def parse(cls, text: str) -> Cron:
        """Read `0 6 ? * MON-FRI *`.

        Raises:
            ValueError: a field is missing or is not understood.
        """
        return cls(tuple(_values(part, *limits) for part, limits in zip(text.split(), RANGES, strict=True)))

    def next_after(self, time: datetime) -> datetime:
        """The first whole minute after `time` that fits.

        Raises:
            ValueError: there is none within a year.
        """
        candidate = time.replace(second=0, microsecond=0) + timedelta(minutes=1)
        while candidate < time + LONGEST_GAP:
            if not self._fits_day(candidate):
                candidate = candidate.replace(hour=0, minute=0) + timedelta(days=1)
            elif candidate.hour in self.fields[1] and candidate.minute in self.fields[0]:
                return candidate
            else:
                candidate += timedelta(minutes=1)
        raise ValueError("the schedule never fires within a year")

    def _fits_day(self, time: datetime) -> bool:
        day_of_week = time.isoweekday() % 7 + 1
        day = (time.day, time.month, day_of_week, time.year)
        return all(value in allowed for value, allowed in zip(day, self.fields[2:], strict=True))


def _values(field: str, lowest: int, highest: int) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, last = _span(span, lowest, highest, open_ended=bool(step))
        found.update(range(first, last + 1, int(step or 1)))
    if not found <= set(range(lowest, highest + 1)):
        raise ValueError(f"{field} is outside of {lowest}-{highest}")
    return frozenset(found)


def _span(span: str, lowest: int, highest: int, *, open_ended: bool) -> tuple[int, int]:
    if span in ("*", "?"):
        return lowest, highest
    first, dash, last = span.partition("-")
    start = _number(first)
    if dash:
        return start, _number(last)
    return start, highest if open_ended else start


def _number(text: str) -> int:
    return NAMES[text.upper()] if text.upper() in NAMES else int(text)
