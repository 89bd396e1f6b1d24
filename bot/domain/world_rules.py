"""What the world's answers do to a drill: DRS, the executor's findings, and time. See `cleanup_rules` for the end."""

from __future__ import annotations

from datetime import datetime

from bot.domain import rounds_of_checks, waves
from bot.domain.approval_round import ApprovalRound
from bot.domain.check_events import CheckConfirmed, CheckDenied, ChecksObserved
from bot.domain.checked import Preflight
from bot.domain.commands import TopicKind
from bot.domain.drill import Drill
from bot.domain.durations import spell
from bot.domain.ending import relaunch_later
from bot.domain.errors import IllegalTransition
from bot.domain.events import (
    JobsObserved,
    JobStarted,
    LaunchDeferred,
    LaunchRefused,
    LaunchWithdrawn,
    PreflightCompleted,
    TimePassed,
)
from bot.domain.hold_rules import go_on_if_overtaken
from bot.domain.launch import Deferral, LaunchKey, ServerRun
from bot.domain.progress import advance, hold, settle_waves
from bot.domain.rounds_of_checks import out_of_time
from bot.domain.selection import with_servers
from bot.domain.states import (
    DrillState,
    HoldReason,
    LaunchState,
    Outcome,
    WaveState,
)
from bot.domain.step import Step, draw, draw_checks
from bot.domain.time_checks import examine_times
from bot.domain.wave_run import WaveRun


def preflight_completed(drill: Drill, event: PreflightCompleted, now: datetime) -> Step:
    """Refuse the drill, or make it ready for Start. Whether it is the time for it is asked here, by the same clock."""
    found = (*examine_times(drill.plan, now), *event.findings)
    preflight = Preflight(number=drill.times_checked + 1, at=now, findings=found, settings=event.settings)
    if event.servers:
        drill = with_servers(drill, event.servers, event.names)
    drill = drill.model_copy(update={"waves": _informed(drill.waves, event), "preflight": preflight})
    checked = Step(drill, draw_checks(drill))
    if preflight.blocking:
        return checked.then(state=DrillState.ENDED, outcome=Outcome.REFUSED, ended_at=now)
    return checked.then(state=DrillState.READY)


def _informed(wave_runs: tuple[WaveRun, ...], event: PreflightCompleted) -> tuple[WaveRun, ...]:
    def informed(server: ServerRun) -> ServerRun:
        known = {"name": event.names.get(server.id, ""), "snapshot": event.snapshots.get(server.id)}
        return server.model_copy(update={**known, "lag": event.lags.get(server.id)})

    return tuple(
        wave.model_copy(update={"servers": tuple(informed(server) for server in wave.servers)}) for wave in wave_runs
    )


def expire(drill: Drill, _event: TimePassed, now: datetime) -> Step:
    """End a proposal that nobody started."""
    if now < drill.starts_until:
        raise IllegalTransition("Nothing is overdue.")
    return Step(drill).then(state=DrillState.ENDED, outcome=Outcome.EXPIRED, ended_at=now, start=None)


def job_started(drill: Drill, event: JobStarted, now: datetime) -> Step:
    """Follow the job from now on, whatever else the drill is doing."""
    wave = _expect_open(drill, event.key)
    known = waves.started(wave, event.key, event.job_id, adopted=event.adopted, now=now)
    step = Step(drill.with_wave(known)).then(draw(TopicKind.WAVE, wave.number, event.key.attempt))
    return _tell_deferral(step, event.key)


def launch_deferred(drill: Drill, event: LaunchDeferred, now: datetime) -> Step:
    """Try again later. How long the same reason has stood in the way is counted."""
    wave = _expect_open(drill, event.key)
    launch = wave.launch(event.key)
    before = launch.deferral if launch.deferral and launch.deferral.reason is event.reason else None
    deferral = Deferral(
        reason=event.reason,
        error=event.error,
        since=before.since if before else now,
        retry_at=now + event.delay,
        times=before.times + 1 if before else 1,
    )
    changed = launch.model_copy(update={"deferral": deferral})
    step = relaunch_later(Step(drill.with_wave(wave.with_launch(changed))), event.key, deferral.retry_at)
    return _tell_deferral(step, event.key)


def _tell_deferral(step: Step, key: LaunchKey) -> Step:
    """Bring the message about a launch that was put off up to date, if it was: its number counts launches from 1."""
    for number, launch in enumerate(step.drill.wave(key.wave).launches, start=1):
        if launch.key == key and launch.deferral:
            return step.then(draw(TopicKind.DEFERRAL, key.wave, number))
    return step


def launch_refused(drill: Drill, event: LaunchRefused, now: datetime) -> Step:
    """Ask a person; one launch that fails to start holds the whole drill.

    Nobody is asked about a launch that is not wanted any more. That it may have started a job is a finding then.
    """
    wave = _expect_open(drill, event.key)
    unknown = event.reason is HoldReason.LAUNCH_UNKNOWN
    wanted = wave.state is WaveState.LAUNCHING and drill.state is not DrillState.ABORTING
    state = LaunchState.UNKNOWN if unknown and wanted else LaunchState.REFUSED
    step = _settled_without_job(drill, event.key, state, event.error)
    if wanted:
        step = hold(step, wave.number, event.reason, event.error, now)
    elif unknown:
        step = step.then(findings=(*drill.findings, _may_have_started(wave, event)))
    return advance(step, now)


