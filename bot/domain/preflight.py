"""The checks before a drill may start, and the short one right before each launch. Facts in, findings out.

A check that cannot be made is itself a finding that blocks: preflight fails closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pydantic import Field

from bot.domain.afterwards import EarlierFinding
from bot.domain.facts import ActiveJob, LaunchSettings, Network, Quotas, RecoveryInstance, SourceServer, Unread
from bot.domain.findings import Check, Finding, Rule, Severity
from bot.domain.launch_point import RecoverySnapshot
from bot.domain.model import Frozen
from bot.domain.replication_checks import FAILING_BACK, examine_replication
from bot.domain.rights import Evaluation

IDLE_FAILBACK_STATES = frozenset({None, "FAILBACK_NOT_STARTED"})
"""Failback states of an instance on which nobody is failing back (botocore `FailbackState`)."""

REAL_RECOVERY = Rule(
    check=Check.REAL_RECOVERY,
    severity=Severity.BLOCK,
    when="the server has a recovery instance of which DRS does not say that it is a drill's",
    remedy="Never drill a server that runs in recovery. Fail back or terminate that instance first.",
)
LEFTOVER = Rule(
    check=Check.LEFTOVER_DRILL,
    severity=Severity.WARN,
    when="the server has an instance of an earlier drill",
    remedy="DRS deletes it when this drill launches the server.",
)
BUSY = Rule(
    check=Check.ACTIVE_JOB,
    severity=Severity.BLOCK,
    when="a DRS job that has not ended has the server, whoever started it",
    limit="1 job per server",
    remedy="Wait until that job has ended: DRS takes one job per server.",
)
LOCKED = Rule(
    check=Check.ACTIVE_DRILL,
    severity=Severity.BLOCK,
    when="another drill of this bot that has not ended has the server",
    remedy="Wait until that drill has been cleaned up, or abort it.",
)
_NOTHING_KNOWN = "Nothing is known about safety until this can be read."
UNREADABLE = Rule(
    check=Check.READABLE,
    severity=Severity.BLOCK,
    when="servers, recovery instances, jobs or recovery points cannot be read",
    remedy=f"{_NOTHING_KNOWN} Mend it and ask for the drill again.",
)
UNREADABLE_NOW = Rule(
    check=Check.READABLE,
    severity=Severity.BLOCK,
    when="the same, for a reason that may pass (throttling, no answer), after four tries",
    remedy=f"{_NOTHING_KNOWN} Ask for the drill again in some minutes.",
)
RULES = (REAL_RECOVERY, LEFTOVER, BUSY, LOCKED, UNREADABLE, UNREADABLE_NOW)


class Facts(Frozen):
    """What was read for a preflight.

    Attributes:
        locks: the bot's own server locks, server id to drill id.
        rights: what IAM answered to what was asked (`rights.questions`).
        settings: server id to how DRS is set to launch it.
        network: where the launch templates of `settings` lead.
        earlier: what people have added to earlier drills of the plan.
        snapshots: server id to the recovery point it is launched from; none where the launch takes a fresh one.
    """

    servers: tuple[SourceServer, ...]
    instances: tuple[RecoveryInstance, ...]
    active_jobs: tuple[ActiveJob, ...]
    locks: Mapping[str, str]
    snapshots: Mapping[str, RecoverySnapshot] = {}
    quotas: Quotas | Unread = Quotas()
    rights: tuple[Evaluation, ...] | Unread = ()
    earlier: tuple[EarlierFinding, ...] = ()
    settings: Mapping[str, LaunchSettings] | Unread = Field(default={})
    network: Network | Unread = Network()


def examine(server_ids: Iterable[str], facts: Facts) -> tuple[Finding, ...]:
    """Everything that is not as it should be, in the order of `server_ids`."""
    known = {server.id: server for server in facts.servers}
    unsafe = examine_instances(facts.instances)
    return tuple(
        finding
        for server_id in server_ids
        for finding in (
            *examine_replication(server_id, known.get(server_id)),
            *(found for found in unsafe if found.server_id == server_id),
            *_in_a_job(server_id, facts.active_jobs),
            *_in_a_drill(server_id, facts.locks),
        )
    )


def examine_instances(instances: Iterable[RecoveryInstance]) -> tuple[Finding, ...]:
    """What a new drill would do to recovery instances that exist: DRS deletes a server's previous one.

    An instance of which DRS does not say that it is a drill counts as a real recovery.
    """
    return tuple(_instance(instance) for instance in instances)


def unreadable(what: str, error: str, *, may_pass: bool = False) -> Finding:
    """A check that could not be made; `may_pass`: the trouble is such as goes away by itself."""
    rule = UNREADABLE_NOW if may_pass else UNREADABLE
    return rule.finding(f"{what} could not be read: {error}")


def _instance(instance: RecoveryInstance) -> Finding:
    subject = f"{instance.server_id} has the recovery instance {instance.id}"
    if instance.is_drill is not True:
        told = f"{subject}, which is not a drill. A new drill would delete it."
        return REAL_RECOVERY.finding(told, instance.server_id)
    if instance.failback_state not in IDLE_FAILBACK_STATES:
        told = f"{subject}, which is failing back ({instance.failback_state})."
        return FAILING_BACK.finding(told, instance.server_id)
    return LEFTOVER.finding(f"{subject}, left by an earlier drill.", instance.server_id)


def _in_a_job(server_id: str, jobs: Iterable[ActiveJob]) -> Iterator[Finding]:
    for job in jobs:
        if server_id in job.server_ids:
            yield BUSY.finding(f"{server_id} is being processed by DRS job {job.job_id}.", server_id)


def _in_a_drill(server_id: str, locks: Mapping[str, str]) -> Iterator[Finding]:
    if owner := locks.get(server_id):
        yield LOCKED.finding(f"{server_id} is in drill {owner}, which has not ended.", server_id)
