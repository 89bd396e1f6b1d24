"""The report's first page: the verdict, the figures, the picture, what is open, and who has signed."""

from __future__ import annotations

from collections.abc import Iterator

from fpdf.enums import XPos, YPos

from bot.documents import looks
from bot.documents.pages import BODY, SMALL, Pages
from bot.documents.timeline import timeline_picture
from bot.documents.trend import trend_picture
from bot.documents.words import NOTHING, OUTCOMES, UNKNOWN, Names, clock, length, moment, words
from bot.domain.drill_parts import Hold
from bot.domain.durations import spell
from bot.domain.evidence import Evidence
from bot.domain.evidence_parts import Verdict
from bot.domain.states import HoldDecision, Outcome, Purpose

FINDINGS_SHOWN = 6
TREND_HEIGHT = 45.0
"""Millimetres that must be free for the trend."""
HEAD = 3
"""Lines that a heading takes up."""
Box = tuple[str, str, str, str]


def first_page(pages: Pages, evidence: Evidence) -> None:
    """All that somebody reads who reads one page."""
    _masthead(pages, evidence)
    if evidence.verdict.purpose is not Purpose.SWEEP:
        pages.boxes([_recovery(evidence.verdict), _point(evidence.verdict), _servers(evidence.verdict)])
    pages.boxes([_cleanup(evidence), _waiting(evidence.verdict), _signed(evidence)])
    if evidence.verdict.started_at:
        pages.picture(timeline_picture(evidence, is_titled=False))
    _open(pages, evidence)
    _signatures(pages, evidence)
    _criteria(pages, evidence)
    trend = trend_picture(evidence.comparison)
    if trend and not pages.will_page_break(TREND_HEIGHT):
        pages.ln(3)
        pages.picture(trend)


def _masthead(pages: Pages, evidence: Evidence) -> None:
    verdict = evidence.verdict
    pages.write_in(looks.GREY, SMALL)
    pages.cell(0, 5, "Disaster recovery drill · AWS Elastic Disaster Recovery", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pages.write_in(looks.INK, 18, "B")
    pages.multi_cell(0, 8.5, evidence.objective.title, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pages.write_in(looks.of_outcome(verdict.outcome), 15, "B")
    pages.cell(0, 8, OUTCOMES[verdict.outcome], new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    scope = evidence.scope
    where = f"account {scope.account_id}, {scope.region}"
    when = f"{moment(verdict.started_at or verdict.proposed_at)} to {moment(verdict.ended_at)} UTC"
    pages.says(f"{when} · {where} · {evidence.objective.owner} · {evidence.drill_id}", looks.GREY, SMALL)
    pages.ln(2)


def _recovery(verdict: Verdict) -> Box:
    reached = verdict.recovery
    if verdict.started_at is None:
        return "Recovery time", NOTHING, "nothing was launched", looks.GREY
    if reached is None:
        return "Recovery time", "not reached", "not every critical server was recovered", looks.BAD
    colour = looks.GOOD if reached.is_met else looks.BAD
    met = "met" if reached.is_met else "MISSED"
    return "Recovery time", spell(reached.net), f"objective {spell(reached.objective)}: {met}", colour


def _point(verdict: Verdict) -> Box:
    point = verdict.point
    told = f"objective {spell(point.objective)}"
    if point.worst is None:
        return "Recovery point, worst", UNKNOWN, told, looks.GREY
    colour = {True: looks.GOOD, False: looks.BAD, None: looks.POOR}[point.is_met]
    met = {True: "met", False: "MISSED", None: f"{point.unknown} not known"}[point.is_met]
    return "Recovery point, worst", spell(point.worst), f"{told}: {met}", colour


def _servers(verdict: Verdict) -> Box:
    all_there = verdict.launched == verdict.servers
    colour = looks.GOOD if all_there else looks.BAD if verdict.started_at else looks.GREY
    return "Servers launched", f"{verdict.launched} of {verdict.servers}", "", colour


def _cleanup(evidence: Evidence) -> Box:
    left, shown = evidence.verdict.instances_left, len(evidence.cleanup.instances)
    if not shown and not left:
        return "Drill instances left", "none", "none was launched", looks.GREY
    colour = looks.BAD if left else looks.GOOD
    return "Drill instances left", str(left) if left else "none", f"{shown} terminated, each shown gone", colour


def _waiting(verdict: Verdict) -> Box:
    reached = verdict.recovery
    if reached is None:
        return "Waiting for people", NOTHING, "", looks.GREY
    whole = f"{spell(reached.gross)} with it"
    return "Waiting for people", length(reached.waiting), f"not counted; {whole}", looks.INK


def _signed(evidence: Evidence) -> Box:
    if not evidence.sign_offs:
        return "Signed off", "not yet", "", looks.GREY
    newest = evidence.sign_offs[-1]
    by = newest.name or newest.by.user_id
    return "Signed off", "yes", f"by {by}, {newest.at:%Y-%m-%d}", looks.GOOD


def _open(pages: Pages, evidence: Evidence) -> None:
    found = tuple(_findings(evidence))
    if not found:
        return
    pages.subheading("What was found")
    pages.lists(found[:FINDINGS_SHOWN])
    if len(found) > FINDINGS_SHOWN:
        pages.says(f"and {len(found) - FINDINGS_SHOWN} more: see Findings.", looks.GREY)


def _criteria(pages: Pages, evidence: Evidence) -> None:
    """Those for which there is room, what does not hold before what does."""
    order = (False, None, True)
    found = sorted(evidence.objective.criteria, key=lambda each: order.index(each.is_met))
    if not pages.has_room(HEAD + 2):
        return
    pages.subheading("What had to hold")
    for number, each in enumerate(found):
        if not pages.has_room(3):
            pages.says(f"and {len(found) - number} more: see Objective and scope.", looks.GREY)
            return
        pages.item(each.text, looks.CRITERIA[each.is_met])


def _findings(evidence: Evidence) -> Iterator[str]:
    yield from evidence.verdict.findings
    if evidence.verdict.outcome is Outcome.REFUSED and evidence.readiness:
        yield from (f"{each.fact} {each.remedy}" for each in evidence.readiness.findings if each.blocks)
    names = Names(evidence)
    yield from (_hold(each, names) for each in evidence.troubles.holds)
    if not any(hold.decision is HoldDecision.ABORTED for hold in evidence.troubles.holds):
        aborted = (deed for deed in evidence.deeds if deed.what == "drill_aborted")
        yield from (f"{clock(deed.at)}: aborted by {names.of(deed.by)}." for deed in aborted)
    for each in (*evidence.findings, *evidence.earlier_findings):
        if each.is_open:
            yield f"{each.text} Open: {names.of(each.owner)}, until {each.due}."


def _hold(hold: Hold, names: Names) -> str:
    by = f" by {names.of(hold.by.user_id)}" if hold.by else ""
    said = f": {hold.detail.rstrip('.')}" if hold.detail else ""
    decided = (
        f" {hold.decision.capitalize()} by {names.of(hold.decided_by.user_id)}."
        if hold.decided_by and hold.decision
        else ""
    )
    return f"{clock(hold.since)}, wave {hold.wave}: {words(hold.reason)}{by}{said}.{decided}"


def _signatures(pages: Pages, evidence: Evidence) -> None:
    for each in evidence.sign_offs:
        said = f": {each.comment}" if each.comment else ""
        by = f"{each.name} ({each.by.user_id})" if each.name else each.by.user_id
        pages.says(f"Signed off by {by}, {moment(each.at)} UTC{said}", looks.GOOD, BODY)
