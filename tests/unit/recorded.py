"""Stories of `builders` with their record: each event chained as the store keeps it.

story = Recorded().checked().started().waves_done().cleaned()
story.written                 # every record, as JSON, the oldest first
story.evidence()              # what they make
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Self

from bot import ENGINE
from bot.domain.audit import GENESIS, Record, record
from bot.domain.events import DrillProposed, Event
from bot.domain.evidence import NOTHING_BESIDE, Beside, Evidence, Written, evidence
from bot.domain.plan import Plan
from tests.unit.builders import HOME, MINUTE, Story
from tests.unit.plans import ADA


class Recorded(Story):
    """A story that keeps its record."""

    def __init__(self, plan: Plan | None = None, **known: Any) -> None:
        super().__init__(plan, **known)
        drill = self.drill
        self.records: list[Record] = []
        proposed = DrillProposed(
            drill_id=drill.id,
            plan=drill.plan,
            target=HOME,
            actor=known.get("by", ADA),
            launch_point=drill.launch_point,
            purpose=drill.purpose,
        )
        self._write(proposed)

    def tell(self, event: Event, after: timedelta = MINUTE) -> Self:
        super().tell(event, after)
        self._write(event)
        return self

    def _write(self, event: Event) -> None:
        previous = self.records[-1].hash if self.records else GENESIS
        self.records.append(record(self.drill, event, self.now, engine=ENGINE, previous=previous))

    @property
    def written(self) -> list[Written]:
        """Each record as the table keeps it."""
        return [json.loads(each.model_dump_json()) for each in self.records]

    def evidence(self, beside: Beside = NOTHING_BESIDE) -> Evidence:
        """What the drill and its record make."""
        return evidence(self.drill, self.written, beside)
