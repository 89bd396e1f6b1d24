"""What somebody's App Home is about: the drills under way, what waits for them, and what they may do. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.events import DrillStarted
from bot.domain.offers import Offer, event_of, objection, offers
from bot.domain.person import Person
from bot.domain.plan import Plan
from bot.domain.results import NO_RECORD, DrillResult, PlanRecord, is_overdue

_ASKED_FOR = frozenset({Action.APPROVE, Action.CONFIRM, Action.RESUME, Action.RETRY, Action.SKIP})
"""What a drill waits for people to do."""
_INSTEAD = frozenset({Action.REJECT, Action.DENY, Action.BREAK_GLASS})
"""What can be done instead of approving or confirming."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A drill that waits for one person among others: to approve a wave, to confirm a check, to decide about a hold.

    Attributes:
        offers: all that this person can answer or decide, each about the same wave, check or hold.
    """

    drill: Drill
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """All that one person's App Home shows, as it is at `now`.

    Attributes:
        drills: those that have not ended, the oldest first.
        plans: those that can be read, by name.
        records: what the plans' drills have shown so far, by the plan's name.
        trends: the newest results of plans that were drilled, the newest first, by the plan's name.
        person: whose it is, with what is known of the user groups that plans and drills name.
        notice: what came of something that they last clicked here, if it was refused.
    """

    person: Person
    now: datetime
    drills: tuple[Drill, ...]
    plans: tuple[Plan, ...]
    records: Mapping[str, PlanRecord] = field(default_factory=dict)
    notice: str | None = None
    trends: Mapping[str, tuple[DrillResult, ...]] = field(default_factory=dict)

    @property
    def pending(self) -> tuple[Pending, ...]:
        """What waits for this person's approval or decision."""
        return tuple(
            Pending(drill, tuple(about))
            for drill in self.drills
            for about in self._by_subject(drill)
            if any(each.action in _ASKED_FOR for each in about)
        )

    def _by_subject(self, drill: Drill) -> Iterable[list[Offer]]:
        """What this person can answer, each subject by itself: waves side by side can wait at once."""
        found: dict[tuple[int, int], list[Offer]] = {}
        for each in self.offers(drill):
            if each.action in _ASKED_FOR | _INSTEAD:
                found.setdefault((each.wave, each.check), []).append(each)
        return found.values()

    def offers(self, drill: Drill) -> tuple[Offer, ...]:
        """What this person can do to a drill now, asked of the rules themselves: no button is shown in vain."""
        return tuple(each for each in offers(drill) if self._would_do(drill, each))

    def _would_do(self, drill: Drill, offer: Offer) -> bool:
        event = event_of(offer, self.person)
        if isinstance(event, DrillStarted):  # who is in the groups is read anew at the click
            event = event.model_copy(update={"directory": drill.directory})
        return objection(drill, event, self.now) is None

    def can(self, drill: Drill) -> tuple[Action, ...]:
        """All that this person can do to a drill now, in the order of `Action`."""
        offered = {each.action for each in self.offers(drill)}
        return tuple(action for action in Action if action in offered)

    def may_propose(self, plan: Plan) -> bool:
        """Whether this person may ask for a drill of a plan now: while there is one, it would be refused."""
        return may_propose(self.person, plan, self.drills)

    def record(self, plan: Plan) -> PlanRecord:
        """What a plan's drills have shown so far."""
        return self.records.get(plan.name, NO_RECORD)

    def is_overdue(self, plan: Plan) -> bool:
        """Whether a drill of a plan should have passed by now."""
        return is_overdue(plan, self.record(plan), self.now)

    @property
    def plans_by_need(self) -> tuple[Plan, ...]:
        """Those that are overdue first: should some be left out, it is not these."""
        return tuple(sorted(self.plans, key=lambda plan: not self.is_overdue(plan)))


def may_propose(person: Person, plan: Plan, drills: Iterable[Drill]) -> bool:
    """Whether somebody may ask for a drill of a plan now, with these drills that have not ended."""
    is_there = any(drill.plan.name == plan.name for drill in drills)
    return person.is_among(plan.access.operators) and not is_there
