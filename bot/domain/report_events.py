"""Facts about a drill's report, and what people add to its record. As in `events`, fields are never renamed."""

from __future__ import annotations

from datetime import date
from typing import Literal

from bot.domain.model import Frozen
from bot.domain.person import Person


class ReportRequested(Frozen):
    """Somebody wants the report (again)."""

    type: Literal["report_requested"] = "report_requested"
    actor: Person


class EvidenceKept(Frozen):
    """The report was made and lies in the bucket. `number`: as in `MakeReport`; the rest as in `KeptEvidence`."""

    type: Literal["evidence_kept"] = "evidence_kept"
    number: int
    version: int
    place: str
    files: dict[str, str]


class EvidenceFailed(Frozen):
    """The report could not be made. The drill is as it was; somebody has to try again."""

    type: Literal["evidence_failed"] = "evidence_failed"
    number: int
    error: str


class SignedOff(Frozen):
    """Somebody signs the report that is the `report`-th of those that were kept, from 1."""

    type: Literal["signed_off"] = "signed_off"
    actor: Person
    report: int
    comment: str = ""


class FollowUpAdded(Frozen):
    """Somebody adds a finding, with who (a Slack id) has to see to it until when."""

    type: Literal["follow_up_added"] = "follow_up_added"
    actor: Person
    text: str
    owner: str
    due: date


class FollowUpFixed(Frozen):
    """Somebody says that finding `number` is seen to, and how."""

    type: Literal["follow_up_fixed"] = "follow_up_fixed"
    actor: Person
    number: int
    how: str = ""


class NoteAdded(Frozen):
    """Somebody puts a message of the thread on record. `author`: Slack id of who wrote it."""

    type: Literal["note_added"] = "note_added"
    actor: Person
    author: str
    text: str
    permalink: str
