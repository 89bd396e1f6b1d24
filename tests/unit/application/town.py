"""The whole bot over the fakes, driven in one thread: stream, queues and schedule on a clock that a test moves.

    town = Town()
    drill_id = town.ask()                        # Ada asks, the checks run
    town.start(drill_id)
    town.jobs_end(drill_id)                      # DRS ends what runs; the poller finds out
    town.approve(drill_id)                       # Grace approves what waits for it
    town.pass_time(timedelta(minutes=3))         # ticks of five seconds, the finder's round each minute
    town.thread(drill_id)                        # the topics in the drill's thread, in order

What a listener of the table's stream hears is delivered at once, unless `is_deaf`: then only the finder finds work.
A wake-up that fails for want of the table, or whose function is killed, is given up: the finder must find it too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.application.finder import ROUND
from bot.application.notifier import Notifier
from bot.application.ports.storage import StoreUnavailable
from bot.domain.approval import Action
from bot.domain.commands import Lane
from bot.domain.drill import Drill
from bot.domain.person import Person
from bot.domain.states import DrillState
from bot.views import home, render
from tests.fakes.slack import FakeSlack
from tests.unit.application.house import House, plenty
from tests.unit.builders import ADA, GRACE

TICK = timedelta(seconds=5)


class Killed(BaseException):
    """A function was killed. It is to be raised at each call until `Town.revive`: a dead function tidies nothing up."""


@dataclass(slots=True)
class Town:
    """A house with everything that wakes it."""

    house: House = field(default_factory=House)
    is_deaf: bool = False
    slack: FakeSlack = field(init=False)
    notifier: Notifier = field(init=False)
    _stream: deque[tuple[str, Lane]] = field(default_factory=deque)
    _until_round: timedelta = ROUND
    _containers: int = 1
    revive: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        house = self.house
        self.slack = FakeSlack(house.wall)
        house.table.listeners.append(lambda drill_id, lane: self._stream.append((drill_id, lane)))
        self.notifier = house.another_notifier("notifier-1", self.slack, render, home)

    # ------------------------------------------------------------------ people

    def ask(self, by: Person = ADA) -> str:
        drill_id = self.house.drills.propose("payments", self.house.click(by)).id
        self._settle()
        return drill_id

    def start(self, drill_id: str, by: Person = ADA) -> Drill:
        self.house.do(drill_id, Action.START, by=by)
        return self._settled(drill_id)

    def approve(self, drill_id: str, by: Person = GRACE) -> Drill:
        """Approve the wave that waits for it."""
        wave = self.drill(drill_id).current_wave
        assert wave is not None
        self.house.do(drill_id, Action.APPROVE, by=by, wave=wave.number, round=len(wave.rounds))
        return self._settled(drill_id)

    def abort(self, drill_id: str, by: Person = ADA) -> Drill:
        self.house.do(drill_id, Action.ABORT, by=by)
        return self._settled(drill_id)

    def decide(self, drill_id: str, decision: str, by: Person = ADA) -> Drill:
        """`retry` or `skip` what put the drill on hold."""
        held = len(self.drill(drill_id).holds)
        self.house.do(drill_id, Action(decision), "not needed before Monday", by=by, hold=held)
        return self._settled(drill_id)

    # ------------------------------------------------------------------ the world

    def jobs_end(self, drill_id: str, failing: dict[str, str] | None = None) -> Drill:
        """DRS ends the drill's jobs, `failing` (server id: why) aside, and is polled within a minute."""
        self.pass_time(timedelta(minutes=6))
        for launch in self.drill(drill_id).followed_jobs:
            self.house.drs.finish(launch.job_id or "", failing)
        self.pass_time(ROUND)
        return self.drill(drill_id)

    def instances_go(self, drill_id: str) -> Drill:
        """The drill's instances are told to go and are gone some minutes later."""
        self.pass_time(timedelta(minutes=2))
        for job in list(self.house.drs.jobs.values()):
            if job.instance_ids:
                self.house.drs.finish(job.id)
        self.pass_time(timedelta(minutes=2))
        return self.drill(drill_id)

    def pass_time(self, span: timedelta) -> None:
        """Let time pass, tick by tick."""
        for _ in range(span // TICK):
            self.house.pass_time(TICK)
            self._until_round -= TICK
            if not self._until_round:
                self._until_round = ROUND
                self._trying(self.house.finder.look_round)
            for delivery in self.house.wakes.deliver():
                if delivery.wake:
                    self._wake(delivery.wake)
                else:
                    self._poll(delivery.poll)
            self._settle()

    def _settled(self, drill_id: str) -> Drill:
        self._settle()
        return self.drill(drill_id)

    def _settle(self) -> None:
        """Deliver what the stream holds."""
        while self._stream:
            drill_id, lane = self._stream.popleft()
            if self.is_deaf and lane is Lane.WORK:
                continue
            if lane is Lane.WORK:
                self._drain(drill_id)
            else:
                self._draw(drill_id)

    def _wake(self, drill_id: str) -> None:
        self._trying(lambda: self.house.executor.wake(drill_id, plenty()))

    def _poll(self, drill_ids: tuple[str, ...]) -> None:
        self._trying(lambda: self.house.poller.poll(drill_ids))

    def _drain(self, drill_id: str) -> None:
        self._trying(lambda: self.house.executor.drain(drill_id, plenty()))

    def _draw(self, drill_id: str) -> None:
        self._trying(lambda: self.notifier.drain(drill_id, plenty()))

    def _trying(self, act: Callable[[], object]) -> None:
        try:
            act()
        except StoreUnavailable:
            return
        except Killed:
            self._containers += 1
            self.house.executor = self.house.another_executor(f"executor-{self._containers}")
            self.notifier = replace(self.notifier, owner=f"notifier-{self._containers}")
            self.revive()

    # ------------------------------------------------------------------ looking

    def drill(self, drill_id: str) -> Drill:
        return self.house.drill(drill_id)

    def topics(self, drill_id: str) -> list[str]:
        """The messages of the drill in the order of their posting, by topic."""
        keys = (post.message.key for post in self.slack.posts)
        return [key.removeprefix(f"{drill_id}:") for key in keys if key.startswith(f"{drill_id}:")]

    def thread(self, drill_id: str) -> list[str]:
        """The replies to the drill's card."""
        card = next(post for post in self.slack.posts if post.message.key == f"{drill_id}:card")
        replies = self.slack.thread(card.channel, card.ts)
        return [post.message.key.removeprefix(f"{drill_id}:") for post in replies]

    def is_finished(self, drill_id: str) -> bool:
        """Whether the drill has ended and nothing of it is left to do."""
        house = self.house
        idle = all(due.drill_id != drill_id for due in house.store.unfinished())
        return idle and self.drill(drill_id).state is DrillState.ENDED
