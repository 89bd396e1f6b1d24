"""The evidence of a drill: everything that shows what it has proven, made of the drill and its record alone.

`evidence` is pure. What people read (the PDF, the picture) and what machines read (`evidence.json`) are made of its
result, and compute nothing themselves. Kinds of events that are not known here appear in the timeline and the record
like all others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ConfigDict, Field, JsonValue

from bot.domain.afterwards import EarlierFinding
from bot.domain.audit import Record
from bot.domain.drill import Drill
from bot.domain.evidence_conclusion import comparison, follow_ups, notes, objective, scope, sign_offs, verdict
from bot.domain.evidence_parts import (
    CleanupEvidence,
    Deed,
    FollowUpEvidence,
    Moment,
    NoteEvidence,
    ObjectiveOfDrill,
    Participant,
    Profile,
    Readiness,
    RefusedClick,
    Scope,
    SignOffEvidence,
    Trend,
    Troubles,
    Verdict,
)
from bot.domain.evidence_people import deeds, participants, readiness, troubles
from bot.domain.evidence_timeline import cleanup, timeline
from bot.domain.evidence_wave_parts import WaveEvidence
from bot.domain.evidence_waves import wave_evidence
from bot.domain.model import Frozen, Instant
from bot.domain.plan import Plan
from bot.domain.results import DrillResult

Written = Mapping[str, JsonValue]
"""A record's JSON as it was stored: its hash is of that, and of nothing that was made of it."""


class RecordEvidence(Frozen):
    """The drill's record, whole: each event as it was stored, chained by hashes.

    Attributes:
        head: the hash of the newest event: by it, and by the anchors in the bucket, the whole record is known.
        events: each as it was stored (docs/reference/items.md, "The audit events").
    """

    head: str
    versions: int
    engines: tuple[str, ...]
    events: tuple[dict[str, JsonValue], ...]


class Evidence(Frozen):
    """Everything that shows what one drill has proven.

    Attributes:
        profiles: who Slack said that people are, by id, when the evidence was made.
        as_of: the time of the newest event in it.
        plan: as it was frozen into the drill; `plan_hash` is of its content.
        earlier_findings: those that people have added to earlier drills of the plan: open, or fixed since.
        sums: SHA-256 of each part, of its canonical JSON.
    """

    model_config = ConfigDict(title="Evidence of a drill")

    schema_version: Literal[1] = 1
    drill_id: str
    as_of: Instant
    verdict: Verdict
    objective: ObjectiveOfDrill
    scope: Scope
    profiles: dict[str, Profile]
    participants: tuple[Participant, ...]
    deeds: tuple[Deed, ...]
    refused_clicks: tuple[RefusedClick, ...]
    readiness: Readiness | None
    waves: tuple[WaveEvidence, ...]
    troubles: Troubles
    cleanup: CleanupEvidence
    findings: tuple[FollowUpEvidence, ...]
    earlier_findings: tuple[FollowUpEvidence, ...]
    notes: tuple[NoteEvidence, ...]
    sign_offs: tuple[SignOffEvidence, ...]
    comparison: tuple[Trend, ...]
    timeline: tuple[Moment, ...]
    plan_hash: str
    plan: Plan
    record: RecordEvidence
    sums: dict[str, str] = Field(default={})


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known beside the drill's own record.

    Attributes:
        refused: clicks that were refused, which are no events.
        results: of earlier drills of the plan, the newest first.
        findings: those that people have added to these, each with the drill's id.
        profiles: who Slack says that people are, by id.
    """

    refused: tuple[RefusedClick, ...] = ()
    results: tuple[DrillResult, ...] = ()
    findings: tuple[EarlierFinding, ...] = ()
    profiles: Mapping[str, Profile] = field(default_factory=dict)


NOTHING_BESIDE = Beside()


def evidence(drill: Drill, written: Sequence[Written], beside: Beside = NOTHING_BESIDE) -> Evidence:
    """Make the evidence of a drill that has ended.

    Args:
        drill: as its newest record made it.
        written: every record, the oldest first, as it was stored.
        beside: what is known beside them.

    Raises:
        ValueError: it has not ended, or the records are not all of it.
    """
    records = tuple(Record.model_validate(each) for each in written)
    if drill.ended_at is None or not records or records[-1].version != drill.version:
        raise ValueError(f"{drill.id} at version {drill.version} has not ended, or its record is not whole")
    reached = verdict(drill)
    made = Evidence(
        drill_id=drill.id,
        as_of=records[-1].at,
        verdict=reached,
        objective=objective(drill, reached),
        scope=scope(drill),
        profiles=dict(beside.profiles),
        participants=participants(drill, records, beside.profiles),
        deeds=deeds(records),
        refused_clicks=beside.refused,
        readiness=readiness(drill),
        waves=tuple(wave_evidence(drill, wave, records) for wave in drill.waves),
        troubles=troubles(drill, records),
        cleanup=cleanup(drill, records),
        findings=follow_ups((drill.id, each) for each in drill.follow_ups),
        earlier_findings=follow_ups(beside.findings),
        notes=notes(drill),
        sign_offs=sign_offs(drill, beside.profiles),
        comparison=comparison(drill, beside.results),
        timeline=timeline(records),
        plan_hash=drill.plan_hash,
        plan=drill.plan,
        record=_record(records, written),
    )
    return made.model_copy(update={"sums": sums(made.model_dump(mode="json"))})


def _record(records: Sequence[Record], written: Sequence[Written]) -> RecordEvidence:
    engines = tuple(dict.fromkeys(each.engine for each in records))
    events = tuple(dict(each) for each in written)
    return RecordEvidence(head=records[-1].hash, versions=len(records), engines=engines, events=events)


def sums(dumped: Mapping[str, Any]) -> dict[str, str]:
    """SHA-256 of each part of evidence, of its canonical JSON; `sums` itself is none."""
    return {name: _sum(part) for name, part in dumped.items() if name != "sums"}


def _sum(part: Any) -> str:
    return hashlib.sha256(json.dumps(part, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def dump(made: Evidence) -> bytes:
    """`evidence.json`: the same evidence is the same bytes."""
    return as_bytes(made.model_dump(mode="json"))


def as_bytes(dumped: Mapping[str, Any]) -> bytes:
    """JSON as `evidence.json` is written: indented, in UTF-8, with a line's end at its end."""
    return (json.dumps(dumped, indent=1, ensure_ascii=False) + "\n").encode()
