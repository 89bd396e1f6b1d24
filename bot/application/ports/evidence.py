"""Where evidence is kept, who people are, and what draws evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.domain.evidence import Evidence
from bot.domain.evidence_parts import Profile


class ShelfError(Exception):
    """The bucket could not be read or written; the text is what was said."""


@dataclass(frozen=True, slots=True)
class Original:
    """What was put under a key first: the lock keeps it, whatever is put on top of it later.

    Attributes:
        version: the store's name for it.
        is_covered: whether something was put, or a deletion marked, on top of it: by somebody else, since the bot does
            neither.
    """

    key: str
    version: str
    is_covered: bool


class Shelf(Protocol):
    """Where files are put once, and never replaced. Each method may raise `ShelfError`."""

    def put(self, key: str, content: bytes, kind: str) -> bool:
        """Put a file of a media type; False, and nothing is changed, where there is one of that key already."""
        ...

    def get(self, key: str, version: str = "") -> bytes:
        """A file as it was put: that version of it, or else the newest."""
        ...

    def keys(self, prefix: str) -> tuple[str, ...]:
        """The keys of all files that begin so, sorted."""
        ...

    def originals(self, prefix: str) -> tuple[Original, ...]:
        """What was put first under each key that begins so, sorted by key; also where it is hidden by a deletion."""
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
