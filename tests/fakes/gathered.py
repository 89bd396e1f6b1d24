"""What checks have read so far, in memory."""

from __future__ import annotations

from datetime import datetime

from bot.application.ports.gathered import GatheredFacts


class MemoryGathered:
    """Fulfils `GatheredStore`. `kept` has each step's facts by drill, check and time."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, int, datetime], GatheredFacts] = {}

    def gathered(self, drill_id: str, check: int, since: datetime) -> GatheredFacts:
        found = GatheredFacts()
        for (drill, number, at), facts in sorted(self.kept.items(), key=lambda kept: kept[0]):
            if (drill, number) == (drill_id, check) and at >= since:
                found = found.with_more(facts)
        return found

    def keep(self, drill_id: str, check: int, now: datetime, facts: GatheredFacts) -> None:
        self.kept[drill_id, check, now] = facts
