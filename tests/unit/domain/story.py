"""Tells the story of a drill: each method is one thing that happens to it, put through `transition`.

    story = Story(a_plan(a_wave("Database", 2), a_wave("Web", 1, optional=1)))
    story.is_started()                            # proposed by ADA, checked, started by ADA
    story.jobs_start()                            # DRS has a job for each launch that is asked for
    story.after(minutes=9).jobs_complete()        # all its servers are launched: wave 2 waits for approval
    story.approves(BOB).jobs_start().jobs_complete(failed=[4])
    story.is_clean()                              # its instances were shown, terminated, and are gone
    assert story.drill.outcome is Outcome.PASSED_WITH_FINDINGS

Servers count from 1 over the whole plan: `server(3)` is the third. Time stands still unless `after` moves it.
`refused(event)` gives the error that an event is answered with; nothing has changed then. After each step `drill` and
`now` say how things stand, `decision` what the step has led to, and `history` has all steps. Each step is held
against the laws in `laws.py`, so a story proves more than it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Self

import pytest

from bot.domain.check_events import CheckConfirmed, CheckDenied, ChecksObserved
from bot.domain.checks import Answer, CheckResult
from bot.domain.cleanup_events import CleanupRequested, InstancesObserved
from bot.domain.commands import Afterwards, Command, Draw, TagInstances, TopicKind
from bot.domain.drill import Drill
from bot.domain.errors import DrillError
from bot.domain.events import (
    DrillAborted,
    DrillHeld,
    DrillResumed,
    DrillStarted,
    Event,
    GlassBroken,
    HoldRetried,
    HoldSkipped,
    JobsObserved,
    JobStarted,
    LaunchRefused,
    LaunchWithdrawn,
    PreflightCompleted,
    ServersSelected,
    TimePassed,
    WarningsWaived,
    WaveApproved,
    WaveRejected,
)
from bot.domain.facts import JobObservation
from bot.domain.findings import Check, Finding
from bot.domain.launch import LaunchKey
from bot.domain.mark_up import moment
from bot.domain.person import Person
from bot.domain.plan import Plan
from bot.domain.plan_checks import CheckKind
from bot.domain.state_machine import Decision, transition
from bot.domain.states import HoldReason, JobStatus, LaunchState, Purpose, ServerPhase, WaveState
from bot.domain.verifying import asks
from tests.unit.domain import laws
from tests.unit.domain.orders import ADA, proposal, server
from tests.unit.domain.seen import instance, job_seen

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(clock: str) -> str:
    """A time of the story's day, as the domain tells it: `at("12:30")`."""
    hours, minutes = map(int, clock.split(":"))
    return moment(NOON.replace(hour=hours, minute=minutes))


def ids_of(waves: Iterable[Iterable[int]]) -> tuple[tuple[str, ...], ...]:
    """The ids of servers by their numbers, wave by wave."""
    return tuple(tuple(server(number) for number in wave) for wave in waves)


def key(wave: int, attempt: int = 1, batch: int = 1) -> LaunchKey:
    return LaunchKey(wave=wave, attempt=attempt, batch=batch)


def job(of: LaunchKey) -> str:
    """The id of the DRS job that `jobs_start` makes for a launch."""
    return f"drsjob-{of}"


