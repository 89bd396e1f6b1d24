"""The turning points of a drill that need no more than a line in its thread: started, aborted."""

from __future__ import annotations

from bot.application.ports.slack import Message
from bot.domain.approval import mention
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.durations import spell
from bot.views import blocks
from bot.views.text import clock


def started(drill: Drill, topic: Topic) -> Message | None:
    """Who started it and when: the recovery time counts from here."""
    if drill.started_at is None or drill.started_by is None:
        return None
    told = (
        f"🚀 *Started* by {mention(drill.started_by.user_id)} at {clock(drill.started_at)}. "
        f"The recovery time counts from now; the objective is {spell(drill.plan.objectives.rto)}."
    )
    return blocks.message(drill, topic, "It has started.", [blocks.section("started", told)])


def aborted(drill: Drill, topic: Topic) -> Message | None:
    """Who aborted it and when, and what becomes of what was launched."""
    if drill.aborted_at is None or drill.aborted_by is None:
        return None
    told = (
        f"🛑 *Aborted* by {mention(drill.aborted_by.user_id)} at {clock(drill.aborted_at)}. Nothing more is launched."
    )
    after = (
        "DRS cannot cancel a job, so jobs that run are followed to their end; then every instance is terminated."
        if any(drill.launches)
        else "No server had been launched."
    )
    return blocks.message(
        drill,
        topic,
        "It was aborted.",
        [blocks.section("aborted", told, after)],
    )
