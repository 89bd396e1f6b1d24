"""Terminating what a drill has launched, and nothing else.

An instance is this drill's if DRS says that it is a drill's and the job that launched it is recorded on this drill.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.application.ports import Clock
from bot.application.ports.drs import Drs, DrsClients, DrsError, Refused
from bot.application.results import Again, Done, Result
from bot.domain.cleanup_events import CleanupHindered, InstancesObserved
from bot.domain.cleanup_rules import HINDERED, LOOK_AGAIN, is_news
from bot.domain.drill import Drill
from bot.domain.facts import RecoveryInstance
from bot.domain.launch import MAX_SERVERS_PER_JOB, Instance
from bot.domain.states import DrillState, InstanceState

INSIST = timedelta(minutes=10)
"""How long an instance may take to go before DRS is told once more to terminate it."""
_OF_ONE = frozenset({Refused.CONFLICT, Refused.INVALID})
"""Refusals that may be about one instance of many: it is in a job, or gone."""
_GOING = frozenset({"SHUTTING-DOWN"})
_GONE = frozenset({"TERMINATED", "NOT_FOUND"})


@dataclass(frozen=True, slots=True)
class Cleaning:
    """Performs `CleanUp`."""

    drs: DrsClients
    clock: Clock

    def clean_up(self, drill: Drill, turn: int) -> Result:
        """Look once; terminate what is there and not going yet. A look of an earlier turn is not wanted any more."""
        if drill.state is not DrillState.CLEANING_UP or (drill.cleanup and drill.cleanup.turn != turn):
            return Done()
        try:
            return self._step(self.drs.at(drill.target), drill, turn)
        except DrsError as error:
            known = _problem(drill) == error.words
            return Again(HINDERED, str(error)) if known else CleanupHindered(error=error.words, turn=turn)

    def _step(self, drs: Drs, drill: Drill, turn: int) -> Result:
        present = ours(drs.recovery_instances(_launched(drill)), drill)
        recorded = {server.instance.id: server.instance for server in drill.servers if server.instance}
        if is_news(drill, present):  # what is told to go is on record first
            return InstancesObserved(present=present, problem=_problem(drill), turn=turn)
        wanted = [i.id for i in present if not self._is_going(i, recorded.get(i.id))][:MAX_SERVERS_PER_JOB]
        told = _terminate(drs, wanted)
        problem = told.error.words if told.error else None
        left = {id for id, instance in recorded.items() if instance.state is not InstanceState.GONE}  # noqa: A001
        is_known = left == {instance.id for instance in present} and problem == _problem(drill)
        if present and is_known and not told.instance_ids:
            return Again(HINDERED, str(told.error)) if told.error else Again(LOOK_AGAIN)
        return InstancesObserved(
            present=present, terminating=told.instance_ids, job_ids=told.job_ids, problem=problem, turn=turn
        )

    def _is_going(self, seen: RecoveryInstance, recorded: Instance | None) -> bool:
        if seen.ec2_state in _GOING:
            return True
        told = recorded.terminating_since if recorded else None
        return told is not None and self.clock() - told < INSIST


@dataclass(frozen=True, slots=True)
class _Told:
    """What DRS was told to terminate, by which jobs, and what it would not take."""

    instance_ids: tuple[str, ...] = ()
    job_ids: tuple[str, ...] = ()
    error: DrsError | None = None

    def __add__(self, other: _Told) -> _Told:
        return _Told(self.instance_ids + other.instance_ids, self.job_ids + other.job_ids, self.error or other.error)


def _terminate(drs: Drs, instance_ids: Sequence[str]) -> _Told:
    """Terminate these; where DRS refuses them together because of one, all but that one."""
    if not instance_ids:
        return _Told()
    try:
        return _Told(tuple(instance_ids), (drs.terminate(instance_ids),))
    except DrsError as error:
        if error.kind not in _OF_ONE or len(instance_ids) == 1:
            return _Told(error=error)
    half = len(instance_ids) // 2
    return _terminate(drs, instance_ids[:half]) + _terminate(drs, instance_ids[half:])


def _problem(drill: Drill) -> str | None:
    return drill.cleanup.problem if drill.cleanup else None


def _launched(drill: Drill) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id for launch in drill.launches if launch.job_id for id in launch.server_ids))  # noqa: A001


def ours(instances: tuple[RecoveryInstance, ...], drill: Drill) -> tuple[RecoveryInstance, ...]:
    """Those that are this drill's and not gone."""
    return tuple(
        instance
        for instance in instances
        if instance.is_drill is True and instance.job_id in drill.job_ids and is_up(instance)
    )


def is_up(instance: RecoveryInstance) -> bool:
    """Whether EC2 still has it: DRS lists some that are gone for a while."""
    return instance.ec2_state not in _GONE
