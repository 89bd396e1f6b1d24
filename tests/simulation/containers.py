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
from tests.fakes.groups import MemoryDirectory
from tests.fakes.plans import MemoryPlans
from tests.fakes.shelf import FakeProfiles
from tests.fakes.slack import FakeSlack
from tests.simulation.kept import Kept, Stores
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
    kept: Kept
    drs: FakeDrs = field(init=False)
    slack: FakeSlack = field(init=False)
    checkers: FakeCheckers = field(default_factory=FakeCheckers)

    def __post_init__(self) -> None:
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

    @cached_property
    def kept(self) -> Stores:
        return self.ports.kept.stores(self.clock)

    @property
    def drs(self) -> Everywhere:
        return Everywhere(self.ports.seam("drs", "drs", self.ports.drs))

    @property
    def decider(self) -> Decider:
        return Decider(self.kept.store, self.clock)

    @property
    def plans(self) -> MemoryPlans:
        return MemoryPlans(self.ports.plan)

    def drills(self) -> Drills:
        """The use cases behind Slack."""
        ids = itertools.count(len(self.ports.kept.drills) + 1)
        return Drills(
            decider=self.decider,
            plan_source=self.plans,
            home=HOME,
            new_id=lambda name, _now: f"{name}-{len(self.ports.kept.drills) + 1}-{next(ids)}",
            homes=self.kept.homes,
            groups=self.kept.groups,
            results=self.kept.results,
            messages=self.kept.messages,
        )

    @cached_property
    def app(self) -> App:
        """The Bolt app. Forms are opened by nobody here: Slack's address leads nowhere."""
        secrets = GivenSecrets(bot_token="xoxb-simulated", signing_secret=SIGNING_SECRET)
        return build_app(self.drills(), secrets=secrets, slack_api_url="http://127.0.0.1:9/")

    def executor(self) -> Executor:
        """The consumer of the work lane."""
        store, drs, decider = self.kept.store, self.drs, self.decider
        earlier = EarlierDrills(store, self.kept.results)
        return Executor(
            decider=decider,
            outbox=self.kept.outbox,
            checking=Checking(
                store=store,
                drs=drs,
                accounts=FakeAccounts(),
                gathering=Gathering(self.kept.gathered, lambda: self.clock() + next(self._ticks) * MOMENT),
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
            store=self.kept.store,
            outbox=self.kept.outbox,
            earlier=earlier,
            shelf=self.kept.shelf,
            profiles=FakeProfiles(),
            draw=lambda evidence: f"a picture of {evidence.drill_id}".encode(),
            write=lambda evidence: f"a report of {evidence.drill_id}".encode(),
            clock=self.clock,
        )

    def notifier(self) -> Notifier:
        """The consumer of the Slack lane."""
        slack = self.ports.seam("slack", "slack", self.ports.slack)
        return Notifier(
            store=self.kept.store,
            outbox=self.kept.outbox,
            messages=self.kept.messages,
            results=self.kept.results,
            channel=slack,
            shelf=self.kept.shelf,
            render=render,
            homes=Homes(
                store=self.kept.store,
                results=self.kept.results,
                homes=self.kept.homes,
                groups=self.kept.groups,
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
        return Finder(self.kept.store, self.kept.outbox, SqsWakes(sqs, "poll", "work"), self.clock)

    def refreshing(self) -> Refreshing:
        """The finder's second step; no plan here names a user group."""
        return Refreshing(self.kept.groups, MemoryDirectory, self.plans, self.kept.store, self.clock)

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
