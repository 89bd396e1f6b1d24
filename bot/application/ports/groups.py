"""User groups: who is in them, as Slack said it and as it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Membership:
    """Who was in a user group (ids of people) at a moment of world time."""

    members: tuple[str, ...]
    fetched_at: datetime


class KnownGroups(Protocol):
    """What is kept of memberships. May raise `StoreUnavailable`."""

    def known(self, group_ids: Iterable[str]) -> Mapping[str, Membership]:
        """What is kept of these groups, however old; nothing of a group that was never looked up."""
        ...


class Groups(KnownGroups, Protocol):
    """Where memberships are kept. May raise `StoreUnavailable`."""

    def keep(self, group_id: str, membership: Membership) -> None:
        """Keep what a group is now, in place of what it was."""
        ...


class GroupDirectory(Protocol):
    """Where groups really are: Slack."""

    def members(self, group_id: str) -> tuple[str, ...]:
        """Who is in a group now.

        Raises:
            SlackError: it could not be looked up, or there is no such group.
        """
        ...
