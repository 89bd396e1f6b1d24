"""The product as it is deployed: each container of a function with parts and a clock of its own, over shared ports."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from slack_bolt import App

from bot import bootstrap
from bot.adapters.secrets import GivenSecrets
from bot.adapters.wakes import SqsWakes
from bot.application.checking import Checking
from bot.application.cleaning import Cleaning
from bot.application.deciding import Decider
from bot.application.drills import Drills
from bot.application.earlier import EarlierDrills
from bot.application.executor import Executor
from bot.application.finder import Finder
from bot.application.gathering import Gathering
from bot.application.homes import Homes
from bot.application.launching import Launching
from bot.application.notifier import Notifier
from bot.application.reconcile import Poller
from bot.application.refreshing import Refreshing
from bot.application.reporting import Reporting
from bot.application.sweeping import Sweeping
from bot.application.tagging import Tagging
from bot.application.verifying import Verifying
from bot.domain.plan import Plan
from bot.slack.app import build_app
from bot.views import home, render
from tests.fakes.accounts import FakeAccounts
from tests.fakes.checks import FakeCheckers
from tests.fakes.drs import FakeDrs
from tests.fakes.gathered import MemoryGathered
from tests.fakes.groups import MemoryDirectory, MemoryGroups
from tests.fakes.homes import MemoryHomes
from tests.fakes.plans import MemoryPlans
from tests.fakes.results import MemoryResults
from tests.fakes.shelf import FakeProfiles, MemoryShelf
from tests.fakes.slack import FakeSlack
from tests.fakes.store import MemoryMessages, MemoryOutbox, MemoryStore, MemoryTable
from tests.simulation.world import Seam, World
from tests.unit.plans import HOME

SIGNING_SECRET = "simulated"
TIMEOUT = timedelta(seconds=60)
SKEW = 2.0
"""Seconds by which the clock of a container may be wrong, either way."""
MOMENT = timedelta(microseconds=1)


class Everywhere:
    """DRS (or the account, or the checkers) wherever a plan's servers are."""

    def __init__(self, there: Any) -> None:
        self._there = there

    def at(self, _target: object) -> Any:
        return self._there


@dataclass(slots=True)
class Ports:
    """What stands behind the seams; the simulation looks at it directly."""

    world: World
    plan: Plan
    sqs: Any
    table: MemoryTable = field(init=False)
    drs: FakeDrs = field(init=False)
    slack: FakeSlack = field(init=False)
    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    checkers: FakeCheckers = field(default_factory=FakeCheckers)
    groups: MemoryGroups = field(default_factory=MemoryGroups)
    gathered: MemoryGathered = field(default_factory=MemoryGathered)

    def __post_init__(self) -> None:
        self.table = MemoryTable(self.world.clock)
        self.drs = FakeDrs(self.world.clock)
        self.drs.add_servers(*self.plan.server_ids)
        self.slack = FakeSlack(self.world.clock)

    def seam(self, kind: str, name: str, behind: Any) -> Any:
        """A port as the product sees it."""
        return Seam(self.world, kind, name, behind)


