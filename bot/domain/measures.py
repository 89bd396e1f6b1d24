"""What a drill proved, each measure defined once.

Recovery time (RTO achieved): from Start to the moment at which the last CRITICAL server was launched; gross, and net
of the time in which the drill only waited for people (for an approval, or on hold).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.domain.drill import Drill, WaveRun
from bot.domain.launch import Launch
from bot.domain.model import Frozen
from bot.domain.states import LaunchState

Span = tuple[datetime, datetime]


class RecoveryTime(Frozen):
    """The recovery time achieved, beside its objective."""

    gross: timedelta
    waiting: timedelta
    objective: timedelta

    @property
    def net(self) -> timedelta:
        """Without the time in which the drill waited for people."""
        return self.gross - self.waiting

    @property
    def is_met(self) -> bool:
        """Whether the objective was met, net of waiting for people."""
        return self.net <= self.objective


def recovery_time(drill: Drill) -> RecoveryTime | None:
    """The recovery time achieved; None as long as a critical server is not launched."""
    critical = [server.launched_at for server in drill.servers if server.is_critical]
    launched = [moment for moment in critical if moment]
    if drill.started_at is None or not launched or len(launched) < len(critical):
        return None
    end = max(launched)
    return RecoveryTime(
        gross=max(end - drill.started_at, timedelta(0)),
        waiting=waited(drill, end),
        objective=drill.plan.objectives.rto,
    )


def waited(drill: Drill, until: datetime) -> timedelta:
    """How long, up to `until`, the drill only waited for people; times that overlap count once.

    As long as one of its jobs runs a drill does not only wait, whoever is asked for a decision meanwhile.
    """
    busy = tuple(_jobs(drill.launches, until))
    return _covered((*_waits(drill, until), *busy), until) - _covered(busy, until)


def idle(wave: WaveRun, since: datetime, until: datetime) -> timedelta:
    """How long, from `since` to `until`, none of the wave's jobs ran."""
    ran = ((max(start, since), max(end, since)) for start, end in _jobs(wave.launches, until))
    return until - since - _covered(ran, until)


def _covered(spans: Iterable[Span], until: datetime) -> timedelta:
    total, reached = timedelta(0), None
    for start, end in sorted(spans):
        begin = max(start, reached) if reached else start
        total += max(min(end, until) - begin, timedelta(0))
        reached = max(end, reached) if reached else end
    return total


def _jobs(launches: Iterable[Launch], until: datetime) -> Iterator[Span]:
    for launch in launches:
        end = until if launch.state is LaunchState.STARTED else launch.completed_at
        if launch.started_at and end:
            yield launch.started_at, end


def _waits(drill: Drill, until: datetime) -> Iterator[Span]:
    for wave in drill.waves:
        yield from ((asked.asked_at, asked.closed_at or until) for asked in wave.rounds)
    yield from ((hold.since, hold.decided_at or until) for hold in drill.holds)
