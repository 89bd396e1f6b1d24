"""Three servers of the contract with DRS, and how they are drilled."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.facts import SourceServer
from bot.domain.launch import LaunchKey
from infra.local.drs import source_server_id
from tests.contract.drs.worlds import World

KEY = LaunchKey(wave=2, attempt=3, batch=1)
NOWHERE = source_server_id("nowhere")
NAMES = ("db-1", "db-2", "db-3")
IDS = [source_server_id(name) for name in NAMES]
FLEET = [
    SourceServer(id=server_id, name=name, replication_state="CONTINUOUS", lag=timedelta(), tags={"Name": name})
    for name, server_id in zip(NAMES, IDS, strict=True)
]


def start(world: World, *server_ids: str, key: LaunchKey = KEY) -> str:
    return world.drs.start_drill("drill-1", key, server_ids or IDS)
