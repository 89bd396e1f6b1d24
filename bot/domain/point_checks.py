"""The check of what a drill is to be launched from: each server has a recovery point, and a young enough one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from bot.domain.durations import spell
from bot.domain.facts import SourceServer
from bot.domain.findings import Check, Finding, Severity
from bot.domain.launch_point import Fresh, LaunchPoint, NewestBefore, RecoverySnapshot
from bot.domain.mark_up import in_utc

_NONE = {
    False: "Ask for a drill from fresh snapshots, or look at the server's point in time policy in the DRS console.",
    True: "Ask for a drill from a later time or from fresh snapshots: DRS keeps recovery points for a limited time.",
}
_OLD = {
    False: "It can be drilled, but the data will be older than the plan allows. Look at how the server replicates.",
    True: "It can be drilled. The time was chosen so: the recovered data is older than the plan allows.",
}
"""What to do, by whether somebody has chosen a time."""


def examine_points(
    servers: Iterable[SourceServer],
    point: LaunchPoint,
    snapshots: Mapping[str, RecoverySnapshot],
    rpo: timedelta,
    now: datetime,
) -> tuple[Finding, ...]:
    """What is wrong with the recovery points of a drill that is not launched from fresh ones.

    Args:
        servers: those of the plan that DRS has.
        point: what the drill is to be launched from.
        snapshots: server id to the snapshot that was chosen for it. A server that is not in it has none that fits.
        rpo: how old recovered data may be.
        now: the time to which the age of a snapshot counts.
    """
    if isinstance(point, Fresh):
        return ()
    return tuple(found for server in servers for found in _point(server, point, snapshots.get(server.id), rpo, now))


def _point(
    server: SourceServer, point: LaunchPoint, snapshot: RecoverySnapshot | None, rpo: timedelta, now: datetime
) -> Iterator[Finding]:
    chosen = isinstance(point, NewestBefore)
    if snapshot is None:
        until = f" of {in_utc(point.at)} or before" if isinstance(point, NewestBefore) else ""
        yield _finding(server, Severity.BLOCK, f"has no recovery point{until}.", _NONE[chosen])
    elif now - snapshot.at > rpo:
        old = f"recovery point is of {in_utc(snapshot.at)}, {spell(now - snapshot.at)} old"
        yield _finding(server, Severity.WARN, f"{old}; the objective (RPO) is {spell(rpo)}.", _OLD[chosen])


def _finding(server: SourceServer, severity: Severity, words: str, remedy: str) -> Finding:
    called = f"{server.name} ({server.id})" if server.name else server.id
    fact = f"{called} {words}" if severity is Severity.BLOCK else f"{called}: its {words}"
    return Finding(check=Check.RECOVERY_POINT, severity=severity, server_id=server.id, fact=fact, remedy=remedy)
