"""The report as a PDF: a first page for whoever has a minute, and behind it everything for whoever checks.

What has no room on paper (the outputs of hundreds of checks, the events themselves) is in `evidence.json`, and the
report says so.
"""

from __future__ import annotations

from bot.documents import front, history, sections
from bot.documents.pages import Pages
from bot.domain.evidence import Evidence


def report(evidence: Evidence) -> bytes:
    """The PDF. The same evidence is the same file."""
    head = evidence.record.head
    foot = f"Drill {evidence.drill_id} · record of {evidence.record.versions} events, head {head[:16]}… · UTC"
    pages = Pages(f"Recovery drill {evidence.drill_id}", foot, evidence.as_of)
    front.first_page(pages, evidence)
    pages.add_page()
    for section in (
        sections.objective,
        sections.people,
        sections.decisions,
        sections.readiness,
        sections.waves,
        sections.checks,
        sections.troubles,
        sections.cleanup,
        history.findings,
        history.comparison,
        history.notes,
        history.timeline,
        history.record,
    ):
        section(pages, evidence)
    return bytes(pages.output())
