"""The state of DRS in one account and Region. moto finds this module by its name, beside `urls`.

Nothing here moves by itself: jobs hold their whole plan, and every state is read from plans and the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend

from infra.local.drs import ids
from infra.local.drs.faults import Faults
from infra.local.drs.instances import InstanceState, LaunchTarget, RecoveryInstance, ec2_state, launched_instances
from infra.local.drs.jobs import Job, JobType
from infra.local.drs.phases import Pace
from infra.local.drs.servers import LastLaunch, SourceServerSpec


@dataclass(frozen=True, slots=True)
class Quotas:
    """AWS: Service Quotas of DRS, per account and Region."""

    concurrent_jobs: int = 20
    servers_in_one_job: int = 100
    servers_in_all_jobs: int = 500


@dataclass(frozen=True, slots=True)
class Settings:
    """How the simulator behaves in one account and Region."""

    pace: Pace = field(default_factory=Pace)
    quotas: Quotas = field(default_factory=Quotas)
    subnet: str | None = "subnet-0d2111d2a1e5d0001"
    """Into which every launch template leads; None: they name none, as DRS makes them at first."""
    free_addresses: int = 4_000
    """Of that subnet."""
    has_probe: bool = True
    """Whether the function of `infra/probe.yaml` is there."""
    quotas_are_its_own: bool = True
    """Whether Service Quotas tells of `quotas`; else it has AWS's defaults only."""
    quotas_can_be_read: bool = True
    """Whether the caller may ask Service Quotas."""
    page_size: int = 100
    """Items of a page when the request does not say."""
    largest_page: int = 1000
    """Items of a page at most, whatever the request says."""
    jobs_show_instances: bool = False
    """Whether launched servers of a job show their `recoveryInstanceID`: in published jobs they do not."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request that arrived, and what became of it: `outcome` is `ok` or the error's code."""

    operation: str
    parameters: Mapping[str, Any]
    account: str
    region: str
    access_key: str
    at: datetime
    outcome: str = "ok"
    reply_lost: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """Is told of each call of an operation before the reply is sent."""

    operation: str
    tell: Callable[[], object]


class DrsBackend(BaseBackend):
    """Source servers, jobs and recovery instances of one account and Region. Take `lock` around every use."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.lock = RLock()
        self.initialized = False
        self.settings = Settings()
        self.faults = Faults(self.lock)
        self.calls: list[Call] = []
        self.listeners: list[Listener] = []
        self.servers: dict[str, SourceServerSpec] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.jobs: dict[str, Job] = {}
        self.commands: dict[str, Any] = {}
        self.runbooks: dict[str, Any] = {}
        self._targets: dict[str, Mapping[str, LaunchTarget]] = {}
        self._instances: dict[str, RecoveryInstance] = {}
        self._instances_of: dict[str, list[str]] = {}
        self._latest_job: dict[str, str] = {}
        self._latest_launch: dict[str, str] = {}
        self._removals: dict[str, list[str]] = {}

    def arn(self, kind: str, resource: str) -> str:
        """The ARN of a resource of this account and Region."""
        return ids.arn(self.account_id, self.region_name, kind, resource)

    def add_server(self, spec: SourceServerSpec) -> None:
        """Add the server, or let it be as `spec` says from now on; its jobs and instances stay."""
        self.servers[spec.id] = spec
        self.tags[self.arn("source-server", spec.id)] = dict(spec.tags)

    def add_instance(self, instance: RecoveryInstance) -> None:
        """Add an instance, or its newer plan."""
        if instance.id not in self._instances:
            self._instances_of.setdefault(instance.source_server_id, []).append(instance.id)
            self.tags.setdefault(self.arn("recovery-instance", instance.id), {})
        self._instances[instance.id] = instance

    def add_job(self, job: Job, targets: Mapping[str, LaunchTarget], tags: Mapping[str, str]) -> None:
        """Add a job, with what its launches are to become (by source server id)."""
        self.tags[job.arn] = dict(tags)
        self._targets[job.id] = targets
        for run in job.runs:
            self._latest_job[run.source_server_id] = job.id
            if job.type is JobType.LAUNCH:
                self._latest_launch[run.source_server_id] = job.id
            if run.removes:
                self._removals.setdefault(run.removes, []).append(job.id)
        self.replan(job)

    def replan(self, job: Job) -> None:
        """Let the job go on by its new plan."""
        self.jobs[job.id] = job
        for instance in launched_instances(job, self._targets[job.id]):
            self.add_instance(instance)

    def active_jobs(self, now: datetime) -> list[Job]:
        """The jobs that are PENDING or STARTED."""
        return [job for job in self.jobs.values() if job.is_active(now)]

    def active_job_of(self, source_server_id: str, now: datetime) -> Job | None:
        """The active job that has this server, if any. There is never more than one."""
        job = self.jobs.get(self._latest_job.get(source_server_id, ""))
        return job if job and job.is_active(now) else None

    def last_launch(self, source_server_id: str, now: datetime) -> LastLaunch | None:
        """The newest launch job of the server, as its life cycle shows it."""
        job = self.jobs.get(self._latest_launch.get(source_server_id, ""))
        if job is None:
            return None
        return LastLaunch(job.created_at, job.id, job.is_drill, job.server_status(source_server_id, now))

    def state_of(self, instance: RecoveryInstance, now: datetime) -> InstanceState | None:
        """The EC2 state of an instance; None when it is not launched yet, or gone."""
        removals = [
            self.jobs[job_id].plan.servers[instance.source_server_id] for job_id in self._removals.get(instance.id, ())
        ]
        return ec2_state(instance, removals, self.settings.pace, now)

    def existing_instances(self, now: datetime) -> Iterator[tuple[RecoveryInstance, InstanceState]]:
        """The instances that EC2 knows at `now`, registered with DRS or not, by id."""
        for instance_id in sorted(self._instances):
            instance = self._instances[instance_id]
            state = self.state_of(instance, now)
            if state:
                yield instance, state

    def instance_of(self, source_server_id: str, now: datetime) -> RecoveryInstance | None:
        """The server's recovery instance, launched and not terminated; a server has at most one."""
        known = (self._instances[instance_id] for instance_id in self._instances_of.get(source_server_id, ()))
        return next((i for i in known if self.state_of(i, now) not in {None, InstanceState.TERMINATED}), None)

    def listed_instance(self, instance_id: str, now: datetime) -> RecoveryInstance | None:
        """The instance with this id, if DRS lists it at `now`."""
        instance = self._instances.get(instance_id)
        listed = instance and instance.registered_at <= now and self.state_of(instance, now)
        return instance if listed else None


drs_backends = BackendDict(DrsBackend, "drs")
