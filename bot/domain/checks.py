"""The checks of a wave as they stand: what is asked, what was answered, and how far each round of them is."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from bot.domain.model import Frozen, Instant
from bot.domain.person import Person
from bot.domain.plan_checks import PlanCheck

MOST_OUTPUT = 1_000
"""Characters of a check's output that are kept as evidence."""


AGAIN_WITHIN = timedelta(minutes=5)
"""How long a check that has passed before may take to pass again, unless the plan gives it less."""


class CheckResult(StrEnum):
    """What one look at a check has shown."""

    PASSED = "passed"
    FAILED = "failed"
    RUNNING = "running"


class CheckState(StrEnum):
    """Where a check is. A failure before its time is over leaves it OPEN: it is tried again."""

    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"


class RoundPurpose(StrEnum):
    """What a round of checks is for."""

    BEFORE = "before"
    AFTER = "after"
    REPEAT = "repeat"


class Ask(Frozen):
    """One check of one server, or of the wave, to be made or looked at now.

    Attributes:
        key: unique in the drill, and the same for what is the same try.
        server_id: None: it is made once for the wave.
        ec2_instance_ids: of the launched server, or of all that were launched; empty before a launch.
        job_id: the DRS job that launched the server.
        since: when its round began: nothing of it is older.
        ref: what the look that began it has given: the id of an SSM command or automation.
    """

    key: str
    check: PlanCheck
    server_id: str | None = None
    ec2_instance_ids: tuple[str, ...] = ()
    job_id: str | None = None
    since: Instant
    ref: str | None = None

    @property
    def ec2_instance_id(self) -> str | None:
        """Of the server that it is made of; None where that is not known."""
        return self.ec2_instance_ids[0] if self.server_id and self.ec2_instance_ids else None


class Answer(Frozen):
    """What a look has shown.

    Attributes:
        said: a line for people: what was seen, or what is wrong.
        output: evidence, of at most `MOST_OUTPUT` characters.
        ref: see `Ask`; to be given back at the next look while it is RUNNING.
    """

    key: str
    result: CheckResult
    said: str = ""
    output: str = ""
    ref: str | None = None


class CheckRun(Frozen):
    """A check of one server, or of the wave, in one round.

    Attributes:
        number: of the check among those of the round, from 1.
        tries: how often it was begun and had ended without success.
        by: who confirmed or denied it, where a person was asked.
    """

    number: int
    server_id: str | None = None
    state: CheckState = CheckState.OPEN
    tries: int = 0
    ref: str | None = None
    said: str = ""
    ended_at: Instant | None = None
    by: Person | None = None


class CheckRound(Frozen):
    """The checks of a wave, made once: each is tried until it passes or its time is over.

    Attributes:
        number: rounds of a wave count from 1.
        checks: what the plan wants; `CheckRun.number` counts them.
        runs: each check of each of its servers.
        asked_at: when people were asked, which is after the other checks have passed.
        paused: how long the drill was on hold meanwhile, which counts against no check.
    """

    number: int
    purpose: RoundPurpose
    checks: tuple[PlanCheck, ...]
    runs: tuple[CheckRun, ...]
    since: Instant
    asked_at: Instant | None = None
    machines_ended_at: Instant | None = None
    ended_at: Instant | None = None
    paused: timedelta = timedelta(0)

    def check(self, run: CheckRun) -> PlanCheck:
        """What a run is of."""
        return self.checks[run.number - 1]

    def key(self, wave: int, run: CheckRun) -> str:
        """Names one try of a run in the drill."""
        return f"{wave}#{self.number}#{run.number}#{run.server_id or '-'}#{run.tries + 1}"

    def is_manual(self, run: CheckRun) -> bool:
        """Whether a person is asked."""
        return self.check(run).manual is not None

    def due(self, run: CheckRun) -> datetime:
        """When a run has failed if it has not passed: its time begins with the round, or when people are asked."""
        begun = (self.asked_at or self.since) if self.is_manual(run) else self.since
        return begun + self.within(run) + self.paused

    def within(self, run: CheckRun) -> timedelta:
        """How long a run may take to pass."""
        planned = self.check(run).within
        return min(planned, AGAIN_WITHIN) if self.purpose is RoundPurpose.REPEAT else planned

    @property
    def open_runs(self) -> tuple[CheckRun, ...]:
        """The runs that machines have still to answer."""
        return tuple(run for run in self.runs if run.state is CheckState.OPEN and not self.is_manual(run))

    @property
    def asked_runs(self) -> tuple[CheckRun, ...]:
        """The runs for which a person's answer is waited for."""
        if self.asked_at is None:
            return ()
        return tuple(run for run in self.runs if run.state is CheckState.OPEN and self.is_manual(run))

    @property
    def wakes_at(self) -> datetime | None:
        """When the first of those that are waited for has taken too long."""
        waited = (*self.open_runs, *self.asked_runs)
        return min(map(self.due, waited), default=None)

    def failed(self, *, critical: bool) -> tuple[CheckRun, ...]:
        """The runs that have failed, of one impact."""
        lost = (run for run in self.runs if run.state is CheckState.FAILED)
        return tuple(run for run in lost if self.is_critical(run) is critical)

    def is_critical(self, run: CheckRun) -> bool:
        """Whether the wave cannot succeed without it."""
        return self.check(run).is_critical

    def with_run(self, changed: CheckRun) -> Self:
        """The round with the run of the same check and server replaced."""
        place = (changed.number, changed.server_id)
        runs = tuple(changed if (run.number, run.server_id) == place else run for run in self.runs)
        return self.model_copy(update={"runs": runs})
