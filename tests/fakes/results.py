"""Results in memory, for tests: over the same table as the fakes in `store`, where ending a drill leaves its result."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.results import DrillResult, PlanRecord
from tests.fakes.store import MemoryTable


class MemoryResults:
    """Fulfils `ResultStore` in memory. `calls`: what was asked."""

    def __init__(self, table: MemoryTable) -> None:
        self._table = table
        self.calls: list[str] = []

    def results(self, plan_name: str, limit: int) -> tuple[DrillResult, ...]:
        self.calls.append("results")
        found = [result for result in self._sorted() if result.plan == plan_name]
        return tuple(reversed(found[-limit:]))

    def plan_records(self) -> Mapping[str, PlanRecord]:
        records: dict[str, PlanRecord] = {}
        for result in self._sorted():
            if result.was_run:
                before = records.get(result.plan, PlanRecord())
                records[result.plan] = PlanRecord(last=result, passed=result if result.has_passed else before.passed)
        return records

    def _sorted(self) -> list[DrillResult]:
        with self._table.mutex:
            return sorted(self._table.results, key=lambda result: (result.ended_at, result.drill_id))
