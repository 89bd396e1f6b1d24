"""The report of a drill and the anchors of its record: put into the bucket once, and never replaced.

A report is made in three steps, each of which finds in the bucket how far the steps before it have come: the evidence,
the picture of it, the PDF. What is there already is what counts: a step done twice changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.application.earlier import EarlierDrills
from bot.application.ports import Clock
from bot.application.ports.evidence import Picture, Profiles, Report, Shelf
from bot.application.ports.storage import DrillStore
from bot.application.ports.work import Outbox, WorkItem
from bot.application.results import Again, Done, Result
from bot.domain.afterwards import EVIDENCE, REPORT, TIMELINE, EarlierFinding
from bot.domain.drill import Drill
from bot.domain.evidence import Beside, Evidence, dump, evidence
from bot.domain.evidence_parts import RefusedClick
from bot.domain.proof import Anchor
from bot.domain.report_events import EvidenceKept

TRIES = 8
"""How often a report is begun, its three steps counted each: should the function be killed again and again, too."""
_KINDS = {EVIDENCE: "application/json", TIMELINE: "image/png", REPORT: "application/pdf"}

log = logging.getLogger(__name__)


def folder_of(drill: Drill) -> str:
    """What the keys of everything of a drill begin with."""
    return f"{drill.plan.name}/{drill.id}/"


def anchors_of(drill: Drill) -> str:
    """What the keys of a drill's anchors begin with."""
    return f"{folder_of(drill)}anchors/"


@dataclass(frozen=True, slots=True)
class Reporting:
    """Performs `AnchorRecord` and `MakeReport`."""

    store: DrillStore
    outbox: Outbox
    earlier: EarlierDrills
    shelf: Shelf
    profiles: Profiles
    draw: Picture
    write: Report
    clock: Clock

    def anchor(self, drill_id: str) -> Result:
        """Put the hash of the newest record into the bucket. An anchor that is there stays, and speaks for itself."""
        stored = self.store.load(drill_id)
        drill = stored.drill
        made = Anchor(drill_id=drill.id, version=drill.version, head=stored.audit_head, at=self.clock())
        key = f"{anchors_of(drill)}{drill.version:06}.json"
        if not self.shelf.put(key, made.model_dump_json().encode(), _KINDS[EVIDENCE]):
            there = Anchor.model_validate_json(self.shelf.get(key))
            if there.head != made.head:
                log.error("another record was anchored at this version", extra={"drill_id": drill_id, "key": key})
        return Done()

    def report(self, drill: Drill, number: int, item: WorkItem) -> Result:
        """Make what is missing of the report, one file a step."""
        if drill.report is None or drill.report.number != number:  # asked for again meanwhile
            return Done()
        place = f"{folder_of(drill)}report-{number:03}/"
        there = {key.removeprefix(place) for key in self.shelf.keys(place)}
        missing = next((name for name in _KINDS if name not in there), None)
        if missing is None:
            return self._kept(number, place)
        if item.attempts >= TRIES:
            raise TimeoutError(f"{missing} was begun again and again, and never finished")
        self.outbox.postpone(item, item.due_at, f"{missing} was begun, and its end not recorded")
        self.shelf.put(f"{place}{missing}", self._made(drill, place, missing), _KINDS[missing])
        return Again(timedelta(0))

    def _made(self, drill: Drill, place: str, name: str) -> bytes:
        if name == EVIDENCE:
            self.anchor(drill.id)
            return dump(self._evidence(drill))
        told = self._read(place)
        return self.draw(told) if name == TIMELINE else self.write(told)

    def _read(self, place: str) -> Evidence:
        return Evidence.model_validate_json(self.shelf.get(f"{place}{EVIDENCE}"))

    def _kept(self, number: int, place: str) -> EvidenceKept:
        files = {name: hashlib.sha256(self.shelf.get(f"{place}{name}")).hexdigest() for name in _KINDS}
        return EvidenceKept(number=number, version=self._read(place).record.versions, place=place, files=files)

    def _evidence(self, drill: Drill) -> Evidence:
        written = [json.loads(each) for each in self.store.written(drill.id)][: drill.version]
        refused = tuple(
            RefusedClick(at=each.at, by=each.actor.user_id, what=each.action, why=each.reason)
            for each in self.store.refusals(drill.id)
        )
        results, findings = self.earlier.results_of(drill), self.earlier.findings_of(drill)
        people = _people(drill, written, findings)
        beside = Beside(refused=refused, results=results, findings=findings, profiles=self.profiles.of(people))
        return evidence(drill, written, beside)


def _people(drill: Drill, written: list[Mapping[str, object]], findings: tuple[EarlierFinding, ...]) -> tuple[str, ...]:
    """Everybody who is named in the evidence."""
    acted = (_actor(each) for each in written)
    owners = (each.owner for each in drill.follow_ups)
    earlier = (user for _drill_id, each in findings for user in (each.owner, each.by.user_id))
    authors = (note.author for note in drill.notes)
    return tuple(dict.fromkeys(user for user in (*acted, *owners, *earlier, *authors) if user))


def _actor(written: Mapping[str, object]) -> str:
    event = written.get("event")
    actor = event.get("actor") if isinstance(event, Mapping) else None
    return str(actor.get("user_id", "")) if isinstance(actor, Mapping) else ""
