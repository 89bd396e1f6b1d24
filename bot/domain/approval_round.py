"""A request for approval of a wave, as it stands: who has answered, until when others can, who was reminded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from bot.domain.model import Frozen, Instant
from bot.domain.person import Person
from bot.domain.reminding import reminder_times


class Approved(Frozen):
    """One person's approval of a wave."""

    by: Person
    at: Instant
    comment: str | None = None


class Rejected(Frozen):
    """One person's refusal to have a wave launched: the end of a request for approval."""

    by: Person
    at: Instant
    comment: str


class BrokenGlass(Frozen):
    """One person's decision to have a wave launched without the approvals that it needs."""

    by: Person
    at: Instant
    reason: str


class Reminder(Frozen):
    """Those who can approve were told once more. Reminders of a wave count from 1, through all its requests.

    Attributes:
        escalates: whether from here on those of the plan's escalation may approve too.
    """

    number: int
    at: Instant
    escalates: bool = False


class ApprovalRound(Frozen):
    """One request for approval of a wave. Buttons carry its number, so that a stale one is recognised.

    Attributes:
        escalates_at: from when on those of the plan's escalation may approve too; None: never.
        paused: how long it stood still while the drill was on hold. The other times are moved by it already.
        reminded: how many of the planned reminders are over, sent or missed.
    """

    number: int
    needed: int
    asked_at: Instant
    expires_at: Instant
    escalates_at: Instant | None = None
    paused: timedelta = timedelta(0)
    reminders: tuple[Reminder, ...] = ()
    reminded: int = 0
    given: tuple[Approved, ...] = ()
    rejected: Rejected | None = None
    broken: BrokenGlass | None = None
    closed_at: Instant | None = None

    @property
    def is_met(self) -> bool:
        """Whether the wave may be launched: enough people have approved, or glass was broken."""
        return self.broken is not None or len(self.given) >= self.needed

    @property
    def has_escalated(self) -> bool:
        """Whether the plan's escalation has been told that it may approve too."""
        return any(reminder.escalates for reminder in self.reminders)

    @property
    def planned_reminders(self) -> tuple[datetime, ...]:
        """When it reminds people, in order."""
        return reminder_times(self.asked_at + self.paused, self.expires_at, self.escalates_at)

    @property
    def wakes_at(self) -> datetime:
        """When something is to happen to it of itself: its next reminder, or its end."""
        return (*self.planned_reminders, self.expires_at)[self.reminded]

    def moved_by(self, pause: timedelta) -> Self:
        """The request after it stood still for a while."""
        times = {
            "expires_at": self.expires_at + pause,
            "escalates_at": self.escalates_at + pause if self.escalates_at else None,
            "paused": self.paused + pause,
        }
        return self.model_copy(update=times)
