"""Whether each server is there, replicates, and how well: what DescribeSourceServers shows, into findings.

What keeps DRS from recovering the server at all blocks. What only makes the recovered data older warns: the drill can
be run, and may still be worth it. What DRS does not say of these counts as a warning too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.domain.durations import spell
from bot.domain.facts import ReplicatedDisk, SourceServer
from bot.domain.findings import Check, Finding, Rule, Severity

READY_STATES = frozenset({"CONTINUOUS", "CREATING_SNAPSHOT"})
"""Replication states from which DRS can recover to the present (botocore `DataReplicationState`)."""
DEGRADED_STATES = frozenset({"BACKLOG", "RESCAN"})
"""Replication lags or re-reads disks: recoverable, but to an older point."""
SILENT_AFTER = timedelta(minutes=15)
"""For how long an agent may not have been heard of. Our own figure: AWS publishes none."""
_GIB = 1024**3

ABSENT = Rule(
    check=Check.EXISTS,
    severity=Severity.BLOCK,
    when="DRS has no source server of that id in the account and Region",
    remedy="Correct the plan, or install the replication agent on the server.",
)
FAILING_BACK = Rule(
    check=Check.FAILBACK,
    severity=Severity.BLOCK,
    when="the server replicates in another direction than FAILOVER, or its instance is failing back",
    remedy="Wait until failback has ended. A server in failback must never be drilled.",
)
NOT_REPLICATING = Rule(
    check=Check.REPLICATION,
    severity=Severity.BLOCK,
    when="the replication state is none of CONTINUOUS, CREATING_SNAPSHOT, BACKLOG and RESCAN; an unknown one too",
    remedy="Look at the server's page in the DRS console and bring replication back first.",
)
BACKLOG = Rule(
    check=Check.REPLICATION,
    severity=Severity.WARN,
    when="the replication state is BACKLOG or RESCAN",
    remedy="It can be drilled, but its recovery point will be older.",
)
LAGGING = Rule(
    check=Check.LAG,
    severity=Severity.WARN,
    when="a fresh recovery point is asked for, and the replication lag is longer than the plan allows",
    limit="the plan's rpo",
    remedy="It can be drilled, but its data will be older than the objective. Better let replication catch up first.",
)
LAG_UNKNOWN = Rule(
    check=Check.LAG,
    severity=Severity.WARN,
    when="DRS does not say how far the replication lags behind",
    limit="the plan's rpo",
    remedy="Whether the objective (RPO) can be met is not known. Look at the server's page in the DRS console.",
)
SILENT = Rule(
    check=Check.LAST_SEEN,
    severity=Severity.WARN,
    when="DRS has not heard of the server's agent for too long, or does not say when it did",
    limit=f"{spell(SILENT_AFTER)} ago",
    remedy="See that the server runs and reaches DRS. It can be drilled, from data of when it was last seen.",
)
RESCANNING = Rule(
    check=Check.DISKS,
    severity=Severity.WARN,
    when="a disk is not wholly replicated, or DRS has to read parts of it again",
    limit="every disk wholly replicated, nothing to rescan",
    remedy="Wait until the disks are replicated. It can be drilled, but its newest recovery point may be older.",
)
RULES = (ABSENT, FAILING_BACK, NOT_REPLICATING, BACKLOG, LAGGING, LAG_UNKNOWN, SILENT, RESCANNING)


def examine_replication(server_id: str, server: SourceServer | None) -> Iterator[Finding]:
    """Whether a server can be recovered at all; None: DRS does not have it."""
    if server is None:
        yield ABSENT.finding(f"{server_id} is not a source server of this account and Region.", server_id)
        return
    yield from examine_direction([server])
    state = server.replication_state
    if state in DEGRADED_STATES:
        told = f"{server.called} replicates with a backlog ({_trouble(server)}).{_amount(server.disks)}"
        yield BACKLOG.finding(told, server_id)
    elif state not in READY_STATES:
        yield NOT_REPLICATING.finding(f"{server.called} does not replicate ({_trouble(server)}).", server_id)


def examine_direction(servers: Iterable[SourceServer]) -> tuple[Finding, ...]:
    """Servers that are failing back, as their replication direction shows."""
    return tuple(
        FAILING_BACK.finding(
            f"{server.called} replicates in the direction {server.replication_direction}: it is failing back.",
            server.id,
        )
        for server in servers
        if server.replication_direction != "FAILOVER"
    )


def examine_health(server: SourceServer, now: datetime) -> Iterator[Finding]:
    """How well a server replicates that can be recovered: when it was last seen, and its disks."""
    if server.replication_state not in READY_STATES | DEGRADED_STATES:
        return  # it is refused for that already
    if server.last_seen is None:
        yield SILENT.finding(f"DRS does not say when {server.called} was last seen.", server.id)
    elif now - server.last_seen > SILENT_AFTER:
        yield SILENT.finding(f"{server.called} was last seen {spell(now - server.last_seen)} ago.", server.id)
    if unsound := [told for disk in server.disks if (told := _unsound(disk))]:
        yield RESCANNING.finding(f"{server.called}: {', '.join(unsound)}.", server.id)


def examine_lag(server: SourceServer, rpo: timedelta) -> Iterator[Finding]:
    """Whether a recovery point taken now would be young enough."""
    if server.replication_state not in READY_STATES | DEGRADED_STATES:
        return
    if server.lag is None:
        yield LAG_UNKNOWN.finding(f"DRS does not say how far {server.called} lags behind.", server.id, spell(rpo))
    elif server.lag > rpo:
        lag = spell(server.lag)
        told = f"{server.called} lags {lag} behind; the objective (RPO) is {spell(rpo)}."
        yield LAGGING.finding(told, server.id, spell(rpo))


def _trouble(server: SourceServer) -> str:
    """`STALLED, NOT_CONVERGING, 3h behind`."""
    behind = f"{spell(server.lag)} behind" if server.lag else None
    return ", ".join(part for part in (server.replication_state, server.replication_error, behind) if part)


def _amount(disks: Iterable[ReplicatedDisk]) -> str:
    backlog = sum(disk.backlog or 0 for disk in disks)
    return f" {_size(backlog)} wait to be replicated." if backlog else ""


def _unsound(disk: ReplicatedDisk) -> str | None:
    name = disk.device or "a disk"
    if disk.to_rescan:
        return f"{_size(disk.to_rescan)} of {name} are to be read again"
    if disk.total is not None and disk.replicated is not None and disk.replicated < disk.total:
        return f"{_size(disk.replicated)} of {_size(disk.total)} of {name} are replicated"
    return None


def _size(amount: int) -> str:
    return f"{amount / _GIB:.1f} GiB" if amount >= _GIB / 10 else f"{amount / 1024**2:.1f} MiB"
