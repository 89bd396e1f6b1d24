"""Where a drill can be while its waves are prepared and verified."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.check_events import CheckConfirmed, CheckDenied, ChecksObserved
from bot.domain.checks import Answer, CheckResult
from bot.domain.plan import Plan
from bot.domain.plan_checks import AutomationCheck, HttpCheck, PlanCheck
from bot.domain.plan_servers import Impact
from bot.domain.verifying import asks
from tests.unit.builders import ADA, GRACE, MINUTE, Story
from tests.unit.views.sizes import CROWD, LONG_ERROR, NASTY, Size, names, the_plan

WORDS = "The page stays white, for all that I can see."


def _checks(size: Size) -> tuple[PlanCheck, ...]:
    if size is Size.LARGEST:
        many = (PlanCheck(tcp=port, name=f"{port} {NASTY}{NASTY}"[:80].strip()) for port in range(1, 20))
        return (*many, PlanCheck(manual=(NASTY * 10)[:200].strip()))
    page = HttpCheck(url="https://pay.example.com/health", text="UP")
    return (
        PlanCheck(status="ok"),
        PlanCheck(http=page, impact=Impact.OPTIONAL),
        PlanCheck(manual="Finance has logged in", within=timedelta(hours=2)),
    )


def _plan(size: Size) -> Plan:
    plan = the_plan(size)
    before = (AutomationCheck(document="Open-The-Door"),)
    first, *others = plan.waves
    return plan.model_copy(
        update={"waves": (first.model_copy(update={"before": before}), *others), "checks": _checks(size)}
    )


def _looked(story: Story, result: CheckResult, most: int, said: str = "", after: timedelta = MINUTE) -> Story:
    """A look at the open checks of the first wave: so many of them have this result."""
    wave = story.drill.wave(1)
    answers = tuple(Answer(key=ask.key, result=result, said=said, output=said) for ask in list(asks(wave))[:most])
    return story.tell(ChecksObserved(wave=1, round=len(wave.checks), answers=answers), after)


def _all(story: Story, result: CheckResult, said: str = "", after: timedelta = MINUTE) -> Story:
    return _looked(story, result, 10_000, said, after)


def preparing(size: Size) -> Story:
    plan = _plan(size)
    return Story(plan).checked(names=names(plan)).started()


def not_prepared(size: Size) -> Story:
    said = LONG_ERROR[:600] if size is Size.LARGEST else "The runbook has ended: Failed: no such door"
    return _all(preparing(size), CheckResult.FAILED, said, 31 * MINUTE)


def verifying(size: Size) -> Story:
    """Launched, and a moment later most checks are still open: one has passed, one is tried again."""
    story = _all(preparing(size), CheckResult.PASSED).jobs_started().launched()
    story = _looked(story, CheckResult.PASSED, 1)
    return _looked(story, CheckResult.FAILED, 1, "It is running; status checks: system ok, instance initializing.")


def asking(size: Size) -> Story:
    return _all(verifying(size), CheckResult.PASSED)


def confirmed(size: Size) -> Story:
    story, who = asking(size), CROWD[0] if size is Size.LARGEST else GRACE
    number = len(_checks(size))
    return story.tell(
        CheckConfirmed(actor=who, wave=1, round=2, check=number, comment="Seen on the big screen."), MINUTE
    )


def denied(size: Size) -> Story:
    return asking(size).tell(CheckDenied(actor=ADA, wave=1, round=2, check=len(_checks(size)), reason=WORDS), MINUTE)


def not_verified(size: Size) -> Story:
    said = LONG_ERROR[:600] if size is Size.LARGEST else "It is running; status checks: system ok, instance impaired."
    story = _all(preparing(size), CheckResult.PASSED).jobs_started().launched()
    return _all(story, CheckResult.FAILED, said, 31 * MINUTE)


def verified(size: Size) -> Story:
    """Every wave is launched and verified, and cleaned up."""
    plan = the_plan(size).model_copy(update={"checks": (PlanCheck(status="ok"),)})
    story = Story(plan).checked(names=names(plan)).started()
    for number in range(1, len(story.drill.waves) + 1):
        story.wave_done()
        answers = tuple(Answer(key=ask.key, result=CheckResult.PASSED) for ask in asks(story.drill.wave(number)))
        story.tell(ChecksObserved(wave=number, round=1, answers=answers), 3 * MINUTE)
    return story.cleaned()


CHECKING_STAGES = (preparing, not_prepared, verifying, asking, confirmed, denied, not_verified, verified)
