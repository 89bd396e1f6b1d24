"""Where evidence is kept, who people are, and what draws evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from bot.domain.evidence import Evidence
from bot.domain.evidence_parts import Profile


class ShelfError(Exception):
    """The bucket could not be read or written; the text is what was said."""


class Shelf(Protocol):
    """Where files are put once, and never replaced. Each method may raise `ShelfError`."""

    def put(self, key: str, content: bytes, kind: str) -> bool:
        """Put a file of a media type; False, and nothing is changed, where there is one of that key already."""
        ...

    def get(self, key: str) -> bytes:
        """A file as it was put."""
        ...

    def keys(self, prefix: str) -> tuple[str, ...]:
        """The keys of all files that begin so, sorted."""
        ...


class Profiles(Protocol):
    """Who people are. Nothing here raises for Slack's sake: a report without names is better than none."""

    def of(self, user_ids: Iterable[str]) -> Mapping[str, Profile]:
        """Those that Slack tells of, by id."""
        ...


Picture = Callable[[Evidence], bytes]
"""Draws the timeline, as PNG."""
Report = Callable[[Evidence], bytes]
"""Writes the report, as PDF."""
