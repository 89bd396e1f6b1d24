"""The application over the fakes, for its tests.

    house = House()                                     # two waves of two servers, nothing has happened yet
    drill_id = house.running()                          # proposed, checked, started; the first launch is asked for
    house.drain(drill_id)                               # the executor does what is due
    house.drs.fail_next("start_drill", throttled())
    house.pass_time(timedelta(minutes=2))               # world and wall time both
    house.store.before("save", lambda: house.abort(drill_id))     # somebody is quicker

`house.store`, `house.outbox` and `house.drs` have ears (see `watched`): `calls` has every call.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.application.checking import Checking
from bot.application.cleaning import Cleaning
from bot.application.deciding import Click, Decider
from bot.application.drills import Drills
from bot.application.earlier import EarlierDrills
from bot.application.executor import Executor
from bot.application.finder import Finder
from bot.application.gathering import Gathering
from bot.application.homes import Homes
from bot.application.lanes import TimeLeft
from bot.application.launching import Launching
from bot.application.notifier import Notifier
from bot.application.ports.homes import HomeRenderer
from bot.application.ports.slack import Renderer
from bot.application.ports.work import WorkItem
from bot.application.reconcile import Poller
from bot.application.reporting import Reporting
from bot.application.sweeping import Sweeping
from bot.application.tagging import Tagging
from bot.application.verifying import Verifying
from bot.domain.approval import Action
from bot.domain.commands import Afterwards, Lane
from bot.domain.drill import Drill
from bot.domain.events import PreflightCompleted
from bot.domain.findings import Finding
from bot.domain.launch import LaunchKey
from bot.domain.offers import Offer
from bot.domain.person import Person
from bot.domain.plan import Plan
from bot.domain.states import ServerPhase
from tests.fakes.accounts import FakeAccounts
from tests.fakes.checks import FakeCheckers
from tests.fakes.clock import ManualClock
from tests.fakes.gathered import MemoryGathered
from tests.fakes.groups import MemoryGroups
from tests.fakes.homes import MemoryHomes
from tests.fakes.plans import MemoryPlans
from tests.fakes.results import MemoryResults
from tests.fakes.shelf import FakeProfiles, MemoryShelf
from tests.fakes.slack import FakeSlack
from tests.fakes.store import MemoryTable
from tests.fakes.wakes import MemoryWakes
from tests.unit.application.watched import WatchedDrs, WatchedDrsClients, WatchedMessages, WatchedOutbox, WatchedStore
from tests.unit.builders import ADA, GRACE, HOME, T0, a_plan

FIRST = LaunchKey(wave=1, attempt=1, batch=1)
TIMEOUT = timedelta(seconds=60)
MOMENT = timedelta(microseconds=1)
HOT = 200
"""No lane here ever holds so much work."""


def plenty() -> TimeLeft:
    """Time enough for one invocation. Work that stays due whatever is done about it fails the test."""
    asked = itertools.count(1)

    def time_left() -> timedelta:
        assert next(asked) < HOT, "the lane is drained in a hot loop"
        return timedelta(minutes=1)

    return time_left


@dataclass(slots=True)
class House:
    """Everything the application is made of. `plans[0]` is the one that is drilled unless a test says otherwise."""

    plans: tuple[Plan, ...] = field(default_factory=lambda: (a_plan(("Database", 2), ("Web", 2)),))
    clock: ManualClock = field(default_factory=lambda: ManualClock(T0))
    wall: ManualClock = field(default_factory=lambda: ManualClock(T0))
    table: MemoryTable = field(init=False)
    store: WatchedStore = field(init=False)
    outbox: WatchedOutbox = field(init=False)
    messages: WatchedMessages = field(init=False)
    homes: MemoryHomes = field(init=False)
    groups: MemoryGroups = field(init=False, default_factory=MemoryGroups)
    clients: WatchedDrsClients = field(init=False)
    accounts: FakeAccounts = field(init=False, default_factory=FakeAccounts)
    gathered: MemoryGathered = field(init=False, default_factory=MemoryGathered)
    wakes: MemoryWakes = field(init=False)
    decider: Decider = field(init=False)
    drills: Drills = field(init=False)
    executor: Executor = field(init=False)
    poller: Poller = field(init=False)
    finder: Finder = field(init=False)
    _clicks: itertools.count[int] = field(init=False, default_factory=itertools.count)
    checkers: FakeCheckers = field(default_factory=FakeCheckers)
    shelf: MemoryShelf = field(init=False, default_factory=MemoryShelf)
    profiles: FakeProfiles = field(init=False, default_factory=FakeProfiles)
    _ticks: itertools.count[int] = field(init=False, default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.table = MemoryTable(self.wall)
        self.store, self.outbox = WatchedStore(self.table), WatchedOutbox(self.table)
        self.messages, self.homes = WatchedMessages(self.table), MemoryHomes(self.table)
        self.clients, self.wakes = WatchedDrsClients(self.clock), MemoryWakes(self.clock)
        self.decider = Decider(self.store, self.clock)
        ids = itertools.count(1)
        self.drills = Drills(
            decider=self.decider,
            plan_source=MemoryPlans(*self.plans),
            home=HOME,
            new_id=lambda name, _now: f"{name}-{next(ids)}",
            homes=self.homes,
            groups=self.groups,
            results=MemoryResults(self.table),
            messages=self.messages,
        )
        self.executor = self.another_executor("executor-1")
        self.poller = Poller(self.decider, self.clients)
        self.finder = Finder(self.store, self.outbox, self.wakes, self.clock)
        for plan in self.plans:
            self.clients.at(plan.target or HOME).add_servers(*plan.server_ids)

    @property
    def drs(self) -> WatchedDrs:
        """DRS in the bot's own account and Region."""
        return self.clients.at(HOME)

    def another_executor(self, owner: str) -> Executor:
        """An executor in a container of its own."""
        return Executor(
            decider=self.decider,
            outbox=self.outbox,
            checking=Checking(
                store=self.store,
                drs=self.clients,
                accounts=self.accounts,
                gathering=Gathering(self.gathered, lambda: self.wall() + next(self._ticks) * MOMENT),
                earlier=EarlierDrills(self.store, MemoryResults(self.table)),
                clock=self.clock,
            ),
            sweeping=Sweeping(store=self.store, drs=self.clients),
            launching=Launching(store=self.store, drs=self.clients, wall=self.wall, timeout=TIMEOUT),
            tagging=Tagging(self.clients),
            verifying=Verifying(checkers=self.checkers, clock=self.clock),
            cleaning=Cleaning(drs=self.clients, clock=self.clock),
            reporting=Reporting(
                store=self.store,
                outbox=self.outbox,
                earlier=EarlierDrills(self.store, MemoryResults(self.table)),
                shelf=self.shelf,
                profiles=self.profiles,
                draw=lambda evidence: f"a picture of {evidence.drill_id}".encode(),
                write=lambda evidence: f"a report of {evidence.drill_id}".encode(),
                clock=self.clock,
            ),
            poller=Poller(self.decider, self.clients),
            owner=owner,
        )

    def another_notifier(self, owner: str, slack: FakeSlack, render: Renderer, render_home: HomeRenderer) -> Notifier:
        """A notifier in a container of its own."""
        results = MemoryResults(self.table)
        return Notifier(
            store=self.store,
            outbox=self.outbox,
            messages=self.messages,
            results=results,
            channel=slack,
            shelf=self.shelf,
            render=render,
            homes=Homes(
                store=self.store,
                results=results,
                homes=self.homes,
                groups=self.groups,
                plan_source=MemoryPlans(*self.plans),
                pages=slack,
                render=render_home,
                clock=self.clock,
            ),
            clock=self.clock,
            wall=self.wall,
            owner=owner,
        )

    # ------------------------------------------------------------------ time and people

    def pass_time(self, span: timedelta) -> datetime:
        """Let world and wall time pass."""
        self.wall.advance(span)
        return self.clock.advance(span)

    def click(self, by: Person = ADA) -> Click:
        """A click that has never been seen before."""
        return Click(by, replay_key=f"click-{next(self._clicks)}", replay_until=self.wall() + timedelta(minutes=5))

    def do(self, drill_id: str, action: Action, words: str = "", by: Person = ADA, **at: Any) -> Drill:
        """Somebody does it, to that `wave` and `round`, or `hold`."""
        return self.drills.act(drill_id, Offer(action, **at), self.click(by), words)

    def proposed(self, plan_name: str = "payments") -> str:
        return self.drills.propose(plan_name, self.click()).id

    def finds(self, drill_id: str, *findings: Finding) -> None:
        """The checks are made, and this is what they found."""
        names = {server.id: "" for server in self.drill(drill_id).servers}
        self.decider.apply(drill_id, lambda _drill: PreflightCompleted(findings=findings, names=names))

    def ready(self, plan_name: str = "payments") -> str:
        drill_id = self.proposed(plan_name)
        self.drain(drill_id)
        return drill_id

    def running(self, plan_name: str = "payments") -> str:
        """A drill that was started: its first launch is asked for, and nobody has looked after it yet."""
        drill_id = self.ready(plan_name)
        self.do(drill_id, Action.START)
        return drill_id

    def held(self) -> str:
        """A drill that somebody has put on hold before its first launch was sent."""
        drill_id = self.running()
        self.do(drill_id, Action.HOLD, "The network team is not here yet.")
        return drill_id

    def launched(self, plan_name: str = "payments") -> str:
        """A drill whose first job runs."""
        drill_id = self.running(plan_name)
        self.drain(drill_id)
        return drill_id

    def cleaning_up(self) -> str:
        """A drill of which every server was launched. Nobody has looked at the cleanup yet."""
        drill_id = self.launched()
        while self.follow(drill_id).followed_jobs or (wave := self.drill(drill_id).current_wave):
            if self.drill(drill_id).followed_jobs:
                continue
            assert wave is not None
            assert wave.round is not None
            self.do(drill_id, Action.APPROVE, by=GRACE, wave=wave.number, round=wave.round.number)
            self.drain(drill_id)
        return drill_id

    def abort(self, drill_id: str) -> Drill:
        return self.do(drill_id, Action.ABORT)

    def drain(self, drill_id: str) -> Drill:
        """The executor does what is due; the drill afterwards."""
        self.executor.drain(drill_id, plenty())
        return self.drill(drill_id)

    def follow(self, drill_id: str, failed: dict[str, str] | None = None) -> Drill:
        """The drill's jobs end and are polled."""
        for launch in self.drill(drill_id).followed_jobs:
            self.drs.finish(launch.job_id or "", failed)
        self.poller.poll([drill_id])
        return self.drill(drill_id)

    # ------------------------------------------------------------------ looking

    def drill(self, drill_id: str) -> Drill:
        return self.table.drills[drill_id].drill

    def work(self, drill_id: str, lane: Lane = Lane.WORK) -> tuple[WorkItem, ...]:
        """What a lane holds, but for what moves no drill and comes last."""
        return tuple(item for item in self.table.lane(drill_id, lane) if not isinstance(item.command, Afterwards))

    def afterwards(self, drill_id: str) -> tuple[WorkItem, ...]:
        """The anchors and reports that are still to be made."""
        return tuple(item for item in self.table.lane(drill_id, Lane.WORK) if isinstance(item.command, Afterwards))

    def events(self, drill_id: str) -> list[str]:
        """The names of the events on record."""
        return [record.event.type for record in self.table.records[drill_id]]

    def instances_of(self, drill_id: str) -> list[str]:
        """What runs in DRS because of the drill."""
        jobs = self.drill(drill_id).job_ids
        return [each.id for each in self.drs.instances.values() if each.job_id in jobs]

    def finish_termination(self) -> None:
        """DRS ends its newest job, a termination."""
        self.drs.finish(list(self.drs.jobs)[-1])


def phase(drill: Drill, number: int) -> ServerPhase:
    """Where the `number`-th server of a drill is, from 1."""
    return list(drill.servers)[number - 1].phase
