"""The check of what a drill is to be launched from: each server has a recovery point, and a young enough one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from bot.domain.durations import spell
from bot.domain.facts import SourceServer
from bot.domain.findings import Check, Finding, Rule, Severity
from bot.domain.launch_point import Fresh, LaunchPoint, NewestBefore, RecoverySnapshot
from bot.domain.mark_up import in_utc

_MISSING = "a server has no recovery point, or none of the chosen time or before"
_AGED = "a server's newest recovery point that fits is older than the plan allows"
NONE = Rule(
    check=Check.RECOVERY_POINT,
    severity=Severity.BLOCK,
    when=f"{_MISSING}, and the newest were asked for",
    remedy="Ask for a drill from fresh snapshots, or look at the server's point in time policy in the DRS console.",
)
NONE_BY_THEN = Rule(
    check=Check.RECOVERY_POINT,
    severity=Severity.BLOCK,
    when=f"{_MISSING}, and a time was asked for",
    remedy="Ask for a drill from a later time or from fresh snapshots: DRS keeps recovery points for a limited time.",
)
OLD = Rule(
    check=Check.RECOVERY_POINT,
    severity=Severity.WARN,
    when=f"{_AGED}, and the newest were asked for",
    limit="the plan's rpo",
    remedy="It can be drilled, but the data will be older than the plan allows. Look at how the server replicates.",
)
OLD_BY_CHOICE = Rule(
    check=Check.RECOVERY_POINT,
    severity=Severity.WARN,
    when=f"{_AGED}, and a time was asked for",
    limit="the plan's rpo",
    remedy="It can be drilled. The time was chosen so: the recovered data is older than the plan allows.",
)
RULES = (NONE, NONE_BY_THEN, OLD, OLD_BY_CHOICE)


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
        rule = NONE_BY_THEN if chosen else NONE
        yield rule.finding(f"{server.called} has no recovery point{until}.", server.id)
    elif now - snapshot.at > rpo:
        old = f"recovery point is of {in_utc(snapshot.at)}, {spell(now - snapshot.at)} old"
        told = f"{server.called}: its {old}; the objective (RPO) is {spell(rpo)}."
        yield (OLD_BY_CHOICE if chosen else OLD).finding(told, server.id, spell(rpo))
