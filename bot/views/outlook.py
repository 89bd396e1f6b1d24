"""What the card tells before Start: the waves with their servers and approvals, and what earlier drills let expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.domain.drill import Drill
from bot.domain.durations import spell
from bot.domain.estimates import Estimate, estimate
from bot.domain.results import DrillResult, record_of
from bot.domain.selection import spelled
from bot.domain.wave_run import WaveRun
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.folding import MOST_UNFOLDED
from bot.views.naming import BARRED, possible_approvers, server_name, wave_name
from bot.views.plan_record import last_drill
from bot.views.text import about, count, escape, listed, runs

NAMES_SHOWN = 3
TAGS_LENGTH = 120
_HOUR = timedelta(hours=1)


def outlook(drill: Drill, earlier: Sequence[DrillResult]) -> list[Block]:
    """The blocks between where the drill stands and its buttons.

    Args:
        drill: not started yet.
        earlier: results of its plan, the newest first.
    """
    expected = estimate(drill.server_count, earlier)
    lines = [line for wave in drill.waves for line in _wave(drill, wave, expected.waves if expected else {})]
    return [
        *blocks.sections("waves", lines),
        blocks.section("approvals", _approvals(drill)),
        blocks.section("outlook", *_expectation(drill, expected)),
        *blocks.contexts("history", " ".join(filter(None, [last_drill(record_of(earlier)), _basis(expected)]))),
    ]


def _wave(drill: Drill, wave: WaveRun, times: Mapping[str, timedelta]) -> list[str]:
    takes = [f"about {about(times[wave.name])}"] if wave.name in times else []
    icon = "✋" if drill.plan.needs_approval(wave.number) else "▫️"
    told = [f"{icon} *{wave.number} {wave_name(wave)}*", _size(drill, wave), *takes]
    return [" · ".join([*told, *_place(drill, wave)]), *_names(drill, wave)]


def _place(drill: Drill, wave: WaveRun) -> list[str]:
    """After which waves it comes, where the plan does not simply take one after the other."""
    if all(each.depends_on is None for each in drill.plan.waves):
        return []
    needs = drill.plan.needs[wave.number - 1]
    return [f"after {runs(needs)}" if needs else "at Start"]


def _size(drill: Drill, wave: WaveRun) -> str:
    """How many servers, or by which tags they are chosen as long as they are not, or chosen in part."""
    select = drill.plan.wave(wave.number).select
    tags = [f"by {escape(spelled(select.tags), TAGS_LENGTH)}"] if select else []
    number = [count(len(wave.servers), "server")] if wave.servers or not select else []
    return " ".join([*number, *tags])


def _names(drill: Drill, wave: WaveRun) -> list[str]:
    """The servers by name, as soon as the checks have found the names; of many waves the numbers are enough."""
    names = [server_name(server) for server in wave.servers if server.name]
    return [f"> {listed(names, NAMES_SHOWN)}"] if names and len(drill.waves) <= MOST_UNFOLDED else []


def _approvals(drill: Drill) -> str:
    waiting = [wave.number for wave in drill.waves if drill.plan.needs_approval(wave.number)]
    if not waiting:
        return "✋ No wave waits for approval."
    needed = count(drill.plan.access.minimum_approvals, "approval")
    each, waves = (" each", "waves") if len(waiting) > 1 else ("", "wave")
    barred = f" {BARRED}" if drill.plan.access.bars_whoever_starts else ""
    return f"✋ Before {waves} {runs(waiting)}: {needed}{each}, from {possible_approvers(drill)}.{barred}"


def _expectation(drill: Drill, expected: Estimate | None) -> list[str]:
    objective = f"⏱️ Objective *{spell(drill.plan.objectives.rto)}*"
    if expected is None:
        return [f"{objective} · how long it takes is unknown: no drill that passed to go by yet"]
    recovers = f"likely {about(expected.recovery)}, " if expected.recovery is not None else ""
    return [
        f"{objective} · {recovers}cleaned up after {about(expected.whole)}, waiting for people not counted",
        _instance_hours(drill, expected.instance_time),
    ]


def _basis(expected: Estimate | None) -> str:
    if expected is None:
        return ""
    if expected.drills == 1:
        return "What is expected is what the last drill that passed took."
    return f"What is expected is the median of the last {expected.drills} drills that passed."


def _instance_hours(drill: Drill, up: timedelta | None) -> str:
    """Servers times the time for which each is up; what that costs depends on the instance types."""
    if up is None:
        return ""
    servers = drill.server_count
    hours = f"About {up / _HOUR:.1f}" if up >= _HOUR / 10 else "Less than 0.1"
    each = f"each up for about {about(up / servers)}, waits included"
    return f"💻 {hours} instance-hours: {count(servers, 'server')}, {each}"
