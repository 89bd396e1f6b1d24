"""What there is: the drills under way, and the plans that can be drilled."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from bot.application.ports import PlanSource
from bot.application.ports.storage import DrillStore
from bot.application.ports.work import DueKind
from bot.domain.drill import Drill
from bot.domain.errors import UnknownDrill, UnreadableDrill, UnsafePlan
from bot.domain.plan import Plan
from bot.domain.states import DrillState

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What has not ended. `unreadable`: the ids of drills that this release cannot read."""

    drills: tuple[Drill, ...]
    unreadable: tuple[str, ...] = ()


def under_way(store: DrillStore) -> UnderWay:
    """Every drill that has not ended, the oldest first. One that cannot be read keeps none of the others away."""
    found: list[Drill] = []
    unreadable: list[str] = []
    for drill_id in {due.drill_id: None for due in store.unfinished() if due.kind is DueKind.DRILL}:
        try:
            drill = store.load(drill_id).drill
        except UnknownDrill:  # somebody has deleted it, and the index does not know yet
            continue
        except UnreadableDrill as broken:
            log.error("a drill cannot be read", extra={"drill_id": drill_id, "error": broken.why})  # noqa: TRY400 - told
            unreadable.append(drill_id)
            continue
        if drill.state is not DrillState.ENDED:  # the index may lag
            found.append(drill)
    return UnderWay(tuple(sorted(found, key=lambda drill: drill.proposed_at)), tuple(unreadable))


def active_drills(store: DrillStore) -> tuple[Drill, ...]:
    """Those that can be read."""
    return under_way(store).drills


def readable_plans(source: PlanSource) -> tuple[Plan, ...]:
    """The plans that can be read, by name."""
    found = []
    for name in source.names():
        try:
            found.append(source.load(name))
        except UnsafePlan:  # its author hears of it from the check of the plan files, and whoever drills it
            continue
    return tuple(found)


def groups_named(drills: Iterable[Drill], plans: Iterable[Plan]) -> tuple[str, ...]:
    """Every user group that these name, each once."""
    rules = [*(drill.plan.access for drill in drills), *(plan.access for plan in plans)]
    return tuple(dict.fromkeys(group for access in rules for group in access.groups))
