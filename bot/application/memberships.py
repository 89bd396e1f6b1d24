"""What is known of user groups at a click. It goes into the event, so that the decision can be made again from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.application.ports import Clock
from bot.application.ports.groups import KnownGroups, Membership
from bot.domain.access import Access
from bot.domain.events import Event
from bot.domain.person import Person

STALE = timedelta(minutes=60)
"""What is older is not known any more: somebody may have been taken out of the group because they must not approve."""


@dataclass(frozen=True, slots=True)
class Memberships:
    """Tells events what is known of the groups that a plan names."""

    groups: KnownGroups
    clock: Clock

    def inform(self, event: Event, person: Person, access: Access) -> Event:
        """The event of a person's click, with what is known of the plan's groups. Without groups, nothing is read."""
        if not access.groups:
            return event
        known = self.groups.known(access.groups)
        fresh = self._fresh(known)
        told = {"actor": _informed(person, access.groups, known, fresh), "directory": fresh}
        fields = type(event).model_fields
        return event.model_copy(update={name: value for name, value in told.items() if name in fields})

    def place(self, person: Person, groups: tuple[str, ...]) -> Person:
        """A person with what is known of these groups. Without groups, nothing is read."""
        if not groups:
            return person
        known = self.groups.known(groups)
        return _informed(person, groups, known, self._fresh(known))

    def _fresh(self, known: Mapping[str, Membership]) -> dict[str, tuple[str, ...]]:
        return {group: kept.members for group, kept in known.items() if self.clock() - kept.fetched_at <= STALE}


def _informed(
    person: Person, groups: tuple[str, ...], known: Mapping[str, Membership], fresh: Mapping[str, tuple[str, ...]]
) -> Person:
    unsure = tuple(group for group in groups if group not in fresh)
    since = [known[group].fetched_at for group in unsure if group in known]
    return person.model_copy(
        update={
            "groups": tuple(group for group in groups if person.user_id in fresh.get(group, ())),
            "unsure": unsure,
            "unsure_since": min(since) if since else None,
        }
    )
