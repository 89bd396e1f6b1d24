"""What a drill proved, each measure defined once.

Recovery time (RTO achieved): from Start to the moment at which the last CRITICAL server was launched; gross, and net
of the time in which the drill only waited for people (for an approval, or on hold). Before it is known, `running_time`
tells how it runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.domain.drill import Drill, WaveRun
from bot.domain.launch import Launch, ServerRun
from bot.domain.model import Frozen, Instant
from bot.domain.states import DrillState, LaunchState

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


class RunningTime(Frozen):
    """The recovery time while it is not known yet, told so that it stays true until the drill's next event.

    Attributes:
        objective: net of waiting for people, as the recovery time is compared with it.
        waited: how long the drill only waited for people, without the wait that goes on.
        waits_since: since when it only waits for people; None while it does not.
    """

    started_at: Instant
    objective: timedelta
    waited: timedelta
    waits_since: Instant | None = None

    @property
    def stands_at(self) -> timedelta | None:
        """The net time so far, which stands while the drill waits for people; None while it runs."""
        return self.waits_since - self.started_at - self.waited if self.waits_since else None

    @property
    def due(self) -> datetime:
        """When the objective is missed if nothing more waits for people: not to be told while something does."""
        return self.started_at + self.objective + self.waited

    def is_missed(self, now: datetime) -> bool:
        """Whether the objective cannot be met any more."""
        return self.due < (self.waits_since or now)


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


def running_time(drill: Drill) -> RunningTime | None:
    """How the recovery time runs; None when none does: not started, recovered already, or ending without it."""
    is_under_way = drill.state in {DrillState.RUNNING, DrillState.ON_HOLD}
    if drill.started_at is None or not is_under_way or recovery_time(drill):
        return None
    since = _waits_since(drill)
    return RunningTime(
        started_at=drill.started_at,
        objective=drill.plan.objectives.rto,
        waited=waited(drill, since or _ran_since(drill, drill.started_at)),
        waits_since=since,
    )


def _waits_since(drill: Drill) -> datetime | None:
    asked = [asked.asked_at for wave in drill.waves for asked in wave.rounds if not asked.closed_at]
    opened = [*asked, *([drill.hold.since] if drill.hold else [])]
    if not opened or drill.followed_jobs:
        return None
    ran_until = [launch.completed_at for launch in drill.launches if launch.completed_at]
    return max([min(opened), *ran_until])


def _ran_since(drill: Drill, started_at: datetime) -> datetime:
    """The last moment at which a wait may have ended: answered, decided, or gone over into a job that runs."""
    answered = [asked.closed_at for wave in drill.waves for asked in wave.rounds]
    decided = [hold.decided_at for hold in drill.holds]
    began = [launch.started_at for launch in drill.launches]
    return max(moment for moment in (started_at, *answered, *decided, *began) if moment)


def instance_time(drill: Drill, until: datetime) -> timedelta:
    """How long the drill's instances were up, added up: each from its launch until it was told to terminate."""
    return sum((_up(server, until) for server in drill.servers), timedelta(0))


def _up(server: ServerRun, until: datetime) -> timedelta:
    if server.launched_at is None:
        return timedelta(0)
    told = server.instance.terminating_since if server.instance else None
    return max((told or until) - server.launched_at, timedelta(0))


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
