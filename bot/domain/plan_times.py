"""The part of a plan that says when it may be drilled: windows of hours, and days that are frozen."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints, WithJsonSchema

from bot.domain.model import Frozen
from bot.domain.plan_parts import Place
from bot.domain.windows import Frost, Hours, Times, ZoneName

LONGEST_FREEZE = timedelta(days=366)
"""What is frozen for longer is a slip of the year, or no plan to drill at all."""
_DAY_PATTERN = "^2[01][0-9]{2}-[01][0-9]-[0-3][0-9]$"
_DAY = re.compile(_DAY_PATTERN)


def _read_day(text: object) -> date:
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text if isinstance(text, str) and _DAY.fullmatch(text) else "")
    except ValueError as unreadable:
        raise ValueError(f"{reprlib.repr(text)[:80]} is no day; write it like 2026-12-15") from unreadable


Day = Annotated[
    date,
    BeforeValidator(_read_day),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "title": "day", "pattern": _DAY_PATTERN, "examples": ["2026-12-15"]}),
]
"""A day of this century or the next, written `2026-12-15`."""


class Freeze(Frozen):
    """Days on which nothing is drilled."""

    # A stored plan has the keys that an author writes; `from` is no name in Python.
    model_config = ConfigDict(serialize_by_alias=True)

    first: Day = Field(alias="from", description="The first day on which nothing is drilled.")
    last: Day = Field(alias="to", description="The last one; 366 days in all at most.")
    why: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\r\n]*\S[^\r\n]*$"),
        Field(title="single line of text", examples=["year end"]),
    ] = Field(description="Why; whoever is refused a drill for it is told.")
    zone: ZoneName | None = Field(
        default=None, description="The time zone in which these days are counted. Absent: that of `allowed`."
    )


def misfits(windows: Sequence[Hours], freezes: Sequence[Freeze]) -> Iterator[tuple[Place, str]]:
    """What does not fit together, each at its place in `freeze`."""
    zones = list(dict.fromkeys(window.zone for window in windows))
    for n, freeze in enumerate(freezes):
        if freeze.last < freeze.first:
            yield (n, "to"), f"is before from ({freeze.first}); write that day or a later one"
        elif freeze.last - freeze.first >= LONGEST_FREEZE:
            yield (
                (n, "to"),
                f"is more than {LONGEST_FREEZE.days} days after from ({freeze.first}); write an earlier day",
            )
        if freeze.zone is None and len(zones) != 1:
            named = f"allowed names {' and '.join(zones)}" if zones else "allowed names no time zone"
            yield (n,), f"needs a zone, since {named}; write one, like zone: Europe/Berlin"


def times_of(windows: Sequence[Hours], freezes: Sequence[Freeze]) -> Times:
    """Both together, with the zone of each freeze made out. There are no misfits."""
    return Times(
        windows=tuple(windows),
        frozen=tuple(
            Frost(first=freeze.first, last=freeze.last, why=freeze.why, zone=freeze.zone or windows[0].zone)
            for freeze in freezes
        ),
    )
