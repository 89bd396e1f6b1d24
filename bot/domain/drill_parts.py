"""Parts of a drill beside its waves: the holds, its operation and its cleanup."""

from __future__ import annotations

from bot.domain.model import Frozen, Instant
from bot.domain.person import Person
from bot.domain.states import HoldDecision, HoldReason


class Hold(Frozen):
    """The drill waits for a person. Holds count from 1; a decided one stays on the drill as history.

    Attributes:
        detail: what was said: by DRS, by a check, or by the person who stopped the drill.
        by: who stopped the drill; None where the bot did by itself.
        why: what whoever decided has said about it.
        left_out: the ids of the servers that were skipped by the decision, where not the whole wave was.
        failed: how many critical servers had failed; a retry leaves nothing else that tells. 0: it was not about that.
    """

    number: int
    wave: int
    reason: HoldReason
    detail: str
    since: Instant
    by: Person | None = None
    failed: int = 0
    decision: HoldDecision | None = None
    decided_by: Person | None = None
    decided_at: Instant | None = None
    why: str = ""
    left_out: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.decision is None

    @property
    def is_requested(self) -> bool:
        """Whether somebody asked for it: nothing went wrong, so there is nothing to retry or to skip."""
        return self.reason is HoldReason.REQUESTED


class Operation(Frozen):
    """The waves are done, and what they have launched stays up for a while.

    Attributes:
        until: when it is cleaned up; None: when somebody clicks.
        reminders: when people were reminded of it.
        checked: how often the checks were begun again.
        ended_by: who had it cleaned up; None where its time was over.
    """

    since: Instant
    until: Instant | None = None
    reminders: tuple[Instant, ...] = ()
    checked: int = 0
    ended_by: Person | None = None


class CleanupRun(Frozen):
    """How far the termination of the drill's instances is. `turn`: as in `CleanUp`."""

    since: Instant
    job_ids: tuple[str, ...] = ()
    problem: str | None = None
    turn: int = 0
