"""Verification of a drill where all of it lies: its record in the table, its anchors and reports in the bucket."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.application.ports.evidence import Original, Shelf
from bot.application.ports.storage import DrillStore
from bot.application.reporting import anchors_of, folder_of
from bot.domain.afterwards import EVIDENCE, KeptEvidence
from bot.domain.audit import Record
from bot.domain.drill import Drill
from bot.domain.errors import DrillError
from bot.domain.evidence import Written
from bot.domain.proof import Anchor, Flaw, flaws_of_chain, flaws_of_file, unlike, unlike_anchors
from bot.domain.replay import replay


@dataclass(frozen=True, slots=True)
class Proven:
    """What was looked at, and what of it is missing or changed."""

    looked_at: tuple[str, ...]
    flaws: tuple[Flaw, ...]


@dataclass(frozen=True, slots=True)
class Proving:
    """Looks, and changes nothing."""

    store: DrillStore
    shelf: Shelf

    def drill(self, drill_id: str) -> Proven:
        """Everything of a drill.

        Raises:
            UnknownDrill: there is none of that id.
            ShelfError: the bucket cannot be read.
        """
        stored = self.store.load(drill_id)
        written: list[Written] = [json.loads(each) for each in self.store.written(drill_id)]
        originals = {each.key: each for each in self.shelf.originals(folder_of(stored.drill))}
        anchors = [each for key, each in originals.items() if key.startswith(anchors_of(stored.drill))]
        kept = stored.drill.report.kept if stored.drill.report else ()
        flaws = (
            *flaws_of_chain(written),
            *_unlike_head(written, stored.audit_head),
            *_unlike_state(written, stored.drill),
            *_covered(originals.values()),
            *self._unlike_anchors(written, anchors),
            *(flaw for each in kept for flaw in self._flaws_of(each, written, originals)),
            *_unanchored(stored.drill, anchors),
        )
        files = sum(len(each.files) for each in kept)
        looked = {"event": len(written), "anchor": len(anchors), "report": len(kept), "file": files}
        return Proven(tuple(f"{number} {name}{'' if number == 1 else 's'}" for name, number in looked.items()), flaws)

    def _unlike_anchors(self, written: list[Written], anchors: Sequence[Original]) -> Iterator[Flaw]:
        for each in anchors:
            try:
                yield from unlike_anchors(written, [Anchor.model_validate_json(self._first(each))])
            except ValueError as broken:
                yield Flaw(each.key, f"is no anchor: {broken}")

    def _first(self, original: Original) -> bytes:
        return self.shelf.get(original.key, original.version)

    def _flaws_of(
        self, kept: KeptEvidence, written: list[Written], originals: Mapping[str, Original]
    ) -> Iterator[Flaw]:
        """Each file against its sum in the record; the evidence against the record itself."""
        for name, sum_ in kept.files.items():
            key = f"{kept.place}{name}"
            if key not in originals:
                yield Flaw(key, "is missing from the bucket")
                continue
            content = self._first(originals[key])
            if hashlib.sha256(content).hexdigest() != sum_:
                yield Flaw(key, "is not the file whose sum is in the record")
            if name == EVIDENCE:
                yield from _flaws_of_evidence(key, content, written)


def _covered(originals: Iterable[Original]) -> Iterator[Flaw]:
    """The bot puts nothing twice, and deletes nothing."""
    for each in originals:
        if each.is_covered:
            yield Flaw(each.key, "was put again or deleted later; what was there first still is, and was looked at")


def _flaws_of_evidence(key: str, content: bytes, written: list[Written]) -> Iterator[Flaw]:
    flaws = flaws_of_file(content)
    yield from (Flaw(f"{key}, {flaw.where}", flaw.what) for flaw in flaws)
    if not flaws:
        yield from unlike(json.loads(content)["record"]["events"], written, key)


def _unlike_head(written: list[Written], head: str) -> Iterator[Flaw]:
    if not written or written[-1].get("hash") != head:
        yield Flaw("the drill", "names another event as its newest than the record ends with")


def _unlike_state(written: list[Written], drill: Drill) -> Iterator[Flaw]:
    """What is stored of the drill is what its events make of it, once more."""
    try:
        again = replay(Record.model_validate(each) for each in written)
    except (DrillError, ValueError, ArithmeticError, LookupError) as failed:
        yield Flaw("the record", f"cannot be replayed: {failed}")
        return
    differ = [name for name in Drill.model_fields if getattr(again, name) != getattr(drill, name)]
    if differ:
        yield Flaw("the drill", f"is stored otherwise than its events make it: {', '.join(differ)}")


def _unanchored(drill: Drill, anchors: Sequence[Original]) -> Iterator[Flaw]:
    """A report was made, so that an anchor must lie there, of the end at least."""
    if drill.report and drill.report.kept and not anchors:
        yield Flaw("the bucket", "has no anchor of this record, which should have some")
