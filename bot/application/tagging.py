"""Tagging what a drill has launched, so that whoever meets it in a console sees which drill it belongs to.

It is a convenience: nothing waits for it, and what cannot be tagged is a line in the log.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from bot.application.cleaning import ours
from bot.application.ports.drs import DrsClients, DrsError
from bot.application.ports.work import WorkItem
from bot.application.results import Again, Done, Result
from bot.domain.drill import Drill
from bot.domain.states import DrillState, ServerPhase

LOOK_AGAIN = timedelta(minutes=1)
"""DRS registers an instance some minutes after its launch."""
LOOKS = 10
"""So many looks for instances that DRS does not show."""
_UP = {DrillState.RUNNING, DrillState.ON_HOLD, DrillState.OPERATING}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tagging:
    """Performs `TagInstances`."""

    drs: DrsClients

    def tag(self, drill: Drill, wave_number: int, item: WorkItem) -> Result:
        """Tag those instances of the wave that DRS shows, and look again for the others."""
        wave = drill.wave(wave_number)
        launched = [server.id for server in wave.servers if server.phase is ServerPhase.LAUNCHED]
        if drill.state not in _UP:
            return Done()
        drs, again = self.drs.at(drill.target), item.attempts + 1 < LOOKS
        try:
            shown = ours(drs.recovery_instances(launched), drill)
            drs.tag(drill.id, [instance for instance in shown if instance.drill_id != drill.id])
        except DrsError as error:
            told = {"drill_id": drill.id, "wave": wave_number, "error": str(error)}
            log.warning("instances could not be tagged", extra=told)
            return Again(LOOK_AGAIN, str(error)) if again else Done()
        missing = len(launched) - len(shown)
        return Again(LOOK_AGAIN, f"{missing} instances are not shown yet") if missing and again else Done()
