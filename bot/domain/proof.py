"""Whether evidence and records are what they were: recomputes every hash, and says what is missing or changed, where.

Somebody who can write everything could make all hashes anew; against that stand the anchors: hashes of the record's
head, put where nobody can change them while the drill ran (`unlike_anchors`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from pydantic import ValidationError

from bot import ENGINE
from bot.domain.audit import GENESIS, Record, digest
from bot.domain.errors import DrillError
from bot.domain.evidence import Beside, Evidence, Written, as_bytes, evidence, sums
from bot.domain.model import Frozen, Instant
from bot.domain.replay import replay

SHOWN = 5
"""So many places of one kind are named; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is not as it was written. `where`: a path or an event; `what`: a sentence."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Anchor(Frozen):
    """The hash of a drill's newest record at one moment, as it lies in the bucket."""

    drill_id: str
    version: int
    head: str
    at: Instant


def flaws_of_chain(written: Sequence[Written]) -> Iterator[Flaw]:
    """What is missing or changed in a record that should be whole, from its first event on."""
    previous, expected = GENESIS, 1
    for each in written:
        version = _whole(each.get("version"))
        where = f"event {version} ({_type_of(each)})"
        if version != expected:
            yield Flaw(_numbers(expected, version - 1), "missing from the record, or not in its place")
        if digest(each) != each.get("hash"):
            yield Flaw(where, "its content is not what its hash was made of: it was changed")
        if each.get("previous") != previous and version == expected:
            yield Flaw(where, "does not follow the event before it: one of the two was exchanged")
        previous, expected = str(each.get("hash")), version + 1


def _numbers(first: int, last: int) -> str:
    return f"event {first}" if first >= last else f"events {first} to {last}"


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _type_of(written: Written) -> str:
    event = written.get("event")
    return str(event.get("type")) if isinstance(event, Mapping) else "no event"


def flaws_of_file(content: bytes) -> tuple[Flaw, ...]:
    """What is missing or changed in an `evidence.json`; nothing: every byte is as it was written."""
    try:
        dumped = json.loads(content)
    except ValueError as broken:
        return (Flaw("the file", f"is no JSON: {broken}"),)
    if not isinstance(dumped, dict):
        return (Flaw("the file", "is not the evidence of a drill"),)
    found = tuple(_flaws(dumped))
    return found or tuple(_flaws_of_form(content, as_bytes(dumped)))


def _flaws_of_form(content: bytes, expected: bytes) -> Iterator[Flaw]:
    """The values are as they were; something between them is not."""
    lines = zip_longest(content.splitlines(keepends=True), expected.splitlines(keepends=True), fillvalue=b"")
    for number, (line, wanted) in enumerate(lines, start=1):
        if line != wanted:
            yield Flaw(f"line {number}", "is not as it was written, though no value of it has changed")
            return


def _flaws(dumped: dict[str, Any]) -> Iterator[Flaw]:
    try:
        read = Evidence.model_validate(dumped)
    except ValidationError as errors:
        for error in errors.errors()[:SHOWN]:
            yield Flaw(".".join(map(str, error["loc"])), f"is not as the schema has it: {error['msg']}")
        return
    yield from _flaws_of_sums(dumped)
    yield from flaws_of_chain(read.record.events)
    yield from _flaws_of_plan(read)
    yield from _flaws_of_content(read, dumped)


def _flaws_of_sums(dumped: dict[str, Any]) -> Iterator[Flaw]:
    told, made = dumped.get("sums", {}), sums(dumped)
    for part in dict.fromkeys((*made, *told)):
        if told.get(part) != made.get(part):
            yield Flaw(part, "is not what its sum was made of: one of the two was changed")


def _flaws_of_plan(read: Evidence) -> Iterator[Flaw]:
    if read.plan.content_hash != read.plan_hash:
        yield Flaw("plan", "its content is not what its hash was made of")


def _flaws_of_content(read: Evidence, dumped: dict[str, Any]) -> Iterator[Flaw]:
    """Everything in it that comes from the record is made of the record once more, and compared."""
    try:
        drill = replay(Record.model_validate(each) for each in read.record.events)
        again = evidence(drill, read.record.events, _beside(read)).model_dump(mode="json")
    except (DrillError, ValueError, ArithmeticError, LookupError) as failed:
        engines = {*read.record.engines} - {ENGINE}
        other = f" It was written by rules {', '.join(sorted(engines))}, and these are {ENGINE}." if engines else ""
        yield Flaw("record", f"cannot be replayed: {failed}{other}")
        return
    for part in ("sums", "earlier_findings"):  # told above; and from other drills, whose sum alone speaks for it
        again.pop(part)
    again["comparison"] = [*again["comparison"][:1], *dumped["comparison"][len(again["comparison"][:1]) :]]
    yield from _few(_differences(dumped, again))


def _beside(read: Evidence) -> Beside:
    """What the record cannot tell, as the evidence itself has it."""
    return Beside(refused=read.refused_clicks, profiles=read.profiles)


def _few(flaws: Iterable[Flaw]) -> Iterator[Flaw]:
    found = list(flaws)
    yield from found[:SHOWN]
    if len(found) > SHOWN:
        yield Flaw("and", f"{len(found) - SHOWN} more place(s) that differ")


def _differences(told: Any, made: Any, where: str = "") -> Iterator[Flaw]:
    """Where what is told is not what the record makes; parts that `made` leaves out are not compared."""
    if isinstance(told, dict) and isinstance(made, dict):
        for name in made:
            yield from _differences(told.get(name), made[name], f"{where}.{name}" if where else name)
    elif isinstance(told, list) and isinstance(made, list) and len(told) == len(made):
        for number, (one, other) in enumerate(zip(told, made, strict=True)):
            yield from _differences(one, other, f"{where}[{number}]")
    elif told != made:
        yield Flaw(where, f"says {_short(told)}, and the record makes {_short(made)} of it")


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004 - a line of a terminal


def unlike_anchors(written: Sequence[Written], anchors: Iterable[Anchor]) -> Iterator[Flaw]:
    """Anchors that a record does not fit: it was changed since they were put down."""
    hashes = {each.get("version"): each.get("hash") for each in written}
    for anchor in anchors:
        if anchor.version not in hashes:
            yield Flaw(f"event {anchor.version}", "is anchored in the bucket, and missing from the record")
        elif hashes[anchor.version] != anchor.head:
            yield Flaw(f"event {anchor.version}", "is not the one that was anchored in the bucket")


def unlike(told: Sequence[Written], kept: Sequence[Written], what: str) -> Iterator[Flaw]:
    """Where the record of some evidence is not what the table (or another evidence) has."""
    there = {each.get("version"): each for each in kept}
    for each in told:
        version, where = each.get("version"), f"event {each.get('version')} ({_type_of(each)})"
        if version not in there:
            yield Flaw(where, f"is in {what}, and missing from the table")
        elif each != there[version]:
            yield Flaw(where, f"is another one in {what} than in the table")
