"""Where a drill can be while what it has launched stays up after the waves."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.check_events import ChecksObserved
from bot.domain.checks import Answer, CheckResult
from bot.domain.cleanup_events import CleanupRequested
from bot.domain.plan_checks import PlanCheck
from bot.domain.verifying import asks
from tests.unit.builders import GRACE, MINUTE, Story
from tests.unit.views.sizes import CROWD, Size, names, the_plan

HOUR = timedelta(hours=1)


def _operating(size: Size, **cleanup: str) -> Story:
    plan = the_plan(size, cleanup=cleanup)
    return Story(plan).checked(names=names(plan)).started().waves_done()


def operating(size: Size) -> Story:
    return _operating(size, when="after", after="2h")


def checked_again(size: Size) -> Story:
    """The checks after the first wave were made again: some of them did not pass."""
    plan = the_plan(size, cleanup={"when": "after", "after": "2h"}, checks=(PlanCheck(status="ok"),))
    story = Story(plan).checked(names=names(plan)).started()
    for number in range(1, len(story.drill.waves) + 1):
        _answer(story.wave_done(), number, CheckResult.PASSED)
    story.reminded()
    for number in range(1, len(story.drill.waves) + 1):
        _answer(story, number, CheckResult.PASSED if number > 1 else CheckResult.FAILED, 6 * MINUTE)
    return story


def _answer(story: Story, number: int, result: CheckResult, after: timedelta = MINUTE) -> None:
    wave = story.drill.wave(number)
    said = "It is running; status checks: system ok, instance impaired." if result is CheckResult.FAILED else ""
    answers = tuple(Answer(key=ask.key, result=result, said=said) for ask in asks(wave))
    story.tell(ChecksObserved(wave=number, round=len(wave.checks), answers=answers), after)


def waiting_for_a_click(size: Size) -> Story:
    return _operating(size, when="on-click")


def still_up(size: Size) -> Story:
    return waiting_for_a_click(size).reminded(2)


def operated(size: Size) -> Story:
    return operating(size).overdue()


def cleaned_up_by_somebody(size: Size) -> Story:
    by = CROWD[0] if size is Size.LARGEST else GRACE
    return still_up(size).tell(CleanupRequested(actor=by), HOUR)


OPERATING_STAGES = (operating, checked_again, waiting_for_a_click, still_up, operated, cleaned_up_by_somebody)
