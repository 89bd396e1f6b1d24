"""Drills for tests, brought where they are by events alone: no test sets a state by hand.

    story = Story(a_plan(("Database", 2), ("Web", 1))).checked().started()
    story.jobs_started().moved(ServerPhase.CONVERSION).launched()     # wave 1 is done, wave 2 waits for approval
    story.approved().jobs_started().launched(failing={"server-3": "no capacity"})
    story.drill, story.now, story.decisions                           # as it is, the clock, and what each event led to

Each step lets `after` pass first (a minute unless told) and returns the story.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Self

from bot.domain.actions import awaits_approval
from bot.domain.duties import barred_from_answering
from bot.domain.events import (
    DrillAborted,
    DrillHeld,
    DrillProposed,
    DrillResumed,
    DrillStarted,
    GlassBroken,
    HoldRetried,
    HoldSkipped,
    PreflightCompleted,
    ProposalWithdrawn,
    TimePassed,
    WarningsWaived,
    WaveApproved,
    WaveRejected,
)
from bot.domain.findings import Check, Finding
from bot.domain.launch_point import Fresh, LaunchPoint, RecoverySnapshot
from bot.domain.person import Person
from bot.domain.plan import Plan
from bot.domain.state_machine import transition
from bot.domain.states import DrillState, Purpose
from tests.unit.drs_story import MINUTE, DrsStory, job_id
from tests.unit.plans import ADA, CHANNEL, EVE, GRACE, HOME, LINUS, TEAM, a_finding, a_plan, server_id

T0 = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
FRESH = Fresh()
__all__ = [
    "ADA", "CHANNEL", "EVE", "GRACE", "HOME", "LINUS", "MINUTE", "T0", "TEAM",
    "Story", "a_finding", "a_plan", "job_id", "server_id",
]  # fmt: skip


class Story(DrsStory):
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
        super().__init__(at)
        event = DrillProposed(
            drill_id=drill_id,
            plan=plan or a_plan(),
            target=HOME,
            actor=by,
            launch_point=launch_point,
            purpose=purpose,
        )
        self._keep(transition(None, event, self.now))

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

    def skipped(
        self,
        by: Person = ADA,
        reason: str = "Not needed before Monday.",
        after: timedelta = MINUTE,
        servers: tuple[str, ...] = (),
    ) -> Self:
        """Somebody decided to skip the wave that put it on hold, or these servers of it."""
        return self.tell(HoldSkipped(actor=by, hold=len(self.drill.holds), reason=reason, servers=servers), after)

    # ------------------------------------------------------------------ time

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

    # ------------------------------------------------------------------ many steps

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

    def cleaned(self) -> Self:
        """The instances were terminated and are gone: the drill has ended."""
        return self.terminating().gone()
