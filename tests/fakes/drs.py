"""DRS in memory, at the level of the port, for tests of the application. Nothing moves unless a test moves it.

    clock = ManualClock()
    drs = FakeDrs(clock.now)
    drs.add_servers("s-…", SourceServer(id="s-…", replication_state="STALLED"))    # an id alone: a healthy server
    drs.add_instance(RecoveryInstance(id="i-…", server_id="s-…", is_drill=False))
    drs.set_snapshots("s-…", RecoverySnapshot(id="pit-…", at=…))   # all that the server has; none at first

    job = drs.start_drill("drill-1", key, ["s-…"])             # what the code under test does
    drs.advance(job, ServerPhase.CONVERSION)                    # all servers of the job, or only those named
    drs.finish(job, failed={"s-…": "no capacity"})              # job COMPLETED, the other servers launched
    drs.finish(drs.terminate(["i-…"]))                          # the instances are gone
    drs.forget(job)                                             # DRS does not know the job any more
    drs.add_job(["s-…"])                                        # somebody else's job

    drs.fail_next("start_drill", DrsError(Refused.THROTTLED, "Rate exceeded"))
    drs.fail_next("start_drill", DrsError(Refused.UNCLEAR, "timeout"), after_effect=True)    # done, reply lost

`drs.in_a_step` is of how many servers it tells at once what DRS tells of one server a call.
`drs.calls` is every call of the port with its arguments, failed ones too; `drs.called("observe")` those of one method.
`FakeDrsClients(clock.now)` gives one `FakeDrs` for each account and Region: `clients.at(target)`, and `clients.asked`.

As DRS does, it refuses a second job for a server, servers and instances that it does not know, and too many at once; a
drill deletes the server's previous instance when it starts, whatever that is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.application.ports.drs import DrsError, Refused
from bot.domain.facts import (
    ActiveJob,
    JobObservation,
    LaunchSettings,
    RecoveryInstance,
    ServerObservation,
    SourceServer,
    TaggedJob,
)
from bot.domain.launch import MAX_SERVERS_PER_JOB, LaunchKey
from bot.domain.launch_point import RecoverySnapshot
from bot.domain.plan import Target
from bot.domain.states import JobStatus, ServerPhase
from tests.fakes.calls import FailingCalls
from tests.fakes.drs_records import USUAL, Job, expect, healthy

MAX_INSTANCES_PER_TERMINATION = 200
CLOCK_MARGIN = timedelta(minutes=5)


class FakeDrs(FailingCalls):
    """DRS in one account and Region (port `Drs`). The module says how to drive it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self.servers: dict[str, SourceServer] = {}
        self.instances: dict[str, RecoveryInstance] = {}
        self.snapshots: dict[str, tuple[RecoverySnapshot, ...]] = {}
        self.settings: dict[str, LaunchSettings] = {}
        self.jobs: dict[str, Job] = {}
        self._healthy: set[str] = set()
        self.in_a_step = 500
        self._made = 0

    # What a test does

    def add_servers(self, *servers: SourceServer | str) -> None:
        """Add servers, or let them be so from now on. One given by its id alone is seen at every look, without lag."""
        for server in servers:
            fact = healthy(server) if isinstance(server, str) else server
            self.servers[fact.id] = fact
            (self._healthy.add if isinstance(server, str) else self._healthy.discard)(fact.id)

    def add_instance(self, instance: RecoveryInstance) -> None:
        """Add a recovery instance, or let it be so from now on."""
        self.instances[instance.id] = instance

    def set_snapshots(self, server_id: str, *snapshots: RecoverySnapshot) -> None:
        """Let a server have these recovery snapshots from now on, and no others."""
        self.snapshots[server_id] = snapshots

    def add_job(self, server_ids: Sequence[str]) -> str:
        """Let somebody else start a job; its id."""
        return self._make(server_ids).id

    def advance(self, job_id: str, phase: ServerPhase, *server_ids: str, failure: str | None = None) -> None:
        """Bring servers of a launch job (all of them, if none is named) to a phase; the job is STARTED then."""
        job = self.jobs[job_id]
        job.status = JobStatus.STARTED
        for server_id in server_ids or job.server_ids:
            job.servers[server_id] = self._at(job, server_id, phase, failure)

    def finish(self, job_id: str, failed: Mapping[str, str] | None = None) -> None:
        """End a job: servers in `failed` failed for the reason given, all others are launched; instances are gone."""
        job, reasons = self.jobs[job_id], failed or {}
        for server_id, server in job.servers.items():
            if server_id in reasons:
                self.advance(job_id, ServerPhase.FAILED, server_id, failure=reasons[server_id])
            elif server.phase not in {ServerPhase.LAUNCHED, ServerPhase.FAILED}:
                self.advance(job_id, ServerPhase.LAUNCHED, server_id)
        for instance_id in job.instance_ids:
            self.instances.pop(instance_id, None)
        job.status = JobStatus.COMPLETED

    def forget(self, job_id: str) -> None:
        """Let DRS not know the job any more."""
        del self.jobs[job_id]

    # The port

    def source_servers(self, server_ids: Sequence[str]) -> tuple[SourceServer, ...]:
        """Those of the servers that exist."""
        with self._call("source_servers", tuple(server_ids)):
            return tuple(self._seen(each) for each in dict.fromkeys(server_ids) if each in self.servers)

    def every_source_server(self) -> tuple[SourceServer, ...]:
        """All source servers."""
        with self._call("every_source_server"):
            return tuple(self._seen(each) for each in self.servers)

    def every_recovery_instance(self) -> tuple[RecoveryInstance, ...]:
        """All recovery instances."""
        with self._call("every_recovery_instance"):
            return tuple(self.instances.values())

    def recovery_instances(self, server_ids: Sequence[str]) -> tuple[RecoveryInstance, ...]:
        """The recovery instances of the servers."""
        with self._call("recovery_instances", tuple(server_ids)):
            return tuple(instance for instance in self.instances.values() if instance.server_id in server_ids)

    def active_jobs(self) -> tuple[ActiveJob, ...]:
        """The jobs that have not ended, newest first."""
        with self._call("active_jobs"):
            return tuple(ActiveJob(job_id=job.id, server_ids=job.server_ids) for job in self._active())

    def newest_snapshots(
        self, server_ids: Sequence[str], until: datetime | None = None
    ) -> Mapping[str, RecoverySnapshot | None]:
        """The newest snapshot of each server (taken by then), of as many as a step has time for."""
        with self._call("newest_snapshots", tuple(server_ids), until):
            if unknown := [each for each in server_ids if each not in self.servers]:
                raise DrsError(Refused.INVALID, f"source server {unknown[0]} does not exist")
            fitting = {
                each: [s for s in self.snapshots.get(each, ()) if until is None or s.at <= until] for each in server_ids
            }
            newest = {each: max(found, key=lambda s: s.at, default=None) for each, found in fitting.items()}
            return dict(list(newest.items())[: self.in_a_step])

    def launch_settings(self, server_ids: Sequence[str]) -> Mapping[str, LaunchSettings]:
        """How each server is launched."""
        with self._call("launch_settings", tuple(server_ids)):
            if unknown := [each for each in server_ids if each not in self.servers]:
                raise DrsError(Refused.INVALID, f"source server {unknown[0]} does not exist")
            return {each: self.settings.get(each, USUAL) for each in list(server_ids)[: self.in_a_step]}

    def start_drill(
        self, drill_id: str, key: LaunchKey, server_ids: Sequence[str], snapshot_ids: Mapping[str, str] | None = None
    ) -> str:
        """Make a job, PENDING until a test moves it. Only snapshots that were asked for are among the arguments."""
        chosen = [dict(snapshot_ids)] if snapshot_ids else []
        with self._call("start_drill", drill_id, key, tuple(server_ids), *chosen):
            expect(server_ids, MAX_SERVERS_PER_JOB)
            if unknown := [each for each in server_ids if each not in self.servers]:
                raise DrsError(Refused.INVALID, f"source server {unknown[0]} does not exist")
            points = {each: self._point(each, wanted) for each, wanted in (snapshot_ids or {}).items()}
            self._refuse_busy(server_ids)
            self.instances = {i.id: i for i in self.instances.values() if i.server_id not in server_ids}
            job = self._make(server_ids, drill_id=drill_id, key=key)
            job.points = points
            return job.id

    def tagged_jobs(self, since: datetime) -> tuple[TaggedJob, ...]:
        """The jobs that `start_drill` made since then (or a while earlier, as the clocks may differ), newest first."""
        with self._call("tagged_jobs", since):
            return tuple(
                TaggedJob(job_id=job.id, drill_id=job.drill_id, key=job.key)
                for job in reversed(self.jobs.values())
                if job.drill_id and job.key and job.created_at >= since - CLOCK_MARGIN
            )

    def tagged(self, job_ids: Sequence[str]) -> tuple[TaggedJob, ...]:
        """Those of the jobs that `start_drill` made."""
        with self._call("tagged", tuple(job_ids)):
            known = (self.jobs[each] for each in dict.fromkeys(job_ids) if each in self.jobs)
            return tuple(
                TaggedJob(job_id=job.id, drill_id=job.drill_id, key=job.key)
                for job in known
                if job.drill_id and job.key
            )

    def observe(self, job_ids: Sequence[str]) -> tuple[JobObservation, ...]:
        """How far the jobs are."""
        with self._call("observe", tuple(job_ids)):
            return tuple(self._observation(job_id) for job_id in dict.fromkeys(job_ids))

    def tag(self, drill_id: str, instances: Sequence[RecoveryInstance]) -> None:
        """Tag those instances that are still there."""
        with self._call("tag", drill_id, tuple(each.id for each in instances)):
            for each in instances:
                known = self.instances[each.id]
                self.instances[each.id] = known.model_copy(update={"drill_id": drill_id})

    def terminate(self, instance_ids: Sequence[str]) -> str:
        """Make a job; the instances shut down until a test finishes it."""
        with self._call("terminate", tuple(instance_ids)):
            expect(instance_ids, MAX_INSTANCES_PER_TERMINATION)
            if unknown := [each for each in instance_ids if each not in self.instances]:
                raise DrsError(Refused.CONFLICT, f"Recovery instance {unknown[0]} does not exist")
            server_ids = [self.instances[each].server_id for each in instance_ids]
            self._refuse_busy(server_ids)
            for each in instance_ids:
                self.instances[each] = self.instances[each].model_copy(update={"ec2_state": "SHUTTING-DOWN"})
            return self._make(server_ids, instance_ids=tuple(instance_ids)).id

    # Behind it

    def _seen(self, server_id: str) -> SourceServer:
        server = self.servers[server_id]
        return server.model_copy(update={"last_seen": self._now()}) if server_id in self._healthy else server

    def _point(self, server_id: str, snapshot_id: str) -> datetime:
        for snapshot in self.snapshots.get(server_id, ()):
            if snapshot.id == snapshot_id:
                return snapshot.at
        raise DrsError(Refused.INVALID, f"source server {server_id} has no snapshot {snapshot_id}")

    def _make(
        self,
        server_ids: Sequence[str],
        *,
        drill_id: str | None = None,
        key: LaunchKey | None = None,
        instance_ids: tuple[str, ...] = (),
    ) -> Job:
        job = Job(self._new_id("drsjob-"), self._now(), tuple(server_ids), drill_id, key, instance_ids)
        if not instance_ids:
            job.servers = {each: ServerObservation(id=each, phase=ServerPhase.WAITING) for each in server_ids}
        self.jobs[job.id] = job
        return job

    def _at(self, job: Job, server_id: str, phase: ServerPhase, failure: str | None) -> ServerObservation:
        if phase is not ServerPhase.LAUNCHED:
            why = failure or ("DRS could not launch the instance." if phase is ServerPhase.FAILED else None)
            return ServerObservation(id=server_id, phase=phase, failure=why)
        instance = self._launched(job, server_id)
        return ServerObservation(
            id=server_id, phase=phase, ec2_instance_id=instance.ec2_instance_id, launched_at=self._now()
        )

    def _launched(self, job: Job, server_id: str) -> RecoveryInstance:
        instance_id = self._new_id("i-")
        instance = RecoveryInstance(
            id=instance_id,
            server_id=server_id,
            is_drill=True,
            job_id=job.id,
            ec2_instance_id=instance_id,
            ec2_state="RUNNING",
            failback_state="FAILBACK_NOT_STARTED",
            recovery_point=job.points.get(server_id, job.created_at),
        )
        self.instances[instance_id] = instance
        return instance

    def _observation(self, job_id: str) -> JobObservation:
        job = self.jobs.get(job_id)
        if job is None:
            return JobObservation(job_id=job_id, status=None)
        return JobObservation(job_id=job_id, status=job.status, servers=tuple(job.servers.values()))

    def _active(self) -> list[Job]:
        return [job for job in reversed(self.jobs.values()) if job.status is not JobStatus.COMPLETED]

    def _refuse_busy(self, server_ids: Sequence[str]) -> None:
        busy = {server_id for job in self._active() for server_id in job.server_ids}
        if busy & set(server_ids):
            raise DrsError(Refused.CONFLICT, "Source Servers are currently being processed by a Job")

    def _new_id(self, prefix: str) -> str:
        self._made += 1
        return f"{prefix}{self._made:017d}"


class FakeDrsClients:
    """DRS wherever a plan's servers are (port `DrsClients`): one `FakeDrs` for each account and Region."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._places: dict[tuple[str, str], FakeDrs] = {}
        self.asked: list[Target] = []

    def at(self, target: Target) -> FakeDrs:
        """DRS of the account and Region, whatever the role; it is there even before anyone asked."""
        self.asked.append(target)
        place = (target.account_id, target.region)
        return self._places.setdefault(place, FakeDrs(self._now))
