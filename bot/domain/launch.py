"""A server's launch and the DRS job that does it, as they stand."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.launch_point import RecoverySnapshot
from bot.domain.model import Frozen, Instant
from bot.domain.plan_servers import Impact
from bot.domain.states import DeferralReason, InstanceState, JobStatus, LaunchState, ServerPhase

MAX_SERVERS_PER_JOB = 100
"""DRS quota L-B827C881, "servers in a single job". The API's array takes 200, the quota refuses more than 100."""


class Deferral(Frozen):
    """DRS refused to start a job for now; the bot tries again at `retry_at`."""

    reason: DeferralReason
    error: str
    since: Instant
    retry_at: Instant
    times: int = 1


class LaunchKey(Frozen):
    """Names one StartRecovery for good: wave and batch count from 1, attempt too. The DRS job is tagged with it."""

    wave: int
    attempt: int
    batch: int

    def __str__(self) -> str:
        return f"{self.wave}#{self.attempt}#{self.batch}"


class Launch(Frozen):
    """One StartRecovery: its servers (at most `MAX_SERVERS_PER_JOB`) and, once known, its DRS job."""

    key: LaunchKey
    server_ids: tuple[str, ...]
    state: LaunchState = LaunchState.REQUESTED
    job_id: str | None = None
    job_status: JobStatus | None = None
    adopted: bool = False
    requested_at: Instant
    started_at: Instant | None = None
    completed_at: Instant | None = None
    deferral: Deferral | None = None
    error: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether a job of it may be running, or may yet start."""
        return self.state in {LaunchState.REQUESTED, LaunchState.STARTED, LaunchState.UNKNOWN}


class Instance(Frozen):
    """A recovery instance that DRS says belongs to this drill."""

    id: str
    ec2_instance_id: str | None = None
    job_id: str
    recovery_point: Instant | None = None
    state: InstanceState = InstanceState.RUNNING
    terminating_since: Instant | None = None


class ServerRun(Frozen):
    """A server of a wave, and how far its launch is.

    Attributes:
        snapshot: what it is launched from; None: a fresh one.
        lag: how far what DRS had replicated of it was behind at the checks before Start; None: DRS did not say.
        is_left_out: whether somebody decided, after it had failed, to go on without it.
    """

    id: str
    impact: Impact
    name: str = ""
    snapshot: RecoverySnapshot | None = None
    lag: timedelta | None = None
    phase: ServerPhase = ServerPhase.WAITING
    job_id: str | None = None
    ec2_instance_id: str | None = None
    launched_at: Instant | None = None
    failure: str | None = None
    is_left_out: bool = False
    instance: Instance | None = None

    @property
    def is_critical(self) -> bool:
        """Whether the drill cannot pass without it."""
        return self.impact is Impact.CRITICAL
