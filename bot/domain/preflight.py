"""The checks before a drill may start, and the short one right before each launch. Facts in, findings out.

A check that cannot be made is itself a finding that blocks: preflight fails closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.domain.facts import ActiveJob, RecoveryInstance, SourceServer
from bot.domain.findings import Check, Finding, Severity
from bot.domain.model import Frozen

READY_STATES = frozenset({"CONTINUOUS", "CREATING_SNAPSHOT"})
"""Replication states from which DRS can recover to the present (botocore `DataReplicationState`)."""
DEGRADED_STATES = frozenset({"BACKLOG", "RESCAN"})
"""Replication lags or re-reads disks: recoverable, but to an older point."""
IDLE_FAILBACK_STATES = frozenset({None, "FAILBACK_NOT_STARTED"})
"""Failback states of an instance on which nobody is failing back (botocore `FailbackState`)."""


class Facts(Frozen):
    """What was read for a preflight: of DRS, and of the bot's own server locks (server id to drill id)."""

    servers: tuple[SourceServer, ...]
    instances: tuple[RecoveryInstance, ...]
    active_jobs: tuple[ActiveJob, ...]
    locks: Mapping[str, str]


def examine(server_ids: Iterable[str], facts: Facts) -> tuple[Finding, ...]:
    """Everything that is not as it should be, in the order of `server_ids`."""
    known = {server.id: server for server in facts.servers}
    unsafe = examine_instances(facts.instances)
    return tuple(
        finding
        for server_id in server_ids
        for finding in (
            *_replication(server_id, known.get(server_id)),
            *(found for found in unsafe if found.server_id == server_id),
            *_in_a_job(server_id, facts.active_jobs),
            *_in_a_drill(server_id, facts.locks),
        )
    )


def examine_instances(instances: Iterable[RecoveryInstance]) -> tuple[Finding, ...]:
    """What a new drill would do to recovery instances that exist: DRS deletes a server's previous one.

    An instance of which DRS does not say that it is a drill counts as a real recovery.
    """
    return tuple(finding for instance in instances for finding in _instance(instance))


def examine_direction(servers: Iterable[SourceServer]) -> tuple[Finding, ...]:
    """Servers that are failing back, as their replication direction shows."""
    return tuple(
        _block(
            Check.FAILBACK,
            server.id,
            f"{_called(server)} replicates in the direction {server.replication_direction}: it is failing back.",
            "Wait until failback has ended. A server in failback must never be drilled.",
        )
        for server in servers
        if server.replication_direction != "FAILOVER"
    )


def unreadable(what: str, error: str, *, may_pass: bool = False) -> Finding:
    """A check that could not be made; `may_pass`: the trouble is such as goes away by itself."""
    remedy = "Ask for the drill again in some minutes." if may_pass else "Mend it and ask for the drill again."
    return Finding(
        check=Check.READABLE,
        severity=Severity.BLOCK,
        fact=f"{what} could not be read: {error}",
        remedy=f"Nothing is known about safety until this can be read. {remedy}",
    )


def _replication(server_id: str, server: SourceServer | None) -> Iterator[Finding]:
    if server is None:
        yield _block(
            Check.EXISTS,
            server_id,
            f"{server_id} is not a source server of this account and Region.",
            "Correct the plan, or install the replication agent on the server.",
        )
        return
    yield from examine_direction([server])
    state = server.replication_state
    if state in DEGRADED_STATES:
        yield Finding(
            check=Check.REPLICATION,
            severity=Severity.WARN,
            server_id=server_id,
            fact=f"{_called(server)} replicates with a backlog ({state}).",
            remedy="It can be drilled, but its recovery point will be older.",
        )
    elif state not in READY_STATES:
        yield _block(
            Check.REPLICATION,
            server_id,
            f"{_called(server)} does not replicate ({state}).",
            "Look at the server's page in the DRS console and bring replication back first.",
        )


def _instance(instance: RecoveryInstance) -> Iterator[Finding]:
    subject = f"{instance.server_id} has the recovery instance {instance.id}"
    if instance.is_drill is not True:
        yield _block(
            Check.REAL_RECOVERY,
            instance.server_id,
            f"{subject}, which is not a drill. A new drill would delete it.",
            "Never drill a server that runs in recovery. Fail back or terminate that instance first.",
        )
    elif instance.failback_state not in IDLE_FAILBACK_STATES:
        yield _block(
            Check.FAILBACK,
            instance.server_id,
            f"{subject}, which is failing back ({instance.failback_state}).",
            "Wait until failback has ended. A server in failback must never be drilled.",
        )
    else:
        yield Finding(
            check=Check.LEFTOVER_DRILL,
            severity=Severity.WARN,
            server_id=instance.server_id,
            fact=f"{subject}, left by an earlier drill.",
            remedy="DRS deletes it when this drill launches the server.",
        )


def _in_a_job(server_id: str, jobs: Iterable[ActiveJob]) -> Iterator[Finding]:
    for job in jobs:
        if server_id in job.server_ids:
            yield _block(
                Check.ACTIVE_JOB,
                server_id,
                f"{server_id} is being processed by DRS job {job.job_id}.",
                "Wait until that job has ended: DRS takes one job per server.",
            )


def _in_a_drill(server_id: str, locks: Mapping[str, str]) -> Iterator[Finding]:
    if owner := locks.get(server_id):
        yield _block(
            Check.ACTIVE_DRILL,
            server_id,
            f"{server_id} is in drill {owner}, which has not ended.",
            "Wait until that drill has been cleaned up, or abort it.",
        )


def _called(server: SourceServer) -> str:
    return f"{server.name} ({server.id})" if server.name else server.id


def _block(check: Check, server_id: str, fact: str, remedy: str) -> Finding:
    return Finding(check=check, severity=Severity.BLOCK, server_id=server_id, fact=fact, remedy=remedy)
