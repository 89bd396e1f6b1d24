"""What a drill proved, each measure defined once.

Recovery time (RTO achieved): from Start to the moment at which the last CRITICAL server was recovered: launched, and
where the plan has checks of its wave, when these had passed. Gross, and net of the time in which the drill only waited
for people (for an approval, on hold, or for a confirmation). Before it is known, `running_time` tells how it runs.

Recovery point (RPO achieved), of each server: how old the newest point was to which it could have been recovered, had
it been lost when the drill began. A snapshot that DRS takes for the launch is younger, and would prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

from bot.domain.drill import Drill
from bot.domain.launch import Launch, ServerRun
from bot.domain.launch_point import NewestExisting
from bot.domain.model import Frozen, Instant
from bot.domain.states import DrillState, LaunchState
from bot.domain.wave_run import WaveRun

Span = tuple[datetime, datetime]
OpenSpan = tuple[datetime, datetime | None]


class RecoveryTime(Frozen):
    """The recovery time achieved, beside its objective.

    Attributes:
        launched: net, until the last critical server was launched, where checks came after that; None: none did.
    """

    gross: timedelta
    waiting: timedelta
    objective: timedelta
    launched: timedelta | None = None

    @property
    def net(self) -> timedelta:
        """Without the time in which the drill waited for people."""
        return self.gross - self.waiting

    @property
    def is_met(self) -> bool:
        """Whether the objective was met, net of waiting for people."""
        return self.net <= self.objective


class RecoveryPoint(Frozen):
    """The recovery point achieved for a server, beside its objective.

    Attributes:
        age: how old the data would have been.
        by: how that is known. lag: DRS told how far its replication was behind, at the checks before Start. snapshot:
            DRS did not tell, and this was its newest snapshot then: the age is no less than that.
    """

    age: timedelta
    objective: timedelta
    by: Literal["lag", "snapshot"]

    @property
    def is_met(self) -> bool:
        """Whether the objective was met."""
        return self.age <= self.objective


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
    """The recovery time achieved; None as long as a critical server is not recovered."""
    critical = [(wave, server) for wave in drill.waves for server in wave.servers if server.is_critical]
    recovered = [moment for wave, server in critical if (moment := _recovered_at(drill, wave, server))]
    if drill.started_at is None or not recovered or len(recovered) < len(critical):
        return None
    end, launched = max(recovered), max(server.launched_at for _, server in critical if server.launched_at)
    return RecoveryTime(
        gross=max(end - drill.started_at, timedelta(0)),
        waiting=waited(drill, end),
        objective=drill.plan.objectives.rto,
        launched=max(launched - drill.started_at - waited(drill, launched), timedelta(0)) if end > launched else None,
    )


def _recovered_at(drill: Drill, wave: WaveRun, server: ServerRun) -> datetime | None:
    """When a server was recovered: launched, and verified where the plan wants that."""
    if server.launched_at is None or not drill.plan.checks_of(wave.number):
        return server.launched_at
    return max(server.launched_at, wave.verified_at) if wave.verified_at else None


def recovery_point(drill: Drill, server: ServerRun) -> RecoveryPoint | None:
    """The recovery point achieved for a server; None: the drill was not started, or nobody knows."""
    if drill.started_at is None:
        return None
    objective = drill.plan.objectives.rpo
    if server.lag is not None:
        return RecoveryPoint(age=server.lag, objective=objective, by="lag")
    if server.snapshot is None or not isinstance(drill.launch_point, NewestExisting):
        return None
    return RecoveryPoint(age=drill.started_at - server.snapshot.at, objective=objective, by="snapshot")


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
    opened = [since for since, until in _waits(drill) if until is None]
    busy = [until for _since, until in _busy(drill)]
    if not opened or None in busy:
        return None
    return max([min(opened), *(until for until in busy if until)])


def _ran_since(drill: Drill, started_at: datetime) -> datetime:
    """The last moment at which a wait may have ended: answered, decided, or gone over into a job that runs."""
    answered = [until for _since, until in _waits(drill)]
    began = [since for since, _until in _busy(drill)]
    return max(moment for moment in (started_at, *answered, *began) if moment)


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

    As long as one of its jobs or checks runs a drill does not only wait, whoever is asked for a decision meanwhile.
    """
    busy = tuple(_closed(_busy(drill), until))
    return _covered((*_closed(_waits(drill), until), *busy), until) - _covered(busy, until)


def idle(wave: WaveRun, since: datetime, until: datetime) -> timedelta:
    """How long, from `since` to `until`, none of the wave's jobs ran."""
    jobs = _closed(_jobs(wave.launches), until)
    ran = ((max(start, since), max(end, since)) for start, end in jobs)
    return until - since - _covered(ran, until)


def _covered(spans: Iterable[Span], until: datetime) -> timedelta:
    total, reached = timedelta(0), None
    for start, end in sorted(spans):
        begin = max(start, reached) if reached else start
        total += max(min(end, until) - begin, timedelta(0))
        reached = max(end, reached) if reached else end
    return total


def _closed(spans: Iterable[OpenSpan], until: datetime) -> Iterator[Span]:
    """What has not ended yet, up to `until`."""
    return ((start, end or until) for start, end in spans)


def _busy(drill: Drill) -> Iterator[OpenSpan]:
    """When its jobs ran, and the checks that machines make."""
    yield from _jobs(drill.launches)
    for wave in drill.waves:
        yield from ((each.since, each.machines_ended_at or each.ended_at) for each in wave.checks)


def _jobs(launches: Iterable[Launch]) -> Iterator[OpenSpan]:
    for launch in launches:
        runs = launch.state is LaunchState.STARTED
        if launch.started_at and (runs or launch.completed_at):
            yield launch.started_at, None if runs else launch.completed_at


def _waits(drill: Drill) -> Iterator[OpenSpan]:
    """When people were waited for: an approval, a decision about a hold, the confirmation of a check."""
    for wave in drill.waves:
        yield from ((asked.asked_at, asked.closed_at) for asked in wave.rounds)
        yield from ((each.asked_at, each.ended_at) for each in wave.checks if each.asked_at)
    yield from ((hold.since, hold.decided_at) for hold in drill.holds)
