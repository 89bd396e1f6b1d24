"""One story from its seed: a plan, people, DRS and the weather, until all is over; and what promises were broken."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from slack_sdk import signature

from bot.domain.facts import RecoveryInstance
from bot.slack import signature as checked
from tests.simulation.chance import Chance
from tests.simulation.containers import Ports
from tests.simulation.disasters import Disasters
from tests.simulation.kept import Kept, KeptInMemory
from tests.simulation.people import People
from tests.simulation.plans import plan_of
from tests.simulation.promises import FOREIGN, WatchedTermination, broken_at_the_end, broken_now, is_done, readable
from tests.simulation.sources import Functions, Queues, Schedule, Stream
from tests.simulation.weather import Weather
from tests.simulation.world import World
from tests.unit.builders import Story as Drafts
from tests.unit.plans import a_plan

BAD_WEATHER = timedelta(hours=5)
"""After so long at the latest, nothing goes wrong any more."""
LAST = timedelta(days=4)
"""By then every drill must be over."""
FORCES = (0.0, 0.5, 1.0, 2.0)


@dataclass(slots=True)
class Outcome:
    """How a story has ended. `broken`: promises; none: all were kept."""

    seed: int
    broken: list[str]
    faults: list[str]
    kinds: Counter[tuple[str, str]]
    told: list[str]
    outcomes: list[str]
    steps: int
    answers: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Story:
    """Everything of one story."""

    world: World
    ports: Ports
    people: People
    wrong: list[str] = field(default_factory=list)


def begin(seed: int, only: frozenset[str] | None, keep: Callable[[World], Kept]) -> Story:
    """Lay everything out. `keep`: makes what things are kept in."""
    chance = Chance(seed)
    weather = Weather(chance, chance.one_of("force of the weather", FORCES), only)
    world = World(chance, weather)
    queues = Queues(world)
    ports = Ports(world, plan_of(chance), queues, keep(world))
    watched = WatchedTermination(world.clock)
    watched.ports, watched.wrong = ports, []
    ports.drs = watched
    watched.add_servers(*ports.plan.server_ids, "s-of-somebody-else")
    watched.add_instance(RecoveryInstance(id=FOREIGN, server_id="s-of-somebody-else", is_drill=True))
    if weather.happens("drill that cannot be read", 0.1):
        legacy = Drafts(a_plan(("Only", 1), name="legacy"), drill_id="legacy-20260302-1000").checked().started()
        ports.kept.leave_unreadable(legacy.drill)
    functions = Functions(world, ports)
    queues.functions = functions
    stream = Stream(world, functions)
    ports.kept.listen(stream.write)
    weather.forecast(world.now)
    people = People(world, ports, functions)
    Schedule(world, functions).begin()
    Disasters(world, ports, queues, watched.wrong).begin()
    people.begin()
    return Story(world, ports, people, watched.wrong)


def tell(seed: int, only: frozenset[str] | None = None, keep: Callable[[World], Kept] = KeptInMemory) -> Outcome:
    """Let the story of a seed happen."""
    with _simulated_time() as set_clock, _quiet():
        story = begin(seed, only, keep)
        set_clock(story.world)
        return _told(seed, story)


def _told(seed: int, story: Story) -> Outcome:
    world, ports = story.world, story.ports
    broken: list[str] = []
    start, steps, jobs = world.now, 0, 0
    while not broken and not (world.weather.is_over and is_done(ports)):
        world.step()
        steps += 1
        if world.now - start > BAD_WEATHER or (steps % 50 == 0 and is_done(ports)):
            world.weather.is_over = True
        if len(ports.drs.jobs) != jobs or story.wrong:
            jobs = len(ports.drs.jobs)
            broken = [*broken_now(ports), *story.wrong]
        if world.now - start > LAST:
            break
    return Outcome(
        seed=seed,
        broken=broken or [*broken_at_the_end(ports), *_answers(story)],
        faults=list(world.weather.struck),
        kinds=world.weather.kinds,
        told=world.told,
        outcomes=[str(drill.outcome) for drill in readable(ports)],
        steps=steps,
        answers=dict(story.people.answers),
    )


def _answers(story: Story) -> Iterator[str]:
    """Whoever clicks gets an answer, in words, whatever has gone wrong."""
    for told, times in story.people.answers.items():
        if told not in {"answered", "taken before", "an error with its reference", "killed"}:
            yield f"the ingress has answered {times} times: {told}"


class _Time:
    """Slack's SDK reads the time by itself, to see how old a signature is: in a story, it is the story's."""

    world: World | None = None

    def now(self) -> float:
        assert _Time.world
        return _Time.world.now.timestamp()


@contextmanager
def _simulated_time() -> Iterator[Any]:
    def set_clock(world: World) -> None:
        _Time.world = world

    real = signature.Clock
    checked.Clock = signature.Clock = _Time  # type: ignore[assignment, misc, attr-defined]
    try:
        yield set_clock
    finally:
        checked.Clock = signature.Clock = real  # type: ignore[misc, attr-defined]


@contextmanager
def _quiet() -> Iterator[None]:
    """What the product logs of a thousand stories helps nobody."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
