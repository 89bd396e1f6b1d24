"""How a plan's drills have gone so far: when one last passed, if that is too long ago, and how the last one ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.durations import spell
from bot.domain.plan import Plan
from bot.domain.results import PlanRecord, due_in
from bot.views.progress import achieved
from bot.views.standing import verdict
from bot.views.text import count, moment

_NOW = timedelta(0)


def when_due(plan: Plan, record: PlanRecord, now: datetime) -> str:
    """When a drill of it last passed and, if the plan asks for an interval, when the next one is due."""
    passed = f"last passed {_days(now - record.passed.ended_at)} ago" if record.passed else "no drill has passed yet"
    left = due_in(plan, record, now)
    if plan.drill_every is None or left is None:
        return f"{passed.capitalize()}."
    every = spell(plan.drill_every)
    if left > _NOW:
        return f"🟢 {passed.capitalize()}, due again in {_days(left)} (every {every})."
    late = f" by {_days(-left)}" if left < _NOW else ""
    return f"🔴 *Overdue{late}*: {passed}, due every {every}."


def last_drill(record: PlanRecord) -> str:
    """How the last drill that was run has ended, and its recovery time; nothing when there was none."""
    if record.last is None:
        return ""
    icon, words = verdict(record.last.outcome)
    return f"Last drill, {moment(record.last.ended_at)}: {icon} {words}. {_recovered(record)}"


def _recovered(record: PlanRecord) -> str:
    if record.last and record.last.recovery:
        return f"⏱️ {achieved(record.last.recovery)}."
    if record.passed and record.passed.recovery:
        return f"⏱️ No recovery time; of the last one that passed: {achieved(record.passed.recovery)}."
    return "⏱️ No recovery time."


def _days(span: timedelta) -> str:
    """Whole days: a Home that is drawn again the same day looks the same."""
    return count(span.days, "day") if span.days > 0 else "less than a day"
