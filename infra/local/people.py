"""The people and the channel of the local workspace, and the servers of the plans with names that people would use."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from bot.domain.plan import Plan
from bot.domain.plan_parts import is_group
from bot.domain.plan_waves import PlanWave
from infra.local import app_manifest
from infra.local.drs import SourceServerSpec, source_server_id
from infra.local.slack.workspace import Channel, SlackApp, User, UserGroup, Workspace

PEOPLE = (
    User("U0ADA00001", "ada", "Ada"),
    User("U0GRACE001", "grace", "Grace"),
    User("U0LINUS001", "linus", "Linus"),
    User("U0KATHE001", "katherine", "Katherine"),
    User("U0MALLORY1", "mallory", "Mallory"),
)
"""Ada runs drills, Grace, Linus and Katherine approve, Mallory has no business here. The shipped plans name them so."""
GROUPS = (UserGroup("S0APPROVER", "dr-approvers", ("U0GRACE001", "U0LINUS001", "U0KATHE001")),)
"""Those who approve, as a user group."""
CHANNEL = "C0DRILLS01"
_NAMED = re.compile(r"(s-[0-9a-f]{17})\s*#\s*([\w.-]+)")


def workspace(plans: Iterable[Plan]) -> Workspace:
    """A workspace with everybody and every channel that the plans name."""
    plans = list(plans)
    known = {user.id for user in PEOPLE}
    named = sorted(_people_of(plans) - known)
    users = (*PEOPLE, *(User(user_id, user_id.lower(), user_id.capitalize()) for user_id in named))
    app = SlackApp(commands=app_manifest.commands())
    members = frozenset(user.id for user in (*users, app.as_user))
    ids = dict.fromkeys((CHANNEL, *(plan.channel for plan in plans)))
    rooms = tuple(Channel(room, "drills" if room == CHANNEL else room.lower(), members) for room in ids)
    return Workspace(users=users, channels=rooms, groups=GROUPS, app=app)


def _people_of(plans: Iterable[Plan]) -> set[str]:
    named = {who for plan in plans for who in (*plan.access.operators, *plan.access.approvers)}
    return {who for who in named if not is_group(who)}


def server_names(folder: Path) -> dict[str, str]:
    """Server id to the name in the comment beside it, in the plan files of a folder."""
    return {
        found.group(1): found.group(2)
        for path in sorted(folder.glob("*.yaml"))
        for found in _NAMED.finditer(path.read_text())
    }


def fleet(plan: Plan, names: Mapping[str, str] = MappingProxyType({})) -> list[SourceServerSpec]:
    """Healthy source servers for a plan; `names`: id to what they are called."""
    return [server for wave in plan.waves for server in wave_fleet(wave, names)]


def wave_fleet(wave: PlanWave, names: Mapping[str, str] = MappingProxyType({})) -> list[SourceServerSpec]:
    """Those of one wave: the servers that it names, and one for each combination of the tags by which it chooses."""
    named = {server.id: names.get(server.id, f"host-{server.id[-6:]}") for server in wave.servers}
    found = [SourceServerSpec(id=each, hostname=name, tags={"Name": name}) for each, name in named.items()]
    tags = wave.select.tags if wave.select else {}
    for values in itertools.product(*tags.values()) if tags else ():
        name = "-".join(values).lower()
        found.append(
            SourceServerSpec(
                id=source_server_id(name), hostname=name, tags={"Name": name, **dict(zip(tags, values, strict=True))}
            )
        )
    return found
