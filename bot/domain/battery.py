"""Every check before Start, in the order in which findings are told: of the whole plan, then server by server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain import place_checks, point_checks, preflight, quota_checks, replication_checks
from bot.domain.findings import Finding, Rule
from bot.domain.launch_point import Fresh, LaunchPoint
from bot.domain.plan import Plan
from bot.domain.point_checks import examine_points
from bot.domain.preflight import Facts, examine
from bot.domain.quota_checks import examine_quotas
from bot.domain.replication_checks import examine_health, examine_lag

RULES: tuple[Rule, ...] = (
    *place_checks.RULES,
    *preflight.RULES,
    *replication_checks.RULES,
    *point_checks.RULES,
    *quota_checks.RULES,
)
"""What each check may find."""


def examine_drill(plan: Plan, point: LaunchPoint, facts: Facts, now: datetime) -> tuple[Finding, ...]:
    """What is not as it should be, of the whole plan and of each server.

    Args:
        plan: what is to be drilled.
        point: what servers are to be launched from.
        facts: what was read.
        now: a time not later than that of the facts: ages are not made longer by how long the reading took.
    """
    return (
        *examine_quotas([len(wave.servers) for wave in plan.waves], facts.active_jobs, facts.quotas),
        *examine(plan.server_ids, facts),
        *_replication(plan, point, facts, now),
        *examine_points(facts.servers, point, facts.snapshots, plan.objectives.rpo, now),
    )


def _replication(plan: Plan, point: LaunchPoint, facts: Facts, now: datetime) -> Iterator[Finding]:
    """How well servers replicate. Their lag is of no concern to a drill from recovery points that exist."""
    for server in facts.servers:
        yield from examine_health(server, now)
        if isinstance(point, Fresh):
            yield from examine_lag(server, plan.objectives.rpo)
