"""DRS as the contract tests see it: the port, and a hand on the world behind it, fake or simulated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from mypy_boto3_drs.client import DrsClient

from bot.adapters.drs import DrsAdapter
from bot.application.ports.drs import Drs, DrsError, Refused
from bot.domain.facts import RecoveryInstance, SourceServer
from bot.domain.launch_point import RecoverySnapshot
from bot.domain.states import ServerPhase
from infra.local.clock import ManualClock
from infra.local.drs import RecoveryInstanceSpec, SourceServerSpec, faults, jobs, seed
from tests.fakes.drs import FakeDrs

ACCOUNT, REGION = "111122223333", "eu-west-1"
OPERATIONS = {
    "source_servers": "DescribeSourceServers",
    "every_source_server": "DescribeSourceServers",
    "recovery_instances": "DescribeRecoveryInstances",
    "active_jobs": "DescribeJobs",
    "newest_snapshots": "DescribeRecoverySnapshots",
    "launch_settings": "GetLaunchConfiguration",
    "start_drill": "StartRecovery",
    "tagged_jobs": "DescribeJobs",
    "observe": "DescribeJobs",
    "terminate": "TerminateRecoveryInstances",
}
"""The operation that each method of the port stands or falls with."""
ERRORS = {
    Refused.THROTTLED: "ThrottlingException",
    Refused.CONFLICT: "ConflictException",
    Refused.OVER_QUOTA: "ServiceQuotaExceededException",
    Refused.DENIED: "AccessDeniedException",
    Refused.INVALID: "ValidationException",
    Refused.UNCLEAR: "InternalServerException",
}
SINCE_START = {
    ServerPhase.SNAPSHOT: timedelta(seconds=10),
    ServerPhase.CONVERSION: timedelta(seconds=100),
    ServerPhase.LAUNCH: timedelta(seconds=300),
}
"""When, after its start, all servers of a simulated job are in a phase; there is no old instance to delete first."""
RETRY_AFTER = {Refused.THROTTLED: timedelta(seconds=3), Refused.UNCLEAR: timedelta(seconds=5)}


class World(Protocol):
    """What a test may do to DRS, whichever it is."""

    clock: ManualClock

    @property
    def drs(self) -> Drs:
        """The port under test."""
        ...

    def add_servers(self, *servers: SourceServer) -> None:
        """Let DRS have these source servers."""
        ...

    def leave_instance(self, server: SourceServer, *, is_drill: bool, failback_state: str) -> None:
        """Let the server have an instance from before."""
        ...

    def snapshots(self, server_id: str) -> list[RecoverySnapshot]:
        """The snapshots that DRS has of a server now, newest first: one for every ten minutes of the last hour."""
        ...

    def doom(self, server_id: str, error: str) -> None:
        """Let the server fail in the next job that has it."""
        ...

    def start_elsewhere(self, server_ids: Sequence[str]) -> str:
        """Let somebody else start a job for servers."""
        ...

    def reach(self, job_id: str, phase: ServerPhase) -> None:
        """Let time pass until all servers of a launch job are in a phase before LAUNCHED."""
        ...

    def end(self, job_id: str) -> None:
        """Let time pass until the job has ended, and all that follows from it."""
        ...

    def refuse_next(self, method: str, kind: Refused) -> None:
        """Let the next call fail and do nothing."""
        ...

    def lose_next_reply(self, method: str) -> None:
        """Let the next call be carried out, and its reply be lost."""
        ...


class FakeWorld:
    """The fake, driven as its docstring says."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self._fake = FakeDrs(clock.now)
        self._doomed: dict[str, str] = {}

    @property
    def drs(self) -> FakeDrs:
        return self._fake

    def add_servers(self, *servers: SourceServer) -> None:
        self._fake.add_servers(*servers)
        for server in servers:
            self._fake.set_snapshots(server.id, *self._taken(server.id))

    def leave_instance(self, server: SourceServer, *, is_drill: bool, failback_state: str) -> None:
        self._fake.add_instance(
            RecoveryInstance(
                id=f"i-{server.id[2:]}",
                server_id=server.id,
                is_drill=is_drill,
                ec2_state="RUNNING",
                failback_state=failback_state,
            )
        )

    def snapshots(self, server_id: str) -> list[RecoverySnapshot]:
        return list(self._fake.snapshots[server_id])

    def _taken(self, server_id: str) -> list[RecoverySnapshot]:
        ages = [timedelta(minutes=minutes) for minutes in range(7, 60, 10)]
        return [RecoverySnapshot(id=f"pit-{server_id[2:19]}-{age}", at=self.clock.now() - age) for age in ages]

    def doom(self, server_id: str, error: str) -> None:
        self._doomed[server_id] = error

    def start_elsewhere(self, server_ids: Sequence[str]) -> str:
        return self._fake.add_job(server_ids)

    def reach(self, job_id: str, phase: ServerPhase) -> None:
        self.clock.advance(timedelta(minutes=2))
        self._fake.advance(job_id, phase)

    def end(self, job_id: str) -> None:
        self.clock.advance(timedelta(minutes=15))
        self._fake.finish(job_id, {s: why for s, why in self._doomed.items() if s in self._fake.jobs[job_id].servers})

    def refuse_next(self, method: str, kind: Refused) -> None:
        self._fake.fail_next(method, DrsError(kind, "refused", RETRY_AFTER.get(kind)))

    def lose_next_reply(self, method: str) -> None:
        self._fake.fail_next(method, DrsError(Refused.UNCLEAR, "lost"), after_effect=True)


