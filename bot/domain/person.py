"""The people of a drill."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.model import Frozen, Instant


class Person(Frozen):
    """Somebody in Slack, by id: names can be changed, ids cannot.

    Attributes:
        groups: those user groups of the plan in which they were when they clicked, as far as was known then.
        unsure: those user groups of the plan whose members were not known then.
        unsure_since: when the members of one of these were last known; None if never.
    """

    user_id: str
    team_id: str
    groups: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    unsure_since: Instant | None = None

    def is_among(self, who: Iterable[str]) -> bool:
        """Whether they are named, by their own id or by a group."""
        return not {self.user_id, *self.groups}.isdisjoint(who)
