"""A sweep: looks for drill instances that belong to no open drill, and cleans them up when somebody says so.

State can be lost: a table that was deleted, a record that was restored to an earlier time. The instances run on and
cost money, and no drill knows them. A sweep is a drill of its own kind: it launches nothing; what it has found is its
only wave, as if it had launched it; from Start on it is a cleanup like any other, with its locks and its record.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from bot.domain import duties
from bot.domain.approval import Action
from bot.domain.cleanup_events import LeftoversFound
from bot.domain.commands import FindLeftovers
from bot.domain.drill import Drill
from bot.domain.ending import clean_up
from bot.domain.errors import IllegalTransition
from bot.domain.events import DrillProposed, DrillStarted
from bot.domain.launch import Instance, Launch, LaunchKey, ServerRun
from bot.domain.leftovers import Leftover
from bot.domain.mark_up import moment
from bot.domain.plan_servers import Impact
from bot.domain.proposing import proposed
from bot.domain.states import DrillState, LaunchState, Outcome, ServerPhase
from bot.domain.step import Step
from bot.domain.wave_run import WaveRun

VALID = timedelta(hours=1)
"""How long what a sweep has found waits for somebody: after that it may have changed."""
NAME = "Left over"


def propose(event: DrillProposed, now: datetime) -> Step:
    """Have what is left over looked for, where the plan's servers are."""
    wave = WaveRun(number=1, name=NAME, servers=(), launch_timeout=VALID)
    return Step(proposed(event, now, VALID, (wave,)), (FindLeftovers(),))


def leftovers_found(drill: Drill, event: LeftoversFound, now: datetime) -> Step:
    """Offer what was found to be cleaned up; end where there is nothing, or nobody can look."""
    if event.error is not None:
        ended = {"state": DrillState.ENDED, "outcome": Outcome.REFUSED, "ended_at": now}
        return Step(drill).then(**ended, findings=(*drill.findings, event.error))
    if not event.leftovers:
        return Step(drill).then(state=DrillState.ENDED, outcome=Outcome.SWEPT, ended_at=now)
    wave = drill.wave(1).model_copy(
        update={"servers": tuple(map(_server, event.leftovers)), "launches": _launches(event.leftovers, now)}
    )
    return Step(drill.with_wave(wave)).then(state=DrillState.READY, expires_at=now + VALID)


def _server(leftover: Leftover) -> ServerRun:
    seen = leftover.instance
    return ServerRun(
        id=seen.server_id,
        impact=Impact.OPTIONAL,
        name=leftover.name,
        phase=ServerPhase.LAUNCHED,
        job_id=seen.job_id,
        ec2_instance_id=seen.ec2_instance_id,
        instance=Instance(id=seen.id, ec2_instance_id=seen.ec2_instance_id, job_id=seen.job_id or ""),
    )


def _launches(leftovers: tuple[Leftover, ...], now: datetime) -> tuple[Launch, ...]:
    """The jobs that have launched them: what else these jobs may have launched is not touched, since it is not here."""
    servers: dict[str, list[str]] = defaultdict(list)
    for leftover in leftovers:
        servers[leftover.instance.job_id or ""].append(leftover.instance.server_id)
    return tuple(
        Launch(
            key=LaunchKey(wave=1, attempt=1, batch=batch),
            server_ids=tuple(server_ids),
            state=LaunchState.COMPLETED,
            job_id=job_id,
            requested_at=now,
        )
        for batch, (job_id, server_ids) in enumerate(servers.items(), start=1)
    )


def start(drill: Drill, event: DrillStarted, now: datetime) -> Step:
    """Terminate what was found."""
    duties.authorise(drill, Action.START, event.actor)
    if now >= drill.expires_at:
        raise IllegalTransition(f"This sweep expired, {moment(drill.expires_at)}: ask for a new one.")
    begun = {"started_at": now, "started_by": event.actor, "waves_ended_at": now, "outcome": Outcome.SWEPT}
    return clean_up(Step(drill).then(**begun), now)
