"""What people have added to earlier drills of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from bot.application.ports.results import ResultStore
from bot.application.ports.storage import DrillStore
from bot.domain.afterwards import EarlierFinding
from bot.domain.drill import Drill
from bot.domain.errors import UnknownDrill, UnreadableDrill
from bot.domain.results import DrillResult

DRILLS = 20
"""So many of the plan's newest drills are looked at."""


@dataclass(frozen=True, slots=True)
class EarlierDrills:
    """Looks, and changes nothing."""

    store: DrillStore
    results: ResultStore

    def results_of(self, drill: Drill) -> tuple[DrillResult, ...]:
        """How the plan's drills before this one have ended, the newest first."""
        found = self.results.results(drill.plan.name, DRILLS)
        return tuple(result for result in found if result.drill_id != drill.id and _is_before(result, drill))

    def findings_of(self, drill: Drill) -> tuple[EarlierFinding, ...]:
        """The findings that people have added to these."""
        return tuple(self._findings(drill))

    def _findings(self, drill: Drill) -> Iterator[EarlierFinding]:
        for result in self.results_of(drill):
            with suppress(UnknownDrill, UnreadableDrill):  # of a drill that is long past, only its result may be left
                yield from ((result.drill_id, each) for each in self.store.load(result.drill_id).drill.follow_ups)


def _is_before(result: DrillResult, drill: Drill) -> bool:
    return drill.ended_at is None or result.ended_at <= drill.ended_at
