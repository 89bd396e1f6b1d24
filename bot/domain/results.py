"""What drills have shown about their plan: a result for each drill that has ended, and whether it is time for another.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.drill import Drill
from bot.domain.measures import RecoveryTime, instance_time, recovery_time, waited
from bot.domain.model import Frozen, Instant
from bot.domain.plan import Plan
from bot.domain.states import Outcome, Purpose, ServerPhase, WaveState
from bot.domain.wave_run import WaveRun

PASSED = frozenset({Outcome.PASSED, Outcome.PASSED_WITH_FINDINGS})
"""The outcomes of drills in which every critical server was recovered."""


class WaveResult(Frozen):
    """How one wave has gone. It is kept for ever, too.

    Attributes:
        launched: how many servers were.
        took: from the wave's begin to the end of its last job; None if it did not go through at the first attempt.
    """

    name: str
    launched: int
    took: timedelta | None


class DrillResult(Frozen):
    """How one drill has ended. It is kept for ever: never rename a field, and give each new one a default.

    Attributes:
        plan: the plan's name.
        started_at: None when it ended without having been started (refused, cancelled, expired).
        recovery: None when a critical server was not launched, or the plan has none.
        only_checked: as in `Drill`.
        waited: how long of all its time it only waited for people.
        instance_time: how long its instances were up, added up; None where that was not measured.
    """

    plan: str
    drill_id: str
    outcome: Outcome
    started_at: Instant | None
    ended_at: Instant
    recovery: RecoveryTime | None
    only_checked: bool = False
    waited: timedelta = timedelta(0)
    instance_time: timedelta | None = None
    waves: tuple[WaveResult, ...] = ()

    @property
    def was_run(self) -> bool:
        """Whether it has shown anything: what was never started has not."""
        return self.started_at is not None

    @property
    def has_passed(self) -> bool:
        """Whether every critical server was recovered; there may be findings."""
        return self.outcome in PASSED


class PlanRecord(Frozen):
    """The newest results of a plan, of drills that were run.

    Attributes:
        last: of the last one.
        passed: of the last one that has passed.
    """

    last: DrillResult | None = None
    passed: DrillResult | None = None


NO_RECORD = PlanRecord()
"""Of a plan that has not been drilled."""


def record_of(results: Iterable[DrillResult]) -> PlanRecord:
    """The record that results of one plan make, the newest first."""
    run = [result for result in results if result.was_run]
    return PlanRecord(last=next(iter(run), None), passed=next((each for each in run if each.has_passed), None))


def result_of(drill: Drill) -> DrillResult | None:
    """How the drill has ended; None as long as it has not. A sweep has shown nothing of its plan."""
    if drill.ended_at is None or drill.outcome is None or drill.purpose is Purpose.SWEEP:
        return None
    return DrillResult(
        plan=drill.plan.name,
        drill_id=drill.id,
        outcome=drill.outcome,
        started_at=drill.started_at,
        ended_at=drill.ended_at,
        recovery=recovery_time(drill),
        only_checked=drill.only_checked,
        waited=waited(drill, drill.ended_at),
        instance_time=instance_time(drill, drill.ended_at) if drill.started_at else None,
        waves=tuple(_wave_result(wave) for wave in drill.waves) if drill.started_at else (),
    )


def result_left(before: Drill | None, after: Drill) -> DrillResult | None:
    """The result that a drill leaves with its next version: once, whatever is added to its record afterwards."""
    return None if before and before.ended_at else result_of(after)


def _wave_result(wave: WaveRun) -> WaveResult:
    launched = sum(server.phase is ServerPhase.LAUNCHED for server in wave.servers)
    went_through = wave.state is WaveState.SUCCEEDED and wave.attempt == 1
    took = wave.ended_at - wave.started_at if went_through and wave.ended_at and wave.started_at else None
    return WaveResult(name=wave.name, launched=launched, took=took)


def due_in(plan: Plan, record: PlanRecord, now: datetime) -> timedelta | None:
    """How long until a drill of the plan has to have passed again.

    Negative or zero when it is overdue, as a plan is of which no drill has ever passed; None when the plan asks for no
    interval.
    """
    if plan.drill_every is None:
        return None
    return record.passed.ended_at + plan.drill_every - now if record.passed else timedelta(0)


def is_overdue(plan: Plan, record: PlanRecord, now: datetime) -> bool:
    """Whether a drill of the plan should have passed by now, and has not."""
    left = due_in(plan, record, now)
    return left is not None and left <= timedelta(0)
