"""Why a click on Start has started nothing: other servers would have been launched than were shown, or nobody knows."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application.ports.slack import Message
from bot.domain.approval import mention
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.false_starts import FalseStart, ServerChange
from bot.domain.wave_run import WaveRun
from bot.views import blocks
from bot.views.naming import NAME_LENGTH, wave_name
from bot.views.text import clock, escape, listed

SERVERS_SHOWN = 10
ERROR_LENGTH = 500


def false_start(drill: Drill, topic: Topic) -> Message | None:
    """What has changed, and what happens now."""
    number = topic.number or 1
    if number > len(drill.false_starts):
        return None
    shown = drill.false_starts[number - 1]
    clicked = f"{mention(shown.click.by.user_id)} clicked Start at {clock(shown.click.at)}"
    told = _changed(drill, shown) if shown.changes else _unread(shown)
    return blocks.message(
        drill,
        topic,
        "Nothing was started.",
        blocks.sections("false-start", [f"✋ *Not started.* {clicked}, but {told[0]}", *told[1:]]),
    )


def _changed(drill: Drill, shown: FalseStart) -> tuple[str, ...]:
    waves = {change.wave: drill.wave(change.wave) for change in shown.changes}
    return (
        "tags choose other servers now than were shown and checked:",
        *(_changed_wave(wave, shown.changes) for wave in waves.values()),
        "The drill is checked anew with them. See the card, then click Start again if that is what you want.",
    )


def _changed_wave(wave: WaveRun, changes: Sequence[ServerChange]) -> str:
    """`• Wave 2 (Web): now also web-9; no longer web-2`."""
    names = {
        is_added: [_name(change) for change in changes if change.wave == wave.number and change.is_added is is_added]
        for is_added in (True, False)
    }
    told = [
        f"{words} {listed(names[is_added], SERVERS_SHOWN)}"
        for is_added, words in ((True, "now also"), (False, "no longer"))
        if names[is_added]
    ]
    return f"• Wave {wave.number} ({wave_name(wave)}): {'; '.join(told)}"


def _name(change: ServerChange) -> str:
    return escape(change.name or change.server_id, NAME_LENGTH)


def _unread(shown: FalseStart) -> tuple[str, ...]:
    return (
        "which servers its tags choose could not be looked up in DRS. Start can be clicked again:",
        f"_{escape(shown.error or '', ERROR_LENGTH)}_",
    )
