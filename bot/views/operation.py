"""While what the waves have launched stays up: until when, what it has cost so far, and how it is ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.application.ports.slack import Message
from bot.domain.approval import Action, mention
from bot.domain.checks import CheckState, RoundPurpose
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.drill_parts import Operation
from bot.domain.duties import can_operate
from bot.domain.measures import instance_time
from bot.domain.rounds_of_checks import WHILE_UP
from bot.domain.states import DrillState, ServerPhase
from bot.views import blocks, buttons
from bot.views.action_ids import ButtonValue
from bot.views.blocks import Block
from bot.views.naming import which_drill
from bot.views.text import about, anyone_of, clock, count, escape, moment

_HOUR = timedelta(hours=1)
MENTIONED = 100
FINDINGS_SHOWN = 3
FINDING_LENGTH = 300


def operation(drill: Drill, topic: Topic) -> Message | None:
    """From when to when the instances stay up; afterwards, how long they did."""
    found = drill.operation
    if found is None:
        return None
    if drill.state is DrillState.OPERATING:
        shown = [
            blocks.section("operation", f"▶️ *The waves are done* at {clock(found.since)}", stays_up(drill, found)),
            *_checked_again(drill),
            *blocks.actions("actions", [buttons.clean_up(drill, ButtonValue(drill=drill.id))]),
        ]
        return blocks.message(drill, topic, "The waves are done; what was launched stays up.", shown)
    ended = f"{mention(found.ended_by.user_id)} had them cleaned up" if found.ended_by else "their time was over"
    stayed = f" for {about(drill.cleanup.since - found.since)}" if drill.cleanup else ""
    said = f"▶️ The instances stayed up after the waves{stayed}: {ended}."
    return blocks.message(drill, topic, "The instances stayed up after the waves.", [blocks.section("operation", said)])


def _checked_again(drill: Drill) -> list[Block]:
    """How the newest repeated checks of each wave went, and what did not pass; nothing before the first have ended."""
    ended = [
        [each for each in wave.checks if each.purpose is RoundPurpose.REPEAT and each.ended_at] for wave in drill.waves
    ]
    newest = [rounds[-1] for rounds in ended if rounds]
    moments = [each.ended_at for each in newest if each.ended_at]
    if not moments:
        return []
    runs = [run for each in newest for run in each.runs]
    passed = sum(run.state is CheckState.PASSED for run in runs)
    told = f"Checked again at {clock(max(moments))}: {passed} of {count(len(runs), 'check')} passed."
    lost = [f"• {escape(each, FINDING_LENGTH)}" for each in drill.findings if each.startswith(WHILE_UP)]
    return [blocks.section("checked", told, *lost[-FINDINGS_SHOWN:])]


def still_up(drill: Drill, topic: Topic) -> Message | None:
    """A reminder of instances that wait for a click; `topic.number` counts them from 1."""
    number = topic.number or 1
    if drill.operation is None or number > len(drill.operation.reminders):
        return None
    reminded = drill.operation.reminders[number - 1]
    instances = count(sum(server.phase is ServerPhase.LAUNCHED for server in drill.servers), "drill instance")
    told = f"{instances} still up: {hours(drill, reminded)} so far"
    if drill.state is not DrillState.OPERATING or number < len(drill.operation.reminders):
        said = f"🔔 At {clock(reminded)} the instances were still up, {hours(drill, reminded)} by then."
        return blocks.message(drill, topic, "The instances were still up.", [blocks.section("still-up", said)])
    shown = [
        blocks.section(
            "still-up",
            f"*{which_drill(drill)}*",
            f"🔔 *{told}.* {anyone_of(can_operate(drill, Action.CLEAN_UP), MENTIONED)} can clean up.",
        ),
        *blocks.actions("actions", [buttons.clean_up(drill, ButtonValue(drill=drill.id))]),
    ]
    return blocks.message(drill, topic, f"{told}.", shown)


def stays_up(drill: Drill, found: Operation) -> str:
    """`6 drill instances stay up until 16:40.`, or until who cleans up."""
    number = sum(server.phase is ServerPhase.LAUNCHED for server in drill.servers)
    stay = f"{count(number, 'drill instance')} {'stays' if number == 1 else 'stay'} up"
    if found.until:
        return f"{stay} until {moment(found.until)}."
    return f"{stay} until {anyone_of(can_operate(drill, Action.CLEAN_UP))} cleans up."


def hours(drill: Drill, at: datetime) -> str:
    """`12.5 instance-hours`, up to a moment."""
    return f"{instance_time(drill, at) / _HOUR:.1f} instance-hours"
