"""Every check before Start, in the order in which findings are told: of the whole plan, then server by server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain import (
    earlier_checks,
    network_checks,
    place_checks,
    point_checks,
    preflight,
    quota_checks,
    replication_checks,
    rights_checks,
    selection,
    settings_checks,
    time_checks,
)
from bot.domain.drill import Drill
from bot.domain.earlier_checks import examine_earlier
from bot.domain.findings import Finding, Rule
from bot.domain.launch_point import Fresh
from bot.domain.network_checks import examine_network
from bot.domain.point_checks import examine_points
from bot.domain.preflight import Facts, examine
from bot.domain.quota_checks import examine_quotas
from bot.domain.replication_checks import examine_health, examine_lag
from bot.domain.rights_checks import examine_rights
from bot.domain.selection import examine_selection
from bot.domain.settings_checks import examine_settings

RULES: tuple[Rule, ...] = (
    *place_checks.RULES,
    *selection.RULES,
    *preflight.RULES,
    *replication_checks.RULES,
    *point_checks.RULES,
    *quota_checks.RULES,
    *settings_checks.RULES,
    *rights_checks.RULES,
    *network_checks.RULES,
    *time_checks.RULES,
    *earlier_checks.RULES,
)
"""What each check may find."""


def examine_drill(drill: Drill, facts: Facts, now: datetime) -> tuple[Finding, ...]:
    """What is not as it should be, of the whole plan and of each server.

    Args:
        drill: what is to be launched, and from what.
        facts: what was read.
        now: a time not later than that of the facts: ages are not made longer by how long the reading took.
    """
    waves = [[server.id for server in wave.servers] for wave in drill.waves]
    rpo = drill.plan.objectives.rpo
    return (
        *examine_selection(drill),
        *examine_quotas([len(wave) for wave in waves], drill.plan.needs, facts.active_jobs, facts.quotas),
        *examine_rights(facts.rights),
        *examine([server_id for wave in waves for server_id in wave], facts),
        *_replication(drill, facts, now),
        *examine_points(facts.servers, drill.launch_point, facts.snapshots, rpo, now),
        *examine_settings(facts.servers, drill.plan.expectations(waves), facts.settings),
        *examine_network(facts.servers, facts.settings, facts.network),
        *examine_earlier(facts.earlier, now.date()),
    )


def _replication(drill: Drill, facts: Facts, now: datetime) -> Iterator[Finding]:
    """How well servers replicate. Their lag is of no concern to a drill from recovery points that exist."""
    for server in facts.servers:
        yield from examine_health(server, now)
        if isinstance(drill.launch_point, Fresh):
            yield from examine_lag(server, drill.plan.objectives.rpo)
