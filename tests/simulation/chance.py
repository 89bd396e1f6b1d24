"""Chance by which a story goes: each question has an answer of its own, whatever else was asked before it.

So the story of a seed changes as little as can be when one of its faults is taken out: that is how a failing one is
made short (`shortest`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

_T = TypeVar("_T")
_WHOLE = 2**64


@dataclass(slots=True)
class Chance:
    """The chance of one seed."""

    seed: int
    asked: Counter[str] = field(default_factory=Counter)

    def number(self, what: str) -> float:
        """From 0 up to 1, for the n-th time that this is asked."""
        self.asked[what] += 1
        return self._at(f"{what}#{self.asked[what]}")

    def _at(self, place: str) -> float:
        digest = hashlib.blake2b(f"{self.seed}/{place}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / _WHOLE

    def is_so(self, what: str, likely: float) -> bool:
        """Whether something happens that is so likely."""
        return self.number(what) < likely

    def between(self, what: str, low: float, high: float) -> float:
        """A number between two."""
        return low + (high - low) * self.number(what)

    def whole(self, what: str, low: int, high: int) -> int:
        """A whole number between two, both included."""
        return low + int(self.number(what) * (high - low + 1))

    def one_of(self, what: str, things: Sequence[_T]) -> _T:
        """One of these."""
        return things[int(self.number(what) * len(things))]

    def weighted(self, what: str, things: Mapping[_T, float]) -> _T:
        """One of these, each as likely as its weight says."""
        at = self.number(what) * sum(things.values())
        for thing, weight in things.items():
            at -= weight
            if at < 0:
                return thing
        return list(things)[-1]
