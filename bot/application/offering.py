"""What people are offered where no message of a drill offers it: by a shortcut, or before there is a drill."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain

from bot.application.memberships import Memberships
from bot.application.overview import active_drills, groups_named, readable_plans
from bot.application.ports import PlanSource
from bot.application.ports.results import ResultStore
from bot.application.ports.storage import DrillStore, MessageStore
from bot.domain.commands import Topic, TopicKind
from bot.domain.drill import Drill
from bot.domain.errors import UnknownDrill, UnreadableDrill
from bot.domain.home import may_propose
from bot.domain.offers import Offered, event_of, objection, offers
from bot.domain.person import Person
from bot.domain.plan import Plan
from bot.domain.results import NO_RECORD

_CARD = Topic(kind=TopicKind.CARD).key


@dataclass(frozen=True, slots=True)
class Offering:
    """Looks, and changes nothing.

    Attributes:
        messages: which Slack message shows what: by it a drill is known again from a message.
        results: which drill of each plan was the last.
    """

    store: DrillStore
    messages: MessageStore
    plan_source: PlanSource
    memberships: Memberships
    results: ResultStore

    def of(self, drill: Drill, person: Person) -> Offered:
        """What can be done to a drill now, by this person and by others."""
        now, access = self.memberships.clock(), drill.plan.access
        mine, others = [], []
        for offer in offers(drill):
            event = self.memberships.inform(event_of(offer, person), person, access)
            refused = objection(drill, event, now)
            if refused is None:
                mine.append(offer)
            else:
                others.append((offer, str(refused)))
        return Offered(drill, tuple(mine), tuple(others))

    def in_channel(self, channel: str) -> tuple[Drill, ...]:
        """The drills under way in a channel, the oldest first."""
        return tuple(drill for drill in active_drills(self.store) if drill.plan.channel == channel)

    def of_message(self, channel: str, root_ts: str) -> Drill | None:
        """The drill whose thread a message is in, by the ts of the thread's first message: the card.

        One that is under way, or the last one of a plan: what has ended is talked about, and signed off, for a while.
        """
        for drill in chain(self.in_channel(channel), self._last_in(channel)):
            card = self.messages.messages(drill.id).get(_CARD)
            if card and card.ts == root_ts:
                return drill
        return None

    def _last_in(self, channel: str) -> Iterator[Drill]:
        records = self.results.plan_records()
        for plan in readable_plans(self.plan_source):
            last = records.get(plan.name, NO_RECORD).last
            if last and plan.channel == channel:
                with suppress(UnknownDrill, UnreadableDrill):
                    yield self.store.load(last.drill_id).drill

    def plans(self, person: Person) -> tuple[Plan, ...]:
        """The plans of which this person can ask for a drill now, by name."""
        drills, plans = active_drills(self.store), readable_plans(self.plan_source)
        placed = self.memberships.place(person, groups_named(drills, plans))
        return tuple(plan for plan in plans if may_propose(placed, plan, drills))
