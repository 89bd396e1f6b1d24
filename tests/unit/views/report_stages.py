"""Where the report of a drill that has ended can be."""

from __future__ import annotations

from datetime import date

from bot.domain.afterwards import EVIDENCE, REPORT, TIMELINE
from bot.domain.report_events import (
    EvidenceFailed,
    EvidenceKept,
    FollowUpAdded,
    FollowUpFixed,
    ReportRequested,
    SignedOff,
)
from tests.unit.builders import GRACE, LINUS, Story
from tests.unit.views.sizes import LONG_ERROR, Size, the_plan

LONG = "The disk of the ledger is too small for the <!channel> & more. " * 7
DUE = date(2026, 4, 1)


def _over(size: Size) -> Story:
    return Story(the_plan(size)).checked().started().waves_done().cleaned()


def _kept(number: int) -> EvidenceKept:
    files = {EVIDENCE: f"{number}" * 64, REPORT: "b" * 64, TIMELINE: "c" * 64}
    return EvidenceKept(number=number, version=20, place=f"payments/p-1/report-{number:03}/", files=files)


def reported(size: Size) -> Story:
    return _over(size).tell(_kept(1))


def not_reported(size: Size) -> Story:
    said = LONG_ERROR if size is Size.LARGEST else "ShelfError: AccessDenied"
    return _over(size).tell(EvidenceFailed(number=1, error=said))


def asked_for_again(size: Size) -> Story:
    return reported(size).tell(ReportRequested(actor=GRACE))


def found(size: Size) -> Story:
    story = reported(size)
    for number in range(12 if size is Size.LARGEST else 2):
        text = LONG if size is Size.LARGEST else f"The disk of server-{number + 1} is too small."
        story.tell(FollowUpAdded(actor=GRACE, text=text, owner=LINUS.user_id, due=DUE))
    return story.tell(FollowUpFixed(actor=LINUS, number=1, how="It is twice as large now."))


def signed(size: Size) -> Story:
    story = found(size).tell(SignedOff(actor=GRACE, report=1, comment="Seen, and accepted."))
    return story.tell(_kept(2))


REPORT_STAGES = (reported, not_reported, asked_for_again, found, signed)
