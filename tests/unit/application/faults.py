"""Errors of the ports, as tests of the application want them."""

from __future__ import annotations

from datetime import timedelta

from bot.application.ports.drs import DrsError, Refused
from bot.application.ports.storage import StoreUnavailable


def refused(kind: Refused, words: str = "DRS said no", retry_after: timedelta | None = None) -> DrsError:
    return DrsError(kind, words, retry_after)


def unavailable() -> StoreUnavailable:
    return StoreUnavailable("the table is throttled", retryable=True)
