"""What each wave's time was spent on, as the timeline picture shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.domain.checks import RoundPurpose
from bot.domain.drill import Drill
from bot.domain.evidence_wave_parts import SpanKind, Stretch
from bot.domain.launch import Launch
from bot.domain.states import ServerPhase
from bot.domain.wave_run import WaveRun

Seen = Mapping[tuple[str, str], Mapping[ServerPhase, datetime]]
_PHASES = (
    (SpanKind.SNAPSHOT, {ServerPhase.CONVERSION, ServerPhase.LAUNCH}),
    (SpanKind.CONVERSION, {ServerPhase.LAUNCH}),
)
"""Each phase of a launch that can be told apart, with those that a server goes into from it."""
_ROUNDS = {RoundPurpose.BEFORE: SpanKind.PREPARE, RoundPurpose.AFTER: SpanKind.CHECKS}


def stretches(drill: Drill, wave: WaveRun, seen: Seen) -> Iterator[Stretch]:
    """The stretches of a wave; they can overlap where people are asked while machines work."""
    for asked in wave.rounds:
        yield from _stretch(SpanKind.APPROVAL, asked.asked_at, asked.closed_at)
    for attempt in range(1, wave.attempt + 1):
        yield from _launching([launch for launch in wave.launches if launch.key.attempt == attempt], seen)
    for each in wave.checks:
        if each.purpose in _ROUNDS:
            yield from _stretch(_ROUNDS[each.purpose], each.since, each.asked_at or each.ended_at)
            yield from _stretch(SpanKind.CONFIRMATION, each.asked_at, each.ended_at)
    for hold in drill.holds:
        if hold.wave == wave.number:
            yield from _stretch(SpanKind.HOLD, hold.since, hold.decided_at)


def _stretch(kind: SpanKind, since: datetime | None, until: datetime | None) -> Iterator[Stretch]:
    if since and until and since < until:
        yield Stretch(kind=kind, since=since, until=until)


def _launching(launches: Sequence[Launch], seen: Seen) -> Iterator[Stretch]:
    """An attempt: each phase ends when the last of its servers was seen in a later one; the rest is the launch."""
    ends = [launch.completed_at for launch in launches if launch.completed_at]
    if not ends:
        return
    begun, end = min(launch.requested_at for launch in launches), max(ends)
    for kind, later in _PHASES:
        left = _left_at(launches, seen, later)
        if left:
            yield from _stretch(kind, begun, left)
            begun = left
    yield from _stretch(SpanKind.LAUNCH, begun, end)


def _left_at(launches: Sequence[Launch], seen: Seen, later: set[ServerPhase]) -> datetime | None:
    """When the last server that was seen later was first seen so."""
    jobs = {launch.job_id for launch in launches}
    found = [[at for phase, at in phases.items() if phase in later] for (job, _), phases in seen.items() if job in jobs]
    return max((min(times) for times in found if times), default=None)
