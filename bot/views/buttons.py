"""The buttons, each with the dialog that asks back. A view decides whether to show one; the click decides who may."""

from __future__ import annotations

from bot.domain.approval import Action
from bot.domain.drill import Drill, Hold, WaveRun
from bot.views import blocks
from bot.views.action_ids import ButtonValue
from bot.views.blocks import Block
from bot.views.hold_words import retry_means, skip_means
from bot.views.naming import plan_size, the_wave, wave_first
from bot.views.text import count

_NO = "Not now"


def start(drill: Drill, value: ButtonValue) -> Block:
    """Start the drill."""
    first = drill.waves[0]
    begins = "waits for approval" if drill.plan.needs_approval(first.number) else "is launched at once"
    text = (
        f"{plan_size(drill.plan)} in {drill.target.region}. {wave_first(drill, first)} {begins}. "
        "Drill instances cost money until they are terminated at the end."
    )
    ask = blocks.confirm("Start this drill?", text, "Start", _NO)
    return blocks.button(Action.START, "Start drill", value, style="primary", ask=ask)


def withdraw(value: ButtonValue) -> Block:
    """Cancel a drill that was not started. Nothing is lost by it, so nothing is asked."""
    return blocks.button(Action.WITHDRAW, "Cancel", value)


def approve(drill: Drill, wave: WaveRun, value: ButtonValue) -> Block:
    """Approve a wave."""
    text = f"{count(len(wave.servers), 'server')} of {the_wave(drill, wave)} will be launched as drill instances."
    ask = blocks.confirm(f"Approve wave {wave.number}?", text, "Approve", _NO)
    return blocks.button(Action.APPROVE, f"Approve wave {wave.number}", value, style="primary", ask=ask)


def hold(value: ButtonValue) -> Block:
    """Launch nothing more for now."""
    text = "Nothing more is launched until somebody resumes the drill. DRS jobs that run are followed to their end."
    ask = blocks.confirm("Hold this drill?", text, "Hold", _NO)
    return blocks.button(Action.HOLD, "Hold", value, ask=ask)


def resume(value: ButtonValue) -> Block:
    """Go on after a hold that somebody asked for."""
    ask = blocks.confirm("Resume this drill?", "The drill goes on where it was.", "Resume", _NO)
    return blocks.button(Action.RESUME, "Resume", value, style="primary", ask=ask)


def abort_means(drill: Drill) -> str:
    """What an abort now would lead to."""
    running = sum(launch.is_open for launch in drill.launches)
    ends = f"{count(running, 'DRS job')} cannot be cancelled and will be followed to the end. " if running else ""
    return f"Nothing more is launched. {ends}Then every instance of the drill is terminated. This cannot be undone."


def abort(drill: Drill, value: ButtonValue) -> Block:
    """End the drill early."""
    ask = blocks.confirm("Abort this drill?", abort_means(drill), "Abort", _NO, "danger")
    return blocks.button(Action.ABORT, "Abort drill", value, style="danger", ask=ask)


def clean_up(value: ButtonValue) -> Block:
    """Look at the cleanup now. Nothing can be lost by it, so nothing is asked."""
    return blocks.button(Action.CLEAN_UP, "Try again now", value)


def retry(hold: Hold, wave: WaveRun, value: ButtonValue) -> Block:
    """Try again what put the drill on hold."""
    ask = blocks.confirm("Try again?", f"The bot {retry_means(hold, wave)}.", "Retry", _NO)
    return blocks.button(Action.RETRY, "Retry", value, style="primary", ask=ask)


def skip(drill: Drill, wave: WaveRun, value: ButtonValue) -> Block:
    """Go on without the rest of a wave."""
    text = f"The drill {skip_means(wave)}. This is about {the_wave(drill, wave)}."
    ask = blocks.confirm("Skip this wave?", text, "Skip wave", _NO, "danger")
    return blocks.button(Action.SKIP, "Skip wave", value, ask=ask)
