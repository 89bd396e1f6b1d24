"""What can happen next in a `World`: `likely` moves, good and bad, and `mistakes`: late, stale or not allowed.

`helpful` is the next event of a world in which everything works, and `walk_out` follows it until the drill has ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from bot.domain.approval import Action
from bot.domain.cleanup_events import CleanupHindered, CleanupRequested, InstancesObserved
from bot.domain.commands import CleanUp, Command, LaunchBatch, RunPreflight, SelectAgain
from bot.domain.drill import Drill
from bot.domain.drill_parts import Hold
from bot.domain.duties import barred_from_answering, can_operate
from bot.domain.events import (
    DrillAborted,
    DrillHeld,
    DrillResumed,
    DrillStarted,
    Event,
    GlassBroken,
    HoldRetried,
    HoldSkipped,
    JobsObserved,
    JobStarted,
    LaunchDeferred,
    LaunchRefused,
    LaunchWithdrawn,
    PreflightCompleted,
    SelectionFailed,
    ServersSelected,
    TimePassed,
    WarningsWaived,
    WaveApproved,
    WaveRejected,
)
from bot.domain.facts import JobObservation, RecoveryInstance, ServerObservation
from bot.domain.findings import Check, Finding, Severity
from bot.domain.launch import Launch, LaunchKey
from bot.domain.preflight import unreadable
from bot.domain.state_machine import applies
from bot.domain.states import (
    BEFORE_START,
    DeferralReason,
    DrillState,
    HoldReason,
    JobStatus,
    LaunchState,
    ServerPhase,
    WaveState,
)
from bot.domain.wave_run import WaveRun
from tests.unit.domain import check_moves
from tests.unit.domain.check_moves import Move
from tests.unit.domain.orders import ADA, BOB, CAT, DAN, EVE, server
from tests.unit.domain.story import job
from tests.unit.domain.world import World

WARNINGS = tuple(
    Finding(check=check, severity=Severity.WARN, fact="It is odd.", remedy="Look at it.")
    for check in (Check.REPLICATION, Check.LEFTOVER_DRILL, Check.REAL_RECOVERY)
)
"""The last one is none: whatever its severity, it refuses the drill."""
PEOPLE = (ADA, BOB, CAT, DAN, EVE)
Refusal = Literal[HoldReason.LAUNCH_REFUSED, HoldReason.LAUNCH_UNKNOWN, HoldReason.UNSAFE]


def walk_out(world: World, decide: type[HoldRetried | HoldSkipped | DrillAborted], steps: int = 200) -> None:
    """Follow helpful events to the end of the drill; holds are decided one way."""
    for _step in range(steps):
        if world.drill.state is DrillState.ENDED:
            return
        event, done = helpful(world, decide)
        refused = world.apply(event, done)
        assert refused is None, f"{event!r} was to help but is refused: {refused}"
    raise AssertionError(f"no way out of {world.drill.state} within {steps} steps")


def helpful(
    world: World, decide: type[HoldRetried | HoldSkipped | DrillAborted] = HoldRetried
) -> tuple[Event, Command | None]:
    """What brings the drill nearer to its end, and the work that it is the result of."""
    drill = world.drill
    if drill.state in BEFORE_START:
        return _towards_start(world)
    if drill.hold:
        return _decision(drill, decide, drill.hold), None
    if drill.state is DrillState.CLEANING_UP:
        world.now += timedelta(minutes=10)
        look = world.pending(CleanUp)[-1]
        return InstancesObserved(present=(), turn=look.turn), look
    if drill.state is DrillState.OPERATING:
        return CleanupRequested(actor=CAT), None
    return _towards_cleanup(world)


def _decision(drill: Drill, decide: type[HoldRetried | HoldSkipped | DrillAborted], held: Hold) -> Event:
    who = next((person for person in PEOPLE if person.user_id in can_operate(drill, Action.RETRY)), None)
    if decide is DrillAborted or who is None:
        return DrillAborted(actor=ADA)
    if held.is_requested:
        return DrillResumed(actor=who, hold=held.number)
    skips = decide is HoldSkipped or not applies(drill, HoldRetried)
    return (HoldSkipped if skips else HoldRetried)(actor=who, hold=held.number, reason="not needed now")


def _towards_start(world: World) -> tuple[Event, Command | None]:
    if world.drill.state is DrillState.STARTING:
        return ServersSelected(servers=as_shown(world.drill), names={}), world.pending(SelectAgain)[0]
    checked = world.drill.state is DrillState.READY
    if checked and not world.drill.plan.times.is_open(world.now):  # nobody can start it before it expires
        world.now = max(world.now, world.drill.expires_at)
    if world.now >= world.drill.expires_at:
        return TimePassed(), None
    if world.drill.state is DrillState.PROPOSED:
        return preflight(world.drill), world.pending(RunPreflight)[0]
    if world.drill.standing_warnings:
        return WarningsWaived(actor=ADA, reason="known and harmless"), None
    return DrillStarted(actor=ADA), None


def preflight(drill: Drill, *findings: Finding, also: int | None = None) -> PreflightCompleted:
    """The checks are done. Where tags choose, they choose what they did, and one more server for the first wave."""
    chosen = as_shown(drill, also=also) if drill.plan.selects else ()
    return PreflightCompleted(findings=findings, names={}, servers=chosen)


def as_shown(drill: Drill, also: int | None = None) -> tuple[tuple[str, ...], ...]:
    """The server ids of each wave as people have been shown them; `also`: one more in the first wave, by its number."""
    first, *others = (tuple(server.id for server in wave.servers) for wave in drill.waves)
    return (first if also is None else tuple(dict.fromkeys((*first, server(also)))), *others)


def _towards_cleanup(world: World) -> tuple[Event, Command | None]:
    drill = world.drill
    if work := next(iter(live_work(world)), None):
        wanted = drill.may_launch(work.key)
        started = JobStarted(key=work.key, job_id=job(work.key))
        return started if wanted else LaunchWithdrawn(key=work.key), work
    if drill.followed_jobs:
        return JobsObserved(jobs=tuple(ended(drill, launch) for launch in drill.followed_jobs)), None
    if look := next(check_moves.live_looks(world), None):
        return check_moves.passing(drill, look), look
    if click := next(check_moves.confirming(drill), None):
        return click, None
    waiting = [wave for wave in drill.open_waves if wave.state is WaveState.AWAITING_APPROVAL]
    if not waiting and drill.wake_at:
        world.now = max(world.now, drill.wake_at)
    if drill.wake_at and world.now >= drill.wake_at:
        return TimePassed(), None
    assert waiting, f"nothing can happen in {drill.state}"
    return approval(drill, waiting[0]), None


def live_work(world: World) -> Iterator[LaunchBatch]:
    """The launches in the outbox that the drill still waits for."""
    asked = {launch.key for launch in world.drill.launches if launch.state is LaunchState.REQUESTED}
    return (command for command in world.pending(LaunchBatch) if command.key in asked)


def ended(drill: Drill, launch: Launch) -> JobObservation:
    """The launch's job as DRS shows it when everything has gone well."""
    servers = tuple(ServerObservation(id=id_, phase=ServerPhase.LAUNCHED) for id_ in launch.server_ids)
    assert launch.job_id in drill.job_ids
    return JobObservation(job_id=str(launch.job_id), status=JobStatus.COMPLETED, servers=servers)


