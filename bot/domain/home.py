"""What somebody's App Home is about: the drills under way, what waits for them, and what they may do. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain import duties, rounds
from bot.domain.actions import awaits_approval, possible
from bot.domain.approval import Action
from bot.domain.approval_round import ApprovalRound
from bot.domain.drill import Drill, WaveRun
from bot.domain.errors import ApprovalDenied
from bot.domain.person import Person
from bot.domain.plan import Plan
from bot.domain.results import NO_RECORD, PlanRecord, is_overdue


@dataclass(frozen=True, slots=True)
class PendingApproval:
    """A wave that waits for the approval of one person among others. They may also be one of those to break glass."""

    drill: Drill
    wave: WaveRun
    round: ApprovalRound
    may_break_glass: bool


@dataclass(frozen=True, slots=True)
class Home:
    """All that one person's App Home shows, as it is at `now`.

    Attributes:
        drills: those that have not ended, the oldest first.
        plans: those that can be read, by name.
        records: what the plans' drills have shown so far, by the plan's name.
        person: whose it is, with what is known of the user groups that plans and drills name.
        notice: what came of something that they last clicked here, if it was refused.
    """

    person: Person
    now: datetime
    drills: tuple[Drill, ...]
    plans: tuple[Plan, ...]
    records: Mapping[str, PlanRecord] = field(default_factory=dict)
    notice: str | None = None

    @property
    def pending(self) -> tuple[PendingApproval, ...]:
        """What waits for this person's approval."""
        return tuple(found for drill in self.drills for found in _pending(drill, self.person, self.now))

    def may(self, drill: Drill, action: Action) -> bool:
        """Whether this person can do something to a drill now. Approving is in `pending`."""
        return action in possible(drill) and duties.may(drill, action, self.person)

    def can(self, drill: Drill) -> tuple[Action, ...]:
        """All that this person can do to a drill now, in the order of `Action`."""
        answers = (Action.APPROVE, Action.REJECT) if any(found.drill.id == drill.id for found in self.pending) else ()
        return tuple(action for action in Action if action in answers or self.may(drill, action))

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


def _pending(drill: Drill, person: Person, now: datetime) -> Iterator[PendingApproval]:
    for wave in drill.waves:
        if wave.round and awaits_approval(drill, wave) and _would_count(drill, wave.round, person, now):
            yield PendingApproval(drill, wave, wave.round, person.is_among(drill.plan.access.break_glass))


def _would_count(drill: Drill, asked: ApprovalRound, person: Person, now: datetime) -> bool:
    """Asked of the policy itself, so that a button is never shown to somebody whose click it would refuse."""
    try:
        rounds.approve(drill, asked, asked.number, person, None, now)
    except ApprovalDenied:
        return False
    return True


def may_propose(person: Person, plan: Plan, drills: Iterable[Drill]) -> bool:
    """Whether somebody may ask for a drill of a plan now, with these drills that have not ended."""
    is_there = any(drill.plan.name == plan.name for drill in drills)
    return person.is_among(plan.access.operators) and not is_there
