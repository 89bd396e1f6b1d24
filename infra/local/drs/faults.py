"""What is to go wrong, and how often: one `Faults` for each account and Region.

Faults of calls hold from now on; faults of servers hold for the jobs that are started from now on. Each is used up
after `times` uses; with `times=None` it lasts until `clear`. The first fault that fits is the one that happens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import RLock

from infra.local.drs.clock import world_now
from infra.local.drs.errors import DrsError, named_error
from infra.local.drs.health import Ailment
from infra.local.drs.phases import Phase
from infra.local.drs.shapes import service
from infra.local.drs.timeline import Failure, Hold, Skip, Trouble

ANY_OPERATION = "*"
RAW_ERRORS = {
    Phase.CLEANUP: "UnauthorizedOperation: You are not authorized to perform: ec2:DeleteVolume",
    Phase.SNAPSHOT: "SnapshotCreationPerVolumeRateExceeded: The maximum CreateSnapshot request rate has been exceeded",
    Phase.CONVERSION: "Conversion failed: no bootable disk was found on the source server",
    Phase.LAUNCH: "InsufficientInstanceCapacity: We currently do not have sufficient capacity in the Availability Zone",
    Phase.TERMINATION: "UnauthorizedOperation: You are not authorized to perform: ec2:TerminateInstances",
}


class ReplyFate(StrEnum):
    """How the reply to a call that was carried out gets lost."""

    ERROR = "error"
    """An InternalServerException arrives in its place."""
    CLOSE = "close"
    """The connection is closed without a reply."""
    TIMEOUT = "timeout"
    """Nothing arrives for some seconds of wall time, then the connection is closed."""


@dataclass(slots=True)
class _Supply:
    """How many uses of a fault are left (None: no limit) and until when, in world time, it lasts."""

    left: int | None
    until: datetime | None

    def use(self) -> bool:
        """Take one use, if there is one."""
        if self.left == 0 or (self.until and world_now() >= self.until):
            return False
        if self.left is not None:
            self.left -= 1
        return True


@dataclass(frozen=True, slots=True)
class _CallFault:
    operation: str
    supply: _Supply
    error: str
    message: str


@dataclass(frozen=True, slots=True)
class LostReply:
    """The fate of one reply; `seconds` of wall time count for TIMEOUT."""

    operation: str
    supply: _Supply
    fate: ReplyFate
    seconds: float


@dataclass(frozen=True, slots=True)
class _ServerFault:
    source_server_id: str
    supply: _Supply
    trouble: Trouble


class Faults:
    """The faults of one account and Region. Every method may be called from any thread."""

    def __init__(self, lock: RLock) -> None:
        self._lock = lock
        self._calls: list[_CallFault] = []
        self._replies: list[LostReply] = []
        self._servers: list[_ServerFault] = []
        self._ill: set[tuple[str, Ailment]] = set()
        self._documents: list[tuple[str, _Supply]] = []

    def fail_call(
        self,
        operation: str,
        *,
        error: str,
        times: int | None = 1,
        lasts: timedelta | None = None,
        message: str = "",
    ) -> None:
        """Answer `operation` (or `*`: any) with `error` and do nothing, `times` times and no longer than `lasts`.

        Raises:
            KeyError: DRS has no such error.
            ValueError: DRS has no such operation.
        """
        named_error(error, operation)
        _refuse_unknown(operation)
        with self._lock:
            self._calls.append(_CallFault(operation, _supply(times, lasts), error, message))

    def lose_reply(
        self,
        operation: str,
        *,
        times: int | None = 1,
        how: str = ReplyFate.ERROR,
        seconds: float = 30.0,
    ) -> None:
        """Carry `operation` out, and then lose the reply: `how` is `error`, `close` or `timeout` (after `seconds`).

        Raises:
            ValueError: DRS has no such operation, or there is no such way to lose a reply.
        """
        _refuse_unknown(operation)
        with self._lock:
            self._replies.append(LostReply(operation, _supply(times, None), ReplyFate(how), seconds))

    def fail_server(self, server: str, *, phase: str = Phase.LAUNCH, times: int | None = None, error: str = "") -> None:
        """Fail `server` at the end of `phase`, with `error` as the job log's raw error."""
        chosen = Phase(phase)
        self._trouble(server, Failure(chosen, error or RAW_ERRORS[chosen]), times)

    def stick_server(
        self,
        server: str,
        *,
        phase: str = Phase.CONVERSION,
        lasts: timedelta | None = None,
        times: int | None = None,
    ) -> None:
        """Keep `server` in `phase` for `lasts` longer than usual; for ever, until released, if `lasts` is None."""
        self._trouble(server, Hold(Phase(phase), lasts), times)

    def skip_server(
        self, server: str, *, times: int | None = None, error: str = "Data replication is not ready"
    ) -> None:
        """Let DRS leave `server` out of the job."""
        self._trouble(server, Skip(error), times)

    def afflict(self, server: str, ailment: Ailment) -> None:
        """Let what is launched of `server` be ill, until it is cured."""
        with self._lock:
            self._ill.add((server, ailment))

    def cure(self, server: str) -> None:
        """Let what is launched of `server` be well again."""
        with self._lock:
            self._ill = {each for each in self._ill if each[0] != server}

    def fail_document(self, document: str, *, times: int | None = None) -> None:
        """Let runbooks of this document end badly."""
        with self._lock:
            self._documents.append((document, _supply(times, None)))

    def is_ill(self, server: str, ailment: Ailment) -> bool:
        """Whether what is launched of `server` is ill in this way."""
        return (server, ailment) in self._ill

    def document_fails(self, document: str) -> bool:
        """Use up a fault of this document, if there is one."""
        return any(supply.use() for each, supply in self._documents if each == document)

    def clear(self) -> None:
        """Forget all faults. Jobs that were started with one keep it."""
        with self._lock:
            self._ill.clear()
            self._documents.clear()
            self._calls.clear()
            self._replies.clear()
            self._servers.clear()

    def raise_for(self, operation: str) -> None:
        """Use up a fault of this call, if there is one.

        Raises:
            DrsError: the fault's error.
        """
        fits = (f for f in self._calls if f.operation in {operation, ANY_OPERATION} and f.supply.use())
        fault = next(fits, None)
        if fault:
            raise named_error(fault.error, operation, fault.message)

    def lost_reply(self, operation: str) -> LostReply | None:
        """Use up a lost reply of this call, if there is one."""
        return next((f for f in self._replies if f.operation in {operation, ANY_OPERATION} and f.supply.use()), None)

    def troubles_of(self, server: str, phases: Iterable[Phase]) -> tuple[Trouble, ...]:
        """Use up what is to go wrong with `server` in a job that has these phases."""
        fits = (f for f in self._servers if f.source_server_id == server and _concerns(f.trouble, set(phases)))
        return tuple(fault.trouble for fault in fits if fault.supply.use())

    def _trouble(self, server: str, trouble: Trouble, times: int | None) -> None:
        with self._lock:
            self._servers.append(_ServerFault(server, _supply(times, None), trouble))


def lost(reply: LostReply) -> DrsError:
    """The error that arrives in the place of a lost reply."""
    return named_error("InternalServerException", reply.operation)


def _refuse_unknown(operation: str) -> None:
    if operation != ANY_OPERATION and operation not in service().operation_names:
        raise ValueError(f"DRS has no operation {operation}")


def _supply(times: int | None, lasts: timedelta | None) -> _Supply:
    return _Supply(times, world_now() + lasts if lasts else None)


def _concerns(trouble: Trouble, phases: set[Phase]) -> bool:
    return Phase.TERMINATION not in phases if isinstance(trouble, Skip) else trouble.phase in phases