def approval(drill: Drill, wave: WaveRun) -> WaveApproved:
    """A click that counts: by an approver who may and has not yet."""
    assert wave.state is WaveState.AWAITING_APPROVAL
    assert wave.round
    barred = barred_from_answering(drill)
    given = {approved.by.user_id for approved in wave.round.given}
    who = next(p for p in PEOPLE if p.user_id in drill.plan.access.approvers and p.user_id not in barred | given)
    return WaveApproved(actor=who, wave=wave.number, round=wave.round.number)


def instances(drill: Drill) -> tuple[RecoveryInstance, ...]:
    """What DRS would show of the servers that were launched."""
    launched = [server.id for server in drill.servers if server.phase is ServerPhase.LAUNCHED]
    return tuple(RecoveryInstance(id=f"i-{id_}", server_id=id_, is_drill=True) for id_ in launched)


def likely(world: World) -> list[Move]:
    """What may well happen next, good and bad."""
    if world.drill.state is DrillState.ENDED:
        return []
    of_checks = check_moves.moves(world)
    return [*_of_people(world), *_of_work(world), *_of_jobs(world.drill), *of_checks, *_of_time(world)]


def _of_people(world: World) -> Iterator[Move]:
    drill = world.drill
    if len(world.record) > 9:
        yield Move(DrillAborted(actor=CAT))
    if drill.state is DrillState.READY:
        yield from (Move(DrillStarted(actor=person)) for person in (ADA, BOB))
        yield Move(WarningsWaived(actor=BOB, reason="known and harmless", checks=(Check.REPLICATION,)))
        yield Move(WarningsWaived(actor=ADA, reason="known and harmless"))
    if drill.state is DrillState.RUNNING:
        yield Move(DrillHeld(actor=DAN, reason="wait"))
    if drill.hold:
        yield Move(DrillResumed(actor=BOB, hold=drill.hold.number), after=timedelta(minutes=7))
        yield Move(HoldRetried(actor=BOB, hold=drill.hold.number))
        skip = HoldSkipped(actor=BOB, hold=drill.hold.number, reason="not needed now")
        failed = [server.id for server in drill.wave(drill.hold.wave).failed(critical=True)]
        out: tuple[list[str], ...] = ([], failed, failed[1:], failed[:1])
        yield from (Move(skip.model_copy(update={"servers": tuple(servers)})) for servers in out)
    for wave in drill.open_waves if drill.state is DrillState.RUNNING else ():
        if wave.round is None:
            continue
        approvals = (WaveApproved(actor=p, wave=wave.number, round=wave.round.number) for p in (BOB, CAT, DAN, EVE))
        yield from (Move(approval) for approval in approvals)
        yield Move(WaveRejected(actor=DAN, wave=wave.number, round=wave.round.number, comment="not today"))
        yield Move(GlassBroken(actor=EVE, wave=wave.number, round=wave.round.number, reason="nobody is here"))
    if drill.state in {DrillState.OPERATING, DrillState.CLEANING_UP}:
        yield Move(CleanupRequested(actor=DAN))


