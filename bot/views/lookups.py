"""What people look up: the plans, the drills under way, one drill, and how drills have ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.application.looking import PlanBoard, PlanHistory, PlanStatus
from bot.domain.drill import Drill
from bot.domain.plan import Plan
from bot.domain.results import DrillResult, PlanRecord
from bot.views import blocks
from bot.views.naming import plan_size, plan_title
from bot.views.plan_record import when_due
from bot.views.progress import achieved, recovery, wave_blocks
from bot.views.replies import LINES_SHOWN, Reply, listing, only
from bot.views.standing import standing, verdict
from bot.views.text import count, escape, joined, moment
from bot.views.trend import as_csv, sparkline

_UNREADABLE = "They are left as they are; whoever operates the bot finds in its log what is wrong."
SPOKEN = 3
"""So many drills are read aloud."""
NO_PLANS = "There is no plan yet. A plan is a YAML file in the bot's `plans` folder."


def plans(board: PlanBoard, command: str) -> Reply:
    """What can be drilled, and when it is due where the plan says how often."""
    if not board.plans:
        return only(NO_PLANS)
    lines = [_plan(plan, board) for plan in board.plans]
    heading = f"{count(len(board.plans), 'plan')}:"
    last = f"Ask for a drill with `{command} drill {board.plans[0].name}`, or only check with `{command} check …`."
    names = ", ".join(plan.name for plan in board.plans[:LINES_SHOWN])
    return Reply(f"{heading} {names}.", tuple(listing(heading, lines, last)))


def _plan(plan: Plan, board: PlanBoard) -> str:
    due = f"\n    {when_due(plan, board.record(plan), board.now)}" if plan.drill_every else ""
    return f"• *{plan.name}*: {plan_title(plan)} · {plan_size(plan)} · <#{plan.channel}>{due}"


def status(active: Sequence[Drill], command: str, unreadable: Sequence[str] = ()) -> Reply:
    """Every drill that has not ended; those that cannot be read by their ids."""
    found = _status(active, command)
    if not unreadable:
        return found
    named = joined([escape(each, 80) for each in unreadable[:LINES_SHOWN]], "and")
    told = f"⚠️ This release of the bot cannot read {count(len(unreadable), 'drill')}: {named}. {_UNREADABLE}"
    return Reply(f"{found.text} {told}", (*found.blocks, blocks.section("unreadable", told)))


def _status(active: Sequence[Drill], command: str) -> Reply:
    if not active:
        return only(f"No drill is under way. `{command} plans` shows what can be drilled.")
    title = f"{count(len(active), 'drill')} under way"
    last = f"More about one: `{command} status {escape(active[0].id, 80)}`."
    headlines = [f"{plan_title(drill.plan)}: {standing(drill).headline}" for drill in active[:SPOKEN]]
    return Reply(f"{title}. {'. '.join(headlines)}.", tuple(listing(title, drill_lines(active), last)))


def drill_lines(drills: Sequence[Drill]) -> list[str]:
    """A line for each drill: what, how it stands, where, and its id."""
    return [
        f"{at.icon} *{plan_title(drill.plan)}*: {at.headline} · <#{drill.plan.channel}> · {escape(drill.id, 80)}"
        for drill, at in [(drill, standing(drill)) for drill in drills]
    ]


def drill_status(drill: Drill) -> Reply:
    """One drill, as its card shows it."""
    now, title = standing(drill), plan_title(drill.plan)
    shown = [
        blocks.section("now", f"{now.icon} *{title}: {now.headline}*", now.detail),
        *wave_blocks(drill),
        blocks.context("recovery", f"{recovery(drill)} · <#{drill.plan.channel}> · {escape(drill.id, 80)}"),
    ]
    return Reply(f"Drill of {title}: {now.headline}.", tuple(shown))


def plan_status(found: PlanStatus, command: str) -> Reply:
    """A plan by its drills under way, or else by how the last one that was run has ended."""
    if len(found.active) == 1:
        return drill_status(found.active[0])
    if found.active:
        return status(found.active, command)
    if found.record.last is None:
        return only(f"No drill of *{found.name}* is under way, and none was ever run.")
    told = f"No drill of *{found.name}* is under way. The last one:"
    last = result_line(found.record.last)
    more = f"`{command} history {found.name}` shows those before."
    shown = (blocks.section("last", told, last), blocks.context("more", more))
    return Reply(f"{told} {_verdict(found.record.last)}.", shown)


def history(found: PlanHistory, command: str) -> Reply:
    """How the last drills of a plan have ended, the newest first."""
    name = escape(found.name, 40)
    if not found.results:
        return only(f"No drill of *{name}* has ended yet. `{command} status {name}` shows what is under way.")
    title = f"The last {count(len(found.results), 'drill')} of {name}"
    last = f"More about one: `{command} status {escape(found.results[0].drill_id, 80)}`."
    lines = [result_line(result) for result in found.results]
    trend = sparkline(found.results)
    drawn = [blocks.section("trend", f"📈 {trend}")] if trend else []
    csv = f"{last} As CSV: `{command} history {name} csv`."
    heading, *shown = listing(title, lines, csv)
    return Reply(f"{title}. The newest: {_verdict(found.results[0])}.", (heading, *drawn, *shown))


def history_csv(found: PlanHistory) -> Reply:
    """The same as CSV, to be copied."""
    name = escape(found.name, 40)
    if not found.results:
        return only(f"No drill of *{name}* has ended yet.")
    title = f"The last {count(len(found.results), 'drill')} of {name} as CSV, times in seconds"
    return Reply(f"{title}.", (blocks.section("title", f"*{title}*"), blocks.section("csv", as_csv(found.results))))


def records(found: Mapping[str, PlanRecord], command: str) -> Reply:
    """How the last drill of each plan has ended, those of the last days first."""
    ended = sorted((record.last for record in found.values() if record.last), key=_end, reverse=True)
    if not ended:
        return only(f"No drill has been run yet. `{command} plans` shows what can be drilled.")
    title = f"The last drill of {count(len(ended), 'plan')}"
    lines = [f"*{escape(result.plan, 40)}*: {result_line(result)}" for result in ended]
    last = f"Those before: `{command} history {escape(ended[0].plan, 40)}`."
    spoken = ", ".join(f"{escape(result.plan, 40)} {_verdict(result)}" for result in ended[:SPOKEN])
    return Reply(f"{title}: {spoken}.", tuple(listing(title, lines, last)))


def _end(result: DrillResult) -> tuple[float, str]:
    return result.ended_at.timestamp(), result.drill_id


def _verdict(result: DrillResult) -> str:
    return verdict(result.outcome, only_checked=result.only_checked)[1].lower()


def result_line(result: DrillResult) -> str:
    """How one drill has ended: outcome, when, the recovery time against its objective, its id."""
    icon, words = verdict(result.outcome, only_checked=result.only_checked)
    reached = f" · {achieved(result.recovery)}" if result.recovery else " · no recovery time" if result.was_run else ""
    return f"{icon} {words} · {moment(result.ended_at)}{reached} · {escape(result.drill_id, 80)}"
