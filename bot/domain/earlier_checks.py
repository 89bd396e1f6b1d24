"""Whether what people have found in earlier drills of the plan is put right by now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from bot.domain.afterwards import EarlierFinding
from bot.domain.findings import Check, Finding, Rule, Severity

STILL_OPEN = Rule(
    check=Check.EARLIER_FINDING,
    severity=Severity.WARN,
    when="a finding that somebody has added to an earlier drill of the plan is open",
    remedy="Whoever has seen to it says so in the menu below that drill's report, in its thread.",
)
RULES = (STILL_OPEN,)


def examine_earlier(earlier: Iterable[EarlierFinding], today: date) -> Iterator[Finding]:
    """Every one that is open, the newest drill's first; those that are overdue say so."""
    for drill_id, found in earlier:
        if found.is_open:
            since = "overdue since" if found.due < today else "to be seen to until"
            told = f"Finding {found.number} of {drill_id} is open, {since} {found.due}: {found.text}"
            yield STILL_OPEN.finding(told)
