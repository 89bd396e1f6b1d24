"""The drill and its parts, as they stand at one version. Values only: `state_machine` says how they change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal, Self

from pydantic import Field

from bot.domain.afterwards import FollowUp, Note, ReportRun, SignOff
from bot.domain.checked import Preflight, Waiver
from bot.domain.drill_parts import CleanupRun, Hold, Operation
from bot.domain.false_starts import FalseStart, StartClick
from bot.domain.findings import Finding
from bot.domain.launch import Launch, LaunchKey, ServerRun
from bot.domain.launch_point import Fresh, LaunchPoint
from bot.domain.model import Frozen, Instant
from bot.domain.person import Person
from bot.domain.plan import Plan, Target
from bot.domain.states import (
    BEFORE_START,
    DrillState,
    JobStatus,
    LaunchState,
    Outcome,
    Purpose,
    WaveState,
)
from bot.domain.wave_run import WaveRun

POLL_STARTED = timedelta(seconds=15)
"""How often a job is looked at while DRS works on it."""
POLL_PENDING = timedelta(seconds=45)
"""The same, while every job still waits for its turn in DRS."""


STARTING_TAKES = timedelta(minutes=15)
"""So long after a click on Start, at most, the drill runs or does not: longer than looking up servers is tried for."""


class Drill(Frozen):
    """A drill at one version. Each event that applies makes the next version.

    Attributes:
        waves: each with its servers. Those that tags choose are in it from the first checks on.
        start: the click that is being acted upon while the drill is starting.
        directory: who was in the plan's user groups when it was proposed, later started: tells who can approve, but
            gives nobody any authority.
    """

    schema_version: Literal[1] = 1
    id: str
    version: int
    plan: Plan
    plan_hash: str
    target: Target
    requester: Person
    directory: dict[str, tuple[str, ...]] = Field(default={})
    launch_point: LaunchPoint = Fresh()
    purpose: Purpose = Purpose.DRILL
    state: DrillState = DrillState.PROPOSED
    outcome: Outcome | None = None
    proposed_at: Instant
    expires_at: Instant
    started_at: Instant | None = None
    started_by: Person | None = None
    aborted_at: Instant | None = None
    aborted_by: Person | None = None
    waves_ended_at: Instant | None = None
    ended_at: Instant | None = None
    preflight: Preflight | None = None
    waivers: tuple[Waiver, ...] = ()
    start: StartClick | None = None
    false_starts: tuple[FalseStart, ...] = ()
    waves: tuple[WaveRun, ...]
    holds: tuple[Hold, ...] = ()
    operation: Operation | None = None
    cleanup: CleanupRun | None = None
    findings: tuple[str, ...] = ()
    report: ReportRun | None = None
    signoffs: tuple[SignOff, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def starts_until(self) -> datetime:
        """When it ends if it has not been started: a click in time still counts while it is acted upon."""
        return max(self.expires_at, self.start.at + STARTING_TAKES) if self.start else self.expires_at

    @property
    def holds_locks(self) -> bool:
        """Whether its servers are locked against other drills: from Start until nothing of it is left."""
        return self.state in {
            DrillState.STARTING,
            DrillState.RUNNING,
            DrillState.ON_HOLD,
            DrillState.ABORTING,
            DrillState.OPERATING,
            DrillState.CLEANING_UP,
        }

    @property
    def only_checked(self) -> bool:
        """Whether it has ended as what it was asked for: checked, found fit to start, and not started."""
        unstarted = self.outcome in {Outcome.WITHDRAWN, Outcome.EXPIRED}
        return self.purpose is Purpose.CHECK and self.preflight is not None and unstarted

    @property
    def times_checked(self) -> int:
        """How often its checks have ended."""
        return self.preflight.number if self.preflight else 0

    @property
    def standing_waivers(self) -> tuple[Waiver, ...]:
        """The waivers of what the newest checks have found."""
        return tuple(waiver for waiver in self.waivers if waiver.preflight == self.times_checked)

    def waiver_of(self, finding: Finding) -> Waiver | None:
        """The waiver of a warning; None where there is none, as for all that blocks."""
        waivers = (waiver for waiver in self.standing_waivers if finding.check in waiver.checks)
        return None if finding.blocks else next(waivers, None)

    @property
    def standing_warnings(self) -> tuple[Finding, ...]:
        """What must be waived before Start and has not been; nothing where the plan only tells its warnings."""
        if self.preflight is None or self.plan.warnings == "tell":
            return ()
        return tuple(finding for finding in self.preflight.warnings if self.waiver_of(finding) is None)

    @property
    def hold(self) -> Hold | None:
        """The hold that waits for a decision."""
        return self.holds[-1] if self.holds and self.holds[-1].is_open else None

    @property
    def servers(self) -> Iterator[ServerRun]:
        """Every server, in wave order."""
        return (server for wave in self.waves for server in wave.servers)

    @property
    def server_count(self) -> int:
        """How many servers it has, as far as they are chosen."""
        return sum(len(wave.servers) for wave in self.waves)

    def has_attempts_left(self, wave: WaveRun) -> bool:
        """Whether the plan lets the wave be launched, or checked, once more."""
        return wave.tries < self.plan.wave(wave.number).attempts

    @property
    def launches(self) -> Iterator[Launch]:
        """Every launch of every wave."""
        return (launch for wave in self.waves for launch in wave.launches)

    @property
    def job_ids(self) -> frozenset[str]:
        """Every DRS job that launched servers of this drill: whatever else runs is not ours to touch."""
        return frozenset(launch.job_id for launch in self.launches if launch.job_id)

    @property
    def followed_jobs(self) -> tuple[Launch, ...]:
        """The launches whose job is to be polled."""
        return tuple(launch for launch in self.launches if launch.state is LaunchState.STARTED)

    @property
    def poll_every(self) -> timedelta | None:
        """How often the followed jobs are to be polled; None when there are none."""
        jobs = self.followed_jobs
        if any(job.job_status is JobStatus.STARTED for job in jobs):
            return POLL_STARTED
        return POLL_PENDING if jobs else None

    def wave(self, number: int) -> WaveRun:
        """The wave by its number, from 1."""
        return self.waves[number - 1]

    def with_wave(self, changed: WaveRun) -> Self:
        """The drill with the wave of the same number replaced."""
        waves = tuple(changed if wave.number == changed.number else wave for wave in self.waves)
        return self.model_copy(update={"waves": waves})

    def snapshot_ids(self, launch: Launch) -> dict[str, str]:
        """The recovery snapshots that servers of a launch are to be launched from; the others get a fresh one."""
        servers = self.wave(launch.key.wave).servers
        return {s.id: s.snapshot.id for s in servers if s.snapshot and s.id in launch.server_ids}

    def may_launch(self, key: LaunchKey) -> bool:
        """Whether StartRecovery may be sent for `key` now: asked again right before it is."""
        wave = self.wave(key.wave)
        wanted = self.state is DrillState.RUNNING and wave.state is WaveState.LAUNCHING
        return wanted and wave.launch(key).state is LaunchState.REQUESTED

    @property
    def current_wave(self) -> WaveRun | None:
        """The first wave in which something is still to happen."""
        return next((wave for wave in self.waves if not wave.is_settled), None)

    @property
    def open_waves(self) -> tuple[WaveRun, ...]:
        """The waves whose turn it is: each is not over, and all those that it depends on are."""
        over = {wave.number for wave in self.waves if wave.is_settled}
        needs = self.plan.needs
        return tuple(w for w in self.waves if w.number not in over and over.issuperset(needs[w.number - 1]))

    @property
    def _follows_until(self) -> datetime | None:
        """Until when jobs that nobody wants any more are followed: as long again as their waves may take."""
        stopped = self.aborted_at or (self.holds[-1].decided_at if self.holds else None)
        spans = [self.wave(launch.key.wave).launch_timeout for launch in self.followed_jobs]
        return stopped + max(spans) if stopped and spans else None

    @property
    def _operates_until(self) -> datetime | None:
        """When its instances are to be cleaned up, people to be reminded of them, or its checks to be made again."""
        if self.operation is None:
            return None
        waited = (wave.checking.wakes_at for wave in self.waves if wave.checking)
        moments = (self.operation.until or self.reminds_at, self.checks_again_at, *waited)
        return min(moment for moment in moments if moment)

    @property
    def reminds_at(self) -> datetime | None:
        """When people are to be reminded of instances that wait for a click."""
        if self.operation is None or self.operation.until:
            return None
        return self.operation.since + self.plan.cleanup.remind_every * (len(self.operation.reminders) + 1)

    @property
    def checks_again_at(self) -> datetime | None:
        """When its checks are to be made again while its instances stay up; None: there are none, or no more time."""
        if self.operation is None or not any(wave.is_checked_again for wave in self.waves):
            return None
        moment = self.operation.since + self.plan.cleanup.check_every * (self.operation.checked + 1)
        return None if self.operation.until and moment >= self.operation.until else moment

    @property
    def wake_at(self) -> datetime | None:
        """When the drill wants to be woken because something would be overdue."""
        if self.state in BEFORE_START:
            return self.starts_until
        if self.state is DrillState.OPERATING:
            return self._operates_until
        if self.state not in {DrillState.RUNNING, DrillState.ABORTING}:
            return None
        if self.current_wave is None or self.state is DrillState.ABORTING:
            return self._follows_until
        return min((wave.wakes_at for wave in self.open_waves if wave.wakes_at), default=None)
