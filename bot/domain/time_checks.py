"""The check of when a plan may be drilled: at the proposal, and again at Start, since time has passed in between.

A drill that runs is not stopped by it: its instances cost money as long as it is not at its end, and closing time is no
reason to leave servers half way.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.errors import IllegalTransition
from bot.domain.findings import Check, Finding, Rule, Severity
from bot.domain.plan import Plan

CLOSED = Rule(
    check=Check.DRILL_TIME,
    severity=Severity.BLOCK,
    when="it is none of the plan's hours (`allowed`), or the day is frozen (`freeze`)",
    limit="the plan's hours and frozen days",
    remedy="Ask for the drill when it is open again.",
)
RULES = (CLOSED,)


def examine_times(plan: Plan, now: datetime) -> Iterator[Finding]:
    """Why the plan may not be drilled now, if so, with when it next may be."""
    times = plan.times
    if times.is_open(now):
        return
    found = CLOSED.finding(_closed(plan, now))
    yield found.model_copy(update={"remedy": f"{found.remedy} Next open: {times.shown(times.next_open(now))}."})


def refuse_closed(plan: Plan, now: datetime) -> None:
    """See that the plan may be drilled now.

    Raises:
        IllegalTransition: it may not; the text says why and when it may be.
    """
    for closed in examine_times(plan, now):
        raise IllegalTransition(f"{closed.fact} {closed.remedy}")


def _closed(plan: Plan, now: datetime) -> str:
    frost = plan.times.frost(now)
    if frost:
        return f"{plan.title} is not drilled from {frost.first} to {frost.last} ({frost.zone}): {frost.why}."
    hours = ", or ".join(str(window) for window in plan.allowed)
    return f"{plan.title} may be drilled only {hours}; it is {plan.times.shown(now)}."
