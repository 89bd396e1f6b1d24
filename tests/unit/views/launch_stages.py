"""Where a drill can be as its launches go, well or badly, and on its way to the end."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.findings import Finding, Severity
from bot.domain.launch_point import NewestBefore, NewestExisting, RecoverySnapshot
from bot.domain.plan_waves import Approval
from bot.domain.states import DeferralReason, HoldReason, Purpose, ServerPhase
from tests.unit.builders import ADA, T0, Story, a_finding, a_plan
from tests.unit.views.sizes import LONG_ERROR, NASTY, Size, names, the_plan

DAY = timedelta(days=1)


def proposed(size: Size, approval: Approval | None = None) -> Story:
    return Story(the_plan(size, approval=approval))


def ready(size: Size, approval: Approval | None = None) -> Story:
    story = proposed(size, approval)
    return story.checked(names=names(story.drill.plan))


def choosing(size: Size) -> Story:
    """Asked for from a certain time, and not checked yet."""
    return Story(the_plan(size), launch_point=NewestBefore(at=T0 - DAY))


def from_before(size: Size) -> Story:
    return _from_snapshots(choosing(size), T0 - DAY)


def from_newest(size: Size) -> Story:
    return _from_snapshots(Story(the_plan(size), launch_point=NewestExisting()), T0)


def _from_snapshots(story: Story, newest: datetime) -> Story:
    """Each server's snapshot is a second older than that of the one before."""
    servers = enumerate(story.drill.servers)
    chosen = {each.id: RecoverySnapshot(id="pit-1", at=newest - timedelta(seconds=n)) for n, each in servers}
    return story.checked(names=names(story.drill.plan), snapshots=chosen)


def only_to_check(size: Size) -> Story:
    plan = the_plan(size)
    return Story(plan, purpose=Purpose.CHECK).checked(names=names(plan))


def checked_and_not_started(size: Size) -> Story:
    return only_to_check(size).overdue()


def ready_again(size: Size) -> Story:
    """Not the first drill of its plan: see `history`."""
    return ready(size)


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


def too_slow_and_well_after_all(size: Size) -> Story:
    return too_slow(size).launched()


def waiting_after_a_wave(size: Size) -> Story:
    names = (NASTY * 2)[:70] if size is Size.LARGEST else "Canary", "Everything else"
    plan = a_plan(*((name, 1) for name in names))
    first = plan.waves[0].model_copy(update={"wait_after": timedelta(minutes=10)})
    return Story(plan.model_copy(update={"waves": (first, *plan.waves[1:])})).checked().started().wave_done()


def job_lost(size: Size) -> Story:
    return launching(size).jobs_lost()


def last_jobs(size: Size) -> Story:
    """The last wave was skipped while its jobs run."""
    return too_slow(size).skipped()


def lost_later(size: Size) -> Story:
    return last_jobs(size).jobs_lost()


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


LAUNCH_STAGES = (
    proposed, ready, ready_again, choosing, from_before, from_newest, warned, refused, withdrawn, expired,
    only_to_check, checked_and_not_started, started, launching, converting, waiting, partly_approved, approved,
    approval_expired, asked_again, aborted_waiting, deferred, deferral_over, deferral_given_up, failed_wave,
    second_attempt, skipped, launch_refused, launch_unknown, unsafe, too_slow, job_lost, last_jobs, lost_later,
    too_slow_and_well_after_all, waiting_after_a_wave,
    hold_aborted, aborting, cleaning_up, terminating, hindered, passed, passed_with_findings, too_late, never_shown,
    failed, aborted,
)  # fmt: skip
