"""What the card tells before Start: the waves with their servers and approvals, and what earlier drills let expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.domain.drill import Drill, WaveRun
from bot.domain.durations import spell
from bot.domain.estimates import Estimate, estimate
from bot.domain.results import DrillResult, record_of
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.folding import MOST_UNFOLDED
from bot.views.naming import possible_approvers, server_name, wave_name
from bot.views.plan_record import last_drill
from bot.views.text import about, count, listed, runs

NAMES_SHOWN = 3
_HOUR = timedelta(hours=1)


def outlook(drill: Drill, earlier: Sequence[DrillResult]) -> list[Block]:
    """The blocks between where the drill stands and its buttons.

    Args:
        drill: not started yet.
        earlier: results of its plan, the newest first.
    """
    expected = estimate(drill.plan, earlier)
    lines = [_wave(drill, wave, expected.waves if expected else {}) for wave in drill.waves]
    return [
        *blocks.sections("waves", lines),
        blocks.section("approvals", _approvals(drill)),
        blocks.section("outlook", *_expectation(drill, expected)),
        *blocks.contexts("last-drill", last_drill(record_of(earlier))),
    ]


def _wave(drill: Drill, wave: WaveRun, times: Mapping[str, timedelta]) -> str:
    takes = [f"about {about(times[wave.name])}"] if wave.name in times else []
    asks = ["✋ approval"] if drill.plan.needs_approval(wave.number) else []
    return " · ".join([f"▫️ *{wave.number} {wave_name(wave)}*", _servers(drill, wave), *takes, *asks])


def _servers(drill: Drill, wave: WaveRun) -> str:
    """By name, as soon as the checks have found the names; of many waves only the numbers."""
    number = count(len(wave.servers), "server")
    names = [server_name(server) for server in wave.servers if server.name]
    if not names or len(drill.waves) > MOST_UNFOLDED:
        return number
    told = listed(names, NAMES_SHOWN)
    return told if len(names) <= NAMES_SHOWN else f"{number}: {told}"


def _approvals(drill: Drill) -> str:
    waiting = [wave.number for wave in drill.waves if drill.plan.needs_approval(wave.number)]
    if not waiting:
        return "✋ No wave waits for approval."
    needed = count(drill.plan.access.minimum_approvals, "approval")
    each, waves = (" each", "waves") if len(waiting) > 1 else ("", "wave")
    barred = " Whoever starts the drill cannot approve." if drill.plan.access.four_eyes else ""
    return f"✋ Before {waves} {runs(waiting)}: {needed}{each}, from {possible_approvers(drill)}.{barred}"


def _expectation(drill: Drill, expected: Estimate | None) -> list[str]:
    objective = f"⏱️ Objective *{spell(drill.plan.objectives.rto)}*"
    if expected is None:
        return [f"{objective} · how long it takes is unknown: no drill that passed to go by yet"]
    recovers = f"likely {about(expected.recovery)}, " if expected.recovery is not None else ""
    basis = f"the last {count(expected.drills, 'drill')} that passed" if expected.drills > 1 else "one earlier drill"
    return [
        f"{objective} · {recovers}cleaned up after {about(expected.whole)}, waiting for people not counted",
        _instance_hours(drill, expected.instance_time),
        f"_As {basis} took._",
    ]


def _instance_hours(drill: Drill, up: timedelta | None) -> str:
    """Servers times the time for which each is up; what that costs depends on the instance types."""
    if up is None:
        return ""
    servers = len(drill.plan.server_ids)
    hours = f"{up / _HOUR:.1f}" if up >= _HOUR / 10 else "less than 0.1"
    each = f"each up for about {about(up / servers)}, waits included"
    return f"💻 About {hours} instance-hours: {count(servers, 'server')}, {each}"