def _may_have_started(wave: WaveRun, event: LaunchRefused) -> str:
    return (
        f"Nobody knows whether DRS started a job for launch {event.key} of wave {wave.name} ({event.error}): "
        "look in the DRS console for a job with this drill's tags, and for instances of it."
    )


def launch_withdrawn(drill: Drill, event: LaunchWithdrawn, now: datetime) -> Step:
    """The launch was not made. Where the drill has come to want it again meanwhile, it is asked for again."""
    return advance(_settled_without_job(drill, event.key, LaunchState.WITHDRAWN, None), now)


def _settled_without_job(drill: Drill, key: LaunchKey, state: LaunchState, error: str | None) -> Step:
    wave = _expect_open(drill, key)
    changed = wave.launch(key).model_copy(update={"state": state, "error": error})
    return _tell_deferral(Step(drill.with_wave(wave.with_launch(changed))), key)


def _expect_open(drill: Drill, key: LaunchKey) -> WaveRun:
    for wave in drill.waves:
        for launch in wave.launches:
            if launch.key == key and launch.state is LaunchState.REQUESTED:
                return wave
    raise IllegalTransition(f"Launch {key} does not wait for a job: it has been settled, or was never asked for.")


def jobs_observed(drill: Drill, event: JobsObserved, now: datetime) -> Step:
    """Take in how far the jobs are, and go on where that allows it."""
    step = Step(drill)
    for wave in drill.waves:
        seen = waves.observe(wave, event.jobs, now)
        if seen != wave:
            step = step.with_wave(seen).then(draw(TopicKind.WAVE, wave.number, wave.attempt))
    if step.drill == drill:
        raise IllegalTransition("Nothing has moved.")
    step = advance(_give_up_lost_jobs(step), now)
    return go_on_if_overtaken(settle_waves(step, now), now) if step.drill.state is DrillState.ON_HOLD else step


def _give_up_lost_jobs(step: Step) -> Step:
    """Nobody is asked about a lost job of an aborted drill: it is over."""
    if step.drill.state is DrillState.ABORTING:
        for wave in step.drill.waves:
            step = step.with_wave(waves.give_up(wave))
    return step


def overdue(drill: Drill, _event: TimePassed, now: datetime) -> Step:
    """Remind people, or ask them: an approval has expired, a launch takes too long. Jobs that run are followed."""
    if drill.current_wave is None:
        return stop_following(drill, _event, now)
    if drill.wake_at is None or now < drill.wake_at:
        raise IllegalTransition("Nothing is overdue.")
    wave = next(wave for wave in drill.open_waves if wave.wakes_at == drill.wake_at)
    if wave.state is WaveState.PENDING:
        return advance(Step(drill), now)
    if wave.checking:
        return advance(out_of_time(drill, wave, now), now)
    if wave.state is WaveState.AWAITING_APPROVAL and wave.round:
        in_time = now < wave.round.expires_at
        return _remind(drill, wave, wave.round, now) if in_time else _expire_request(drill, wave, now)
    limit = f"The launch takes longer than {spell(wave.launch_timeout)}."
    return hold(Step(drill), wave.number, HoldReason.LAUNCH_TIMEOUT, limit, now)


def _remind(drill: Drill, wave: WaveRun, asked: ApprovalRound, now: datetime) -> Step:
    reminded = waves.remind(wave, asked, now)
    request = draw(TopicKind.APPROVAL, wave.number, asked.number)
    reminders = sum(len(each.reminders) for each in reminded.rounds)
    return Step(drill.with_wave(reminded)).then(request, draw(TopicKind.REMINDER, wave.number, reminders))


def _expire_request(drill: Drill, wave: WaveRun, now: datetime) -> Step:
    step = Step(drill.with_wave(waves.close_round(wave, now)))
    step = step.then(draw(TopicKind.APPROVAL, wave.number, len(wave.rounds)))
    waited = spell(drill.plan.access.approval_timeout)
    return hold(step, wave.number, HoldReason.APPROVAL_EXPIRED, f"Not approved within {waited}.", now)


def checks_observed(drill: Drill, event: ChecksObserved, now: datetime) -> Step:
    """Take in what the checks have shown, and go on where they are over."""
    return advance(rounds_of_checks.checks_observed(drill, event, now), now)


def check_answered(drill: Drill, event: CheckConfirmed | CheckDenied, now: datetime) -> Step:
    """Take in what a person says of a check, and go on where that was the last one."""
    return advance(rounds_of_checks.answer(drill, event, now), now)


def stop_following(drill: Drill, _event: TimePassed, now: datetime) -> Step:
    """Give up jobs that nobody wants and that do not end, so that the rest can be cleaned up; the drill says so."""
    if drill.wake_at is None or now < drill.wake_at:
        raise IllegalTransition("Nothing is overdue.")
    step = Step(drill)
    for wave in drill.waves:
        abandoned = waves.abandon(wave)
        if abandoned is not wave:
            step = step.with_wave(abandoned).then(draw(TopicKind.WAVE, wave.number, wave.attempt))
    return advance(step, now)
