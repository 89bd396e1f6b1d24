"""What drills have shown about their plan: a result for each drill that has ended, and whether it is time for another.

Pure.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.drill import Drill
from bot.domain.measures import RecoveryTime, recovery_time
from bot.domain.model import Frozen, Instant
from bot.domain.plan import Plan
from bot.domain.states import Outcome

_PASSED = frozenset({Outcome.PASSED, Outcome.PASSED_WITH_FINDINGS})


class DrillResult(Frozen):
    """How one drill has ended. It is kept for ever: never rename a field.

    Attributes:
        plan: the plan's name.
        started_at: None when it ended without having been started (refused, cancelled, expired).
        recovery: None when a critical server was not launched, or the plan has none.
        only_checked: as in `Drill`.
    """

    plan: str
    drill_id: str
    outcome: Outcome
    started_at: Instant | None
    ended_at: Instant
    recovery: RecoveryTime | None
    only_checked: bool = False

    @property
    def was_run(self) -> bool:
        """Whether it has shown anything: what was never started has not."""
        return self.started_at is not None

    @property
    def has_passed(self) -> bool:
        """Whether every critical server was recovered; there may be findings."""
        return self.outcome in _PASSED


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


def result_of(drill: Drill) -> DrillResult | None:
    """How the drill has ended; None as long as it has not."""
    if drill.ended_at is None or drill.outcome is None:
        return None
    return DrillResult(
        plan=drill.plan.name,
        drill_id=drill.id,
        outcome=drill.outcome,
        started_at=drill.started_at,
        ended_at=drill.ended_at,
        recovery=recovery_time(drill),
        only_checked=drill.only_checked,
    )


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
