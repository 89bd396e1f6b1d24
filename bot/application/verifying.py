"""Making the checks of a wave, one look at a time: what is begun is looked at again later, and nothing waits."""

from __future__ import annotations

from dataclasses import dataclass

from bot.application.ports import Clock
from bot.application.ports.checks import Checkers
from bot.application.results import Again, Done, Result
from bot.domain import verifying
from bot.domain.check_events import ChecksObserved
from bot.domain.drill import Drill
from bot.domain.states import DrillState
from bot.domain.verifying import LOOK_AGAIN

MOST_ANSWERS = 100
"""Of one event: with their outputs they are 100 KB, and an item of DynamoDB takes 400. The rest comes with the next."""


@dataclass(frozen=True, slots=True)
class Verifying:
    """Performs `RunChecks`."""

    checkers: Checkers
    clock: Clock

    def verify(self, drill: Drill, wave_number: int, round_number: int) -> Result:
        """Look once. A round that is over wants no more looks."""
        wave = drill.wave(wave_number)
        wanted = drill.state in {DrillState.RUNNING, DrillState.ON_HOLD, DrillState.OPERATING}
        if not wanted or wave.checking is None or wave.checking.number != round_number:
            return Done()
        answers = self.checkers.at(drill.target).look(drill.id, verifying.asks(wave))
        now = self.clock()
        news = [answer for answer in answers if verifying.is_news(wave, answer, now)]
        if not news:
            return Again(LOOK_AGAIN)
        return ChecksObserved(wave=wave_number, round=round_number, answers=tuple(news[:MOST_ANSWERS]))
