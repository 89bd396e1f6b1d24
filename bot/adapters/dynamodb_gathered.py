"""Facts that the checks before Start have read so far, in the drill's partition until they expire."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from bot.adapters.dynamodb_items import body, content, drill_pk, gathered_key, gathered_prefix
from bot.adapters.dynamodb_requests import number, put
from bot.adapters.dynamodb_table import Table
from bot.application.ports.gathered import GatheredFacts

KEPT = timedelta(hours=1)
"""They are of no use after minutes; DynamoDB deletes what has expired within days."""


class DynamoDbGathered:
    """Fulfils `GatheredStore`: an item for each step of a check."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def gathered(self, drill_id: str, check: int, since: datetime) -> GatheredFacts:
        """One query."""
        found = GatheredFacts()
        oldest = gathered_key(drill_id, check, since)["sk"]["S"]
        for item in self._table.starting(drill_pk(drill_id), gathered_prefix(check)):
            if item["sk"]["S"] >= oldest:
                found = found.with_more(GatheredFacts.model_validate_json(body(item)))
        return found

    def keep(self, drill_id: str, check: int, now: datetime, facts: GatheredFacts) -> None:
        """One item: what a step reads of some hundred servers is far below what an item holds."""
        expires_at = number(math.ceil((now + KEPT).timestamp()))
        kept = {**content(facts.model_dump_json()), "expires_at": expires_at}
        self._table.put(put({**gathered_key(drill_id, check, now), **kept}))
