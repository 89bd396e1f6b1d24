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
    SELECTION = "selection"
    EXISTS = "exists"
    REPLICATION = "replication"
    REAL_RECOVERY = "real_recovery"
    FAILBACK = "failback"
    ACTIVE_JOB = "active_job"
    ACTIVE_DRILL = "active_drill"
    LEFTOVER_DRILL = "leftover_drill"
    RECOVERY_POINT = "recovery_point"
    DRILL_TIME = "drill_time"
    PLACE = "place"
    LAG = "lag"
    LAST_SEEN = "last_seen"
    DISKS = "disks"
    QUOTAS_KNOWN = "quotas_known"
    JOB_QUOTA = "job_quota"
    JOB_SIZE = "job_size"
    SERVER_QUOTA = "server_quota"
    LAUNCH_SETTINGS = "launch_settings"
    RIGHTS = "rights"
    NETWORK = "network"
    EARLIER_FINDING = "earlier_finding"


NEVER_WAIVED = frozenset({Check.REAL_RECOVERY, Check.FAILBACK})
"""What a drill would destroy: findings of these checks refuse it whatever severity they come with."""


class Finding(Frozen):
    """One thing that is not as it should be.

    Attributes:
        server_id: the server it is about; None for the whole plan.
        fact: what was seen, in a sentence for people.
        limit: what would have been right, in a few words; empty where the fact says it.
        remedy: what to do, and who can.
    """

    check: Check
    severity: Severity
    server_id: str | None = None
    fact: str
    limit: str = ""
    remedy: str

    @property
    def key(self) -> str:
        """Names the finding: the same check of the same server (or of the plan) has the same key each time."""
        return f"{self.check}:{self.server_id or 'plan'}"

    @property
    def blocks(self) -> bool:
        """Whether the drill is refused for it."""
        return self.severity is Severity.BLOCK or self.check in NEVER_WAIVED


class Rule(Frozen):
    """A way in which a check can turn out badly. `docs/reference/checks.md` is generated from the rules.

    Attributes:
        when: completes "It is found when ...".
        limit: what would have been right, in general: of one finding it is a value.
        remedy: what to do, and who can.
    """

    check: Check
    severity: Severity
    when: str
    limit: str = ""
    remedy: str

    def finding(self, fact: str, server_id: str | None = None, limit: str = "") -> Finding:
        """What was seen, of one server or of the whole plan."""
        return Finding(
            check=self.check,
            severity=self.severity,
            server_id=server_id,
            fact=fact,
            limit=limit or self.limit,
            remedy=self.remedy,
        )
