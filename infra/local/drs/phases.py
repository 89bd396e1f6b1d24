"""The phases of a job's work on one server: their log events, their launch statuses and how long they take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from infra.local.drs.ids import fraction


class JobStatus(StrEnum):
    """botocore model, `JobStatus`. There is no FAILED: a COMPLETED job can hold failed servers."""

    PENDING = "PENDING"
    STARTED = "STARTED"
    COMPLETED = "COMPLETED"


class LaunchStatus(StrEnum):
    """botocore model, `LaunchStatus`: one server's part in a job."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    LAUNCHED = "LAUNCHED"
    FAILED = "FAILED"
    TERMINATED = "TERMINATED"


FINAL = frozenset({LaunchStatus.LAUNCHED, LaunchStatus.FAILED, LaunchStatus.TERMINATED})


class Phase(StrEnum):
    """A stretch of work on one server. TERMINATION is the whole work of a TERMINATE job."""

    CLEANUP = "cleanup"
    SNAPSHOT = "snapshot"
    CONVERSION = "conversion"
    LAUNCH = "launch"
    TERMINATION = "termination"


class Step(NamedTuple):
    """The log events around a phase, and the server's launch status during it and after it."""

    start: str
    end: str
    failure: str
    during: LaunchStatus
    after: LaunchStatus


_PENDING = LaunchStatus.PENDING
_BUSY = LaunchStatus.IN_PROGRESS
STEPS: Mapping[Phase, Step] = {
    Phase.CLEANUP: Step("CLEANUP_START", "CLEANUP_END", "CLEANUP_FAIL", _PENDING, _PENDING),
    Phase.SNAPSHOT: Step("SNAPSHOT_START", "SNAPSHOT_END", "SNAPSHOT_FAIL", _PENDING, _PENDING),
    Phase.CONVERSION: Step("CONVERSION_START", "CONVERSION_END", "CONVERSION_FAIL", _PENDING, _PENDING),
    Phase.LAUNCH: Step("LAUNCH_START", "LAUNCH_END", "LAUNCH_FAILED", _BUSY, LaunchStatus.LAUNCHED),
    Phase.TERMINATION: Step("CLEANUP_START", "CLEANUP_END", "CLEANUP_FAIL", _BUSY, LaunchStatus.TERMINATED),
}


class Pause(StrEnum):
    """A stretch in which nothing is logged."""

    START = "from the call to JOB_START"
    HANDOVER = "from the end of a phase to the start of the next"
    SETTLING = "from SNAPSHOT_END, which does not mean that the snapshot is done, to the next phase"
    WIND_UP = "from the last server's end to JOB_END"
    REGISTRATION = "from LAUNCH_END until DRS lists the recovery instance"
    LINGER = "from the instance's termination until DRS no longer lists it"


class Span(NamedTuple):
    """A range of seconds."""

    least: float
    most: float


PUBLISHED: Mapping[Phase | Pause, Span] = {
    Phase.CLEANUP: Span(40, 60),
    Phase.SNAPSHOT: Span(0.19, 0.21),
    Phase.CONVERSION: Span(175, 198),
    Phase.LAUNCH: Span(280, 310),
    Phase.TERMINATION: Span(50, 90),
    Pause.START: Span(0.3, 0.4),
    Pause.HANDOVER: Span(0.4, 0.6),
    Pause.SETTLING: Span(51.5, 52.5),
    Pause.WIND_UP: Span(2, 4),
    Pause.REGISTRATION: Span(5, 15),
    Pause.LINGER: Span(10, 30),
}
"""As in the jobs published with aws-samples/drs-tools; those logs say nothing of cleanup, termination, registration and
lingering, whose lengths are guesses."""

STAGGER = timedelta(milliseconds=26)
"""Between one server of a job and the next, as published."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things take, in seconds of world time."""

    seconds: Mapping[Phase | Pause, Span] = field(default_factory=lambda: PUBLISHED)

    def length(self, what: Phase | Pause, *owner: object) -> timedelta:
        """The length that belongs to `owner` (ids): always the same one."""
        least, most = self.seconds[what]
        return timedelta(seconds=least + (most - least) * fraction(what, *owner))

    def changed(self, seconds: Mapping[Phase | Pause, Span]) -> Pace:
        """The same pace but for these lengths."""
        return Pace({**self.seconds, **seconds})