class SimulatorWorld:
    """The real adapter, on boto3, before the DRS simulator in moto's mock mode."""

    def __init__(self, clock: ManualClock, client: DrsClient) -> None:
        self.clock = clock
        self._client = client
        self._drs = DrsAdapter(client, client, clock.now)
        seed(ACCOUNT, REGION)

    @property
    def drs(self) -> DrsAdapter:
        return self._drs

    def add_servers(self, *servers: SourceServer) -> None:
        seed(ACCOUNT, REGION, [_spec(server) for server in servers])

    def leave_instance(self, server: SourceServer, *, is_drill: bool, failback_state: str) -> None:
        instance = RecoveryInstanceSpec(is_drill=is_drill, failback_state=failback_state)
        seed(ACCOUNT, REGION, [_spec(server, instance)])

    def snapshots(self, server_id: str) -> list[RecoverySnapshot]:
        items = self._client.describe_recovery_snapshots(sourceServerID=server_id)["items"]
        taken = [
            RecoverySnapshot(id=item["snapshotID"], at=datetime.fromisoformat(item["timestamp"])) for item in items
        ]
        return sorted(taken, key=lambda snapshot: snapshot.at, reverse=True)

    def doom(self, server_id: str, error: str) -> None:
        faults(ACCOUNT, REGION).fail_server(server_id, error=error, times=1)

    def start_elsewhere(self, server_ids: Sequence[str]) -> str:
        reply = self._client.start_recovery(sourceServers=[{"sourceServerID": each} for each in server_ids])
        return reply["job"]["jobID"]

    def reach(self, job_id: str, phase: ServerPhase) -> None:
        created = next(job["creationDateTime"] for job in jobs(ACCOUNT, REGION) if job["jobID"] == job_id)
        self.clock.time = datetime.fromisoformat(created) + SINCE_START[phase]

    def end(self, job_id: str) -> None:
        del job_id
        self.clock.advance(timedelta(minutes=15))

    def refuse_next(self, method: str, kind: Refused) -> None:
        faults(ACCOUNT, REGION).fail_call(OPERATIONS[method], error=ERRORS[kind])

    def lose_next_reply(self, method: str) -> None:
        faults(ACCOUNT, REGION).lose_reply(OPERATIONS[method])


def _spec(server: SourceServer, instance: RecoveryInstanceSpec | None = None) -> SourceServerSpec:
    return SourceServerSpec(
        id=server.id,
        hostname=server.name,
        tags=server.tags,
        replication_state=server.replication_state,
        lag=server.lag or timedelta(),
        replication_direction=server.replication_direction,
        recovery_instance=instance,
    )
