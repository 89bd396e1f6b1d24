"""What people look up: the plans, one drill, how drills have ended, and what they may do themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.application.drills import Drills
from bot.application.memberships import Memberships
from bot.application.nearest import did_you_mean
from bot.application.overview import UnderWay, groups_named, under_way
from bot.application.typed import LONGEST_ID, Typed
from bot.domain.drill import Drill
from bot.domain.errors import UnknownDrill, UnknownPlan
from bot.domain.home import Home
from bot.domain.person import Person
from bot.domain.plan import Plan
from bot.domain.results import NO_RECORD, DrillResult, PlanRecord
from bot.domain.written import none_named

NEWEST = 20
"""So many results of a plan are looked up: five years of a plan that is drilled each quarter."""


@dataclass(frozen=True, slots=True)
class PlanBoard:
    """The plans that can be read, by name, and what is known of each at `now`."""

    plans: tuple[Plan, ...]
    records: Mapping[str, PlanRecord]
    now: datetime

    def record(self, plan: Plan) -> PlanRecord:
        """What a plan's drills have shown."""
        return self.records.get(plan.name, NO_RECORD)


@dataclass(frozen=True, slots=True)
class PlanStatus:
    """Where a plan stands: its drills under way, or else what the last one has shown."""

    name: str
    active: tuple[Drill, ...]
    record: PlanRecord


@dataclass(frozen=True, slots=True)
class PlanHistory:
    """The results of a plan, the newest first."""

    name: str
    results: tuple[DrillResult, ...]


@dataclass(frozen=True, slots=True)
class Looking:
    """Looks things up. Nothing is changed by it, so anybody may."""

    drills: Drills

    def plan_name(self, typed: str) -> str:
        """The name of the plan that was typed.

        Raises:
            UnknownPlan: there is none of that name; the text has the nearest, and all there are.
        """
        if typed.lower() in self._names():
            return typed.lower()
        raise self._no_plan(typed)

    def under_way(self) -> UnderWay:
        """Every drill that has not ended."""
        return under_way(self.drills.decider.store)

    def plans(self) -> PlanBoard:
        """What can be drilled, and when it was last."""
        return PlanBoard(self.drills.plans(), self.drills.results.plan_records(), self.drills.decider.clock())

    def status(self, typed: str) -> Drill | PlanStatus:
        """One drill by its id, or a plan by its name.

        Raises:
            UnknownDrill: it is neither; the text has the nearest.
        """
        word, names = typed.lower(), self._names()
        if word in names:
            active = tuple(drill for drill in self.drills.active() if drill.plan.name == word)
            return PlanStatus(word, active, self.drills.results.plan_records().get(word, NO_RECORD))
        return Typed(self.drills).named(word, names)

    def history(self, typed: str) -> PlanHistory:
        """How the last drills of a plan have ended, also of a plan that is no more.

        Raises:
            UnknownPlan: there is no plan of that name, and never was.
        """
        word = typed.lower()
        results = self.drills.results.results(word, NEWEST) if len(word) <= LONGEST_ID else ()
        if not results and word not in self._names():
            raise self._no_plan(typed)
        return PlanHistory(word, results)

    def records(self) -> Mapping[str, PlanRecord]:
        """How the last drill of each plan that was ever run has ended."""
        return self.drills.results.plan_records()

    def reported(self, channel: str, typed: str = "") -> str:
        """The id of the drill whose report is meant: that drill's, or else that of the last one of a plan, or channel.

        Raises:
            UnknownDrill: there is none; the text says why.
        """
        word, names = typed.lower(), self._names()
        if word in names:
            last = next(iter(self.drills.results.results(word, 1)), None)
            if last is None:
                raise UnknownDrill(f"No drill of {word} has ended yet.")
            return last.drill_id
        if word:
            return Typed(self.drills).named(word, names).id
        here = {plan.name for plan in self.drills.plans() if plan.channel == channel}
        ended = [each.last for name, each in self.records().items() if name in here and each.last]
        if not ended:
            raise UnknownDrill("No drill of this channel's plans has been run yet. Name the drill, or its plan.")
        return max(ended, key=lambda result: result.ended_at).drill_id

    def person(self, person: Person) -> Home:
        """What somebody may do: their part in each plan and in each drill under way."""
        drills, plans = self.drills.active(), self.drills.plans()
        clock = self.drills.decider.clock
        placed = Memberships(self.drills.groups, clock).place(person, groups_named(drills, plans))
        return Home(person=placed, now=clock(), drills=drills, plans=plans)

    def _names(self) -> tuple[str, ...]:
        return self.drills.plan_source.names()

    def _no_plan(self, typed: str) -> UnknownPlan:
        names = self._names()
        there_are = f"There are: {', '.join(names)}." if names else "There are no plans yet."
        return UnknownPlan(f"{none_named('plan', typed)}{did_you_mean(typed.lower(), names)} {there_are}")
