"""Draws any topic of a drill: which view shows what."""

from __future__ import annotations

from collections.abc import Callable

from bot.application.ports.slack import Attachment, Background, Message
from bot.domain.commands import Topic, TopicKind
from bot.domain.drill import Drill
from bot.views.approval import approval
from bot.views.break_glass import break_glass
from bot.views.card import card
from bot.views.deferral import deferral
from bot.views.ending import cleanup, result
from bot.views.false_start import false_start
from bot.views.findings_file import findings_file
from bot.views.hold import hold
from bot.views.milestones import aborted, started
from bot.views.operation import operation, still_up
from bot.views.preflight import preflight
from bot.views.reminder import reminder
from bot.views.report import report, report_file, timeline_file
from bot.views.verification import confirmation
from bot.views.waves import wave

THREAD: dict[TopicKind, Callable[[Drill, Topic], Message | None]] = {
    TopicKind.PREFLIGHT: preflight,
    TopicKind.FALSE_START: false_start,
    TopicKind.STARTED: started,
    TopicKind.APPROVAL: approval,
    TopicKind.REMINDER: reminder,
    TopicKind.BREAK_GLASS: break_glass,
    TopicKind.DEFERRAL: deferral,
    TopicKind.WAVE: wave,
    TopicKind.CONFIRMATION: confirmation,
    TopicKind.HOLD: hold,
    TopicKind.ABORTED: aborted,
    TopicKind.OPERATION: operation,
    TopicKind.STILL_UP: still_up,
    TopicKind.CLEANUP: cleanup,
    TopicKind.RESULT: result,
    TopicKind.REPORT: report,
}
"""What is in the thread: drawn from the drill alone."""
FILES: dict[TopicKind, Callable[[Drill, Topic], Attachment | None]] = {
    TopicKind.FINDINGS: findings_file,
    TopicKind.TIMELINE: timeline_file,
    TopicKind.REPORT_FILE: report_file,
}
"""The files in it."""


def render(drill: Drill, topic: Topic, background: Background) -> Message | Attachment | None:
    """The message on a topic, drawn from the drill as it is; None when there is nothing to say on it."""
    if topic.kind is TopicKind.CARD:
        return card(drill, topic, background)
    if topic.kind in FILES:
        return FILES[topic.kind](drill, topic)
    return THREAD[topic.kind](drill, topic)
