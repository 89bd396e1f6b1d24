"""What is to be looked into after a drill: what went wrong on the way, and what was not launched."""

from __future__ import annotations

from bot.domain.drill import Drill
from bot.domain.states import ServerPhase
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.naming import server_name
from bot.views.text import bullets, escape, listed

FINDING_LENGTH = 250
SERVERS_SHOWN = 15


def finding_blocks(drill: Drill, show: int) -> list[Block]:
    """A line for each, the last one counting those that are left out; nothing where nothing was found."""
    found = _findings(drill)
    return [blocks.section("findings", "*Findings*", bullets(found, show))] if found else []


def _findings(drill: Drill) -> list[str]:
    found = [escape(finding, FINDING_LENGTH) for finding in drill.findings]
    missing = [server for server in drill.servers if server.phase is not ServerPhase.LAUNCHED]
    for kind, servers in (
        ("critical", [server for server in missing if server.is_critical]),
        ("optional", [server for server in missing if not server.is_critical]),
    ):
        if servers:
            names = listed([server_name(server) for server in servers], SERVERS_SHOWN)
            found.append(f"Not launched, {kind}: {names}")
    return found
