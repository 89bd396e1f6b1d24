"""Where things stand in a plan file, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.plan_parts import Place


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A point in a file; line and column count from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a plan file, and what would be right.

    Attributes:
        place: what in the plan it concerns; None when the file cannot be read as a plan at all.
        words: what is wrong; what would be right.
    """

    position: Position
    place: Place | None
    words: str

    def __str__(self) -> str:
        where = f"{self.position.line}:{self.position.column}: "
        return where + (self.words if self.place is None else f"{spell_place(self.place)}: {self.words}")


class Unreadable(Exception):
    """The file is not the YAML of one plan, so that nothing in it can be checked."""

    def __init__(self, position: Position, words: str) -> None:
        self.problem = Problem(position, None, words)
        super().__init__(str(self.problem))


@dataclass(slots=True)
class Written:
    """What a file says, and where it says it.

    Attributes:
        content: plain values: dict, list, str, int, float, bool, None.
        keys: where the key of each value is; list items have none.
        values: where each value begins.
        scalars: each scalar as it is written, without its quotes.
        problems: slips that left the rest readable.
    """

    content: object = None
    keys: dict[Place, Position] = field(default_factory=dict)
    values: dict[Place, Position] = field(default_factory=dict)
    scalars: dict[Place, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def value_position(self, place: Place) -> Position:
        """Where the value at `place` begins; for one that is missing, the key that it should stand under."""
        return self.values[place] if place in self.values else self.key_position(place[:-1])

    def key_position(self, place: Place) -> Position:
        """Where the key of `place` is; where its value begins if it has no key."""
        return self.keys[place] if place in self.keys else self.value_position(place)


def spell_place(place: Place) -> str:
    """Write a place as authors know it: `waves[0].servers[1].impact`; the whole is `plan`."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return steps.removeprefix(".") or "plan"