class Story:
    """A drill and what has happened to it."""

    def __init__(self, plan: Plan, by: Person = ADA, purpose: Purpose = Purpose.DRILL) -> None:
        self.now = NOON
        self.history: list[tuple[Event, datetime, Decision]] = []
        self.tell(proposal(plan, by, purpose))

    def tell(self, event: Event) -> Self:
        """Let anything happen."""
        before = self.history[-1][2].drill if self.history else None
        decision = transition(before, event, self.now)
        laws.hold(before, event, self.now, decision)
        self.history.append((event, self.now, decision))
        return self

    @property
    def decision(self) -> Decision:
        return self.history[-1][2]

    @property
    def drill(self) -> Drill:
        return self.decision.drill

    @property
    def commands(self) -> tuple[Command, ...]:
        """What the last step causes, but for drawing, and for tags, anchors and reports, which nothing waits for."""
        idle = Draw | TagInstances | Afterwards
        return tuple(command for command in self.decision.commands if not isinstance(command, idle))

    @property
    def drawn(self) -> list[str]:
        """The messages that the last step draws, but for the card."""
        draws = [command.topic for command in self.decision.commands if isinstance(command, Draw)]
        return [topic.key for topic in draws if topic.kind is not TopicKind.CARD]

    def refused(self, event: Event) -> DrillError:
        with pytest.raises(DrillError) as caught:
            transition(self.drill, event, self.now)
        return caught.value

    def after(self, **span: float) -> Self:
        self.now += timedelta(**span)
        return self

    def overdue(self) -> Self:
        """What the drill waits for takes too long; people were not reminded."""
        assert self.drill.wake_at
        asked = [wave.round.expires_at for wave in self.drill.waves if wave.round and not wave.round.closed_at]
        self.now = max(self.now, *asked, self.drill.wake_at)
        return self.tell(TimePassed())

    def reminds(self) -> Self:
        """The drill's wake-up time comes, and people are reminded."""
        assert self.drill.wake_at
        self.now = max(self.now, self.drill.wake_at)
        return self.tell(TimePassed())

    # What people do.

    def is_started(self, by: Person = ADA) -> Self:
        return self.checked().starts(by)

    def starts(self, by: Person = ADA) -> Self:
        return self.tell(DrillStarted(actor=by))

    def waives(self, by: Person = ADA, *checks: Check, reason: str = "Known, and harmless here.") -> Self:
        return self.tell(WarningsWaived(actor=by, reason=reason, checks=checks))

    def approval_by(self, person: Person) -> WaveApproved:
        """A click on the newest request for approval: of the first wave that waits for one, else of the current one."""
        waiting = (wave for wave in self.drill.open_waves if wave.state is WaveState.AWAITING_APPROVAL)
        wave = next(waiting, self.drill.current_wave)
        assert wave
        return WaveApproved(actor=person, wave=wave.number, round=len(wave.rounds))

    def approves(self, person: Person) -> Self:
        return self.tell(self.approval_by(person))

    def rejection_by(self, person: Person, comment: str = "Not today.") -> WaveRejected:
        """A rejection of the newest request for approval."""
        click = self.approval_by(person)
        return WaveRejected(actor=person, wave=click.wave, round=click.round, comment=comment)

    def rejects(self, person: Person, comment: str = "Not today.") -> Self:
        return self.tell(self.rejection_by(person, comment))

    def breaks_glass(self, person: Person, reason: str = "The approvers are on a plane.") -> Self:
        click = self.approval_by(person)
        return self.tell(GlassBroken(actor=person, wave=click.wave, round=click.round, reason=reason))

    def aborts(self, by: Person = ADA) -> Self:
        return self.tell(DrillAborted(actor=by))

    def wants_cleanup(self, by: Person = ADA) -> Self:
        return self.tell(CleanupRequested(actor=by))

    def holds(self, by: Person = ADA, reason: str = "") -> Self:
        return self.tell(DrillHeld(actor=by, reason=reason))

    def resumes(self, by: Person = ADA) -> Self:
        return self.tell(DrillResumed(actor=by, hold=len(self.drill.holds)))

    def retries(self, by: Person = ADA) -> Self:
        return self.tell(HoldRetried(actor=by, hold=len(self.drill.holds)))

    def skips(self, by: Person = ADA, *numbers: int, reason: str = "Not needed before Monday.") -> Self:
        """Somebody skips the wave, or these servers of it."""
        out = tuple(map(server, numbers))
        return self.tell(HoldSkipped(actor=by, hold=len(self.drill.holds), reason=reason, servers=out))

    # What the executor finds.

    def checked(
        self, *findings: Finding, names: Mapping[str, str] | None = None, chosen: Iterable[Iterable[int]] = ()
    ) -> Self:
        """Preflight is done; `chosen`: the servers of each wave, where tags choose some."""
        event = PreflightCompleted(findings=findings, names=dict(names or {}), servers=ids_of(chosen))
        return self.tell(event)

    def selected(self, *chosen: Iterable[int]) -> Self:
        """After Start, these are the servers of each wave."""
        return self.tell(ServersSelected(servers=ids_of(chosen), names={}))

    def jobs_start(self, *keys: LaunchKey) -> Self:
        """DRS has a job for these launches; without any, for all that are asked for."""
        wanted = [launch.key for launch in self.drill.launches if launch.state is LaunchState.REQUESTED]
        for each in keys or wanted:
            self.tell(JobStarted(key=each, job_id=job(each)))
        return self

    def launch_unknown(self, of: LaunchKey) -> Self:
        return self.tell(LaunchRefused(key=of, reason=HoldReason.LAUNCH_UNKNOWN, error="no answer"))

    def launch_denied(self, of: LaunchKey) -> Self:
        return self.tell(LaunchRefused(key=of, reason=HoldReason.LAUNCH_REFUSED, error="AccessDenied"))

    def launch_withdrawn(self, of: LaunchKey) -> Self:
        return self.tell(LaunchWithdrawn(key=of))

    def checks_show(
        self, wave: int, result: CheckResult = CheckResult.PASSED, *only: CheckKind, said: str = "", ref: str = "r"
    ) -> Self:
        """A look at the checks of a wave: those of these kinds have this result now; without any, all."""
        run = self.drill.wave(wave)
        asked = [ask for ask in asks(run) if ask.check.kind in (only or CheckKind)]
        kept = ref if result is CheckResult.RUNNING else None
        answers = tuple(Answer(key=ask.key, result=result, said=said, ref=kept) for ask in asked)
        return self.tell(ChecksObserved(wave=wave, round=len(run.checks), answers=answers))

    def confirms(self, by: Person, wave: int, check: int, comment: str = "") -> Self:
        """Somebody confirms a check of the newest round of a wave."""
        number = len(self.drill.wave(wave).checks)
        return self.tell(CheckConfirmed(actor=by, wave=wave, round=number, check=check, comment=comment))

    def denies(self, by: Person, wave: int, check: int, reason: str = "It shows an error.") -> Self:
        """Somebody says that it is not so."""
        number = len(self.drill.wave(wave).checks)
        return self.tell(CheckDenied(actor=by, wave=wave, round=number, check=check, reason=reason))

    # What DRS shows.

    def shows(self, phases: Mapping[int, ServerPhase], status: JobStatus = JobStatus.STARTED) -> Self:
        """Every job of these servers (by number) has this status now, and the servers these phases."""
        seen = {server(number): phase for number, phase in phases.items()}
        jobs = [launch for launch in self.drill.followed_jobs if set(launch.server_ids) & set(seen)]
        return self.tell(JobsObserved(jobs=tuple(job_seen(job(j.key), j.server_ids, seen, status) for j in jobs)))

    def jobs_complete(self, *keys: LaunchKey, failed: Iterable[int] = ()) -> Self:
        """Jobs end, all at once; without any key, all that run. Their servers are launched, but those that failed."""
        lost = {server(number) for number in failed}
        jobs = [launch for launch in self.drill.followed_jobs if launch.key in keys or not keys]
        phases = {s: ServerPhase.FAILED if s in lost else ServerPhase.LAUNCHED for j in jobs for s in j.server_ids}
        ended = tuple(job_seen(job(j.key), j.server_ids, phases, JobStatus.COMPLETED) for j in jobs)
        return self.tell(JobsObserved(jobs=ended))

    def job_lost(self, *keys: LaunchKey) -> Self:
        return self.tell(JobsObserved(jobs=tuple(JobObservation(job_id=job(each), status=None) for each in keys)))

    def instances(self, *numbers: int, terminating: Iterable[int] = ()) -> Self:
        """DRS shows the instances of these servers, and was told to terminate some of them."""
        told = tuple(instance(number).id for number in terminating)
        present = tuple(instance(number) for number in numbers)
        assert self.drill.cleanup
        seen = InstancesObserved(present=present, terminating=told, job_ids=("drsjob-term",) if told else ())
        return self.tell(seen.model_copy(update={"turn": self.drill.cleanup.turn}))

    def is_clean(self) -> Self:
        """Each launched server's instance was shown, terminated, and is gone: the drill ends."""
        launched = [int(s.id[2:]) for s in self.drill.servers if s.phase is ServerPhase.LAUNCHED]
        if launched:
            self.instances(*launched, terminating=launched)
        return self.after(minutes=2).instances()