@dataclass
class Container:
    """One container of any function: it can be each of them, as nothing but time and ports is shared between them."""

    ports: Ports
    name: str
    skew: timedelta
    _ticks: itertools.count[int] = field(default_factory=itertools.count)

    def clock(self) -> datetime:
        """The time as this container has it."""
        return self.ports.world.now + self.skew

    @property
    def store(self) -> Any:
        return self.ports.seam("table", "store", MemoryStore(self.ports.table))

    @property
    def outbox(self) -> Any:
        return self.ports.seam("table", "outbox", MemoryOutbox(self.ports.table))

    @property
    def results(self) -> Any:
        return self.ports.seam("table", "results", MemoryResults(self.ports.table))

    @property
    def messages(self) -> Any:
        return self.ports.seam("table", "messages", MemoryMessages(self.ports.table))

    @property
    def homes(self) -> Any:
        return self.ports.seam("table", "homes", MemoryHomes(self.ports.table))

    @property
    def groups(self) -> Any:
        return self.ports.seam("table", "groups", self.ports.groups)

    @property
    def drs(self) -> Everywhere:
        return Everywhere(self.ports.seam("drs", "drs", self.ports.drs))

    @property
    def decider(self) -> Decider:
        return Decider(self.store, self.clock)

    @property
    def plans(self) -> MemoryPlans:
        return MemoryPlans(self.ports.plan)

    def drills(self) -> Drills:
        """The use cases behind Slack."""
        ids = itertools.count(len(self.ports.table.drills) + 1)
        return Drills(
            decider=self.decider,
            plan_source=self.plans,
            home=HOME,
            new_id=lambda name, _now: f"{name}-{len(self.ports.table.drills) + 1}-{next(ids)}",
            homes=self.homes,
            groups=self.groups,
            results=self.results,
            messages=self.messages,
        )

    @cached_property
    def app(self) -> App:
        """The Bolt app. Forms are opened by nobody here: Slack's address leads nowhere."""
        secrets = GivenSecrets(bot_token="xoxb-simulated", signing_secret=SIGNING_SECRET)
        return build_app(self.drills(), secrets=secrets, slack_api_url="http://127.0.0.1:9/")

    def executor(self) -> Executor:
        """The consumer of the work lane."""
        store, drs, decider = self.store, self.drs, self.decider
        earlier = EarlierDrills(store, self.results)
        gathered = self.ports.seam("table", "gathered", self.ports.gathered)
        return Executor(
            decider=decider,
            outbox=self.outbox,
            checking=Checking(
                store=store,
                drs=drs,
                accounts=FakeAccounts(),
                gathering=Gathering(gathered, lambda: self.clock() + next(self._ticks) * MOMENT),
                earlier=earlier,
                clock=self.clock,
            ),
            sweeping=Sweeping(store=store, drs=drs),
            launching=Launching(store=store, drs=drs, wall=self.clock, timeout=TIMEOUT),
            tagging=Tagging(drs),
            verifying=Verifying(checkers=self.ports.checkers, clock=self.clock),
            cleaning=Cleaning(drs=drs, clock=self.clock),
            reporting=self._reporting(earlier),
            poller=Poller(decider, drs),
            owner=self.name,
        )

    def _reporting(self, earlier: EarlierDrills) -> Reporting:
        return Reporting(
            store=self.store,
            outbox=self.outbox,
            earlier=earlier,
            shelf=self.ports.seam("s3", "shelf", self.ports.shelf),
            profiles=FakeProfiles(),
            draw=lambda evidence: f"a picture of {evidence.drill_id}".encode(),
            write=lambda evidence: f"a report of {evidence.drill_id}".encode(),
            clock=self.clock,
        )

    def notifier(self) -> Notifier:
        """The consumer of the Slack lane."""
        slack = self.ports.seam("slack", "slack", self.ports.slack)
        return Notifier(
            store=self.store,
            outbox=self.outbox,
            messages=self.messages,
            results=self.results,
            channel=slack,
            shelf=self.ports.seam("s3", "shelf", self.ports.shelf),
            render=render,
            homes=Homes(
                store=self.store,
                results=self.results,
                homes=self.homes,
                groups=self.groups,
                plan_source=self.plans,
                pages=slack,
                render=home,
                clock=self.clock,
            ),
            clock=self.clock,
            wall=self.clock,
            owner=self.name,
        )

    def poller(self) -> Poller:
        """What follows DRS's jobs."""
        return Poller(self.decider, self.drs)

    def finder(self) -> Finder:
        """The minute's round."""
        sqs = self.ports.seam("sqs", "sqs", self.ports.sqs)
        return Finder(self.store, self.outbox, SqsWakes(sqs, "poll", "work"), self.clock)

    def refreshing(self) -> Refreshing:
        """The finder's second step; no plan here names a user group."""
        return Refreshing(self.groups, MemoryDirectory, self.plans, self.store, self.clock)

    @contextmanager
    def started(self) -> Iterator[None]:
        """While it runs, the handlers get this container's parts."""
        made: dict[str, Callable[[], object]] = {
            "slack_events": lambda: self.app,
            "executor": self.executor,
            "notifier": self.notifier,
            "poller": self.poller,
            "finder": self.finder,
            "refreshing": self.refreshing,
        }
        before = {name: getattr(bootstrap, name) for name in made}
        for name, make in made.items():
            setattr(bootstrap, name, make)
        try:
            yield
        finally:
            for name, was in before.items():
                setattr(bootstrap, name, was)
