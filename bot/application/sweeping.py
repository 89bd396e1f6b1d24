"""Looking for drill instances that belong to no open drill. Nothing is changed by it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bot.application.cleaning import is_up
from bot.application.lanes import backoff
from bot.application.ports.drs import Drs, DrsClients, DrsError, Refused
from bot.application.ports.storage import DrillStore
from bot.application.ports.work import WorkItem
from bot.application.results import Again, Done, Result
from bot.domain.cleanup_events import LeftoversFound
from bot.domain.drill import Drill
from bot.domain.errors import UnknownDrill, UnreadableDrill
from bot.domain.facts import RecoveryInstance
from bot.domain.leftovers import Leftover
from bot.domain.states import DrillState

TRIES = 4
_MAY_PASS = frozenset({Refused.THROTTLED, Refused.UNCLEAR})


@dataclass(frozen=True, slots=True)
class Sweeping:
    """Performs `FindLeftovers`."""

    store: DrillStore
    drs: DrsClients

    def find(self, drill: Drill, item: WorkItem) -> Result:
        """All drill instances of the account and Region that carry this bot's tags and belong to no open drill."""
        if drill.state is not DrillState.PROPOSED:
            return Done()
        try:
            return LeftoversFound(leftovers=self._leftovers(self.drs.at(drill.target)))
        except DrsError as error:
            if error.kind in _MAY_PASS and item.attempts + 1 < TRIES:
                return Again(error.retry_after or backoff(item.attempts), str(error))
            return LeftoversFound(error=f"DRS could not be read: {error}")

    def _leftovers(self, drs: Drs) -> tuple[Leftover, ...]:
        up = [each for each in drs.every_recovery_instance() if each.is_drill is True and each.job_id and is_up(each)]
        whose = {job.job_id: job.drill_id for job in drs.tagged([each.job_id for each in up if each.job_id])}
        state_of = cache(self._is_open)
        ours = [(each, drill_id) for each in up if (drill_id := whose.get(each.job_id or "") or each.drill_id)]
        left = [(each, drill_id, known) for each, drill_id in ours if (known := state_of(drill_id)) is not True]
        names = {each.id: each.name for each in drs.source_servers([each.server_id for each, _, _ in left])}
        return tuple(_leftover(each, names, drill_id, known) for each, drill_id, known in left)

    def _is_open(self, drill_id: str) -> bool | None:
        """Whether a drill is under way; None: there is no record of it."""
        try:
            return self.store.load(drill_id).drill.state is not DrillState.ENDED
        except UnknownDrill:
            return None
        except UnreadableDrill:  # what it has launched is left alone
            return True


def _leftover(seen: RecoveryInstance, names: dict[str, str], drill_id: str, known: bool | None) -> Leftover:  # noqa: FBT001
    name = names.get(seen.server_id, "")
    return Leftover(instance=seen, name=name, drill_id=drill_id, is_known=known is not None)
