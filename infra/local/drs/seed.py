"""What is there before the story begins, and how the simulator behaves: set from Python, by local stack and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from infra.local.drs import ids
from infra.local.drs.clock import world_now
from infra.local.drs.describe import show_instance, show_server
from infra.local.drs.faults import Faults
from infra.local.drs.gateway import OPERATIONS
from infra.local.drs.instances import InstanceState, RecoveryInstance
from infra.local.drs.jobs import released
from infra.local.drs.models import DrsBackend, Listener, Settings, drs_backends
from infra.local.drs.servers import RecoveryInstanceSpec, SourceServerSpec, launch_configuration_wire
from infra.local.drs.shapes import shape_violations


def backend_of(account: str, region: str) -> DrsBackend:
    """All of DRS in one account and Region."""
    return drs_backends[account][region]


def start_afresh(account: str, region: str) -> None:
    """Forget all of this account and Region: servers, jobs, instances, faults, what was recorded.

    A world that begins must not find jobs of an earlier one: that one's time may have run far ahead, and by the new
    clock its jobs would run on and count against the quotas.
    """
    backend_of(account, region).reset()


def seed(account: str, region: str, servers: Iterable[SourceServerSpec] = ()) -> None:
    """Initialise DRS in this account and Region, and add `servers`, or let them be so from now on.

    A server that is seeded again keeps its jobs and instances, so a story can go on with, say, more lag. Before the
    first seed every call is answered with UninitializedAccountException.

    Raises:
        ValueError: DRS could never show such a server (an id, state or value that botocore's model does not know).
    """
    backend = backend_of(account, region)
    with backend.lock:
        backend.initialized = True
        for spec in servers:
            _seed_server(backend, spec)


def forget_server(account: str, region: str, server_id: str) -> None:
    """Let DRS not know a source server any more, as after DeleteSourceServer. Its jobs and instances stay."""
    backend = backend_of(account, region)
    with backend.lock:
        del backend.servers[server_id]


def forget_job(account: str, region: str, job_id: str) -> None:
    """Let DRS not know a job any more, as after DeleteJob. What it has launched stays."""
    backend = backend_of(account, region)
    with backend.lock:
        del backend.jobs[job_id]


def terminate_by_hand(account: str, region: str, *instance_ids: str) -> None:
    """Let somebody terminate recovery instances in the console."""
    backend = backend_of(account, region)
    with backend.lock:
        OPERATIONS["TerminateRecoveryInstances"](backend, {"recoveryInstanceIDs": list(instance_ids)}, world_now())


def healthy_fleet(server_ids: Iterable[str], **changes: Any) -> list[SourceServerSpec]:
    """Servers that replicate without lag, with a host name and Name tag; `changes` are for all of them alike."""
    fleet = [SourceServerSpec(id=server_id, hostname=f"host-{server_id[-6:]}") for server_id in server_ids]
    return [replace(server, **({"tags": {"Name": server.hostname}} | changes)) for server in fleet]


def configure(account: str, region: str, settings: Settings) -> None:
    """Let DRS behave so here, from now on. A new pace holds for new jobs."""
    backend = backend_of(account, region)
    with backend.lock:
        backend.settings = settings


def faults(account: str, region: str) -> Faults:
    """The faults of this account and Region. A reset of moto gives it new ones: ask again."""
    return backend_of(account, region).faults


def on_call(account: str, region: str, operation: str, tell: Callable[[], object]) -> Callable[[], None]:
    """Call `tell` at each call of `operation`, when it is carried out (or refused) and before its reply is sent.

    It runs in the thread of the call and holds no lock, so it may use the simulator, and the caller waits for it. What
    it raises fails the call. Calling what is returned ends it.

    Raises:
        ValueError: the simulator has no such operation.
    """
    if operation not in OPERATIONS:
        raise ValueError(f"the DRS simulator has no operation {operation}")
    backend, listener = backend_of(account, region), Listener(operation, tell)
    with backend.lock:
        backend.listeners.append(listener)

    def stop() -> None:
        with backend.lock:
            backend.listeners[:] = [other for other in backend.listeners if other is not listener]

    return stop


def release_server(account: str, region: str, server_id: str) -> None:
    """Let a stuck server go on, from now.

    Raises:
        ValueError: the server is in no active job.
    """
    backend = backend_of(account, region)
    with backend.lock:
        now = world_now()
        job = backend.active_job_of(server_id, now)
        if job is None:
            raise ValueError(f"{server_id} is in no active job")
        backend.replan(released(job, server_id, now))


def _seed_server(backend: DrsBackend, spec: SourceServerSpec) -> None:
    backend.add_server(spec)
    if spec.recovery_instance:
        backend.add_instance(_existing_instance(spec, spec.recovery_instance))
    _refuse_unreal(backend, spec)


def _existing_instance(spec: SourceServerSpec, existing: RecoveryInstanceSpec) -> RecoveryInstance:
    launched_at = world_now() - existing.launched_ago
    return RecoveryInstance(
        id=ids.instance_id("seed", spec.id),
        source_server_id=spec.id,
        job_id=ids.job_id("seed", spec.id),
        is_drill=existing.is_drill,
        launched_at=launched_at,
        registered_at=launched_at,
        recovery_point=launched_at - timedelta(minutes=9),
        settled_state=InstanceState.STOPPED if existing.stopped else InstanceState.RUNNING,
        origin_environment=spec.origin_environment,
        failback_state=existing.failback_state,
    )


def _refuse_unreal(backend: DrsBackend, spec: SourceServerSpec) -> None:
    now = world_now()
    wrong = shape_violations("SourceServer", show_server(backend, spec, now))
    wrong += shape_violations("LaunchConfiguration", launch_configuration_wire(spec))
    instance = backend.instance_of(spec.id, now)
    if instance:
        wrong += shape_violations("RecoveryInstance", show_instance(backend, instance, instance.settled_state))
    if wrong:
        raise ValueError(f"DRS could not show {spec.id}: {wrong}")
