"""Time, and what happens in it: events in order, and invocations of functions that can die, run late, or overlap.

An invocation that a slow call holds up lets others run meanwhile: that is how two of them come to be at one drill. It
is all one thread, so that the story is the same each time.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.simulation.chance import Chance
from tests.simulation.weather import KILLS, LATENCIES, Fault, Weather

T0 = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
DEEPEST = 3
"""So many invocations can hold each other up. More would only be slower."""
SECOND = timedelta(seconds=1)


class Killed(BaseException):
    """The function was killed. It is raised at each further call: a dead function tidies nothing up."""


@dataclass(slots=True)
class Invocation:
    """A function that runs. `deadline`: when Lambda ends it."""

    name: str
    deadline: datetime
    is_dead: bool = False


@dataclass(slots=True)
class World:
    """One story's time. `told` is the story, line by line."""

    chance: Chance
    weather: Weather
    now: datetime = T0
    told: list[str] = field(default_factory=list)
    running: list[Invocation] = field(default_factory=list)
    _due: list[tuple[datetime, int, str, Callable[[], object]]] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def clock(self) -> datetime:
        """The true time."""
        return self.now

    def tell(self, line: str) -> None:
        """Add a line to the story."""
        self.told.append(f"{self.now:%d %H:%M:%S}.{self.now.microsecond // 1000:03}  {'  ' * len(self.running)}{line}")

    # ------------------------------------------------------------------ events

    def after(self, span: timedelta, name: str, act: Callable[[], object]) -> None:
        """Have something happen once so much time has passed."""
        heapq.heappush(self._due, (self.now + span, next(self._numbers), name, act))

    def step(self) -> None:
        """Let the next thing happen."""
        due, _number, _name, act = heapq.heappop(self._due)
        self.now = max(self.now, due)
        act()

    def _meanwhile(self, until: datetime) -> None:
        """Let everything happen that is due by then."""
        while self._due and self._due[0][0] <= until:
            self.step()
        self.now = max(self.now, until)

    # ------------------------------------------------------------------ functions and their calls

    def invoke(self, name: str, lasting: timedelta, act: Callable[[], Any]) -> tuple[bool, Any]:
        """Run a function; whether it was not killed, and what it has answered."""
        self.running.append(Invocation(name, self.now + lasting))
        try:
            return True, act()
        except Killed:
            return False, None
        finally:
            self.running.pop()

    def left(self) -> timedelta:
        """How long the function that runs may still do so."""
        return self.running[-1].deadline - self.now

    @property
    def is_crowded(self) -> bool:
        """Whether no more may overlap."""
        return len(self.running) >= DEEPEST

    def call(self, kind: str, name: str, act: Callable[[], Any], error: Callable[..., Exception] | None = None) -> Any:
        """A call by the function that runs, with what the weather does to it. `error`: as which a failure is told."""
        if not self.running:
            return act()
        running = self.running[-1]
        self._die_if(running, is_so=running.is_dead or self.now > running.deadline)
        fault = self.weather.at(kind, name, self.now)
        if fault:
            self.tell(f"{name}: {fault}")
        if fault in LATENCIES:
            self._wait(self.chance.between(f"{name} takes", *LATENCIES[fault]))
            self._die_if(running, is_so=self.now > running.deadline)
        self._die_if(running, is_so=fault is Fault.KILLED_BEFORE)
        if fault is Fault.FAILS:
            raise (error or self.weather.error_of(kind, name))(is_done=False)
        answer = act()
        self._die_if(running, is_so=fault is Fault.KILLED_AFTER)
        if fault is Fault.REPLY_LOST:
            raise (error or self.weather.error_of(kind, name))(is_done=True)
        return answer

    def pause(self, seconds: float) -> None:
        """Let the function that runs sleep."""
        self._wait(seconds)

    def _wait(self, seconds: float) -> None:
        until = self.now + timedelta(seconds=seconds)
        if self.is_crowded:
            return
        self._meanwhile(until)

    def _die_if(self, running: Invocation, *, is_so: bool) -> None:
        if is_so:
            if not running.is_dead:
                self.tell(f"{running.name} is killed")
            running.is_dead = True
            raise Killed


class Seam:
    """A port, with the weather in between. `kind`: what stands behind it."""

    def __init__(self, world: World, kind: str, name: str, behind: Any) -> None:
        self._world, self._kind, self._name, self._behind = world, kind, name, behind

    def __getattr__(self, method: str) -> Any:
        behind = getattr(self._behind, method)
        if not callable(behind):
            return behind
        world, kind, name = self._world, self._kind, f"{self._name}.{method}"

        def call(*arguments: Any, **named: Any) -> Any:
            return world.call(kind, name, lambda: behind(*arguments, **named))

        return call


__all__ = ["KILLS", "SECOND", "T0", "Invocation", "Killed", "Seam", "World"]
