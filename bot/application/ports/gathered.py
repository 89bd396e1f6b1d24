"""Where facts of servers are kept while the checks before Start are under way."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, Self

from pydantic import Field

from bot.domain.facts import LaunchSettings
from bot.domain.launch_point import RecoverySnapshot
from bot.domain.model import Frozen


class GatheredFacts(Frozen):
    """Server ids to what DRS has told of them. `snapshots` None: the server has none that would do."""

    settings: dict[str, LaunchSettings] = Field(default={})
    snapshots: dict[str, RecoverySnapshot | None] = Field(default={})

    def with_more(self, newer: Self) -> Self:
        """Both together."""
        return self.model_copy(
            update={"settings": self.settings | newer.settings, "snapshots": self.snapshots | newer.snapshots}
        )


class GatheredStore(Protocol):
    """What one check of a drill has read so far. Losing it does no harm: it is read again."""

    def gathered(self, drill_id: str, check: int, since: datetime) -> GatheredFacts:
        """All that was kept for the drill's `check`-th check (from 1) at `since` or later, together."""
        ...

    def keep(self, drill_id: str, check: int, now: datetime, facts: GatheredFacts) -> None:
        """Keep facts that were read now, beside those that are kept. `now`: wall time, another one for each call."""
        ...
