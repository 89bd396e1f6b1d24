"""What people can do with drills. Each click is one read, one decision and one transaction; DRS is not asked."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass

from bot.application.deciding import TRIES, Click, Decider
from bot.application.memberships import Memberships
from bot.application.offering import Offering
from bot.application.overview import active_drills, readable_plans
from bot.application.ports import Ids, PlanSource
from bot.application.ports.groups import KnownGroups
from bot.application.ports.homes import HomeStore
from bot.application.ports.results import ResultStore
from bot.application.ports.storage import MessageStore, Refusal
from bot.domain.access import Access
from bot.domain.approval import mention
from bot.domain.drill import Drill
from bot.domain.errors import ConcurrentUpdate, DrillError, Replayed, ServersLocked, UnknownDrill
from bot.domain.events import DrillProposed, Event
from bot.domain.launch_point import PLANNED, LaunchPoint
from bot.domain.mark_up import moment, plain
from bot.domain.offers import Offer, event_of, objection
from bot.domain.person import Person
from bot.domain.plan import Plan, Target
from bot.domain.report_events import NoteAdded
from bot.domain.states import Purpose

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Drills:
    """The use cases. All raise `DrillError` with a text for the person who asked.

    Attributes:
        home: the bot's own account and Region, for plans that name no target.
        groups: who is in the user groups that plans name, as far as that is known.
        results: how drills have ended.
        messages: which Slack message shows what.
    """

    decider: Decider
    plan_source: PlanSource
    home: Target
    new_id: Ids
    homes: HomeStore
    groups: KnownGroups
    results: ResultStore
    messages: MessageStore

    def propose(
        self,
        plan_name: str,
        click: Click,
        launch_point: LaunchPoint | None = None,
        purpose: Purpose = Purpose.DRILL,
    ) -> Drill:
        """Ask for a drill of a plan: it is checked, and can then be started, whatever the purpose.

        Args:
            plan_name: the plan.
            click: whose wish it is.
            launch_point: what to launch from; None: what the plan says.
            purpose: what is told of it if nobody starts it.

        Raises:
            UnfitTime: there can be no recovery points of the time that was chosen.
            DrillError: the plan is being drilled, or a drill or check of it waits for Start: the text says which.
        """
        plan = self.plan_source.load(plan_name)
        target, point = plan.target or self.home, launch_point or PLANNED[plan.launch_point]
        if purpose is not Purpose.SWEEP:  # which looks at what no drill has under way
            self._refuse_if_held(plan, target)
        self._refuse_if_proposed(plan, purpose)
        for _ in range(TRIES - 1):
            with suppress(ConcurrentUpdate):  # the id is taken: another one
                return self._create(plan, target, point, purpose, click)
        return self._create(plan, target, point, purpose, click)

    def act(self, drill_id: str, offer: Offer, click: Click, words: str = "") -> Drill:
        """Do to a drill what was offered, by a button, a form or a command. The rules decide on the drill as it is now.

        Args:
            drill_id: the drill.
            offer: what is done, and to which of its waves and rounds, or holds.
            click: whose wish it is.
            words: a comment or a reason, where one can be given.
        """
        return self._tell(drill_id, event_of(offer, click.actor, words), click)

    def note(self, drill_id: str, click: Click, author: str, text: str, permalink: str) -> Drill:
        """Put a message of a drill's thread on its record: whose it is, what it says, and where it stands."""
        event = NoteAdded(actor=click.actor, author=author, text=text, permalink=permalink)
        return self._tell(drill_id, event, click)

    def _tell(self, drill_id: str, event: Event, click: Click) -> Drill:
        try:
            return self.decider.apply(
                drill_id, lambda drill: self._informed(event, click, drill.plan.access), click=click
            )
        except (Replayed, UnknownDrill, ConcurrentUpdate):
            raise
        except ServersLocked as held:
            told = DrillError(self._held_by(held.owners))
            self._record(drill_id, event, click, told)
            raise told from held
        except DrillError as refused:
            self._record(drill_id, event, click, refused)
            raise

    def admit(self, drill_id: str, offer: Offer, click: Click) -> Drill:
        """The drill, if this could be done to it now: asked before a person is given a form to fill in.

        Raises:
            DrillError: it would be refused, which goes on record as any refused click does.
        """
        drill = self.status(drill_id)
        event = self._informed(event_of(offer, click.actor), click, drill.plan.access)
        refused = objection(drill, event, self.decider.clock())
        if refused:
            self._record(drill_id, event, click, refused)
            raise refused
        return drill

    @property
    def offering(self) -> Offering:
        """What people can do, looked up without a change."""
        memberships = Memberships(self.groups, self.decider.clock)
        return Offering(self.decider.store, self.messages, self.plan_source, memberships, self.results)

    def open_home(self, person: Person, *, is_blank: bool) -> None:
        """Somebody has opened the app's Home. One that Slack shows blank is published whatever it showed before."""
        self.homes.open(person, self.decider.clock(), is_blank=is_blank)

    def tell_at_home(self, person: Person, notice: str) -> None:
        """Tell somebody on their Home what came of a click there: Slack has no other place to answer it."""
        self.homes.tell(person, notice, self.decider.clock())

    def plans(self) -> tuple[Plan, ...]:
        """The plans that can be read, by name."""
        return readable_plans(self.plan_source)

    def status(self, drill_id: str) -> Drill:
        """One drill as it is."""
        return self.decider.store.load(drill_id).drill

    def active(self) -> tuple[Drill, ...]:
        """Every drill that has not ended, the oldest first."""
        return active_drills(self.decider.store)

    def _create(self, plan: Plan, target: Target, point: LaunchPoint, purpose: Purpose, click: Click) -> Drill:
        event = DrillProposed(
            drill_id=self.new_id(plan.name, self.decider.clock()),
            plan=plan,
            target=target,
            actor=click.actor,
            launch_point=point,
            purpose=purpose,
        )
        return self.decider.create(self._informed(event, click, plan.access), click)

    def _informed(self, event: Event, click: Click, access: Access) -> Event:
        return Memberships(self.groups, self.decider.clock).inform(event, click.actor, access)

    def _record(self, drill_id: str, event: Event, click: Click, refused: DrillError) -> None:
        now = self.decider.clock()
        reason = plain(str(refused))
        refusal = Refusal(drill_id=drill_id, at=now, actor=click.actor, action=event.type, reason=reason)
        self.decider.store.refuse(refusal, click.replay_key, click.replay_until)
        told = {"drill_id": drill_id, "event": event.type, "user": click.actor.user_id, "reason": reason}
        log.info("refused", extra=told)

    def _refuse_if_held(self, plan: Plan, target: Target) -> None:
        wanted = {*plan.server_ids, f"plan:{plan.name}"}
        held = {key: owner for key, owner in self.decider.store.locks(target).items() if key in wanted}
        if held:
            raise DrillError(self._held_by(held))

    def _refuse_if_proposed(self, plan: Plan, purpose: Purpose) -> None:
        """One card of a plan to start or to cancel. Two people at the same instant may both pass: Start has locks."""
        now, sweeps = self.decider.clock(), purpose is Purpose.SWEEP
        for drill in self.active():
            of_this_kind = drill.plan.name == plan.name and (drill.purpose is Purpose.SWEEP) is sweeps
            if of_this_kind and drill.started_at is None and now < drill.starts_until:
                raise DrillError(f"{_proposed(drill)} Start or cancel that one. {_where(drill.id)}")

    def _held_by(self, owners: dict[str, str]) -> str:
        owner = owners[min(owners, key=lambda key: (not key.startswith("plan:"), key))]
        servers = sum(not key.startswith("plan:") for key in owners)
        what = f"servers of this plan ({servers})" if servers else "this plan"
        return f"{self._under_way(owner)} It holds {what} until it has been cleaned up. {_where(owner)}"

    def _under_way(self, drill_id: str) -> str:
        try:
            drill = self.status(drill_id)
        except UnknownDrill:  # a lock outlived its drill: who asked must still hear which one to look for
            return f"Drill {drill_id} is under way."
        who, when, did = drill.requester, drill.proposed_at, "asked for"
        if drill.started_by and drill.started_at:
            who, when, did = drill.started_by, drill.started_at, "started"
        return (
            f"A drill of {drill.plan.title} is under way, {did} by {mention(who.user_id)}, {moment(when)}, "
            f"in <#{drill.plan.channel}>."
        )


def _proposed(drill: Drill) -> str:
    what = {Purpose.CHECK: "check", Purpose.SWEEP: "sweep"}.get(drill.purpose, "drill")
    return (
        f"A {what} of {drill.plan.title} waits to be started already: {mention(drill.requester.user_id)} asked for it, "
        f"{moment(drill.proposed_at)}, in <#{drill.plan.channel}>."
    )


def _where(drill_id: str) -> str:
    return f"See /drs status {drill_id}."
