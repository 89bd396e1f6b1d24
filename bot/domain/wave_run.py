"""One wave of a drill, as it stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from bot.domain.approval_round import ApprovalRound
from bot.domain.checks import CheckRound, RoundPurpose
from bot.domain.launch import Launch, LaunchKey, ServerRun
from bot.domain.model import Frozen, Instant
from bot.domain.states import ServerPhase, WaveState


class WaveRun(Frozen):
    """A wave of this drill. Waves and attempts are numbered from 1 everywhere.

    Attributes:
        opens_at: when the plan's wait after the wave before is over; None: there is or was none.
        checks: the rounds of checks, before the launch and after it; the newest last.
    """

    number: int
    name: str
    servers: tuple[ServerRun, ...]
    state: WaveState = WaveState.PENDING
    attempt: int = 0
    launches: tuple[Launch, ...] = ()
    rounds: tuple[ApprovalRound, ...] = ()
    checks: tuple[CheckRound, ...] = ()
    launch_timeout: timedelta
    opens_at: Instant | None = None
    started_at: Instant | None = None
    deadline: Instant | None = None
    ended_at: Instant | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen in it."""
        return self.state in {WaveState.SUCCEEDED, WaveState.SKIPPED, WaveState.NOT_RUN}

    @property
    def has_succeeded(self) -> bool:
        """Whether it was launched, and nobody skipped it."""
        return self.state is WaveState.SUCCEEDED

    @property
    def wakes_at(self) -> datetime | None:
        """When something of it would be overdue: its beginning, an answer, or a launch."""
        if self.state is WaveState.AWAITING_APPROVAL:
            return self.round.wakes_at if self.round else None
        if self.checking:
            return self.checking.wakes_at
        return {WaveState.PENDING: self.opens_at, WaveState.LAUNCHING: self.deadline}.get(self.state)

    @property
    def checking(self) -> CheckRound | None:
        """The round of checks that is under way."""
        return self.checks[-1] if self.checks and self.checks[-1].ended_at is None else None

    @property
    def verification(self) -> CheckRound | None:
        """The newest round of checks after its launch."""
        after = (each for each in reversed(self.checks) if each.purpose is RoundPurpose.AFTER)
        return next(after, None)

    @property
    def verified_at(self) -> datetime | None:
        """When all its critical checks had passed; None while they have not, and where there are none."""
        newest = self.verification
        return newest.ended_at if newest and newest.ended_at and not newest.failed(critical=True) else None

    @property
    def launch_ended_at(self) -> datetime | None:
        """When the last of its launches had ended, after which its checks began; None before, and where none ran."""
        after = (each.since for each in self.checks if each.purpose is RoundPurpose.AFTER)
        return next(after, self.ended_at)

    @property
    def is_prepared(self) -> bool:
        """Whether what the plan wants to be run before its launch has been, if anything."""
        before = [each for each in self.checks if each.purpose is RoundPurpose.BEFORE]
        return bool(before) and before[-1].ended_at is not None and not before[-1].failed(critical=True)

    @property
    def failed_checks(self) -> CheckRound | None:
        """The newest round of checks, if it is why the wave cannot go on."""
        newest = self.checks[-1] if self.checks else None
        if newest is None or newest.ended_at is None or newest.purpose is RoundPurpose.REPEAT:
            return None
        return newest if newest.failed(critical=True) else None

    @property
    def is_checked_again(self) -> bool:
        """Whether its checks are made again while its instances stay up: it was verified, and not by people alone."""
        newest = self.verification
        return bool(self.verified_at and newest and any(check.manual is None for check in newest.checks))

    @property
    def tries(self) -> int:
        """How often it was tried: launched, or, where its checks are why it cannot go on, checked."""
        failed = self.failed_checks
        return sum(each.purpose is failed.purpose for each in self.checks) if failed else self.attempt

    def with_checks(self, changed: CheckRound) -> Self:
        """The wave with its newest round of checks replaced."""
        return self.model_copy(update={"checks": (*self.checks[:-1], changed)})

    @property
    def round(self) -> ApprovalRound | None:
        """The newest request for approval."""
        return self.rounds[-1] if self.rounds else None

    def launch(self, key: LaunchKey) -> Launch:
        """The launch of that key.

        Raises:
            KeyError: this wave has none.
        """
        for launch in self.launches:
            if launch.key == key:
                return launch
        raise KeyError(str(key))

    def with_launch(self, changed: Launch) -> Self:
        """The wave with the launch of the same key replaced."""
        launches = tuple(changed if launch.key == changed.key else launch for launch in self.launches)
        return self.model_copy(update={"launches": launches})

    def failed(self, *, critical: bool) -> tuple[ServerRun, ...]:
        """Servers whose launch failed, of one impact; but for those that somebody decided to leave out."""
        failed = (server for server in self.servers if server.phase is ServerPhase.FAILED and not server.is_left_out)
        return tuple(server for server in failed if server.is_critical is critical)
