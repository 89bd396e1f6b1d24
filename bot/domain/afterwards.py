"""What is added to a drill's record beside what happens to it: the report, sign-offs, people's findings, notes."""

from __future__ import annotations

from datetime import date

from bot.domain.model import Frozen, Instant
from bot.domain.person import Person

EVIDENCE = "evidence.json"
REPORT = "report.pdf"
TIMELINE = "timeline.png"


class KeptEvidence(Frozen):
    """Evidence that lies in the bucket, where nothing replaces it.

    Attributes:
        version: of the drill, up to which the evidence tells its record.
        place: what the keys of its files in the bucket begin with.
        files: the name of each to its SHA-256, in hexadecimal digits.
    """

    version: int
    at: Instant
    place: str
    files: dict[str, str]

    @property
    def sha256(self) -> str:
        """Of the evidence itself, of which the other files are made."""
        return self.files[EVIDENCE]


class ReportRun(Frozen):
    """The report of a drill that has ended: made by itself once, and again whenever somebody asks for it.

    Attributes:
        number: how often it was to be made, from 1.
        since: when it was last asked for.
        problem: why it could not be made; somebody has to try again.
        kept: all that were made, the newest last.
    """

    number: int = 1
    since: Instant
    problem: str | None = None
    kept: tuple[KeptEvidence, ...] = ()

    @property
    def newest(self) -> KeptEvidence | None:
        """The newest that was made."""
        return self.kept[-1] if self.kept else None

    @property
    def is_being_made(self) -> bool:
        """Whether it was asked for, and neither is there nor has failed."""
        newest = self.newest
        return self.problem is None and (newest is None or newest.at < self.since)


class SignOff(Frozen):
    """A named person's signature under the evidence that they have read, known by its `sha256`."""

    by: Person
    at: Instant
    sha256: str
    comment: str = ""


class FollowUp(Frozen):
    """A finding that people have added: what is to be done, by whom, until when. They count from 1.

    Attributes:
        owner: Slack id of the person who has to see to it.
        fixed_by: who has said that it is done.
        how: what they have said about it.
    """

    number: int
    text: str
    owner: str
    due: date
    by: Person
    at: Instant
    fixed_by: Person | None = None
    fixed_at: Instant | None = None
    how: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has said that it is done."""
        return self.fixed_at is None


EarlierFinding = tuple[str, FollowUp]
"""The id of an earlier drill of the plan, and what was added to it."""


class Note(Frozen):
    """A message of the thread that somebody has put on record: its author's words, and where they stand in Slack."""

    by: Person
    at: Instant
    author: str
    text: str
    permalink: str
