"""A sweep: what was found that belongs to no open drill, and what becomes of it."""

from __future__ import annotations

from bot.domain.approval import mention
from bot.domain.drill import Drill
from bot.domain.states import DrillState, Outcome
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.console import instance_link
from bot.views.naming import operators, server_name
from bot.views.text import count, escape, moment
from bot.views.where import NOTHING_TO_DO, Standing

SHOWN = 20
ERROR_LENGTH = 700
ONLY = "Looks for drill instances that belong to no open drill. Nothing is terminated unless somebody clicks."


def found(drill: Drill) -> str:
    """`3 drill instances`."""
    return count(drill.server_count, "drill instance")


def _belongs(drill: Drill) -> str:
    return "belongs" if drill.server_count == 1 else "belong"


def _runs(drill: Drill) -> str:
    return "runs" if drill.server_count == 1 else "run"


def _are(drill: Drill) -> str:
    return "is" if drill.server_count == 1 else "are"


def standing(drill: Drill) -> Standing | None:
    """Where a sweep stands, where that is not as with any drill."""
    if drill.state is DrillState.PROPOSED:
        return Standing("🔎", "Looking for drill instances that belong to no open drill", NOTHING_TO_DO, NOTHING_TO_DO)
    if drill.state is DrillState.READY:
        turn = (
            f"{operators(drill)} can have them terminated until {moment(drill.expires_at)}. Until then they cost money."
        )
        aloud = "It is the operators' turn."
        return Standing("🧹", f"{found(drill)} {_belongs(drill)} to no open drill", turn, aloud)
    if drill.state is DrillState.CLEANING_UP or drill.outcome not in _ENDED:
        return None
    return _ENDED[drill.outcome](drill)


def _swept(drill: Drill) -> Standing:
    if not drill.server_count:
        return Standing(
            "✅",
            "Nothing is left over",
            "All drill instances of this bot here belong to drills under way, or there are none.",
        )
    who = f" by {mention(drill.started_by.user_id)}" if drill.started_by else ""
    return Standing("✅", "Swept", f"Cleaned up{who}. {found(drill)} that no drill knew {_are(drill)} terminated.")


def _refused(drill: Drill) -> Standing:
    return Standing("🚫", "Nobody could look", escape(drill.findings[-1], ERROR_LENGTH))


def _left(drill: Drill) -> Standing:
    left = f"{found(drill)} {_runs(drill)} on. Ask again with `/drs sweep {drill.plan.name}`."
    return Standing("⌛", "Left as it was", left if drill.server_count else "")


_ENDED = {
    Outcome.SWEPT: _swept,
    Outcome.REFUSED: _refused,
    Outcome.WITHDRAWN: _left,
    Outcome.EXPIRED: _left,
}


def leftovers(drill: Drill) -> list[Block]:
    """What was found, a line for each as far as there is room."""
    servers = list(drill.servers)
    lines = [
        f"▫️ {server_name(server)} · {instance_link(drill.target, server.ec2_instance_id or server.id)} · DRS job "
        f"{escape(server.job_id or 'unknown', 40)}"
        for server in servers[:SHOWN]
    ]
    more = len(servers) - SHOWN
    return blocks.sections("leftovers", [*lines, *([f"and {more} more"] if more > 0 else [])])
