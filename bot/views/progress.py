"""How far a drill is, wave by wave: the lines that the card, the result and `/drs status` share.

Nobody redraws a message only because time passes. So a time that runs is told as what stays true until the drill moves:
when it began, in words that Slack makes up whenever it shows the message (`{ago}`: nothing says that they also change
before the reader's eyes), and until when the objective can be met, on the reader's own clock. While people are waited
for, the recovery time stands, and what it stands at is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.checks import CheckState
from bot.domain.drill import Drill
from bot.domain.durations import spell
from bot.domain.measures import RecoveryTime, RunningTime, recovery_time, running_time
from bot.domain.states import DrillState, ServerPhase, WaveState
from bot.domain.wave_run import WaveRun
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.check_words import checks_so_far
from bot.views.naming import wave_name
from bot.views.phases import failures, launched
from bot.views.text import ago, clock, count, moment

_A_SECOND = timedelta(seconds=1)
WAVE_ICONS = {
    WaveState.PENDING: "▫️",
    WaveState.AWAITING_APPROVAL: "✋",
    WaveState.PREPARING: "⚙️",
    WaveState.LAUNCHING: "🚀",
    WaveState.VERIFYING: "🩺",
    WaveState.SUCCEEDED: "✅",
    WaveState.FAILED: "❌",
    WaveState.SKIPPED: "⏭️",
    WaveState.NOT_RUN: "▫️",
}
"""A wave's states, as the eye finds them."""


def wave_blocks(drill: Drill) -> list[Block]:
    """A line for each wave."""
    return blocks.sections("waves", [wave_line(wave) for wave in drill.waves])


def wave_line(wave: WaveRun) -> str:
    """How far a wave is, behind its icon."""
    icon = "⚠️" if wave.has_succeeded and is_partial(wave) else WAVE_ICONS[wave.state]
    unapproved = " · 🚨 without its approvals" if broke_glass(wave) else ""
    return f"{icon} *{wave.number} {wave_name(wave)}* · {_wave_so_far(wave)}{unapproved}"


def is_partial(wave: WaveRun) -> bool:
    """Whether some of its servers have failed: optional ones, or such that were left out."""
    return any(server.phase is ServerPhase.FAILED for server in wave.servers)


def broke_glass(wave: WaveRun) -> bool:
    """Whether somebody had it launched without its approvals."""
    return any(asked.broken for asked in wave.rounds)


def _wave_so_far(wave: WaveRun) -> str:
    if wave.state is WaveState.PENDING:
        return count(len(wave.servers), "server")
    if wave.state is WaveState.NOT_RUN:
        return f"not launched, {count(len(wave.servers), 'server')}"
    if wave.state is WaveState.AWAITING_APPROVAL and wave.round:
        given = f"{len(wave.round.given)} of {wave.round.needed} approved"
        return f"{count(len(wave.servers), 'server')}, {'rejected' if wave.round.rejected else given}"
    if wave.state is WaveState.PREPARING:
        return f"{count(len(wave.servers), 'server')}, being prepared"
    skipped = "skipped, " if wave.state is WaveState.SKIPPED else ""
    told = f"{launched(wave.servers)} of {len(wave.servers)} launched"
    return skipped + told + _took(wave) + failures(wave.servers) + _checked(wave)


def _checked(wave: WaveRun) -> str:
    """What its checks have shown so far; nothing where the plan has none."""
    newest = wave.verification
    if newest is None:
        return ""
    lost = sum(run.state is CheckState.FAILED for run in newest.runs)
    if wave.verified_at and not lost and wave.launch_ended_at:
        return f", verified {spell(wave.verified_at - wave.launch_ended_at)} later"
    return f", {lost} of {count(len(newest.runs), 'check')} failed" if newest.ended_at else f", {checks_so_far(newest)}"


def _took(wave: WaveRun) -> str:
    tries = f", {wave.attempt} attempts" if wave.attempt > 1 else ""
    if wave.started_at is None or wave.launch_ended_at is None:
        return tries
    return f" in {spell(wave.launch_ended_at - wave.started_at)}{tries}"


def achieved(reached: RecoveryTime) -> str:
    """`Recovered in 27m54s, objective 1h30m met`."""
    outcome = "met" if reached.is_met else "missed"
    launched = f" · launched after {spell(reached.launched)}" if reached.launched is not None else ""
    return f"Recovered in *{spell(reached.net)}*, objective {spell(reached.objective)} {outcome}{launched}"


def recovery(drill: Drill, now: datetime | None = None) -> str:
    """The recovery time against its objective: promised, running, achieved, or why there is none.

    Args:
        drill: as it is.
        now: tells whether the objective is missed by now; without it the reader has to see that for themselves.
    """
    objective = f"objective {spell(drill.plan.objectives.rto)}"
    if reached := recovery_time(drill):
        waited = f" · {spell(reached.gross)} with the time spent waiting for people" if reached.waiting else ""
        return f"⏱️ {achieved(reached)}{waited}"
    if drill.started_at is None:
        return f"⏱️ Recovery time {objective}"
    if running := running_time(drill):
        return f"⏱️ {_runs(running, now)}"
    if drill.state is DrillState.ABORTING:
        return f"⏱️ Aborted before every critical server was launched · {objective}"
    if not any(server.is_critical for server in drill.servers):
        return "⏱️ No recovery time: the plan has no critical server"
    is_checked = any(wave.failed_checks for wave in drill.waves)
    done = "launched and passed its checks" if is_checked else "launched"
    return f"⏱️ No recovery time: not every critical server was {done} · {objective}"


def _runs(running: RunningTime, now: datetime | None) -> str:
    objective, missed = spell(running.objective), bool(now and running.is_missed(now))
    if running.waits_since and running.stands_at is not None:
        used = "used, *missed*" if missed else "used"
        since = clock(running.waits_since)
        return f"*{spell(running.stands_at)}* of {objective} {used} · paused at {since} while people decide"
    due = f"*missed* since {moment(running.due)}" if missed else f"can be met until {moment(running.due)}"
    waited = f" · {spell(running.waited)} of waiting for people not counted" if running.waited >= _A_SECOND else ""
    return f"Started {ago(running.started_at)} · objective {objective} {due}{waited}"
