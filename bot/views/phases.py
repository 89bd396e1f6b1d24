"""How far servers are, counted: what cards, waves and results say of many of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.domain.launch import ServerRun
from bot.domain.states import ServerPhase
from bot.views.text import count

PHASES = {
    ServerPhase.WAITING: "waiting",
    ServerPhase.SNAPSHOT: "taking a snapshot",
    ServerPhase.CONVERSION: "converting",
    ServerPhase.LAUNCH: "starting up",
    ServerPhase.LAUNCHED: "launched",
    ServerPhase.FAILED: "failed",
}
"""A server's phases in words, in the order in which DRS goes through them."""


def launched(servers: Iterable[ServerRun]) -> int:
    """How many of the servers are launched."""
    return sum(server.phase is ServerPhase.LAUNCHED for server in servers)


def phase_counts(servers: Sequence[ServerRun]) -> str:
    """`2 waiting · 1 converting · 1 launched`, in the order in which DRS goes through it."""
    seen = Counter(server.phase for server in servers)
    return " · ".join(f"{seen[phase]} {words}" for phase, words in PHASES.items() if seen[phase])


def so_far(servers: Sequence[ServerRun]) -> str:
    """`1 of 2 servers launched, 1 failed`."""
    return f"{launched(servers)} of {count(len(servers), 'server')} launched" + failures(servers)


def failures(servers: Sequence[ServerRun]) -> str:
    """`, 1 failed`; nothing when none has."""
    failed = sum(server.phase is ServerPhase.FAILED for server in servers)
    return f", {failed} failed" if failed else ""
