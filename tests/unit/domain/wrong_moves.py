"""What comes too late, or from the wrong person, or by an old button."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.domain.cleanup_events import CleanupRequested, InstancesObserved
from bot.domain.drill import Drill
from bot.domain.events import (
    DrillAborted,
    DrillHeld,
    DrillResumed,
    DrillStarted,
    GlassBroken,
    HoldRetried,
    HoldSkipped,
    JobsObserved,
    PreflightCompleted,
    ProposalWithdrawn,
    SelectionFailed,
    TimePassed,
    WarningsWaived,
    WaveApproved,
    WaveRejected,
)
from bot.domain.facts import JobObservation, ServerObservation
from bot.domain.findings import Check
from bot.domain.states import (
    DrillState,
    JobStatus,
    LaunchState,
    ServerPhase,
)
from tests.unit.domain import check_moves
from tests.unit.domain.check_moves import Move
from tests.unit.domain.moves import PEOPLE, answers
from tests.unit.domain.orders import ADA, BOB, CAT, DAN, EVE
from tests.unit.domain.world import World


def mistakes(world: World) -> list[Move]:
    """What comes too late, or from the wrong person, or by an old button; and time in which nothing happens."""
    of_checks = check_moves.mistakes(world.drill)
    return [
        *_of_strangers(world.drill),
        *_of_latecomers(world),
        *of_checks,
        *(Move(TimePassed(), after=wait) for wait in _WAITS),
    ]


_WAITS = (timedelta(0), timedelta(minutes=1), timedelta(minutes=59))


def _of_strangers(drill: Drill) -> Iterator[Move]:
    yield from (Move(click(actor=EVE)) for click in (DrillStarted, ProposalWithdrawn, DrillHeld, DrillAborted))
    yield from (Move(DrillHeld(actor=person, reason="again " * 100)) for person in (ADA, CAT))
    yield from (Move(DrillStarted(actor=person)) for person in (ADA, CAT))
    yield Move(ProposalWithdrawn(actor=CAT))
    yield Move(CleanupRequested(actor=EVE))
    yield from (Move(WarningsWaived(actor=p, reason="known and harmless")) for p in (ADA, CAT, EVE))
    yield Move(WarningsWaived(actor=ADA, reason="so what"))
    yield Move(WarningsWaived(actor=ADA, reason="known and harmless", checks=(Check.FAILBACK,)))
    for wave in (*(wave.number for wave in drill.waves), 0, 9):
        rounds = len(drill.wave(wave).rounds) if 0 < wave <= len(drill.waves) else 1
        yield from (Move(WaveApproved(actor=p, wave=wave, round=n)) for p in PEOPLE for n in (rounds, rounds - 1))
        for comment in ("not today", ""):
            rejections = (
                WaveRejected(actor=p, wave=wave, round=n, comment=comment) for p in PEOPLE for n in (rounds, 1)
            )
            yield from (Move(rejection) for rejection in rejections)
        broken = (
            GlassBroken(actor=p, wave=wave, round=rounds, reason=r) for p in PEOPLE for r in ("why", "not today!")
        )
        yield from (Move(each) for each in broken)
        yield Move(WaveApproved(actor=DAN, wave=wave, round=rounds), after=drill.plan.access.approval_timeout)
    for number in range(len(drill.holds) + 2):
        yield from (Move(DrillResumed(actor=person, hold=number)) for person in (CAT, BOB, EVE))
        yield from (Move(HoldRetried(actor=person, hold=number)) for person in (BOB, EVE))
        yield Move(HoldSkipped(actor=BOB, hold=number, reason="so what"))
        yield from (Move(HoldSkipped(actor=person, hold=number - 1, reason="not needed now")) for person in (BOB, EVE))


def _of_latecomers(world: World) -> Iterator[Move]:
    drill = world.drill
    for launch in drill.launches:
        if launch.state is not LaunchState.REQUESTED:
            yield from (Move(answer) for answer in answers(launch.key))
        if launch.job_id:
            old = ServerObservation(id=launch.server_ids[-1], phase=ServerPhase.SNAPSHOT)
            seen = JobObservation(job_id=launch.job_id, status=JobStatus.PENDING, servers=(old,))
            yield Move(JobsObserved(jobs=(seen,)))
    yield Move(PreflightCompleted(findings=(), names={}))
    yield Move(SelectionFailed(error="late"))
    if drill.state is not DrillState.CLEANING_UP:
        yield Move(InstancesObserved(present=()))
