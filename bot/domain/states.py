"""The words for where a drill and its parts are. `state_machine` tells what leads from one to the next."""

from __future__ import annotations

from enum import StrEnum


class DrillState(StrEnum):
    """Where a drill is. `state_machine` tells the story of each."""

    PROPOSED = "proposed"
    READY = "ready"
    STARTING = "starting"
    RUNNING = "running"
    ON_HOLD = "on_hold"
    ABORTING = "aborting"
    OPERATING = "operating"
    CLEANING_UP = "cleaning_up"
    ENDED = "ended"


BEFORE_START = frozenset({DrillState.PROPOSED, DrillState.READY, DrillState.STARTING})
"""The states of a drill of which nothing is launched yet, and nothing may be."""


class Purpose(StrEnum):
    """What a drill was asked for.

    To be run, or only to be checked; a checked one can be started all the same. A SWEEP launches nothing, and cleans up
    what is left of others.
    """

    DRILL = "drill"
    CHECK = "check"
    SWEEP = "sweep"


class Outcome(StrEnum):
    """How a drill ended, or will end once its instances are gone."""

    PASSED = "passed"
    PASSED_WITH_FINDINGS = "passed_with_findings"
    FAILED = "failed"
    ABORTED = "aborted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SWEPT = "swept"


class WaveState(StrEnum):
    """Where a wave is."""

    PENDING = "pending"
    AWAITING_APPROVAL = "awaiting_approval"
    PREPARING = "preparing"
    LAUNCHING = "launching"
    VERIFYING = "verifying"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_RUN = "not_run"


class ServerPhase(StrEnum):
    """Where a server's launch is, in the order in which DRS goes through it."""

    WAITING = "waiting"
    SNAPSHOT = "snapshot"
    CONVERSION = "conversion"
    LAUNCH = "launch"
    LAUNCHED = "launched"
    FAILED = "failed"


class LaunchState(StrEnum):
    """Where one StartRecovery is: asked for, known to DRS as a job, or settled without one."""

    REQUESTED = "requested"
    STARTED = "started"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class JobStatus(StrEnum):
    """DRS's own status of a job (botocore `JobStatus`). There is no FAILED: look at each server."""

    PENDING = "PENDING"
    STARTED = "STARTED"
    COMPLETED = "COMPLETED"


class DeferralReason(StrEnum):
    """Why DRS would not start a job just now, though it may later."""

    THROTTLED = "throttled"
    CONFLICT = "conflict"
    OVER_QUOTA = "over_quota"


class HoldReason(StrEnum):
    """Why a drill waits for a person to decide."""

    SERVERS_FAILED = "servers_failed"
    CHECKS_FAILED = "checks_failed"
    PREPARATION_FAILED = "preparation_failed"
    LAUNCH_REFUSED = "launch_refused"
    LAUNCH_UNKNOWN = "launch_unknown"
    UNSAFE = "unsafe"
    LAUNCH_TIMEOUT = "launch_timeout"
    JOB_LOST = "job_lost"
    APPROVAL_EXPIRED = "approval_expired"
    APPROVAL_REJECTED = "approval_rejected"
    REQUESTED = "requested"


class HoldDecision(StrEnum):
    """What a person decided about a hold; or that what it was about has ended by itself (OVERTAKEN)."""

    RETRIED = "retried"
    SKIPPED = "skipped"
    RESUMED = "resumed"
    ABORTED = "aborted"
    OVERTAKEN = "overtaken"


class InstanceState(StrEnum):
    """What is left of a recovery instance."""

    RUNNING = "running"
    TERMINATING = "terminating"
    GONE = "gone"
