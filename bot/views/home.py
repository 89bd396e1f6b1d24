"""The App Home: what waits for the reader, what is under way, what can be drilled. Drawn for one person.

Slack takes 100 blocks (docs.slack.dev/surfaces/app-home); what is left out is counted, and a command shows it.
"""

from __future__ import annotations

import json

from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.drill_parts import Hold
from bot.domain.durations import spell
from bot.domain.home import Home, Pending
from bot.domain.offers import Offer
from bot.domain.parts import Role, parts, unsure
from bot.domain.plan import Plan
from bot.domain.wave_run import WaveRun
from bot.views import blocks, buttons
from bot.views.action_ids import CHECK, PROPOSE, PlanValue
from bot.views.blocks import Block
from bot.views.hold_words import reason
from bot.views.naming import plan_size, plan_title, the_wave, wave_first
from bot.views.plan_record import last_drill, when_due
from bot.views.standing import standing
from bot.views.text import count, escape, from_domain, joined, moment
from bot.views.trend import sparkline
from bot.views.unknown_groups import unknown_groups
from bot.views.verification import TITLE_LENGTH

PENDING_SHOWN = 8
DRILLS_SHOWN = 14
PLANS_SHOWN = 20
NOTICE_LENGTH = 2_500
_MAY = {
    Role.OPERATOR: "run it",
    Role.APPROVER: "approve its waves",
    Role.ESCALATION: "approve waves that have waited",
    Role.BREAK_GLASS: "break glass",
}


def home(state: Home) -> str:
    """The view for `views.publish`, as JSON text."""
    shown = [
        blocks.header("title", "🧪 Disaster recovery drills"),
        blocks.context("only-drills", "Only drills: production keeps running, and nothing fails over."),
        *_notice(state),
        *unknown_groups(state),
        *_pending(state),
        *_under_way(state),
        *_plans(state),
    ]
    view = {"type": "home", "callback_id": "home", "blocks": shown}
    return json.dumps(view, ensure_ascii=False, separators=(",", ":"))


def _notice(state: Home) -> list[Block]:
    if state.notice is None:
        return []
    return [blocks.section("notice", f"⚠️ {from_domain(state.notice, NOTICE_LENGTH)}")]


def _pending(state: Home) -> list[Block]:
    waiting = state.pending
    if not waiting:
        return []
    shown = _heading("pending", "Waiting for you")
    for number, found in enumerate(waiting[:PENDING_SHOWN], start=1):
        shown += _decision(f"pending-{number}", found)
    return shown + _left_out("pending-more", len(waiting) - PENDING_SHOWN, "decision", "status")


def _decision(block_id: str, found: Pending) -> list[Block]:
    drill, first = found.drill, found.offers[0]
    if drill.hold:
        what, how = _held(drill, drill.hold)
    else:
        what, how = _question(drill, first) if first.check else _asked(drill, drill.wave(first.wave))
    return [
        blocks.section(block_id, what, f"{how} · <#{drill.plan.channel}>"),
        *blocks.actions(f"{block_id}-act", buttons.row(drill, found.offers)),
    ]


def _asked(drill: Drill, wave: WaveRun) -> tuple[str, str]:
    """A wave that waits for approval."""
    told = f"{count(len(wave.servers), 'server')} would be launched"
    if wave.round:
        told += f" · {len(wave.round.given)} of {wave.round.needed} approved · until {moment(wave.round.expires_at)}"
    return f"✋ *{plan_title(drill.plan)}*: {the_wave(drill, wave)} needs approval", told


def _question(drill: Drill, offer: Offer) -> tuple[str, str]:
    """A check that somebody has to confirm."""
    wave = drill.wave(offer.wave)
    checking = wave.checks[offer.round - 1]
    run = next(run for run in checking.asked_runs if run.number == offer.check)
    title = escape(checking.check(run).title, TITLE_LENGTH)
    return f"✋ *{plan_title(drill.plan)}*: {wave_first(drill, wave)}: {title}?", f"until {moment(checking.due(run))}"


