"""Where a drill can be while what it has launched stays up after the waves."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.events import CleanupRequested
from tests.unit.builders import GRACE, Story
from tests.unit.views.sizes import CROWD, Size, names, the_plan

HOUR = timedelta(hours=1)


def _operating(size: Size, **cleanup: str) -> Story:
    plan = the_plan(size, cleanup=cleanup)
    return Story(plan).checked(names=names(plan)).started().waves_done()


def operating(size: Size) -> Story:
    return _operating(size, when="after", after="2h")


def waiting_for_a_click(size: Size) -> Story:
    return _operating(size, when="on-click")


def still_up(size: Size) -> Story:
    return waiting_for_a_click(size).reminded(2)


def operated(size: Size) -> Story:
    return operating(size).overdue()


def cleaned_up_by_somebody(size: Size) -> Story:
    by = CROWD[0] if size is Size.LARGEST else GRACE
    return still_up(size).tell(CleanupRequested(actor=by), HOUR)


OPERATING_STAGES = (operating, waiting_for_a_click, still_up, operated, cleaned_up_by_somebody)
