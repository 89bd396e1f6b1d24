"""Where a drill can be, for the smallest and the largest one: what the golden files and the limits are tried on."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.drill import Drill
from bot.domain.results import DrillResult, result_of
from tests.unit.builders import Story
from tests.unit.views.check_stages import CHECK_STAGES
from tests.unit.views.checking_stages import CHECKING_STAGES
from tests.unit.views.launch_stages import LAUNCH_STAGES
from tests.unit.views.operating_stages import OPERATING_STAGES
from tests.unit.views.people_stages import PEOPLE_STAGES
from tests.unit.views.report_stages import REPORT_STAGES
from tests.unit.views.selecting_stages import SELECTING_STAGES
from tests.unit.views.side_stages import SIDE_STAGES
from tests.unit.views.sizes import Size, the_plan
from tests.unit.views.sweep_stages import SWEEP_STAGES

__all__ = ["STAGES", "Size", "at", "drill_at", "the_plan"]

BEFORE = (*CHECK_STAGES, *SELECTING_STAGES)
AFTERWARDS = (*CHECKING_STAGES, *SWEEP_STAGES, *REPORT_STAGES)
STAGES: dict[str, Callable[[Size], Story]] = {
    each.__name__.replace("_", "-"): each
    for each in (*BEFORE, *LAUNCH_STAGES, *PEOPLE_STAGES, *OPERATING_STAGES, *SIDE_STAGES, *AFTERWARDS)
}
"""Every stage by its name. Each makes a new story, so that a test may tell more of it."""

_MADE: dict[tuple[str, Size], Story] = {}


def at(stage: str, size: Size) -> Story:
    """A drill at a stage, made once: only to be looked at."""
    if (stage, size) not in _MADE:
        _MADE[stage, size] = STAGES[stage](size)
    return _MADE[stage, size]


def history(stage: str, size: Size) -> tuple[DrillResult, ...]:
    """Results of the plan's earlier drills: one failed, before that two passed; none for most stages."""
    if stage != "ready-again":
        return ()
    found = [result_of(drill_at(each, size)) for each in ("failed", "passed", "passed-with-findings")]
    return tuple(result for result in found if result)


def drill_at(stage: str, size: Size = Size.SMALLEST) -> Drill:
    """The drill of a stage."""
    return at(stage, size).drill
