"""A simulator of AWS Elastic Disaster Recovery (DRS), on moto's own core classes.

`install()` once, and moto serves DRS in `mock_aws` and over HTTP (`server.DrsServer`). Then, for an account and Region,
`seed` source servers, ask for `faults`, and look at `recorded_calls`, `jobs`, `job_log` and `running_instances`.
`on_call` lets something happen while a caller waits. `set_clock` gives it world time; jobs move as that moves, with the
lengths of a real job.

    install()
    set_clock(clock.now)
    with mock_aws():
        seed("111122223333", "eu-west-1", healthy_fleet([source_server_id("db")]))
        faults("111122223333", "eu-west-1").fail_call("StartRecovery", error="ThrottlingException", times=2)

Where to find what: `phases` and `timeline` (what a job does, and when: pure), `jobs`, `instances`, `servers`,
`snapshots` (what DRS shows of them), `recovery`, `describe`, `tagging` (the operations), `gateway` (the way of a call),
`responses`, `urls`, `models`, `hook` (moto's side), `quotas`, `rights`, `places`, `systems`, `probes`, `health` (of
other services, what checks before a drill and after a launch ask), `shapes` (botocore's model), `faults`, `seed`,
`inspection`.

What it does not model: replication that moves by itself (a server stays as seeded), whether a server's replication
state allows a launch, EC2 (no volumes there; of instances only what checks look at), EventBridge
events, the caller's permissions (only as faults), failback, source networks, launch actions, recovery plans,
initialisation by API, quotas on source servers, request rates (only as faults), DeleteJob and every other operation not
in `gateway.OPERATIONS`: those answer NotImplemented (HTTP 501). What is a guess says so where it is.
"""

from infra.local.drs.clock import set_clock, wall_time
from infra.local.drs.faults import Faults, ReplyFate
from infra.local.drs.gateway import check_replies
from infra.local.drs.health import Ailment
from infra.local.drs.hook import install
from infra.local.drs.ids import source_server_id
from infra.local.drs.inspection import (
    ExistingInstance,
    job_log,
    jobs,
    recorded_calls,
    running_instances,
    source_server_ids,
    source_servers,
)
from infra.local.drs.models import Call, Quotas, Settings
from infra.local.drs.phases import Pace, Pause, Phase, Span
from infra.local.drs.responses import look_up_accounts
from infra.local.drs.seed import (
    configure,
    faults,
    forget_job,
    forget_server,
    healthy_fleet,
    on_call,
    release_server,
    seed,
    start_afresh,
    terminate_by_hand,
)
from infra.local.drs.servers import LaunchSettings, RecoveryInstanceSpec, SourceServerSpec

__all__ = [
    "Ailment",
    "Call",
    "ExistingInstance",
    "Faults",
    "LaunchSettings",
    "Pace",
    "Pause",
    "Phase",
    "Quotas",
    "RecoveryInstanceSpec",
    "ReplyFate",
    "Settings",
    "SourceServerSpec",
    "Span",
    "check_replies",
    "configure",
    "faults",
    "forget_job",
    "forget_server",
    "healthy_fleet",
    "install",
    "job_log",
    "jobs",
    "look_up_accounts",
    "on_call",
    "recorded_calls",
    "release_server",
    "running_instances",
    "seed",
    "set_clock",
    "source_server_id",
    "source_server_ids",
    "source_servers",
    "start_afresh",
    "terminate_by_hand",
    "wall_time",
]
