"""Lengths of time as people write them in plans and read them in Slack: `90s`, `30m`, `1h30m`, `2d`."""

from __future__ import annotations

import re
import reprlib
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
# Eight digits hold a year of seconds; without a bound, timedelta overflows. Not \d: that takes every script's digits.
PATTERN = "^(?=.*[1-9])" + "".join(f"([0-9]{{1,8}}{unit})?" for unit in _UNITS) + "$"
_SPAN = re.compile(PATTERN)


def parse(text: object) -> timedelta:
    """Read `1h30m`; a timedelta passes through.

    Raises:
        ValueError: it is neither, or it is zero or longer than 366 days.
    """
    span = text if isinstance(text, timedelta) else _from_text(text)
    if not timedelta(0) < span <= timedelta(days=366):
        raise ValueError("must be longer than zero and at most 366d")
    return span


def _from_text(text: object) -> timedelta:
    found = _SPAN.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(f"{reprlib.repr(text)[:80]} is not a length of time; write it like 90s, 30m, 1h30m or 2d")
    return timedelta(seconds=sum(int(part[:-1]) * _UNITS[part[-1]] for part in found.groups() if part))


def spell(span: timedelta) -> str:
    """Write a span as a plan would: `1h30m`. Fractions of a second are dropped; nothing left is `0s`.

    A measured span can be negative (two machines' clocks): `-1h30m`.
    """
    seconds = int(span.total_seconds())
    rest, parts = abs(seconds), ["-"] if seconds < 0 else []
    for unit, size in _UNITS.items():
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse),
    PlainSerializer(spell, return_type=str),
    WithJsonSchema({"type": "string", "title": "length of time", "pattern": PATTERN, "examples": ["1h30m"]}),
]
"""A length of time longer than zero, written `30m` or `1h30m`."""
