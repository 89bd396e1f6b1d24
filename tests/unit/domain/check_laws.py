"""What must be true of checks after every step of every drill; `laws.hold` asks for it."""

from __future__ import annotations

from bot.domain.checks import CheckState, RoundPurpose
from bot.domain.drill import Drill
from bot.domain.states import (
    DrillState,
    Outcome,
    WaveState,
)


def what_must_hold_has_been_seen_to(drill: Drill) -> None:
    """No wave is launched unprepared, none is done and no drill passes unverified."""
    for wave in drill.waves:
        planned = drill.plan.wave(wave.number)
        assert not (planned.before and wave.launches) or wave.is_prepared
        newest = wave.verification
        if wave.state is WaveState.SUCCEEDED and drill.plan.checks_of(wave.number) and not drill.aborted_at:
            assert newest
            assert newest.ended_at
            assert all(run.state is CheckState.PASSED for run in newest.runs if newest.is_critical(run))
        is_checked = wave.state in {WaveState.PREPARING, WaveState.VERIFYING}
        repeats = drill.state is DrillState.OPERATING and wave.state is WaveState.SUCCEEDED
        assert not wave.checking or is_checked or repeats
        assert not (is_checked and drill.state is DrillState.RUNNING) or wave.checking
        assert drill.state not in {DrillState.OPERATING, DrillState.CLEANING_UP, DrillState.ENDED} or not is_checked
        for each in wave.checks[-1:]:
            lost = each.failed(critical=True) if each.ended_at else ()
            spoilt = {Outcome.PASSED}
            if each.purpose is not RoundPurpose.REPEAT:
                spoilt.add(Outcome.PASSED_WITH_FINDINGS)
            assert not lost or drill.outcome not in spoilt
        for checking in wave.checks:
            asked = [run for run in checking.runs if run.by]
            assert all(run.by and run.by.is_among(_all(drill)) and checking.asked_at for run in asked)


def _all(drill: Drill) -> set[str]:
    return {*drill.plan.access.operators, *drill.plan.access.approvers}