def _held(drill: Drill, held: Hold) -> tuple[str, str]:
    """A drill on hold, in the words of the card."""
    now = standing(drill)
    told = f"{reason(drill, held)} Since {moment(held.since)}"
    return f"{now.icon} *{plan_title(drill.plan)}*: {now.headline}", told


def _under_way(state: Home) -> list[Block]:
    shown = _heading("drills", "Under way")
    if not state.drills:
        return [*shown, blocks.section("no-drills", f"No drill is under way. {_what_to_do(state)}".strip())]
    pending = {found.drill.id for found in state.pending}
    for number, drill in enumerate(state.drills[:DRILLS_SHOWN], start=1):
        shown += _drill(f"drill-{number}", drill, state, is_pending=drill.id in pending)
    return shown + _left_out("drills-more", len(state.drills) - DRILLS_SHOWN, "drill", "status")


def _what_to_do(state: Home) -> str:
    if any(state.may_propose(plan) for plan in state.plans):
        return "To begin one, check a plan below: nothing is launched before somebody clicks Start."
    return "The operators of a plan can ask for one." if state.plans else ""


def _drill(block_id: str, drill: Drill, state: Home, *, is_pending: bool) -> list[Block]:
    now = standing(drill)
    # What is waited for stands above. Nobody waits for Start, or for those who may break glass and approve nothing.
    here = {Action.START, Action.WAIVE} if is_pending else {Action.START, Action.WAIVE, Action.BREAK_GLASS}
    offered = [buttons.of(drill, each) for each in state.offers(drill) if each.action in here]
    return [
        blocks.section(
            block_id,
            f"{now.icon} *{plan_title(drill.plan)}*: {now.headline}",
            f"{now.detail}",
            f"<#{drill.plan.channel}> · {escape(drill.id, 80)}",
        ),
        *blocks.actions(f"{block_id}-act", offered),
    ]


def _plans(state: Home) -> list[Block]:
    overdue = sum(state.is_overdue(plan) for plan in state.plans)
    shown = _heading("plans", f"Plans: {overdue} overdue" if overdue else "Plans")
    if not state.plans:
        return [*shown, blocks.section("no-plans", "There is no plan yet: a plan is a YAML file in the bot's `plans`.")]
    if any(state.may_propose(plan) for plan in state.plans):
        shown += blocks.actions("new-drill", [buttons.pick()])
    for number, plan in enumerate(state.plans_by_need[:PLANS_SHOWN], start=1):
        shown += _plan(f"plan-{number}", plan, state)
    return shown + _left_out("plans-more", len(state.plans) - PLANS_SHOWN, "plan", "plans")


def _plan(block_id: str, plan: Plan, state: Home) -> list[Block]:
    record = state.record(plan)
    told = blocks.section(
        block_id,
        f"*{plan_title(plan)}*",
        f"{plan_size(plan)} · recovery time objective {spell(plan.objectives.rto)} · <#{plan.channel}>",
        when_due(plan, record, state.now),
        last_drill(record),
        sparkline(state.trends.get(plan.name, ())),
        _part(plan, state),
    )
    if not state.may_propose(plan):
        return [told]
    value = PlanValue(plan=plan.name).encode()
    offered = [blocks.plain_button(PROPOSE, "Drill", value), blocks.plain_button(CHECK, "Only check", value)]
    return [told, *blocks.actions(f"{block_id}-act", offered)]


def _part(plan: Plan, state: Home) -> str:
    if mine := parts(plan.access, state.person):
        return f"You may {joined([_MAY[part.role] for part in mine], 'and')}."
    is_unsure = unsure(plan.access, state.person)
    return "Whether you have a part in it is not known just now." if is_unsure else "You have no part in it."


def _heading(block_id: str, text: str) -> list[Block]:
    return [blocks.divider(f"{block_id}-line"), blocks.header(block_id, text)]


def _left_out(block_id: str, number: int, thing: str, command: str) -> list[Block]:
    if number <= 0:
        return []
    return [blocks.context(block_id, f"and {count(number, 'more ' + thing)}: type `/drs {command}`")]
