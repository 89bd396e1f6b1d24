"""What the bot promises, looked at from outside: in DRS, in the table, in Slack, in the bucket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.application.ports.slack import Background
from bot.application.proving import Proving
from bot.domain.commands import Topic, TopicKind
from bot.domain.drill import Drill
from bot.domain.facts import RecoveryInstance
from bot.domain.results import PASSED
from bot.domain.states import DrillState, InstanceState, ServerPhase
from bot.views import render
from tests.fakes.drs import FakeDrs
from tests.simulation.containers import SKEW, TIMEOUT, Ports

FOREIGN = "i-of-somebody-else"


def broken_now(ports: Ports) -> Iterator[str]:
    """Promises that hold after every step, and are broken."""
    made = Counter((job.drill_id, job.key) for job in ports.drs.jobs.values() if job.key)
    for (drill_id, key), times in made.items():
        if times > 1:
            yield f"{drill_id} has started {key} {times} times"
        yield from _launch_without_leave(ports.kept.drills[drill_id or ""].drill, key)
    if FOREIGN not in ports.drs.instances:
        yield "somebody else's instance is gone"


def _is_ours(ports: Ports, instance: RecoveryInstance) -> bool:
    """Whether a drill has launched it."""
    job = ports.drs.jobs.get(instance.job_id or "")
    return bool(job and job.drill_id)


def _launch_without_leave(drill: Drill, key: object) -> Iterator[str]:
    for wave in drill.waves:
        if wave.number != getattr(key, "wave", 0):
            continue
        if drill.started_at is None:
            yield f"{drill.id} was never started, and has launched {key}"
        if drill.plan.needs_approval(wave.number) and not any(asked.is_met for asked in wave.rounds):
            yield f"{drill.id} has launched {key}, which nobody has approved"


def readable(ports: Ports) -> list[Drill]:
    """The drills that this release can read."""
    return [stored.drill for name, stored in ports.kept.drills.items() if name not in ports.kept.unreadable]


def is_done(ports: Ports) -> bool:
    """Whether every drill has ended, its report is made, and nothing is left to be done."""
    drills = readable(ports)
    ended = all(drill.state is DrillState.ENDED for drill in drills)
    return bool(drills) and ended and not ports.kept.work and not any(_is_reported_late(drill) for drill in drills)


def _is_reported_late(drill: Drill) -> bool:
    return bool(drill.report and drill.report.is_being_made)


def broken_at_the_end(ports: Ports) -> Iterator[str]:
    """Promises that hold once all is over, and are broken."""
    yield from broken_now(ports)
    for drill in readable(ports):
        yield from _unfinished(drill)
        yield from _unrecorded(ports, drill)
        yield from _unequal(ports, drill)
        yield from _untrue(ports, drill)
        yield from _unauthorised(ports, drill)
        yield from _launched_too_late(ports, drill)
        yield from _passed_without_proof(ports, drill)
    left = [each.id for each in ports.drs.instances.values() if _is_ours(ports, each)]
    if left:
        yield f"instances are left over: {left}"
    if ports.kept.work:
        yield f"work is left over: {ports.kept.work}"
    if ports.kept.locks:
        yield f"locks are left over: {ports.kept.locks}"


_OPERATORS = {"drill_proposed", "drill_started", "hold_retried", "hold_skipped", "hold_resumed", "warnings_waived"}
_APPROVERS = {"wave_approved", "wave_rejected", "signed_off"}
LATEST = TIMEOUT + timedelta(seconds=2 * SKEW)
"""A function that has read the drill right before an abort may still send what it was about to: no longer than this."""


def _unauthorised(ports: Ports, drill: Drill) -> Iterator[str]:
    """Whoever did something was named for it by the plan, and with four eyes approved nothing of their own."""
    access = drill.plan.access
    ran = {person.user_id for person in (drill.requester, drill.started_by) if person}
    for record in ports.kept.records(drill.id):
        actor = getattr(record.event, "actor", None)
        if actor is None:
            continue
        named = access.operators if record.event.type in _OPERATORS else (*access.operators, *access.approvers)
        if record.event.type in _APPROVERS:
            named = tuple(set(access.approvers) - (ran if access.four_eyes and drill.started_at else set()))
        if actor.user_id not in named:
            yield f"{drill.id}: {record.event.type} was not for {actor.user_id} to do"


def _launched_too_late(ports: Ports, drill: Drill) -> Iterator[str]:
    """Nothing is launched any more once an abort is on record."""
    aborted = next((each.at for each in ports.kept.records(drill.id) if each.event.type == "drill_aborted"), None)
    for job in ports.drs.jobs.values():
        if aborted and job.key and job.drill_id == drill.id and job.created_at - aborted > LATEST:
            yield f"{job.id} was started {job.created_at - aborted} after {drill.id} was aborted"


def _passed_without_proof(ports: Ports, drill: Drill) -> Iterator[str]:
    """A drill that has passed has launched every critical server, as DRS itself shows."""
    launched = {
        server.id
        for job in ports.drs.jobs.values()
        for server in job.servers.values()
        if job.drill_id == drill.id and server.phase is ServerPhase.LAUNCHED
    }
    for server in drill.servers:
        if drill.outcome in PASSED and server.is_critical and server.id not in launched:
            yield f"{drill.id} has passed, and DRS has never launched {server.id}"


def _unfinished(drill: Drill) -> Iterator[str]:
    if drill.state is not DrillState.ENDED:
        yield f"{drill.id} has not ended: {drill.state}"
    for launch in drill.launches:
        if launch.is_open:
            yield f"{drill.id}: {launch.key} is open"


def _unrecorded(ports: Ports, drill: Drill) -> Iterator[str]:
    """Every job is on the record; the chain is whole, fits its anchors, and makes the drill once more."""
    known = {launch.job_id for launch in drill.launches}
    for job in ports.drs.jobs.values():
        if job.drill_id == drill.id and job.key and job.id not in known:
            yield f"{job.id} of {drill.id} is not on its record"
    for flaw in Proving(*ports.kept.proof).drill(drill.id).flaws:
        yield f"{drill.id}: {flaw}"


def _unequal(ports: Ports, drill: Drill) -> Iterator[str]:
    """Slack shows each thing once, under the card, and as the drill is."""
    posts = [post for post in ports.slack.posts if post.message.key.startswith(f"{drill.id}:")]
    for key, times in Counter(post.message.key for post in posts).items():
        if times > 1:
            yield f"{key} stands in Slack {times} times"
    card = next((post for post in posts if post.message.key == f"{drill.id}:card"), None)
    if card is None:
        yield f"{drill.id} has no card"
        return
    for post in posts:
        if post is not card and post.thread_ts != card.ts:
            yield f"{post.message.key} stands outside of the thread"
    now = Background(now=drill.ended_at or drill.proposed_at, earlier=())
    drawn = render(drill, Topic(kind=TopicKind.CARD), now)
    if drawn is not None and getattr(drawn, "text", "") != card.message.text:
        yield f"the card of {drill.id} says {card.message.text!r}, and should say {getattr(drawn, 'text', '')!r}"
    order = [post.ts for post in posts]
    if order != sorted(order):
        yield f"the thread of {drill.id} is out of order"


def _untrue(ports: Ports, drill: Drill) -> Iterator[str]:
    """Nothing that the bot says is gone is there."""
    there = set(ports.drs.instances)
    for server in drill.servers:
        if server.instance and server.instance.state is InstanceState.GONE and server.instance.id in there:
            yield f"{server.instance.id} is told to be gone, and is there"


class WatchedTermination(FakeDrs):
    """DRS that notices who terminates what: only a drill that cleans up, and only what its own jobs have launched."""

    ports: Ports
    wrong: list[str]

    def terminate(self, instance_ids: Sequence[str]) -> str:
        ids = tuple(instance_ids)
        for each in ids:
            instance = self.instances.get(each)
            job = self.jobs.get(instance.job_id or "") if instance else None
            stored = self.ports.kept.drills.get(job.drill_id or "") if job else None
            if instance and stored is None:
                self.wrong.append(f"{each} was terminated, and belongs to no drill")
            elif stored and stored.drill.state is not DrillState.CLEANING_UP and not self._is_swept(each):
                self.wrong.append(f"{each} was terminated while its drill was {stored.drill.state}")
        return super().terminate(ids)

    def _is_swept(self, instance_id: str) -> bool:
        return any(
            server.instance and server.instance.id == instance_id
            for stored in self.ports.kept.drills.values()
            if stored.drill.purpose == "sweep"
            for server in stored.drill.servers
        )
