"""A reminder of a request for approval: a new message, since only a new one makes itself heard."""

from __future__ import annotations

from bot.application.ports.slack import Message
from bot.domain.approval_round import ApprovalRound, Reminder
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.rounds import can_answer
from bot.views import blocks
from bot.views.naming import topic_wave, wave_first, which_drill
from bot.views.text import anyone_of, clock, count, moment

MENTIONED = 100
"""Everybody who can approve is to hear of it; more than these would not fit into a message."""


def reminder(drill: Drill, topic: Topic) -> Message | None:
    """Who can still approve the wave, and until when; nobody is mentioned once it is too late to approve."""
    wave = topic_wave(drill, topic)
    found = _find(wave.rounds, topic.number) if wave else None
    if wave is None or found is None:
        return None
    asked, reminded = found
    named = wave_first(drill, wave)
    if asked.closed_at:
        told = [f"*{which_drill(drill)}*", f"🔔 {named} waited for approval at {clock(reminded.at)}."]
        return blocks.message(drill, topic, f"{named} waited for approval.", [blocks.section("reminder", *told)])
    left = count(asked.needed - len(asked.given), "approval")
    told = [
        f"*{which_drill(drill)}*",
        f"🔔 *{named} still waits for {left}*, until {moment(asked.expires_at)}. The request is above.",
        _who(drill, asked, reminded),
    ]
    return blocks.message(drill, topic, f"{named} still waits for {left}.", [blocks.section("reminder", *told)])


def _find(rounds: tuple[ApprovalRound, ...], number: int | None) -> tuple[ApprovalRound, Reminder] | None:
    return next(((asked, each) for asked in rounds for each in asked.reminders if each.number == number), None)


def _who(drill: Drill, asked: ApprovalRound, reminded: Reminder) -> str:
    who = can_answer(drill, asked)
    second = [user for user in who if user not in drill.plan.access.approvers] if reminded.escalates else []
    first = anyone_of([user for user in who if user not in second], MENTIONED)
    if not second:
        return f"{first} can approve it."
    besides = f", besides {first}" if first else ""
    return f"From now on {anyone_of(second, MENTIONED)} can approve it too{besides}."
