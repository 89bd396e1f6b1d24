"""Troubles on request: what the real Slack does on its bad days."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from enum import Enum, auto

EVERY_METHOD = "*"


class FaultKind(Enum):
    """What goes wrong."""

    RATE_LIMITED = auto()
    REFUSED = auto()
    REPLY_LOST = auto()


class Outage(Enum):
    """How Slack fails to answer: HTTP 503 (or 500 for a lost reply), or a connection that closes without a word."""

    HTTP_ERROR = auto()
    CONNECTION_CLOSED = auto()


@dataclass(frozen=True, slots=True)
class Fault:
    """One trouble with one method (or EVERY_METHOD). `times` None means until cleared."""

    kind: FaultKind
    method: str
    times: int | None
    retry_after: int = 1
    error: str = ""
    how: Outage = Outage.HTTP_ERROR


@dataclass(slots=True)
class Faults:
    """The troubles that wait for their call. All methods are thread-safe."""

    _waiting: list[Fault] = field(default_factory=list)
    _down: Outage | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def rate_limit(self, method: str, *, retry_after: int = 1, times: int | None = 1) -> None:
        """Answer the next `times` calls with HTTP 429 and `Retry-After: retry_after` (seconds)."""
        self._add(Fault(FaultKind.RATE_LIMITED, method, times, retry_after=retry_after))

    def fail(self, method: str, error: str, *, times: int | None = 1) -> None:
        """Answer the next `times` calls with `{"ok": false, "error": error}`."""
        self._add(Fault(FaultKind.REFUSED, method, times, error=error))

    def lose_reply(self, method: str, *, times: int | None = 1, how: Outage = Outage.HTTP_ERROR) -> None:
        """Do what the next `times` calls ask, and then answer HTTP 500 or close the connection.

        Mind that slack_sdk by default sends a request again when the connection closes: that doubles a post.
        """
        self._add(Fault(FaultKind.REPLY_LOST, method, times, how=how))

    def down(self, on: bool = True, *, how: Outage = Outage.HTTP_ERROR) -> None:  # noqa: FBT001, FBT002
        """Fail every request, uploads and response_urls too, until called with False."""
        with self._lock:
            self._down = how if on else None

    def clear(self) -> None:
        """End all troubles."""
        with self._lock:
            self._waiting.clear()
            self._down = None

    @property
    def outage(self) -> Outage | None:
        """How every request fails at the moment, if it does."""
        return self._down

    def take(self, kind: FaultKind, method: str) -> Fault | None:
        """The waiting trouble of this kind for this call, counted off."""
        with self._lock:
            for index, fault in enumerate(self._waiting):
                if fault.kind is kind and fault.method in (method, EVERY_METHOD):
                    self._count_off(index, fault)
                    return fault
        return None

    def _count_off(self, index: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            del self._waiting[index]
        else:
            self._waiting[index] = replace(fault, times=fault.times - 1)

    def _add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)
