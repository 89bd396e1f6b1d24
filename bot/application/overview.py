"""What there is: the drills under way, and the plans that can be drilled."""

from __future__ import annotations

from collections.abc import Iterable

from bot.application.ports import PlanSource
from bot.application.ports.storage import DrillStore
from bot.application.ports.work import DueKind
from bot.domain.drill import Drill
from bot.domain.errors import UnsafePlan
from bot.domain.plan import Plan
from bot.domain.states import DrillState


def active_drills(store: DrillStore) -> tuple[Drill, ...]:
    """Every drill that has not ended, the oldest first."""
    ids = {due.drill_id for due in store.unfinished() if due.kind is DueKind.DRILL}
    drills = [store.load(drill_id).drill for drill_id in ids]
    found = [drill for drill in drills if drill.state is not DrillState.ENDED]  # the index may lag
    return tuple(sorted(found, key=lambda drill: drill.proposed_at))


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
