"""How evidence's figures and states are said on paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.durations import spell
from bot.domain.evidence import Evidence
from bot.domain.evidence_parts import RecoveryFigures
from bot.domain.evidence_wave_parts import SpanKind
from bot.domain.states import Outcome, WaveState

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.PASSED: "Passed",
    Outcome.PASSED_WITH_FINDINGS: "Passed with findings",
    Outcome.FAILED: "Failed",
    Outcome.ABORTED: "Aborted",
    Outcome.REFUSED: "Refused by the checks before Start",
    Outcome.WITHDRAWN: "Cancelled before Start",
    Outcome.EXPIRED: "Not started in time",
    Outcome.SWEPT: "Swept",
}
WAVES: Mapping[WaveState, str] = {
    WaveState.SUCCEEDED: "succeeded",
    WaveState.FAILED: "failed",
    WaveState.SKIPPED: "skipped",
    WaveState.NOT_RUN: "not run",
}
SPANS: Mapping[SpanKind, str] = {
    SpanKind.APPROVAL: "waiting for approval",
    SpanKind.CONFIRMATION: "waiting for a confirmation",
    SpanKind.HOLD: "on hold",
    SpanKind.PREPARE: "runbooks before",
    SpanKind.SNAPSHOT: "snapshot",
    SpanKind.CONVERSION: "conversion",
    SpanKind.LAUNCH: "launch",
    SpanKind.CHECKS: "checks",
    SpanKind.OPERATION: "in operation",
    SpanKind.CLEANUP: "cleanup",
}
UNKNOWN = "not known"
NOTHING = "-"
"""Stands in a table where there is nothing to say."""


def length(span: timedelta | None) -> str:
    """`27m20s`, or a dash."""
    return NOTHING if span is None else spell(span)


def moment(at: datetime | None) -> str:
    """`2026-03-02 10:03:20`, in UTC, or a dash."""
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else NOTHING


def clock(at: datetime | None) -> str:
    """`10:03:20`, in UTC, or a dash."""
    return f"{at:%H:%M:%S}" if at else NOTHING


def words(name: str) -> str:
    """A state or type in words: `wave approved`."""
    return name.replace("_", " ")


def recovery(figures: RecoveryFigures | None) -> str:
    """The recovery time against its objective, in a few words."""
    if figures is None:
        return "not reached"
    return f"{spell(figures.net)} of {spell(figures.objective)}, {'met' if figures.is_met else 'missed'}"


class Names:
    """What people are called in a report: as Slack has told, else by their id."""

    def __init__(self, evidence: Evidence) -> None:
        self._known = {user_id: each.name for user_id, each in evidence.profiles.items() if each.name}

    def of(self, user_id: str | None) -> str:
        """`Ada Lovelace (U0ADA)`; nobody is a dash."""
        if user_id is None:
            return NOTHING
        return f"{self._known[user_id]} ({user_id})" if user_id in self._known else user_id
