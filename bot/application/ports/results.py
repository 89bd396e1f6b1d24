"""What drills have shown: found by plan, without looking at any drill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.domain.results import DrillResult, PlanRecord


class ResultStore(Protocol):
    """Where results are read. They get there with the event that ends a drill (`DrillStore.save`).

    Each method may raise `StoreUnavailable`.
    """

    def results(self, plan_name: str, limit: int) -> tuple[DrillResult, ...]:
        """The results of a plan, the newest first, at most `limit` (from 1): one query. Of any drill that has ended."""
        ...

    def plan_records(self) -> Mapping[str, PlanRecord]:
        """The newest results of each plan by its name, one query for all. Only of drills that were run."""
        ...
