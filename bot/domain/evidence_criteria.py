"""Parts of evidence: by what a drill is judged, as its plan says it, and whether each of it was met."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.checks import CheckState, RoundPurpose
from bot.domain.drill import Drill
from bot.domain.durations import spell
from bot.domain.evidence_parts import Criterion, Verdict
from bot.domain.plan_checks import PlanCheck
from bot.domain.states import Purpose
from bot.domain.wave_run import WaveRun


def criteria(drill: Drill, verdict: Verdict) -> Iterator[Criterion]:
    """Everything that must hold. `verdict`: of the drill, which the figures are of."""
    was_started = verdict.started_at is not None
    if drill.purpose is not Purpose.SWEEP:
        yield from _objectives(drill, verdict)
        yield from _approvals(drill)
        yield from _checks(drill)
    gone = verdict.instances_left == 0
    yield Criterion(text="Every drill instance is terminated in the end.", is_met=gone if was_started else None)


def _objectives(drill: Drill, verdict: Verdict) -> Iterator[Criterion]:
    rto, rpo = spell(drill.plan.objectives.rto), spell(drill.plan.objectives.rpo)
    reached = verdict.recovery.is_met if verdict.recovery else False
    yield Criterion(
        text=f"Every critical server is recovered within {rto} (RTO), time spent waiting for people not counted.",
        is_met=reached if verdict.started_at else None,
    )
    yield Criterion(
        text=f"No critical server's data would have been older than {rpo} (RPO).",
        is_met=verdict.point.is_met if verdict.started_at else None,
    )


def _approvals(drill: Drill) -> Iterator[Criterion]:
    """That waves were launched only after their approvals; glass that was broken is none."""
    waves = [wave for wave in drill.waves if drill.plan.needs_approval(wave.number)]
    if not waves:
        return
    access, launched = drill.plan.access, [wave for wave in waves if wave.launches]
    count = access.minimum_approvals
    given = "an approval" if count == 1 else f"{count} approvals"
    eyes = " by somebody who neither asked for the drill nor started it" if access.bars_whoever_starts else ""
    yield Criterion(
        text=f"{_named(waves)} launched only after {given}{eyes}.",
        is_met=all(map(_was_approved, launched)) if launched else None,
    )


def _named(waves: list[WaveRun]) -> str:
    *most, last = (str(wave.number) for wave in waves)
    return f"Waves {', '.join(most)} and {last} are" if most else f"Wave {last} is"


def _was_approved(wave: WaveRun) -> bool:
    return any(asked.is_met and asked.broken is None for asked in wave.rounds)


def _checks(drill: Drill) -> Iterator[Criterion]:
    for wave in drill.waves:
        for number, check in enumerate(drill.plan.checks_of(wave.number), start=1):
            if check.is_critical:
                yield _check(wave, number, check)


def _check(wave: WaveRun, number: int, check: PlanCheck) -> Criterion:
    """As the last round of the wave's checks after its launch has shown it."""
    rounds = [each for each in wave.checks if each.purpose is RoundPurpose.AFTER]
    runs = [run for run in rounds[-1].runs if run.number == number] if rounds else []
    passed = all(run.state is CheckState.PASSED for run in runs)
    text = f"Wave {wave.number} ({wave.name}): {check.title} must hold within {spell(check.within)}."
    return Criterion(text=text, is_met=passed if runs else None)
