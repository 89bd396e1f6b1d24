"""Parts of evidence: what was to be proven, what came of it, beside earlier drills, and who has signed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.domain.afterwards import EarlierFinding
from bot.domain.cleanup_rules import unseen
from bot.domain.drill import Drill
from bot.domain.evidence_criteria import criteria
from bot.domain.evidence_parts import (
    FollowUpEvidence,
    NoteEvidence,
    ObjectiveOfDrill,
    PointFigures,
    Profile,
    RecoveryFigures,
    Scope,
    SignOffEvidence,
    Trend,
    Verdict,
)
from bot.domain.launch_point import LaunchPoint, NewestBefore, NewestExisting
from bot.domain.mark_up import in_utc
from bot.domain.measures import RecoveryTime, recovery_point, recovery_time
from bot.domain.results import PASSED, DrillResult, result_of
from bot.domain.states import InstanceState, Purpose, ServerPhase

SCENARIO = (
    "Loss of the servers' own site: each is launched from what AWS Elastic Disaster Recovery has replicated of it into "
    "the recovery Region, as a drill. Production keeps running, and nothing fails over."
)
SWEEP = (
    "Drill instances that belong to no drill under way are found by the tags of their DRS jobs, and terminated. "
    "Nothing is launched."
)


def verdict(drill: Drill) -> Verdict:
    """How the drill has ended.

    Raises:
        ValueError: it has not.
    """
    if drill.ended_at is None or drill.outcome is None:
        raise ValueError(f"{drill.id} has not ended")
    reached = recovery_time(drill)
    left = [s for s in drill.servers if s.instance and s.instance.state is not InstanceState.GONE]
    up_since, cleaned_since = drill.operation, drill.cleanup
    return Verdict(
        outcome=drill.outcome,
        passed=drill.outcome in PASSED,
        purpose=drill.purpose,
        proposed_at=drill.proposed_at,
        started_at=drill.started_at,
        ended_at=drill.ended_at,
        recovery=_figures(drill.started_at, reached) if reached and drill.started_at else None,
        point=_points(drill),
        servers=drill.server_count,
        launched=sum(server.phase is ServerPhase.LAUNCHED for server in drill.servers),
        instances_left=len(left) + len(unseen(drill)),
        operated=cleaned_since.since - up_since.since if up_since and cleaned_since else None,
        findings=drill.findings,
    )


def _figures(started_at: datetime, reached: RecoveryTime) -> RecoveryFigures:
    return RecoveryFigures(
        objective=reached.objective,
        gross=reached.gross,
        waiting=reached.waiting,
        net=reached.net,
        launched=reached.launched,
        recovered_at=started_at + reached.gross,
        due_at=started_at + reached.objective + reached.waiting,
        is_met=reached.is_met,
    )


def _points(drill: Drill) -> PointFigures:
    critical = [server for server in drill.servers if server.is_critical]
    known = [point for server in critical if (point := recovery_point(drill, server))]
    unknown = len(critical) - len(known)
    missed = any(not point.is_met for point in known)
    return PointFigures(
        objective=drill.plan.objectives.rpo,
        worst=max((point.age for point in known), default=None),
        unknown=unknown,
        is_met=False if missed else None if unknown or not known else True,
    )


def objective(drill: Drill, reached: Verdict) -> ObjectiveOfDrill:
    """What the drill was to prove. `reached`: its verdict, by which it is told what of that holds."""
    scenario = SWEEP if drill.purpose is Purpose.SWEEP else f"{SCENARIO} Launched from {_point(drill.launch_point)}."
    return ObjectiveOfDrill(
        title=drill.plan.title,
        description=drill.plan.description,
        owner=drill.plan.owner,
        scenario=scenario,
        launch_point=drill.launch_point,
        criteria=tuple(criteria(drill, reached)),
    )


def _point(point: LaunchPoint) -> str:
    if isinstance(point, NewestBefore):
        return f"the newest recovery snapshots of before {in_utc(point.at)}"
    return "the newest recovery snapshots" if isinstance(point, NewestExisting) else "fresh snapshots"


def scope(drill: Drill) -> Scope:
    """Where, and how much."""
    return Scope(
        account_id=drill.target.account_id,
        region=drill.target.region,
        role_arn=drill.target.role_arn,
        waves=tuple(wave.name for wave in drill.waves),
        servers=drill.server_count,
        critical=sum(server.is_critical for server in drill.servers),
    )


def follow_ups(found: Iterable[EarlierFinding]) -> tuple[FollowUpEvidence, ...]:
    """Findings that people have added, each with the id of its drill."""
    return tuple(
        FollowUpEvidence(
            drill_id=drill_id,
            number=each.number,
            text=each.text,
            owner=each.owner,
            due=each.due.isoformat(),
            added_by=each.by.user_id,
            added_at=each.at,
            is_open=each.is_open,
            fixed_by=each.fixed_by.user_id if each.fixed_by else None,
            fixed_at=each.fixed_at,
            how=each.how,
        )
        for drill_id, each in found
    )


def notes(drill: Drill) -> tuple[NoteEvidence, ...]:
    """Messages of the thread that were put on record."""
    return tuple(
        NoteEvidence(at=note.at, added_by=note.by.user_id, author=note.author, text=note.text, permalink=note.permalink)
        for note in drill.notes
    )


def sign_offs(drill: Drill, profiles: Mapping[str, Profile]) -> tuple[SignOffEvidence, ...]:
    """Who has signed it."""
    return tuple(
        SignOffEvidence(
            by=each.by,
            name=profiles.get(each.by.user_id, Profile()).name,
            at=each.at,
            sha256=each.sha256,
            comment=each.comment,
        )
        for each in drill.signoffs
    )


def comparison(drill: Drill, earlier: Iterable[DrillResult]) -> tuple[Trend, ...]:
    """This drill and those before it that were run, the newest first."""
    this = result_of(drill)
    others = (result for result in earlier if drill.ended_at and result.ended_at < drill.ended_at)
    results = (*((this,) if this else ()), *others)
    return tuple(trend_of(result) for result in results if result.was_run)


def trend_of(result: DrillResult) -> Trend:
    """A drill beside the others."""
    reached = result.recovery
    return Trend(
        drill_id=result.drill_id,
        ended_at=result.ended_at,
        outcome=result.outcome,
        net=reached.net if reached else None,
        objective=reached.objective if reached else None,
        is_met=reached.is_met if reached else None,
        waves={wave.name: wave.took for wave in result.waves},
    )
