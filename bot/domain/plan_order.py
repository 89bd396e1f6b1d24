"""The order of a plan's waves: which must be over before which begins. Waves are numbered from 1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter

from bot.domain.plan_parts import Place
from bot.domain.plan_waves import PlanWave

Needs = Sequence[tuple[int, ...]]
"""For each wave, in their order: the numbers of the waves that must be over before anything is done about it."""


def needs_of(waves: Sequence[PlanWave]) -> Needs:
    """What each wave waits for: what it names, else the wave before it. Names of no wave are left out."""
    numbers = {wave.name: number for number, wave in enumerate(waves, start=1)}
    return tuple(_needs(wave, number, numbers) for number, wave in enumerate(waves, start=1))


def _needs(wave: PlanWave, number: int, numbers: dict[str, int]) -> tuple[int, ...]:
    if wave.depends_on is None:
        return (number - 1,) if number > 1 else ()
    return tuple(sorted({numbers[name] for name in wave.depends_on if name in numbers}))


def misfits(waves: Sequence[PlanWave]) -> Iterator[tuple[Place, str]]:
    """What no drill could go by: a wave that is named and not there, waves that wait for each other, a vain wait."""
    known = {wave.name for wave in waves}
    for n, wave in enumerate(waves):
        for m, name in enumerate(wave.depends_on or ()):
            if name not in known:
                yield ("waves", n, "depends_on", m), f"is no wave of this plan; there are: {', '.join(sorted(known))}"
    needs = needs_of(waves)
    yield from _circles(waves, needs)
    followed = {before for each in needs for before in each}
    for n, wave in enumerate(waves):
        if wave.wait_after is not None and n + 1 not in followed:
            words = (
                "is of use only before another wave; to keep the instances up at the end, write cleanup: {when: after}"
            )
            yield ("waves", n, "wait_after"), words


def _circles(waves: Sequence[PlanWave], needs: Needs) -> Iterator[tuple[Place, str]]:
    try:
        TopologicalSorter(dict(enumerate(needs, start=1))).prepare()
    except CycleError as found:
        circle: list[int] = found.args[1]
        n = next(number for number in circle if waves[number - 1].depends_on is not None) - 1
        chain = " after ".join(waves[number - 1].name for number in reversed(circle))
        yield ("waves", n, "depends_on"), f"can never begin, since the waves wait for each other: {chain}"


def most_at_once(sizes: Sequence[int], needs: Needs) -> tuple[int, ...]:
    """The numbers of the waves that may run side by side and are the largest together, by `sizes`."""
    related = _related(needs)
    best: tuple[int, tuple[int, ...]] = (-1, ())
    stack: list[tuple[tuple[int, ...], int, tuple[int, ...]]] = [((), 0, tuple(range(1, len(sizes) + 1)))]
    while stack:
        chosen, size, left = stack.pop()
        if chosen and size > best[0]:
            best = (size, chosen)
        if not left or size + sum(sizes[number - 1] for number in left) <= best[0]:
            continue
        first, *others = left
        stack.append((chosen, size, tuple(others)))
        beside = tuple(number for number in others if number not in related[first - 1])
        stack.append(((*chosen, first), size + sizes[first - 1], beside))
    return best[1]


def _related(needs: Needs) -> list[set[int]]:
    """For each wave, those that never run while it does: all before it, and all after it."""
    before: dict[int, set[int]] = {}
    for number in TopologicalSorter(dict(enumerate(needs, start=1))).static_order():
        before[number] = {each for need in needs[number - 1] for each in (need, *before[need])}
    return [
        before[number] | {other for other, earlier in before.items() if number in earlier}
        for number in range(1, len(needs) + 1)
    ]
