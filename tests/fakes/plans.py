"""Plans in memory, for tests.

plans = MemoryPlans(a_plan(), broken=("half-written",))
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.errors import UnknownPlan, UnsafePlan
from bot.domain.plan import Plan


class MemoryPlans:
    """Fulfils `PlanSource`. Plans named in `broken` are there, but cannot be read."""

    def __init__(self, *plans: Plan, broken: Iterable[str] = ()) -> None:
        self._plans = {plan.name: plan for plan in plans}
        self._broken = frozenset(broken)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted({*self._plans, *self._broken}))

    def load(self, name: str) -> Plan:
        if name in self._broken:
            raise UnsafePlan(f"{name}.yaml: line 1: not a plan")
        if name not in self._plans:
            raise UnknownPlan(f"There is no plan {name}. There are: {', '.join(self.names())}.")
        return self._plans[name]
