"""Keeps what is known of user groups fresh: those that plans or drills under way name, a few at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.application.ports import Clock, PlanSource
from bot.application.ports.groups import GroupDirectory, Groups, Membership
from bot.application.ports.slack import SlackError
from bot.application.ports.storage import DrillStore
from bot.domain.errors import UnknownDrill, UnreadableDrill, UnsafePlan

OLD = timedelta(minutes=10)
"""What is older is looked up again. It may fail five times before the bot has to refuse (`memberships.STALE`)."""
PER_ROUND = 10
"""Groups looked up in one round. Slack takes 20 such calls a minute (usergroups.users.list: tier 2)."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refreshing:
    """The finder's second step. A round in which nobody names a group reads the plans' names and nothing else.

    Attributes:
        directory: makes the way to Slack, which is costly to import, when it is first needed.
    """

    groups: Groups
    directory: Callable[[], GroupDirectory]
    plan_source: PlanSource
    store: DrillStore
    clock: Clock
    _of_plans: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _of_drills: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The same container sees the same plan files, and a drill's plan never changes: each is read once."""

    def refresh(self, drill_ids: Iterable[str]) -> None:
        """Look up the groups that have not been for the longest time, for the plans and these drills."""
        wanted = {*self._named_by_plans(), *self._named_by_drills(drill_ids)}
        if not wanted:
            return
        known = self.groups.known(wanted)
        age = {group: known[group].fetched_at if group in known else _NEVER for group in wanted}
        old = [group for group in wanted if self.clock() - age[group] > OLD]
        for group in sorted(old, key=lambda group: (age[group], group))[:PER_ROUND]:
            self._look_up(group)

    def _look_up(self, group: str) -> None:
        try:
            members = self.directory().members(group)
        except SlackError as error:
            log.warning("a user group could not be looked up", extra={"group": group, "error": str(error)})
        else:
            self.groups.keep(group, Membership(members, self.clock()))

    def _named_by_plans(self) -> set[str]:
        for name in self.plan_source.names():
            if name not in self._of_plans:
                self._of_plans[name] = self._of_plan(name)
        return {group for groups in self._of_plans.values() for group in groups}

    def _of_plan(self, name: str) -> tuple[str, ...]:
        try:
            return self.plan_source.load(name).access.groups
        except UnsafePlan:  # its author hears of it elsewhere; nobody can drill it
            return ()

    def _named_by_drills(self, drill_ids: Iterable[str]) -> set[str]:
        ids = set(drill_ids)
        for ended in self._of_drills.keys() - ids:
            del self._of_drills[ended]
        for drill_id in ids - self._of_drills.keys():
            self._of_drills[drill_id] = self._of_drill(drill_id)
        return {group for groups in self._of_drills.values() for group in groups}

    def _of_drill(self, drill_id: str) -> tuple[str, ...]:
        try:
            return self.store.load(drill_id).drill.plan.access.groups
        except (UnknownDrill, UnreadableDrill):  # the index is behind, or whoever reads the drill hears of it
            return ()
