"""App Homes: drawn by the notifier, and kept up to date for those who have opened theirs recently."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.application.memberships import Memberships
from bot.application.overview import active_drills, groups_named, readable_plans
from bot.application.ports import Clock, PlanSource
from bot.application.ports.groups import KnownGroups
from bot.application.ports.homes import HomePages, HomeRenderer, HomeStore, Viewer
from bot.application.ports.results import ResultStore
from bot.application.ports.storage import DrillStore
from bot.application.ports.work import WorkItem
from bot.domain.home import Home
from bot.domain.person import Person
from bot.domain.plan import Plan
from bot.domain.results import NO_RECORD, DrillResult, PlanRecord

LOOKED_AT = timedelta(hours=2)
"""For how long after it was opened a Home is kept up to date."""
MOST_VIEWERS = 20
"""So many Homes are kept up to date at once: those opened last."""
TREND = 12
"""So many of a plan's newest results make its trend."""
NOTICE_SHOWN = timedelta(minutes=10)
"""For how long a Home says what came of a click on it."""


@dataclass(frozen=True, slots=True)
class Homes:
    """Draws Homes. `render` is the view.

    Attributes:
        store: where the drills are.
        results: what the plans' drills have shown.
        homes: where it is kept who looks at their Home.
        groups: who is in the user groups that plans name, as far as that is known.
        trends: of each plan the results that were read, and the id of its last drill then: read anew after the next.
    """

    store: DrillStore
    results: ResultStore
    homes: HomeStore
    groups: KnownGroups
    plan_source: PlanSource
    pages: HomePages
    render: HomeRenderer
    clock: Clock
    trends: dict[str, tuple[str, tuple[DrillResult, ...]]] = field(default_factory=dict)

    def draw(self, person: Person, item: WorkItem) -> None:
        """Publish somebody's Home, if it looks different from what they see.

        Raises:
            SlackError: Slack did not take it.
        """
        viewer = self.homes.viewer(person)
        view = self.render(self._home(person, viewer))
        looks = hashlib.sha256(view.encode()).hexdigest()
        if viewer is None or viewer.looks != looks:
            self.pages.publish(person, view)
        self.homes.keep(person, looks, item)

    def refresh(self) -> None:
        """Have the Homes drawn anew that people may be looking at: a drill has changed."""
        now = self.clock()
        recent = [viewer for viewer in self.homes.viewers() if now - viewer.opened_at < LOOKED_AT]
        for viewer in sorted(recent, key=lambda viewer: viewer.opened_at, reverse=True)[:MOST_VIEWERS]:
            self.homes.refresh(viewer.person, now)

    def _home(self, person: Person, viewer: Viewer | None) -> Home:
        now = self.clock()
        drills, plans = active_drills(self.store), readable_plans(self.plan_source)
        records = self.results.plan_records()
        return Home(
            person=Memberships(self.groups, self.clock).place(person, groups_named(drills, plans)),
            now=now,
            drills=drills,
            plans=plans,
            records=records,
            trends=dict(self._trends(plans, records)),
            notice=_notice(viewer, now - NOTICE_SHOWN) if viewer else None,
        )

    def _trends(
        self, plans: Iterable[Plan], records: Mapping[str, PlanRecord]
    ) -> Iterator[tuple[str, tuple[DrillResult, ...]]]:
        for plan in plans:
            last = records.get(plan.name, NO_RECORD).last
            if last is None:
                continue
            as_of, results = self.trends.get(plan.name, ("", ()))
            if as_of != last.drill_id:
                results = self.results.results(plan.name, TREND)
                self.trends[plan.name] = last.drill_id, results
            yield plan.name, results


def _notice(viewer: Viewer, since: datetime) -> str | None:
    return viewer.notice if viewer.notice_at and viewer.notice_at > since else None
