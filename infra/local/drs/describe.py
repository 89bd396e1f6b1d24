"""The operations that only read. Each is a list in pages, but for GetLaunchConfiguration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from infra.local.drs.clock import parse
from infra.local.drs.errors import invalid, not_found
from infra.local.drs.instances import InstanceState, RecoveryInstance, recovery_instance_wire
from infra.local.drs.models import DrsBackend
from infra.local.drs.pages import Listing
from infra.local.drs.recovery import show_job
from infra.local.drs.servers import SourceServerSpec, launch_configuration_wire, source_server_wire
from infra.local.drs.snapshots import recovery_snapshots, snapshot_wire

Params = Mapping[str, Any]
Reply = dict[str, Any]
T = TypeVar("T")


def describe_jobs(backend: DrsBackend, params: Params, now: datetime) -> Reply:
    """The jobs with these ids, or made within these dates, newest first. Unknown ids are left out."""
    filters = params.get("filters", {})
    chosen, since, until = set(filters.get("jobIDs", ())), filters.get("fromDate"), filters.get("toDate")
    jobs = [
        job
        for job in reversed(backend.jobs.values())
        if (not chosen or job.id in chosen) and _within(job.created_at, since, until)
    ]
    listing = Listing("DescribeJobs", jobs, lambda job: [job.number], newest_first=True)
    return _page(backend, params, listing, lambda job: show_job(backend, job, now))


def describe_job_log_items(backend: DrsBackend, params: Params, now: datetime) -> Reply:
    """What a job's log says by now, oldest first."""
    job = backend.jobs.get(params["jobID"])
    if job is None:
        raise invalid([("jobID", f"job {params['jobID']} does not exist")], reason="other")
    entries = list(enumerate(job.past_log(now)))
    listing = Listing("DescribeJobLogItems", entries, lambda entry: [entry[0]])
    return _page(backend, params, listing, lambda entry: entry[1])


def describe_source_servers(backend: DrsBackend, params: Params, now: datetime) -> Reply:
    """The source servers with these ids. There is no filter by tag."""
    filters = params.get("filters", {})
    chosen, hardware, staging = (
        set(filters.get("sourceServerIDs", ())),
        filters.get("hardwareId"),
        set(filters.get("stagingAccountIDs", ())),
    )
    servers = [
        server
        for server in sorted(backend.servers.values(), key=lambda server: server.id)
        if (not chosen or server.id in chosen)
        and (hardware is None or server.hardware_id == hardware)
        and (not staging or (server.staging_account or backend.account_id) in staging)
    ]
    listing = Listing("DescribeSourceServers", servers, lambda server: [server.id])
    return _page(backend, params, listing, lambda server: show_server(backend, server, now))


def describe_recovery_instances(backend: DrsBackend, params: Params, now: datetime) -> Reply:
    """The recovery instances that DRS lists: registered, and not yet forgotten after their termination."""
    filters = params.get("filters", {})
    chosen, servers = set(filters.get("recoveryInstanceIDs", ())), set(filters.get("sourceServerIDs", ()))
    found = [
        (instance, state)
        for instance, state in backend.existing_instances(now)
        if instance.registered_at <= now
        and (not chosen or instance.id in chosen)
        and (not servers or instance.source_server_id in servers)
    ]
    listing = Listing("DescribeRecoveryInstances", found, lambda pair: [pair[0].id])
    return _page(backend, params, listing, lambda pair: show_instance(backend, *pair))


def describe_recovery_snapshots(backend: DrsBackend, params: Params, now: datetime) -> Reply:
    """The points in time of a server; oldest first unless `order` is DESC (DRS's own default is not proven)."""
    server = backend.servers.get(params["sourceServerID"])
    if server is None:
        raise invalid([("sourceServerID", f"source server {params['sourceServerID']} does not exist")], reason="other")
    filters = params.get("filters", {})
    since, until = filters.get("fromDateTime"), filters.get("toDateTime")
    snapshots = [snapshot for snapshot in recovery_snapshots(server, now) if _within(snapshot.at, since, until)]
    newest_first = params.get("order") == "DESC"
    ordered = snapshots[::-1] if newest_first else snapshots
    listing = Listing("DescribeRecoverySnapshots", ordered, lambda s: [s.at.timestamp()], newest_first=newest_first)
    return _page(backend, params, listing, snapshot_wire)


def get_launch_configuration(backend: DrsBackend, params: Params, _now: datetime) -> Reply:
    """The launch configuration of a server."""
    server = backend.servers.get(params["sourceServerID"])
    if server is None:
        raise not_found(params["sourceServerID"], "source-server")
    return launch_configuration_wire(server)


def show_server(backend: DrsBackend, server: SourceServerSpec, now: datetime) -> Reply:
    """The server as DRS shows it at `now`."""
    instance = backend.instance_of(server.id, now)
    arn = backend.arn("source-server", server.id)
    return source_server_wire(
        server,
        arn=arn,
        account=backend.account_id,
        tags=backend.tags[arn],
        launch=backend.last_launch(server.id, now),
        recovery_instance_id=instance.id if instance and instance.registered_at <= now else None,
        now=now,
    )


def show_instance(backend: DrsBackend, instance: RecoveryInstance, state: InstanceState) -> Reply:
    """The recovery instance as DRS shows it in `state`."""
    arn = backend.arn("recovery-instance", instance.id)
    hostname = backend.servers[instance.source_server_id].hostname
    return recovery_instance_wire(instance, state, arn, backend.tags[arn], hostname)


def _page(backend: DrsBackend, params: Params, listing: Listing[T], show: Any) -> Reply:
    settings = backend.settings
    return listing.page(params, settings.page_size, settings.largest_page, show)


def _within(at: datetime, since: str | None, until: str | None) -> bool:
    return (since is None or at >= parse(since)) and (until is None or at <= parse(until))
