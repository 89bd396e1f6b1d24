"""How a drill ends: the cleanup of its instances, and its result."""

from __future__ import annotations

from collections import Counter

from bot.application.ports.slack import Message
from bot.domain.cleanup_rules import unseen
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.states import DrillState, InstanceState, Purpose
from bot.views import blocks, buttons
from bot.views.action_ids import ButtonValue
from bot.views.findings import finding_blocks
from bot.views.progress import recovery, wave_blocks
from bot.views.standing import instances_gone, standing
from bot.views.text import clock, raw

PROBLEM_LENGTH = 700
FINDINGS_SHOWN = 8

_LEFT = {InstanceState.RUNNING: "running", InstanceState.TERMINATING: "terminating"}


def cleanup(drill: Drill, topic: Topic) -> Message | None:
    """How many of the drill's instances are left, and what is in the way if anything is."""
    if drill.cleanup is None:
        return None
    told = _instances(drill)
    over = drill.state is DrillState.ENDED
    headline = "✅ *Cleaned up*" if over else f"🧹 *Cleaning up* since {clock(drill.cleanup.since)}"
    shown = [blocks.section("cleanup", headline, f"{told}.")]
    if drill.cleanup.problem and not over:
        trouble = "⚠️ DRS would not show or terminate them. The bot tries again every minute until it does:"
        shown.append(blocks.section("problem", trouble, raw(drill.cleanup.problem, PROBLEM_LENGTH)))
        shown += blocks.actions("actions", [buttons.clean_up(drill, ButtonValue(drill=drill.id))])
    read = "Cleaned up" if over else "Cleaning up"
    return blocks.message(drill, topic, f"{read}. {told}.", shown)


def _instances(drill: Drill) -> str:
    seen = Counter(server.instance.state for server in drill.servers if server.instance)
    left = [f"{seen[state]} {word}" for state, word in _LEFT.items() if seen[state]]
    missing = len(unseen(drill)) if seen else 0
    return ", ".join([instances_gone(drill), *left, *([f"{missing} not shown by DRS"] if missing else [])])


def result(drill: Drill, topic: Topic) -> Message | None:
    """The outcome, the recovery time against its objective, each wave, and what is to be looked into."""
    if drill.state is not DrillState.ENDED or drill.started_at is None:
        return None
    now = standing(drill)
    if drill.purpose is Purpose.SWEEP:
        section = blocks.section("outcome", f"{now.icon} *{now.headline}*", now.detail)
        return blocks.message(drill, topic, f"It has ended: {now.headline}.", [section])
    shown = [
        blocks.section("outcome", f"{now.icon} *{now.headline}*", now.detail, recovery(drill)),
        *wave_blocks(drill),
        *finding_blocks(drill, FINDINGS_SHOWN),
    ]
    return blocks.message(drill, topic, f"It has ended: {now.headline}.", shown)
