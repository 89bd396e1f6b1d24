"""The card: the one live message of a drill in its channel. Its thread is the log."""

from __future__ import annotations

from bot.application.ports.slack import Message
from bot.domain.actions import possible
from bot.domain.approval import Action, mention
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.states import DrillState
from bot.views import blocks
from bot.views.action_ids import ButtonValue
from bot.views.blocks import Block
from bot.views.buttons import abort, hold, resume, start, withdraw
from bot.views.launch_point import launches_from
from bot.views.naming import plan_size, plan_title
from bot.views.progress import recovery, wave_blocks
from bot.views.standing import Standing, standing
from bot.views.text import escape


def card(drill: Drill, topic: Topic) -> Message:
    """The card as it should look now."""
    now = standing(drill)
    title = plan_title(drill.plan)
    shown = [
        # A real event would have no test tube and no such line: nobody must take the one for the other.
        blocks.header("drill", f"🧪 DRILL · {title}"),
        blocks.context("drill-only", "Only a drill: production keeps running, and nothing fails over."),
        _now(now),
        *(wave_blocks(drill) if drill.started_at or drill.state is DrillState.READY else []),
        blocks.context("recovery", recovery(drill)),
        blocks.context("about", _about(drill)),
        *blocks.actions("actions", _buttons(drill)),
    ]
    return blocks.message(drill, topic, f"Drill of {title}: {now.headline}.", shown)


def _now(now: Standing) -> Block:
    return blocks.section("now", f"{now.icon} *{now.headline}*", now.detail)


def _about(drill: Drill) -> str:
    who = _people(mention(drill.requester.user_id), mention(drill.started_by.user_id) if drill.started_by else None)
    where = f"{drill.target.region}, account {drill.target.account_id}"
    return f"{plan_size(drill.plan)} from {launches_from(drill)} · {where} · {who} · {escape(drill.id, 80)}"


def _people(requester: str, starter: str | None) -> str:
    if starter is None:
        return f"asked for by {requester}"
    return (
        f"asked for and started by {starter}"
        if starter == requester
        else f"asked for by {requester}, started by {starter}"
    )


def _buttons(drill: Drill) -> list[Block]:
    value = ButtonValue(drill=drill.id)
    on_hold = ButtonValue(drill=drill.id, hold=drill.hold.number if drill.hold else None)
    offered = {
        Action.START: start(drill, value),
        Action.WITHDRAW: withdraw(value),
        Action.HOLD: hold(value),
        Action.RESUME: resume(on_hold),
        Action.ABORT: abort(drill, value),
    }
    return [shown for action, shown in offered.items() if action in possible(drill)]
