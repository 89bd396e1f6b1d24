"""YAML with positions: reads a plan file into plain values and remembers where each of them stands.

Only what a plan needs is read. Scalars follow YAML 1.2, as editors do, so that `no` is a text and not a
boolean. Anchors, aliases and tags are refused: a plan says everything once, and an alias can stand for
billions of values. A key that is written twice is a problem, not a silent choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import yaml

from bot.adapters.plan_places import Position, Problem, Unreadable, Written
from bot.domain.plan_parts import Place

MAX_BYTES = 256 * 1024
"""A plan of 500 servers, one a line and each with a comment, is about 25 KB."""
_MAX_DEPTH = 10

_ADVICE = {
    "mapping values are not allowed in this context": (
        "check the indentation of this line and the one above, and put a text that holds ': ' in quotes"
    ),
    "found character that cannot start any token": (
        "indent with spaces, not tabs, and put a text that begins with a special character in quotes"
    ),
}
"""What would be right, for the slips that libyaml reports most often."""
_OPENED_HERE = {
    "found unexpected end of stream": "close the quotes that are opened here",
    "did not find expected ',' or ']'": "close the bracket that is opened here, with commas between its items",
    "did not find expected ',' or '}'": "close the bracket that is opened here, with commas between its items",
}
"""The same, for slips that libyaml notices far below the place that an author has to change."""
_GENERAL_ADVICE = "check the indentation here, and that all quotes and brackets before it are closed"

_PLAIN: tuple[tuple[re.Pattern[str], Callable[[str], object]], ...] = (
    (re.compile("|~|null|Null|NULL"), lambda _: None),
    (re.compile("true|True|TRUE"), lambda _: True),
    (re.compile("false|False|FALSE"), lambda _: False),
    (re.compile("[-+]?[0-9]{1,100}"), int),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?"), float),
)
"""What a scalar without quotes means: YAML 1.2, chapter 10.3, "core schema". Anything else is a text."""


def read(raw: bytes) -> Written:
    """Read one plan file. Slips that leave the rest readable are in the result's `problems`.

    Raises:
        Unreadable: it is too large, not UTF-8, empty, not YAML, or more than one document.
    """
    if len(raw) > MAX_BYTES:
        raise Unreadable(Position(1, 1), f"the file is larger than {MAX_BYTES // 1024} KiB; split the plan")
    text, written = _decoded(raw), Written()
    try:
        _Reader(yaml.parse(text, Loader=yaml.CSafeLoader), written).document()
    except yaml.reader.ReaderError as error:
        position = _position_of_byte(text.encode(), error.position)
        raise Unreadable(position, f"{error.reason} (U+{error.character:04X}); remove it") from error
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error) from error
    return written


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        position = _position_of_byte(raw, error.start)
        raise Unreadable(position, "this is not UTF-8 text; save the file as UTF-8") from error


def _position_of_byte(raw: bytes, offset: int) -> Position:
    before = raw[:offset].decode()
    return Position(before.count("\n") + 1, len(before) - before.rfind("\n"))


def _position(mark: yaml.Mark | yaml._yaml.Mark | None) -> Position:
    return Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)


def _not_yaml(error: yaml.MarkedYAMLError) -> Unreadable:
    words = str(error.problem)
    position = _position(error.context_mark if words in _OPENED_HERE else error.problem_mark)
    return Unreadable(position, f"not YAML: {words}; {(_ADVICE | _OPENED_HERE).get(words, _GENERAL_ADVICE)}")


def meaning(text: str) -> object:
    """What a scalar without quotes means to YAML."""
    return next((make(text) for pattern, make in _PLAIN if pattern.fullmatch(text)), text)


class _Reader:
    """Builds values from the parser's events. It follows no alias and never recurses deeper than `_MAX_DEPTH`."""

    def __init__(self, events: Iterator[yaml.Event], written: Written) -> None:
        self._events = events
        self._written = written

    def document(self) -> None:
        """Read the only document of the file.

        Raises:
            Unreadable: there is none, or another.
        """
        next(self._events)  # the stream's start
        if isinstance(next(self._events), yaml.StreamEndEvent):
            raise Unreadable(Position(1, 1), "the file is empty; begin with version: 1")
        self._written.content = self.value((), next(self._events))
        next(self._events)  # the document's end
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise Unreadable(_position(after.start_mark), "a second plan begins here; write each in its own file")

    def value(self, place: Place, event: yaml.Event) -> object:
        """Read the value that begins with `event`.

        Raises:
            Unreadable: it is nested deeper than any plan, or has a key that is no scalar.
        """
        self._written.values[place] = _position(event.start_mark)
        if len(place) > _MAX_DEPTH:
            raise Unreadable(self._written.values[place], "nested deeper than any plan; check the brackets")
        if isinstance(event, yaml.AliasEvent) or _is_marked(event):
            self._note(place, "anchors, aliases and tags (&, *, !) are not read; write the value itself")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place)
        return self._scalar(place, event) if isinstance(event, yaml.ScalarEvent) else None

    def _note(self, place: Place, words: str) -> None:
        self._written.problems.append(Problem(self._written.values[place], place, words))

    def _scalar(self, place: Place, event: yaml.ScalarEvent) -> object:
        found = event.value if event.style else meaning(event.value)
        if found is None:
            self._note(place, "has no value; write one, or leave the key out")
        self._written.scalars[place] = event.value
        return found

    def _sequence(self, place: Place) -> list[object]:
        found: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self.value((*place, len(found)), event))
        return found

    def _mapping(self, place: Place) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key, position = self._key(event), _position(event.start_mark)
            at = (*place, key)
            if key in found:
                self._repeated(at, position)
                continue
            self._written.keys[at] = position
            found[key] = self.value(at, next(self._events))
        return found

    def _key(self, event: yaml.Event) -> str:
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        raise Unreadable(_position(event.start_mark), "this is no key; write a key as one word, like name:")

    def _repeated(self, place: Place, position: Position) -> None:
        words = f"written twice, first on line {self._written.keys[place].line}; keep one"
        self._written.problems.append(Problem(position, place, words))
        _Reader(self._events, Written()).value(place, next(self._events))


def _is_marked(event: yaml.Event) -> bool:
    return isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and bool(event.anchor or event.tag)
