"""Three servers of the contract with DRS, and how they are drilled."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.facts import SourceServer
from bot.domain.launch import LaunchKey
from infra.local.drs import source_server_id
from tests.contract.drs.worlds import World

KEY = LaunchKey(wave=2, attempt=3, batch=1)
NOWHERE = source_server_id("nowhere")
IDS = [source_server_id(name) for name in ("db-1", "db-2", "db-3")]
FLEET = [
    SourceServer(id=server_id, name=f"db-{number}", replication_state="CONTINUOUS", lag=timedelta())
    for number, server_id in enumerate(IDS, 1)
]


def start(world: World, *server_ids: str, key: LaunchKey = KEY) -> str:
    return world.drs.start_drill("drill-1", key, server_ids or IDS)
