"""A wave that was launched without its approvals: told to everybody concerned, in the channel too."""

from __future__ import annotations

from dataclasses import replace

from bot.application.ports.slack import Message
from bot.domain.approval import mention
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.views import blocks
from bot.views.naming import topic_wave, wave_first, which_drill
from bot.views.text import clock, count, everyone_of, quoted

REASON_LENGTH = 1_000
MENTIONED = 60
"""Those who were passed over are to hear of it; more than these would not fit beside the reason."""


def break_glass(drill: Drill, topic: Topic) -> Message | None:
    """Who broke glass, why, and who was passed over by it."""
    wave = topic_wave(drill, topic)
    asked = next((each for each in wave.rounds if each.number == topic.number), None) if wave else None
    if wave is None or asked is None or asked.broken is None:
        return None
    named, who = wave_first(drill, wave), mention(asked.broken.by.user_id)
    told = f"🚨 *Break-glass: {named} was launched without its approvals*"
    by = f"{who} decided so at {clock(asked.broken.at)}: {quoted(asked.broken.reason, REASON_LENGTH)}"
    given = f"It had {len(asked.given)} of {count(asked.needed, 'approval')}. {_passed_over(drill)}"
    kept = "It stays on the drill's record, as a finding."
    shown = [blocks.section("break-glass", f"*{which_drill(drill)}*", told, by, given, kept)]
    read = f"Break-glass: {named} was launched without its approvals."
    return replace(blocks.message(drill, topic, read, shown), is_loud=True)


def _passed_over(drill: Drill) -> str:
    return f"Its approvers: {everyone_of(drill.plan.access.approvers, MENTIONED)}."
