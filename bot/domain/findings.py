"""What preflight found: the fact, why it matters, and what to do about it."""

from __future__ import annotations

from enum import StrEnum

from bot.domain.model import Frozen


class Severity(StrEnum):
    """Whether a finding refuses the drill or only warns."""

    BLOCK = "block"
    WARN = "warn"


class Check(StrEnum):
    """What was looked at."""

    READABLE = "readable"
    EXISTS = "exists"
    REPLICATION = "replication"
    REAL_RECOVERY = "real_recovery"
    FAILBACK = "failback"
    ACTIVE_JOB = "active_job"
    ACTIVE_DRILL = "active_drill"
    LEFTOVER_DRILL = "leftover_drill"
    RECOVERY_POINT = "recovery_point"
    DRILL_TIME = "drill_time"


NEVER_WAIVED = frozenset({Check.REAL_RECOVERY, Check.FAILBACK})
"""What a drill would destroy: findings of these checks refuse it whatever severity they come with."""


class Finding(Frozen):
    """One thing that is not as it should be.

    Attributes:
        server_id: the server it is about; None for the whole plan.
        fact: what was seen, in a sentence for people.
        remedy: what to do, and who can.
    """

    check: Check
    severity: Severity
    server_id: str | None = None
    fact: str
    remedy: str

    @property
    def blocks(self) -> bool:
        """Whether the drill is refused for it."""
        return self.severity is Severity.BLOCK or self.check in NEVER_WAIVED
