"""DRS as its console would show it: source servers, jobs with their logs, recovery instances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from bot.adapters.plan_files import PlanFiles
from infra.local import drs
from infra.local.people import fleet, wave_fleet
from infra.local.slack.findings import Json
from infra.local.world import World


@dataclass(frozen=True, slots=True)
class Console:
    """The console of the world's account and Region. The plans are read once."""

    world: World
    uses: Mapping[str, list[str]]

    @classmethod
    def of(cls, world: World) -> Self:
        """The console, knowing which plans name which servers."""
        return cls(world, _uses(world))

    def show(self) -> Json:
        """All that DRS has now: the servers of plans first, the newest jobs first."""
        account, region = self.world.account, self.world.region
        servers = drs.source_servers(account, region)
        names = {server["sourceServerID"]: _name(server) for server in servers}
        ranks = {server_id: rank for rank, server_id in enumerate(self.uses)}
        servers.sort(key=lambda server: (ranks.get(server["sourceServerID"], len(ranks)), server["sourceServerID"]))
        return {
            "account": account,
            "region": region,
            "servers": [_server(server, names, self.uses) for server in servers],
            "jobs": [_job(self.world, job, names) for job in reversed(drs.jobs(account, region))],
            "instances": [_instance(instance, names) for instance in self.world.running_instances()],
        }


def _uses(world: World) -> dict[str, list[str]]:
    """Which waves have a server: small plans first, since they are what people try."""
    files = PlanFiles(world.plans)
    uses: dict[str, list[str]] = {}
    for plan in sorted(map(files.load, files.names()), key=lambda plan: len(fleet(plan))):
        for number, wave in enumerate(plan.waves, start=1):
            for server in wave_fleet(wave):
                uses.setdefault(server.id, []).append(f"{plan.name}, wave {number}")
    return uses


def _name(server: Json) -> str:
    name: str = server.get("tags", {}).get("Name") or server["sourceProperties"]["identificationHints"]["hostname"]
    return name


def _server(server: Json, names: Mapping[str, str], uses: Mapping[str, list[str]]) -> Json:
    replication = server["dataReplicationInfo"]
    server_id = server["sourceServerID"]
    return {
        "id": server_id,
        "name": names[server_id],
        "usedBy": uses.get(server_id, []),
        "replicationState": replication["dataReplicationState"],
        "lag": replication.get("lagDuration"),
        "lastLaunch": _last_launch(server.get("lifeCycle", {}).get("lastLaunch")),
    }


def _instance(instance: drs.ExistingInstance, names: Mapping[str, str]) -> Json:
    return {
        "id": instance.id,
        "server": instance.source_server_id,
        "name": names.get(instance.source_server_id, ""),
        "jobId": instance.job_id,
        "isDrill": instance.is_drill,
        "state": instance.state,
        "launchedAt": instance.launched_at.isoformat(),
    }


def _last_launch(launch: Json | None) -> Json | None:
    begun = (launch or {}).get("initiated") or {}
    if launch is None or "jobID" not in begun:  # it was never launched
        return None
    return {"type": begun["type"], "status": launch["status"], "jobId": begun["jobID"]}


def _job(world: World, job: Json, names: Mapping[str, str]) -> Json:
    return {
        "id": job["jobID"],
        "type": job["type"],
        "initiatedBy": job["initiatedBy"],
        "status": job["status"],
        "startedAt": job["creationDateTime"],
        "endedAt": job.get("endDateTime"),
        "tags": job["tags"],
        "servers": [
            {
                "id": server["sourceServerID"],
                "name": names.get(server["sourceServerID"], ""),
                "launchStatus": server["launchStatus"],
            }
            for server in job["participatingServers"]
        ],
        "log": [_log_line(item) for item in drs.job_log(world.account, world.region, job["jobID"])],
    }


def _log_line(item: Json) -> Json:
    about = item.get("eventData", {})
    return {
        "at": item["logDateTime"],
        "event": item["event"],
        "server": about.get("sourceServerID"),
        "error": about.get("rawError"),
    }
