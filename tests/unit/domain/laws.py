"""What must be true after every step of every drill. `hold` is asked by the stories and by the random walks."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from bot.domain.commands import CleanUp, Draw, LaunchBatch, RunChecks, RunPreflight
from bot.domain.drill import Drill
from bot.domain.events import (
    DrillHeld,
    DrillResumed,
    Event,
    GlassBroken,
    HoldRetried,
    HoldSkipped,
    WaveApproved,
    WaveRejected,
)
from bot.domain.findings import Check, Severity
from bot.domain.launch import MAX_SERVERS_PER_JOB, Launch
from bot.domain.measures import running_time, waited
from bot.domain.state_machine import RULES, Decision, Locks
from bot.domain.states import (
    BEFORE_START,
    DrillState,
    HoldDecision,
    InstanceState,
    LaunchState,
    Outcome,
    Purpose,
    ServerPhase,
    WaveState,
)
from bot.domain.wave_run import WaveRun
from bot.domain.written import REASON_LEAST
from tests.unit.domain.approval_laws import (
    a_rejection_closes_the_request_unmet,
    launches_are_approved,
    reminders_are_sent_once,
)
from tests.unit.domain.check_laws import what_must_hold_has_been_seen_to

_LOCKED = {
    DrillState.OPERATING,
    DrillState.STARTING,
    DrillState.RUNNING,
    DrillState.ON_HOLD,
    DrillState.ABORTING,
    DrillState.CLEANING_UP,
}
_DEADLY = {Check.REAL_RECOVERY, Check.FAILBACK}
_PHASES = tuple(ServerPhase)


def hold(before: Drill | None, event: Event, now: datetime, decision: Decision) -> None:
    """See that a step keeps every law."""
    drill = decision.drill
    assert drill.version == (before.version + 1 if before else 1)
    assert len(set(decision.commands)) == len(decision.commands)
    _locks_are_taken_at_start_and_given_back_at_the_end(before, decision)
    _work_is_for_the_drill_as_it_is_now(decision)
    launches_are_approved(decision)
    _a_held_drill_launches_nothing(decision)
    _servers_are_launched_once(drill)
    what_must_hold_has_been_seen_to(drill)
    reminders_are_sent_once(drill)
    _each_state_is_what_it_says(drill)
    _somebody_will_move_it(drill)
    _what_must_never_be_drilled_is_not(drill)
    _waivers_are_of_warnings_for_a_reason(drill)
    if before:
        _the_time_was_told_truly(before, now)
        assert drill.state in {to for rule in RULES[before.state].values() for to in rule.leads_to}
        _the_past_stands(before, drill)
        _a_click_counts_only_where_it_was_meant(before, event, now, drill)
        _a_start_is_at_a_time_for_it_and_with_no_warning_that_stands(before, now, drill)


def _what_must_never_be_drilled_is_not(drill: Drill) -> None:
    """A server in real recovery or in failback refuses the drill, whatever severity it is reported with."""
    found = drill.preflight.findings if drill.preflight else ()
    if any(finding.check in _DEADLY or finding.severity is Severity.BLOCK for finding in found):
        assert drill.outcome is Outcome.REFUSED
        assert drill.started_at is None
        assert drill.standing_waivers == ()


def _waivers_are_of_warnings_for_a_reason(drill: Drill) -> None:
    for waiver in drill.waivers:
        assert drill.plan.warnings == "waive"
        assert waiver.by.is_among(drill.plan.access.operators)
        assert len(waiver.reason) >= REASON_LEAST
        assert waiver.checks
        assert not _DEADLY & set(waiver.checks)
    waived = [(waiver.preflight, check) for waiver in drill.waivers for check in waiver.checks]
    assert len(set(waived)) == len(waived)


def _a_start_is_at_a_time_for_it_and_with_no_warning_that_stands(before: Drill, now: datetime, after: Drill) -> None:
    if before.started_at or after.started_at is None or after.purpose is Purpose.SWEEP:
        return
    assert before.preflight
    warned = {finding.check for finding in before.preflight.findings}
    waived = {
        check for waiver in before.waivers if waiver.preflight == before.preflight.number for check in waiver.checks
    }
    assert before.plan.warnings == "tell" or warned <= waived
    assert after.plan.times.is_open(after.started_at)
    assert bool(before.start) == before.plan.selects
    assert after.started_at == (before.start.at if before.start else now)
    shown = [[server.id for server in wave.servers] for wave in before.waves]
    assert [[server.id for server in wave.servers] for wave in after.waves] == shown


def _locks_are_taken_at_start_and_given_back_at_the_end(before: Drill | None, decision: Decision) -> None:
    was, is_now = bool(before and before.state in _LOCKED), decision.drill.state in _LOCKED
    expected = {(False, True): Locks.ACQUIRE, (True, False): Locks.RELEASE}.get((was, is_now), Locks.KEEP)
    assert decision.locks is expected
    if expected is Locks.ACQUIRE:
        assert before
        assert before.state is DrillState.READY
    if expected is Locks.RELEASE:
        assert before
        assert decision.drill.state is DrillState.ENDED or before.state is DrillState.STARTING


def _the_time_was_told_truly(before: Drill, now: datetime) -> None:
    """What was told of the running recovery time has stayed true until now."""
    told = running_time(before)
    if told is None:
        return
    so_far = now - told.started_at - waited(before, now)
    if told.stands_at is None:
        assert told.waited == waited(before, now)
        assert told.is_missed(now) is (so_far > told.objective)
    else:
        assert told.stands_at == so_far


def _a_click_counts_only_where_it_was_meant(before: Drill, event: Event, now: datetime, after: Drill) -> None:
    match event:
        case (
            WaveApproved(wave=number, round=clicked)
            | WaveRejected(wave=number, round=clicked)
            | GlassBroken(wave=number, round=clicked)
        ):
            asked = before.wave(number).round
            assert asked
            assert (asked.number, asked.closed_at) == (clicked, None)
            assert now < asked.expires_at
        case DrillHeld():
            assert after.hold
            assert after.hold.is_requested
        case DrillResumed(hold=number):
            assert before.hold
            assert (before.hold.number, before.hold.is_requested) == (number, True)
        case HoldRetried(hold=number) | HoldSkipped(hold=number):
            assert before.hold
            assert (before.hold.number, before.hold.is_requested) == (number, False)
            decided = after.wave(before.hold.wave)
            assert not any(launch.state is LaunchState.UNKNOWN for launch in decided.launches)


def _a_held_drill_launches_nothing(decision: Decision) -> None:
    drill = decision.drill
    if drill.state is DrillState.ON_HOLD:
        assert not any(drill.may_launch(launch.key) for launch in drill.launches)


def _work_is_for_the_drill_as_it_is_now(decision: Decision) -> None:
    asked = {launch.key for launch in decision.drill.launches if launch.state is LaunchState.REQUESTED}
    for command in decision.commands:
        match command:
            case RunPreflight():
                assert decision.drill.state is DrillState.PROPOSED
            case LaunchBatch(key=key):
                assert key in asked
            case RunChecks(wave=number, round=round_):
                assert decision.drill.state in {DrillState.RUNNING, DrillState.ON_HOLD, DrillState.OPERATING}
                checking = decision.drill.wave(number).checking
                assert checking
                assert (checking.number, bool(checking.open_runs)) == (round_, True)
            case CleanUp():
                assert decision.drill.state is DrillState.CLEANING_UP
            case Draw(topic=topic):
                assert topic.wave is None or 1 <= topic.wave <= len(decision.drill.waves)


def _servers_are_launched_once(drill: Drill) -> None:
    keys = [launch.key for launch in drill.launches]
    assert len(set(keys)) == len(keys)
    under_way = Counter(s for launch in drill.launches if launch.is_open for s in launch.server_ids)
    assert all(times == 1 for times in under_way.values())
    for launch in drill.launches:
        assert 0 < len(launch.server_ids) <= MAX_SERVERS_PER_JOB
    assert all(wave.attempt <= drill.plan.wave(wave.number).attempts for wave in drill.waves)


def _each_state_is_what_it_says(drill: Drill) -> None:
    assert (drill.state is DrillState.ON_HOLD) == (drill.hold is not None)
    assert [held.number for held in drill.holds] == list(range(1, len(drill.holds) + 1))
    skipped = [held for held in drill.holds if held.decision is HoldDecision.SKIPPED]
    assert all(len(held.why) >= REASON_LEAST for held in skipped)
    assert (drill.outcome is not None) == (
        drill.state in {DrillState.OPERATING, DrillState.CLEANING_UP, DrillState.ENDED}
    )
    assert (drill.ended_at is not None) == (drill.state is DrillState.ENDED)
    for wave in drill.waves:
        ended = all(launch.state is LaunchState.COMPLETED for launch in wave.launches)
        assert not (wave.state is WaveState.LAUNCHING and ended)
        a_rejection_closes_the_request_unmet(wave)
        open_round = wave.round is not None and wave.round.closed_at is None
        assert not open_round or (wave.state is WaveState.AWAITING_APPROVAL and drill.state in _LOCKED)
        assert (wave.state is WaveState.LAUNCHING) == (wave.deadline is not None)
    if drill.state in {DrillState.OPERATING, DrillState.CLEANING_UP, DrillState.ENDED}:
        assert not any(launch.is_open for launch in drill.launches)
    if drill.state is DrillState.ENDED and (drill.started_at or drill.purpose is not Purpose.SWEEP):
        instances = [server.instance for server in drill.servers if server.instance]
        assert all(instance.state is InstanceState.GONE for instance in instances)


def _somebody_will_move_it(drill: Drill) -> None:
    """A drill never waits for nothing: there is a time to wake it, a person asked, or a job or command under way."""
    states = {launch.state for launch in drill.launches}
    assert (drill.start is not None) == (drill.state is DrillState.STARTING)
    if drill.state in BEFORE_START:
        assert drill.wake_at
        assert drill.wake_at >= drill.expires_at
    elif drill.state is DrillState.RUNNING:
        assert LaunchState.UNKNOWN not in states
        assert (drill.wake_at is not None) == (drill.current_wave is not None or bool(drill.followed_jobs))
        assert drill.current_wave is not None or {LaunchState.REQUESTED, LaunchState.STARTED} & states
        assert not any(_is_left_behind(wave, launch) for wave in drill.waves for launch in wave.launches)
    elif drill.state is DrillState.OPERATING:
        assert drill.wake_at
        assert drill.plan.cleanup.keeps_up
        assert not drill.aborted_at
    elif drill.state is not DrillState.ABORTING:
        assert drill.wake_at is None
    if drill.state is DrillState.ABORTING:
        assert (drill.wake_at is not None) == bool(drill.followed_jobs)
        assert {LaunchState.REQUESTED, LaunchState.STARTED} & states
        assert LaunchState.UNKNOWN not in states


def _is_left_behind(wave: WaveRun, launch: Launch) -> bool:
    settled_without_job = launch.state in {LaunchState.WITHDRAWN, LaunchState.REFUSED}
    return wave.state is WaveState.LAUNCHING and settled_without_job


def _the_past_stands(before: Drill, after: Drill) -> None:
    """Plan, people and history do not change; what was launched stays launched and phases do not go back."""
    for field in ("id", "plan", "plan_hash", "target", "requester", "proposed_at"):
        assert getattr(before, field) == getattr(after, field)
    assert before.expires_at == after.expires_at or after.state is DrillState.PROPOSED
    assert after.false_starts[: len(before.false_starts)] == before.false_starts
    assert before.started_at in {None, after.started_at}
    assert after.findings[: len(before.findings)] == before.findings
    assert after.waivers[: len(before.waivers)] == before.waivers
    assert not before.preflight or after.preflight == before.preflight or before.state is DrillState.PROPOSED
    assert [launch.key for launch in after.launches if launch.key in {old.key for old in before.launches}] == [
        launch.key for launch in before.launches
    ]
    for old, new in zip(before.waves, after.waves, strict=True) if before.state not in BEFORE_START else ():
        _the_wave_goes_forward(old, new)


def _the_wave_goes_forward(old: WaveRun, new: WaveRun) -> None:
    for was, is_now in zip(old.launches, new.launches, strict=False):
        assert was.job_id in {None, is_now.job_id}
        assert was.state is not LaunchState.COMPLETED or is_now.state is LaunchState.COMPLETED
    launched = {server.id for server in old.servers if server.phase is ServerPhase.LAUNCHED}
    assert not launched & {s for launch in new.launches[len(old.launches) :] for s in launch.server_ids}
    for server, now in zip(old.servers, new.servers, strict=True):
        if server.phase is ServerPhase.LAUNCHED or old.attempt == new.attempt:
            assert _PHASES.index(now.phase) >= _PHASES.index(server.phase)
        assert now.phase is ServerPhase.LAUNCHED or server.phase is not ServerPhase.LAUNCHED
