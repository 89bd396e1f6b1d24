"""User groups in memory, for tests.

directory = MemoryDirectory(S0DBA=("U0ADA",))
directory.members_of["S0DBA"] = ()
directory.is_down = True                      # no group can be looked up
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.application.ports.groups import Membership
from bot.application.ports.slack import SlackError


class MemoryGroups:
    """Fulfils `Groups`. `read` has what was asked for."""

    def __init__(self) -> None:
        self.kept: dict[str, Membership] = {}
        self.read: list[tuple[str, ...]] = []

    def known(self, group_ids: Iterable[str]) -> Mapping[str, Membership]:
        asked = tuple(sorted(group_ids))
        self.read.append(asked)
        return {group: self.kept[group] for group in asked if group in self.kept}

    def keep(self, group_id: str, membership: Membership) -> None:
        self.kept[group_id] = membership


class MemoryDirectory:
    """Fulfils `GroupDirectory`. `asked` has every group that was looked up."""

    def __init__(self, **members: tuple[str, ...]) -> None:
        self.members_of = dict(members)
        self.asked: list[str] = []
        self.is_down = False

    def members(self, group_id: str) -> tuple[str, ...]:
        self.asked.append(group_id)
        if self.is_down or group_id not in self.members_of:
            raise SlackError("no answer" if self.is_down else "no_such_subteam")
        return self.members_of[group_id]