def _of_work(world: World) -> Iterator[Move]:
    drill = world.drill
    for work in dict.fromkeys(live_work(world)):
        certain = LaunchWithdrawn(key=work.key) if not drill.may_launch(work.key) else answers(work.key)[0]
        yield from (Move(answer, work) for answer in (certain, *answers(work.key)))
    if work_left := world.pending(RunPreflight):
        bad = (unreadable("DRS", "denied"),)
        found = ((), (), WARNINGS[:2], WARNINGS[:2], WARNINGS[:1], WARNINGS, bad)
        yield from (Move(preflight(drill, *f, also=901), work_left[0]) for f in found)
    if looks_left := world.pending(SelectAgain):
        chosen = (as_shown(drill), as_shown(drill, also=902), ((server(903),), *as_shown(drill)[1:]))
        yield from (Move(ServersSelected(servers=each, names={}), looks_left[0]) for each in chosen)
        yield Move(SelectionFailed(error="no answer"), looks_left[0])
    if looks := world.pending(CleanUp):
        shown = instances(drill)
        told = tuple(instance.id for instance in shown)
        turn = looks[0].turn
        yield Move(InstancesObserved(present=shown, terminating=told, job_ids=("drsjob-t",), turn=turn), looks[0])
        yield Move(InstancesObserved(present=shown[1:], turn=turn), looks[0])
        yield Move(CleanupHindered(error="denied", turn=turn), looks[0])


def answers(key: LaunchKey) -> list[Event]:
    """All that the executor may have to say of a launch."""
    reasons: tuple[Refusal, ...] = (HoldReason.LAUNCH_REFUSED, HoldReason.LAUNCH_UNKNOWN, HoldReason.UNSAFE)
    delay = timedelta(seconds=30)
    return [
        JobStarted(key=key, job_id=job(key)),
        JobStarted(key=key, job_id=job(key), adopted=True),
        *(LaunchRefused(key=key, reason=reason, error="denied, or no answer") for reason in reasons),
        LaunchDeferred(key=key, reason=DeferralReason.THROTTLED, error="slow down", delay=delay),
        LaunchWithdrawn(key=key),
    ]


def _of_jobs(drill: Drill) -> Iterator[Move]:
    for launch in drill.followed_jobs:
        whole = ended(drill, launch)
        failed = ServerObservation(id=launch.server_ids[0], phase=ServerPhase.FAILED, failure="no capacity")
        for seen in (
            whole,
            whole.model_copy(update={"servers": (failed, *whole.servers[1:])}),
            whole.model_copy(update={"servers": whole.servers[1:]}),
            whole.model_copy(update={"status": JobStatus.STARTED, "servers": whole.servers[:1]}),
            JobObservation(job_id=whole.job_id, status=None),
        ):
            yield Move(JobsObserved(jobs=(seen,)))
    if drill.followed_jobs:
        gone = (JobObservation(job_id=str(launch.job_id), status=None) for launch in drill.followed_jobs)
        yield Move(JobsObserved(jobs=tuple(gone)))


def _of_time(world: World) -> Iterator[Move]:
    wake_at = world.drill.wake_at
    if wake_at and world.drill.state in {DrillState.RUNNING, DrillState.ABORTING, DrillState.OPERATING}:
        yield Move(TimePassed(), after=max(wake_at - world.now, timedelta(0)))
