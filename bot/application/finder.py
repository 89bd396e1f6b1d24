"""The minute's round: whose jobs are to be polled, which drill is to be woken, which lane has been left behind."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.application.measuring import of_round
from bot.application.ports import Clock
from bot.application.ports.figures import Meter, unmeasured
from bot.application.ports.storage import DrillStore
from bot.application.ports.work import Due, DueKind, Outbox, Wakes
from bot.domain.commands import Lane

ROUND = timedelta(minutes=1)
"""From one round to the next."""
LEFT_BEHIND = timedelta(seconds=10)
"""Work that is due for longer than this has been missed by its consumer, or was postponed."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def poll_delays(now: datetime, every: timedelta) -> tuple[timedelta, ...]:
    """When, within the coming round, to poll so that polls are `every` apart from round to round too."""
    first = -((now - _EPOCH) % -every)
    count = -((first - ROUND) // every)
    return tuple(first + every * n for n in range(count))


@dataclass(frozen=True, slots=True)
class Finder:
    """Costs one index query when nothing is to be done."""

    store: DrillStore
    outbox: Outbox
    wakes: Wakes
    clock: Clock
    meter: Meter = unmeasured

    def look_round(self) -> frozenset[str]:
        """Queue what the coming minute needs; the ids of all drills that have not ended."""
        now = self.clock()
        unfinished = self.store.unfinished()
        due = tuple(entry for entry in unfinished if entry.due_at <= now + ROUND)
        self._queue_wakes(due, now)  # first: a missed poll is made up for by the next
        self._queue_polls([entry for entry in due if entry.poll_seconds], now)
        self.meter(of_round(unfinished, now))
        return frozenset(entry.drill_id for entry in unfinished if entry.kind is DueKind.DRILL)

    def _queue_polls(self, polled: list[Due], now: datetime) -> None:
        places: dict[tuple[str, str], list[Due]] = defaultdict(list)
        for entry in polled:
            places[entry.account_id or "", entry.region or ""].append(entry)
        for (account_id, region), entries in places.items():
            pace = min(entry.poll_seconds or 0 for entry in entries)
            delays = poll_delays(now, timedelta(seconds=pace))
            self.wakes.poll(account_id, region, [entry.drill_id for entry in entries], delays)

    def _queue_wakes(self, due: tuple[Due, ...], now: datetime) -> None:
        woken: dict[str, datetime] = {}
        nudged = set()
        for entry in due:
            if entry.kind is DueKind.DRILL:
                if entry.wake_at:
                    _earlier(woken, entry.drill_id, entry.wake_at)
            elif entry.lane is Lane.WORK:
                _earlier(woken, entry.drill_id, entry.due_at + LEFT_BEHIND)
            elif entry.due_at + LEFT_BEHIND <= now:
                nudged.add(entry.drill_id)
        for drill_id, moment in woken.items():
            if moment <= now + ROUND:
                self.wakes.wake(drill_id, max(moment - now, timedelta(0)))
        for drill_id in sorted(nudged):
            self.outbox.nudge(drill_id, Lane.SLACK, now)


def _earlier(moments: dict[str, datetime], drill_id: str, moment: datetime) -> None:
    moments[drill_id] = min(moments.get(drill_id, moment), moment)
