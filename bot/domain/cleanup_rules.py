"""What the looks at its instances do to a drill that cleans up: it ends only when DRS shows none of them any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain import duties
from bot.domain.approval import Action
from bot.domain.cleanup_events import CleanupHindered, CleanupRequested, InstancesObserved
from bot.domain.commands import CleanUp, TopicKind
from bot.domain.drill import Drill
from bot.domain.drill_parts import CleanupRun
from bot.domain.ending import end, look_again
from bot.domain.facts import RecoveryInstance
from bot.domain.launch import Instance, ServerRun
from bot.domain.states import InstanceState, ServerPhase
from bot.domain.step import Step, draw
from bot.domain.waves import UNCERTAIN

LOOK_AGAIN = timedelta(seconds=30)
"""How long after a look at the cleanup the next one comes."""
HINDERED = timedelta(minutes=1)
"""The same, when DRS would not show or terminate instances."""
APPEARANCE = timedelta(minutes=10)
"""How long a launched server's recovery instance may take to show up in DRS before it is taken not to exist."""


def instances_observed(drill: Drill, event: InstancesObserved, now: datetime) -> Step:
    """Record what is left of the drill's instances; end the drill when nothing is.

    Each is on record before it is told to go: should a look be cut off after that, nobody has to wonder what was there.
    """
    shown = {instance.server_id: instance for instance in event.present}
    told = frozenset(event.terminating)
    step = Step(drill)
    for wave in drill.waves:
        servers = tuple(_with_instance(server, shown.get(server.id), told, now) for server in wave.servers)
        if servers != wave.servers:
            step = step.with_wave(wave.model_copy(update={"servers": servers}))
    step = step.then(draw(TopicKind.CLEANUP), cleanup=_cleanup(drill, now, event.job_ids, event.problem))
    if event.present:
        at_once = is_news(drill, event.present) and not event.terminating
        return look_again(step, event.turn, now if at_once else now + LOOK_AGAIN)
    return _end_or_await(step, event.turn, now)


def is_news(drill: Drill, present: Iterable[RecoveryInstance]) -> bool:
    """Whether there are instances of servers of which none is on record yet: they are, before one is told to go."""
    shown = {instance.server_id for instance in present}
    return any(server.instance is None and server.id in shown for server in drill.servers)


def _with_instance(server: ServerRun, seen: RecoveryInstance | None, told: frozenset[str], now: datetime) -> ServerRun:
    if seen:
        return server.model_copy(update={"instance": _instance(server, seen, told, now)})
    if server.instance is None:
        return server
    return server.model_copy(update={"instance": server.instance.model_copy(update={"state": InstanceState.GONE})})


def _instance(server: ServerRun, seen: RecoveryInstance, told: frozenset[str], now: datetime) -> Instance:
    before = server.instance if server.instance and server.instance.id == seen.id else None
    since = now if seen.id in told else before.terminating_since if before else None
    return Instance(
        id=seen.id,
        ec2_instance_id=seen.ec2_instance_id,
        job_id=seen.job_id or "",
        recovery_point=seen.recovery_point,
        state=InstanceState.TERMINATING if since else InstanceState.RUNNING,
        terminating_since=since,
    )


def _end_or_await(step: Step, turn: int, now: datetime) -> Step:
    awaited = unseen(step.drill)
    if awaited and now - _since(step.drill, now) < APPEARANCE:
        return look_again(step, turn, now + LOOK_AGAIN)
    return end(step, now, *(_never_appeared(server) for server in awaited if _launched(server)))


def unseen(drill: Drill) -> tuple[ServerRun, ...]:
    """Servers that were launched, or may have been, and whose recovery instance DRS has not shown yet."""
    return tuple(s for s in drill.servers if s.instance is None and (_launched(s) or s.failure in UNCERTAIN))


def _launched(server: ServerRun) -> bool:
    return server.phase is ServerPhase.LAUNCHED


def _never_appeared(server: ServerRun) -> str:
    where = f"EC2 instance {server.ec2_instance_id}" if server.ec2_instance_id else "its EC2 instance"
    return f"DRS never showed a recovery instance of {server.name or server.id}: see whether {where} is still there."


def cleanup_hindered(drill: Drill, event: CleanupHindered, now: datetime) -> Step:
    """Say what is in the way and try again: the drill does not end with instances left."""
    cleanup = _cleanup(drill, now, (), event.error)
    return look_again(Step(drill).then(draw(TopicKind.CLEANUP), cleanup=cleanup), event.turn, now + HINDERED)


def clean_up_now(drill: Drill, event: CleanupRequested, now: datetime) -> Step:
    """Look at the cleanup now; the looks that were to come later are dropped."""
    duties.authorise(drill, Action.CLEAN_UP, event.actor)
    cleanup = _cleanup(drill, now, (), drill.cleanup.problem if drill.cleanup else None)
    sooner = cleanup.model_copy(update={"turn": cleanup.turn + 1})
    return Step(drill).then(CleanUp(turn=sooner.turn), cleanup=sooner)


def _cleanup(drill: Drill, now: datetime, job_ids: tuple[str, ...], problem: str | None) -> CleanupRun:
    before = drill.cleanup or CleanupRun(since=now)
    return before.model_copy(update={"job_ids": before.job_ids + job_ids, "problem": problem})


def _since(drill: Drill, now: datetime) -> datetime:
    return drill.cleanup.since if drill.cleanup else now
