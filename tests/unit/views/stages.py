"""Where a drill can be, for the smallest and the largest one: what the golden files and the limits are tried on."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.drill import Drill
from bot.domain.findings import Finding, Severity
from bot.domain.plan import Approval
from bot.domain.states import DeferralReason, HoldReason, ServerPhase
from tests.unit.builders import ADA, GRACE, LINUS, Story, a_finding
from tests.unit.views.sizes import CROWD, LONG_ERROR, NASTY, Size, names, the_plan

__all__ = ["STAGES", "Size", "at", "drill_at", "the_plan"]


def proposed(size: Size, approval: Approval | None = None) -> Story:
    return Story(the_plan(size, approval=approval))


def ready(size: Size, approval: Approval | None = None) -> Story:
    story = proposed(size, approval)
    return story.checked(names=names(story.drill.plan))


def _found(story: Story, severity: Severity) -> list[Finding]:
    servers = len(story.drill.plan.server_ids)
    remedies = [f"{number}. Do something about it. {NASTY * 6}" for number in range(1, 8)]
    return [
        a_finding(n, severity=severity).model_copy(update={"remedy": remedies[n % 7]} if servers > 1 else {})
        for n in range(1, servers + 1)
    ]


def warned(size: Size) -> Story:
    story = proposed(size)
    return story.checked(*_found(story, Severity.WARN), names=names(story.drill.plan))


def refused(size: Size) -> Story:
    story = proposed(size)
    found = _found(story, Severity.BLOCK)
    if size is Size.LARGEST:
        found += _found(story, Severity.WARN)
    return story.checked(*found, names=names(story.drill.plan))


def withdrawn(size: Size) -> Story:
    return ready(size).withdrawn(ADA)


def expired(size: Size) -> Story:
    return ready(size).overdue()


def started(size: Size) -> Story:
    return ready(size).started()


def converting(size: Size) -> Story:
    return launching(size).moved(ServerPhase.SNAPSHOT).moved(ServerPhase.CONVERSION, [_last(launching(size))])


def launching(size: Size) -> Story:
    return last_wave(size).approved_by_all().jobs_started()


def last_wave(size: Size, approval: Approval | None = None) -> Story:
    """Every wave but the last is done."""
    story = ready(size, approval).started()
    for _ in story.drill.waves[1:]:
        story.wave_done()
    return story


def _last(story: Story) -> str:
    return story.drill.waves[-1].servers[-1].name


def waiting(size: Size) -> Story:
    return last_wave(size, Approval.REQUIRED)


def partly_approved(size: Size) -> Story:
    story = waiting(size)
    return story.approved() if size is Size.LARGEST else story


def approved(size: Size) -> Story:
    return waiting(size).approved_by_all()


def approval_expired(size: Size) -> Story:
    return partly_approved(size).overdue()


def asked_again(size: Size) -> Story:
    return approval_expired(size).retried()


def aborted_waiting(size: Size) -> Story:
    return partly_approved(size).aborted(ADA)


def deferred(size: Size) -> Story:
    return (
        last_wave(size)
        .approved_by_all()
        .deferred(DeferralReason.OVER_QUOTA, _error(size))
        .deferred(DeferralReason.OVER_QUOTA, _error(size))
    )


def deferral_over(size: Size) -> Story:
    return deferred(size).jobs_started()


def deferral_given_up(size: Size) -> Story:
    return deferred(size).aborted().not_launched()


def _error(size: Size) -> str:
    return LONG_ERROR if size is Size.LARGEST else "Rate exceeded"


def failed_wave(size: Size) -> Story:
    story = launching(size)
    failing = {server.name: _error(size) for server in story.drill.waves[-1].servers[:20]}
    return story.launched(failing=failing)


def second_attempt(size: Size) -> Story:
    return failed_wave(size).retried().jobs_started()


def skipped(size: Size) -> Story:
    return failed_wave(size).skipped()


def launch_refused(size: Size) -> Story:
    return last_wave(size).approved_by_all().refused(HoldReason.LAUNCH_REFUSED, _error(size))


def launch_unknown(size: Size) -> Story:
    return last_wave(size).approved_by_all().refused(HoldReason.LAUNCH_UNKNOWN, _error(size))


def unsafe(size: Size) -> Story:
    return last_wave(size).approved_by_all().refused(HoldReason.UNSAFE, _error(size))


def too_slow(size: Size) -> Story:
    return launching(size).overdue()


def job_lost(size: Size) -> Story:
    return launching(size).jobs_lost()


def last_jobs(size: Size) -> Story:
    """The last wave was skipped while its jobs run."""
    return too_slow(size).skipped()


def lost_later(size: Size) -> Story:
    return last_jobs(size).jobs_lost()


def _words(size: Size, usual: str = "The network team joins at half past ten.") -> str:
    return (NASTY * 20)[:500].strip() if size is Size.LARGEST else usual


def approved_with_comments(size: Size) -> Story:
    story = waiting(size)
    for person in [GRACE, LINUS, *CROWD][: story.drill.plan.access.minimum_approvals]:
        story.approved(person, _words(size, "Change 4711 is closed."))
    return story


def rejected(size: Size) -> Story:
    return partly_approved(size).rejected(LINUS, _words(size, "The month-end close is still running."))


def rejection_overruled(size: Size) -> Story:
    return rejected(size).retried()


def held(size: Size) -> Story:
    return waiting(size).held(GRACE, _words(size))


def held_by_the_button(size: Size) -> Story:
    return launching(size).held()


def resumed(size: Size) -> Story:
    return held(size).resumed(LINUS)


def hold_aborted(size: Size) -> Story:
    return failed_wave(size).aborted(ADA)


def aborting(size: Size) -> Story:
    return launching(size).aborted(ADA)


def cleaning_up(size: Size) -> Story:
    return launching(size).launched()


def terminating(size: Size) -> Story:
    story = cleaning_up(size).terminating()
    return story.terminating([_last(story)])


def hindered(size: Size) -> Story:
    return cleaning_up(size).terminating().hindered(_error(size))


def passed(size: Size) -> Story:
    return cleaning_up(size).cleaned()


def passed_with_findings(size: Size) -> Story:
    optional = {"optional": [1]} if size is Size.SMALLEST else {}
    story = Story(the_plan(size, **optional))
    story.checked(names=names(story.drill.plan)).started()
    for _ in story.drill.waves:
        wave = story.drill.current_wave
        assert wave is not None
        story.wave_done(failing={s.name: _error(size) for s in wave.servers if not s.is_critical})
    return story if story.drill.ended_at else story.cleaned() if story.instances() else story.gone()


def too_late(size: Size) -> Story:
    story = launching(size)
    return story.launched(after=story.drill.plan.objectives.rto * 2).cleaned()


def never_shown(size: Size) -> Story:
    story = cleaning_up(size)
    return story.gone(after=story.drill.plan.objectives.rto)


def failed(size: Size) -> Story:
    story = skipped(size)
    return story.cleaned() if story.instances() else story.gone()


def aborted(size: Size) -> Story:
    return aborting(size).launched().cleaned()


STAGES: dict[str, Callable[[Size], Story]] = {
    each.__name__.replace("_", "-"): each
    for each in (
        proposed, ready, warned, refused, withdrawn, expired, started, launching, converting, waiting, partly_approved,
        approved, approval_expired, asked_again, aborted_waiting, deferred, deferral_over, deferral_given_up,
        failed_wave, second_attempt, skipped, launch_refused, launch_unknown, unsafe, too_slow, job_lost,
        last_jobs, lost_later, held, held_by_the_button, resumed,
        approved_with_comments, rejected, rejection_overruled, hold_aborted,
        aborting, cleaning_up, terminating, hindered, passed, passed_with_findings, too_late, never_shown, failed,
        aborted,
    )
}  # fmt: skip
"""Every stage by its name. Each makes a new story, so that a test may tell more of it."""

_MADE: dict[tuple[str, Size], Story] = {}


def at(stage: str, size: Size) -> Story:
    """A drill at a stage, made once: only to be looked at."""
    if (stage, size) not in _MADE:
        _MADE[stage, size] = STAGES[stage](size)
    return _MADE[stage, size]


def drill_at(stage: str, size: Size = Size.SMALLEST) -> Drill:
    """The drill of a stage."""
    return at(stage, size).drill
