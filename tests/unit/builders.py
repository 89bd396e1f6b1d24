"""Drills for tests, brought where they are by events alone: no test sets a state by hand.

    story = Story(a_plan(("Database", 2), ("Web", 1))).checked().started()
    story.jobs_started().moved(ServerPhase.CONVERSION).launched()     # wave 1 is done, wave 2 waits for approval
    story.approved().jobs_started().launched(failing={"server-3": "no capacity"})
    story.drill, story.now, story.decisions                           # as it is, the clock, and what each event led to

Each step lets `after` pass first (a minute unless told) and returns the story.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Self

from bot.domain.actions import awaits_approval
from bot.domain.commands import Draw, Topic, TopicKind
from bot.domain.drill import Drill
from bot.domain.duties import barred_from_answering
from bot.domain.events import (
    CleanupHindered,
    DrillAborted,
    DrillHeld,
    DrillProposed,
    DrillResumed,
    DrillStarted,
    Event,
    GlassBroken,
    HoldRetried,
    HoldSkipped,
    InstancesObserved,
    JobsObserved,
    JobStarted,
    LaunchDeferred,
    LaunchRefused,
    LaunchWithdrawn,
    PreflightCompleted,
    ProposalWithdrawn,
    TimePassed,
    WarningsWaived,
    WaveApproved,
    WaveRejected,
)
from bot.domain.facts import JobObservation, RecoveryInstance, ServerObservation
from bot.domain.findings import Check, Finding
from bot.domain.launch import Launch, LaunchKey
from bot.domain.launch_point import Fresh, LaunchPoint, RecoverySnapshot
from bot.domain.person import Person
from bot.domain.plan import Plan
from bot.domain.state_machine import Decision, transition
from bot.domain.states import DeferralReason, DrillState, HoldReason, JobStatus, LaunchState, Purpose, ServerPhase
from tests.unit.plans import ADA, CHANNEL, EVE, GRACE, HOME, LINUS, TEAM, a_finding, a_plan, server_id

T0 = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FRESH = Fresh()
_FINAL = {ServerPhase.LAUNCHED, ServerPhase.FAILED}
__all__ = [
    "ADA", "CHANNEL", "EVE", "GRACE", "HOME", "LINUS", "MINUTE", "T0", "TEAM",
    "Story", "a_finding", "a_plan", "job_id", "server_id",
]  # fmt: skip


def job_id(key: LaunchKey) -> str:
    """The id of the DRS job of a launch."""
    return f"drsjob-{key.wave:05x}{key.attempt:06x}{key.batch:06x}"


class Story:
    """A drill on its way. The methods say what happened; `tell` says anything else."""

    def __init__(
        self,
        plan: Plan | None = None,
        *,
        by: Person = ADA,
        at: datetime = T0,
        drill_id: str = "payments-20260302-1000",
        launch_point: LaunchPoint = FRESH,
        purpose: Purpose = Purpose.DRILL,
    ) -> None:
        self.now = at
        self.decisions: list[Decision] = []
        event = DrillProposed(
            drill_id=drill_id,
            plan=plan or a_plan(),
            target=HOME,
            actor=by,
            launch_point=launch_point,
            purpose=purpose,
        )
        self._keep(transition(None, event, self.now))

    @property
    def drill(self) -> Drill:
        """The drill as it is."""
        return self.decisions[-1].drill

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topic of every message that was to be drawn so far, each once, in the order of the first drawing."""
        commands = (command for decision in self.decisions for command in decision.commands)
        topics = dict.fromkeys(command.topic for command in commands if isinstance(command, Draw))
        return tuple(topic for topic in topics if topic.kind is not TopicKind.FINDINGS)  # a file is no message

    def tell(self, event: Event, after: timedelta = MINUTE) -> Self:
        """Let time pass, then apply any event. Raises what `transition` raises, and then time has not passed."""
        decision = transition(self.drill, event, self.now + after)
        self.now += after
        self._keep(decision)
        return self

    def _keep(self, decision: Decision) -> None:
        self.decisions.append(decision)

    # ------------------------------------------------------------------ people

    def checked(
        self,
        *findings: Finding,
        names: Mapping[str, str] | None = None,
        snapshots: Mapping[str, RecoverySnapshot] | None = None,
        after: timedelta = MINUTE,
    ) -> Self:
        """Preflight is done. Servers are called `server-1` and so on unless `names` says otherwise."""
        made_up = {each.id: f"server-{number}" for number, each in enumerate(self.drill.servers, start=1)}
        event = PreflightCompleted(findings=findings, names=dict(names or made_up), snapshots=dict(snapshots or {}))
        return self.tell(event, after)

    def waived(
        self,
        by: Person = ADA,
        *checks: Check,
        reason: str = "Known, and harmless here.",
        after: timedelta = MINUTE,
    ) -> Self:
        """Somebody waived warnings: all, or those of some checks."""
        return self.tell(WarningsWaived(actor=by, reason=reason, checks=checks), after)

    def started(self, by: Person = ADA, after: timedelta = MINUTE) -> Self:
        """Somebody clicked Start."""
        return self.tell(DrillStarted(actor=by), after)

    def withdrawn(self, by: Person = ADA, after: timedelta = MINUTE) -> Self:
        """Somebody clicked Cancel."""
        return self.tell(ProposalWithdrawn(actor=by), after)

    def approved(
        self, by: Person = GRACE, comment: str | None = None, *, stale_by: int = 0, after: timedelta = MINUTE
    ) -> Self:
        """Somebody approved the wave that waits; `stale_by` takes the button of so many rounds before."""
        wave = self.drill.current_wave
        assert wave is not None
        rounds = wave.round.number if wave.round else 0
        return self.tell(WaveApproved(actor=by, wave=wave.number, round=rounds - stale_by, comment=comment), after)

    def rejected(self, by: Person = GRACE, comment: str = "Not today.", after: timedelta = MINUTE) -> Self:
        """Somebody rejected the wave that waits."""
        wave = self.drill.current_wave
        assert wave is not None
        return self.tell(WaveRejected(actor=by, wave=wave.number, round=len(wave.rounds), comment=comment), after)

    def glass_broken(
        self, by: Person = EVE, reason: str = "The approvers are on a plane.", after: timedelta = MINUTE
    ) -> Self:
        """Somebody had the wave launched that waits for approval."""
        wave = self.drill.current_wave
        assert wave is not None
        return self.tell(GlassBroken(actor=by, wave=wave.number, round=len(wave.rounds), reason=reason), after)

    def aborted(self, by: Person = ADA, after: timedelta = MINUTE) -> Self:
        """Somebody aborted it."""
        return self.tell(DrillAborted(actor=by), after)

    def held(self, by: Person = ADA, reason: str = "", after: timedelta = MINUTE) -> Self:
        """Somebody asked for a hold."""
        return self.tell(DrillHeld(actor=by, reason=reason), after)

    def resumed(self, by: Person = ADA, after: timedelta = MINUTE) -> Self:
        """Somebody went on after a hold that was asked for."""
        return self.tell(DrillResumed(actor=by, hold=len(self.drill.holds)), after)

    def retried(self, by: Person = ADA, after: timedelta = MINUTE) -> Self:
        """Somebody decided to retry what put it on hold."""
        return self.tell(HoldRetried(actor=by, hold=len(self.drill.holds)), after)

    def skipped(self, by: Person = ADA, after: timedelta = MINUTE) -> Self:
        """Somebody decided to skip the wave that put it on hold."""
        return self.tell(HoldSkipped(actor=by, hold=len(self.drill.holds)), after)

    # ------------------------------------------------------------------ launches

    def waiting_launches(self) -> tuple[Launch, ...]:
        """The launches that are asked for and have no job yet."""
        return tuple(launch for launch in self.drill.launches if launch.state is LaunchState.REQUESTED)

    def jobs_started(self, *, adopted: bool = False, after: timedelta = MINUTE) -> Self:
        """DRS has a job for every launch that waited for one."""
        for number, launch in enumerate(self.waiting_launches()):
            event = JobStarted(key=launch.key, job_id=job_id(launch.key), adopted=adopted)
            self.tell(event, timedelta(0) if number else after)
        return self

    def deferred(
        self,
        reason: DeferralReason = DeferralReason.THROTTLED,
        error: str = "Rate exceeded",
        *,
        delay: timedelta = MINUTE,
        after: timedelta = MINUTE,
    ) -> Self:
        """DRS would not start the first launch that waits just now."""
        key = self.waiting_launches()[0].key
        return self.tell(LaunchDeferred(key=key, reason=reason, error=error, delay=delay), after)

    def refused(
        self, reason: HoldReason = HoldReason.LAUNCH_REFUSED, error: str = "AccessDenied", *, after: timedelta = MINUTE
    ) -> Self:
        """The first launch that waits cannot be started without a person."""
        assert reason in {HoldReason.LAUNCH_REFUSED, HoldReason.LAUNCH_UNKNOWN, HoldReason.UNSAFE}
        values = {"key": self.waiting_launches()[0].key, "reason": reason, "error": error}
        return self.tell(LaunchRefused.model_validate(values), after)

    def not_launched(self, after: timedelta = MINUTE) -> Self:
        """The executor found that no launch that waits is wanted any more."""
        for launch in self.waiting_launches():
            self.tell(LaunchWithdrawn(key=launch.key), after)
        return self

    def moved(
        self, phase: ServerPhase, servers: Iterable[str] | None = None, *, after: timedelta = timedelta(minutes=5)
    ) -> Self:
        """Servers (by name, or all) that are under way are now in this phase; their jobs go on."""
        only = None if servers is None else set(servers)
        ids = [s.id for s in self.drill.servers if s.phase not in _FINAL and (only is None or s.name in only)]
        seen = {each: ServerObservation(id=each, phase=phase) for each in ids}
        return self._observed(seen, JobStatus.STARTED, after)

    def launched(self, *, failing: Mapping[str, str] | None = None, after: timedelta = timedelta(minutes=5)) -> Self:
        """Every job that runs has ended: all of its servers are launched but for those in `failing` (name: error)."""
        errors = failing or {}
        seen = {
            s.id: ServerObservation(id=s.id, phase=ServerPhase.FAILED, failure=errors[s.name])
            if s.name in errors
            else ServerObservation(
                id=s.id,
                phase=ServerPhase.LAUNCHED,
                ec2_instance_id=f"i-{s.id[2:]}",
                launched_at=self.now + after,
            )
            for s in self.drill.servers
        }
        return self._observed(seen, JobStatus.COMPLETED, after)

    def jobs_lost(self, after: timedelta = MINUTE) -> Self:
        """DRS does not know the running jobs any more."""
        return self._observed({}, None, after)

    def _observed(self, seen: Mapping[str, ServerObservation], status: JobStatus | None, after: timedelta) -> Self:
        jobs = tuple(
            JobObservation(
                job_id=launch.job_id or "",
                status=status,
                servers=tuple(seen[each] for each in launch.server_ids if each in seen),
            )
            for launch in self.drill.followed_jobs
        )
        return self.tell(JobsObserved(jobs=jobs), after)

    def overdue(self) -> Self:
        """An approval, a proposal or a launch has taken too long; nobody was reminded."""
        assert self.drill.wake_at is not None
        asked = [wave.round.expires_at for wave in self.drill.waves if wave.round and not wave.round.closed_at]
        return self.tell(TimePassed(), max(self.drill.wake_at, *asked) - self.now if asked else self._wake())

    def reminded(self, times: int = 1) -> Self:
        """The drill's wake-up time comes, and people are reminded, so many times."""
        for _ in range(times):
            self.tell(TimePassed(), self._wake())
        return self

    def _wake(self) -> timedelta:
        assert self.drill.wake_at is not None
        return self.drill.wake_at - self.now

    def wave_done(self, *, failing: Mapping[str, str] | None = None) -> Self:
        """The wave is approved if it waits for that, its jobs start and end."""
        return self.approved_by_all().jobs_started().launched(failing=failing)

    def approved_by_all(self) -> Self:
        """Those who can approve do, one after the other, until the wave that waits for it has enough."""
        barred = barred_from_answering(self.drill)
        for user_id in self.drill.plan.access.approvers:
            wave = self.drill.current_wave
            if wave is not None and awaits_approval(self.drill, wave) and user_id not in barred:
                self.approved(Person(user_id=user_id, team_id=TEAM))
        return self

    def waves_done(self) -> Self:
        """Every wave that is left is launched without trouble."""
        while self.drill.state is DrillState.RUNNING:
            self.wave_done()
        return self

    # ------------------------------------------------------------------ cleanup

    def instances(self) -> tuple[RecoveryInstance, ...]:
        """What DRS shows of the drill's launched servers, all of it still there."""
        return tuple(
            RecoveryInstance(
                id=f"i-{server.id[2:]}", server_id=server.id, is_drill=True, job_id=server.job_id, ec2_state="RUNNING"
            )
            for server in self.drill.servers
            if server.phase is ServerPhase.LAUNCHED
        )

    def terminating(self, left: Iterable[str] | None = None, after: timedelta = MINUTE) -> Self:
        """DRS was told to terminate what is left: the servers of these names, or all."""
        only = None if left is None else set(left)
        names = {server.id: server.name for server in self.drill.servers}
        present = tuple(each for each in self.instances() if only is None or names[each.server_id] in only)
        told = tuple(each.id for each in present)
        return self.tell(
            InstancesObserved(present=present, terminating=told, job_ids=("drsjob-0000000000000c1ea",)), after
        )

    def hindered(self, error: str = "AccessDenied", after: timedelta = MINUTE) -> Self:
        """DRS would not show or terminate the instances."""
        return self.tell(CleanupHindered(error=error), after)

    def gone(self, after: timedelta = timedelta(minutes=4)) -> Self:
        """DRS shows none of the instances (any more)."""
        return self.tell(InstancesObserved(present=()), after)

    def cleaned(self) -> Self:
        """The instances were terminated and are gone: the drill has ended."""
        return self.terminating().gone()
