"""The servers of a wave by name: those that need a look first, and as many as there is room for.

A message holds some forty servers with their instances; the DRS job that stands beside them leads to all.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.launch import ServerRun
from bot.domain.plan import Target
from bot.domain.states import ServerPhase
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.console import instance_link
from bot.views.naming import server_name
from bot.views.phases import PHASES, phase_counts
from bot.views.text import escape

ON_THE_CARD = 10
IN_THE_THREAD = 6_500
"""Characters: with what stands around them they stay below what is safe in a message."""
FAILURE_LENGTH = 240

_ORDER = (ServerPhase.FAILED, *(phase for phase in ServerPhase if phase is not ServerPhase.FAILED))
_ICONS = {ServerPhase.WAITING: "▫️", ServerPhase.LAUNCHED: "✅", ServerPhase.FAILED: "❌"}


def short_list(target: Target, servers: Sequence[ServerRun]) -> list[str]:
    """A line each for the few that need a look first: what failed, then what is furthest back; the rest is counted.

    Of many that are all in the same phase none needs a look.
    """
    ordered = _by_need(servers)
    if len(ordered) > ON_THE_CARD and ordered[0].phase is ordered[-1].phase:
        return [phase_counts(servers)]
    lines = [f"{_line(server)}{_link(target, server)}" for server in ordered[:ON_THE_CARD]]
    return [*lines, *_rest(ordered[ON_THE_CARD:])]


def whole_list(prefix: str, target: Target, servers: Sequence[ServerRun], *, is_over: bool) -> list[Block]:
    """A line each for as many as a message holds, with instance ids and, of what failed, DRS's own words."""
    ordered, lines, room = _by_need(servers), [], IN_THE_THREAD
    for server in ordered:
        line = _in_full(target, server, is_over=is_over)
        room -= len(line)
        if room < 0:
            break
        lines.append(line)
    lines += _rest(ordered[len(lines) :])
    return blocks.sections(prefix, lines)


def _by_need(servers: Sequence[ServerRun]) -> list[ServerRun]:
    return sorted(servers, key=lambda server: (_ORDER.index(server.phase), not server.is_critical))


def _line(server: ServerRun, *, is_over: bool = False) -> str:
    """An optional server is told to be one where that matters: when it is not launched."""
    is_lost = server.phase is ServerPhase.FAILED or (is_over and server.phase is not ServerPhase.LAUNCHED)
    optional = " (optional)" if is_lost and not server.is_critical else ""
    phase = "not launched" if is_lost and server.phase is not ServerPhase.FAILED else PHASES[server.phase]
    out = ", left out" if server.is_left_out else ""
    return f"{_ICONS.get(server.phase, '🔸')} {server_name(server)}{optional} · {phase}{out}"


def _in_full(target: Target, server: ServerRun, *, is_over: bool) -> str:
    if server.phase is ServerPhase.LAUNCHED and server.ec2_instance_id:
        return f"✅ {server_name(server)} · {instance_link(target, server.ec2_instance_id)}"
    return f"{_line(server, is_over=is_over)}{_failure(server)}"


def _link(target: Target, server: ServerRun) -> str:
    return f" · {instance_link(target, server.ec2_instance_id, 'EC2')}" if server.ec2_instance_id else ""


def _failure(server: ServerRun) -> str:
    if server.phase is not ServerPhase.FAILED:
        return ""
    return f": `{escape(server.failure or 'no reason given', FAILURE_LENGTH)}`"


def _rest(servers: Sequence[ServerRun]) -> list[str]:
    if not servers:
        return []
    if len({server.phase for server in servers}) == 1:
        return [f"and {len(servers)} more {PHASES[servers[0].phase]}"]
    return [f"and {len(servers)} more: {phase_counts(servers)}"]
