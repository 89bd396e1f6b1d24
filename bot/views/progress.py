"""How far a drill is, wave by wave: the lines that the card, the result and `/drs status` share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.domain.drill import Drill, WaveRun
from bot.domain.durations import spell
from bot.domain.launch import ServerRun
from bot.domain.measures import RecoveryTime, recovery_time
from bot.domain.states import DrillState, ServerPhase, WaveState
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.naming import wave_name
from bot.views.text import ago, count

WAVES_IN_A_SECTION = 10
"""Ten lines with the longest names fit into a section's 3,000 characters."""

_ICONS = {
    WaveState.PENDING: "▫️",
    WaveState.AWAITING_APPROVAL: "✋",
    WaveState.LAUNCHING: "🚀",
    WaveState.SUCCEEDED: "✅",
    WaveState.FAILED: "❌",
    WaveState.SKIPPED: "⏭️",
    WaveState.NOT_RUN: "▫️",
}
_PHASES = {
    ServerPhase.WAITING: "waiting",
    ServerPhase.SNAPSHOT: "taking a snapshot",
    ServerPhase.CONVERSION: "converting",
    ServerPhase.LAUNCH: "starting up",
    ServerPhase.LAUNCHED: "launched",
    ServerPhase.FAILED: "failed",
}


def launched(servers: Iterable[ServerRun]) -> int:
    """How many of the servers are launched."""
    return sum(server.phase is ServerPhase.LAUNCHED for server in servers)


def phase_counts(servers: Sequence[ServerRun]) -> str:
    """`2 waiting · 1 converting · 1 launched`, in the order in which DRS goes through it."""
    seen = Counter(server.phase for server in servers)
    return " · ".join(f"{seen[phase]} {words}" for phase, words in _PHASES.items() if seen[phase])


def so_far(servers: Sequence[ServerRun]) -> str:
    """`1 of 2 servers launched, 1 failed`."""
    return f"{launched(servers)} of {count(len(servers), 'server')} launched" + _failed(servers)


def _failed(servers: Sequence[ServerRun]) -> str:
    failed = sum(server.phase is ServerPhase.FAILED for server in servers)
    return f", {failed} failed" if failed else ""


def wave_blocks(drill: Drill) -> list[Block]:
    """A line for each wave."""
    lines = [_wave_line(wave) for wave in drill.waves]
    parts = [lines[start : start + WAVES_IN_A_SECTION] for start in range(0, len(lines), WAVES_IN_A_SECTION)]
    return [blocks.section(f"waves-{number}", *part) for number, part in enumerate(parts, start=1)]


def _wave_line(wave: WaveRun) -> str:
    icon = "⚠️" if wave.state is WaveState.SUCCEEDED and wave.failed(critical=False) else _ICONS[wave.state]
    return f"{icon} *{wave.number} {wave_name(wave)}* · {_wave_so_far(wave)}"


def _wave_so_far(wave: WaveRun) -> str:
    if wave.state is WaveState.PENDING:
        return count(len(wave.servers), "server")
    if wave.state is WaveState.NOT_RUN:
        return f"not launched, {count(len(wave.servers), 'server')}"
    if wave.state is WaveState.AWAITING_APPROVAL and wave.round:
        given = f"{len(wave.round.given)} of {wave.round.needed} approved"
        return f"{count(len(wave.servers), 'server')}, {'rejected' if wave.round.rejected else given}"
    skipped = "skipped, " if wave.state is WaveState.SKIPPED else ""
    told = f"{launched(wave.servers)} of {count(len(wave.servers), 'server')} launched"
    return skipped + told + _took(wave) + _failed(wave.servers)


def _took(wave: WaveRun) -> str:
    tries = f", {wave.attempt} attempts" if wave.attempt > 1 else ""
    if wave.started_at is None or wave.ended_at is None:
        return tries
    return f" in {spell(wave.ended_at - wave.started_at)}{tries}"


def achieved(reached: RecoveryTime) -> str:
    """`Recovered in 27m54s, objective 1h30m met`."""
    outcome = "met" if reached.is_met else "missed"
    return f"Recovered in *{spell(reached.net)}*, objective {spell(reached.objective)} {outcome}"


def recovery(drill: Drill) -> str:
    """The recovery time against its objective: promised, running, achieved, or why there is none."""
    objective = f"objective {spell(drill.plan.objectives.rto)}"
    if reached := recovery_time(drill):
        waited = f" · {spell(reached.gross)} with the time spent waiting for people" if reached.waiting else ""
        return f"⏱️ {achieved(reached)}{waited}"
    if drill.started_at is None or drill.state is DrillState.ABORTING:
        return f"⏱️ Recovery time {objective}"
    if drill.state in {DrillState.RUNNING, DrillState.ON_HOLD}:
        return f"⏱️ Started {ago(drill.started_at)} · {objective}, waiting for people not counted"
    if not any(server.is_critical for server in drill.servers):
        return "⏱️ No recovery time: the plan has no critical server"
    return f"⏱️ No recovery time: not every critical server was launched · {objective}"
