"""The shortest story that still breaks a promise: the same seed with as few of its faults as can be."""

from __future__ import annotations

from collections.abc import Callable

from tests.simulation.simulation import Outcome, tell

Tell = Callable[..., Outcome]
"""Tells a seed's story, with all of its faults or with only some."""
MOST_TRIES = 200
"""So many stories are told in search of a shorter one."""


def shortest(failed: Outcome, telling: Tell = tell) -> Outcome:
    """Leave faults out, half of them, a quarter of them, and so on, as long as a promise is still broken."""
    best, faults, part, tries = failed, list(failed.faults), 2, 0
    while faults and tries < MOST_TRIES:
        size = max(len(faults) // part, 1)
        for start in range(0, len(faults), size):
            fewer = faults[:start] + faults[start + size :]
            tries += 1
            again = telling(failed.seed, frozenset(fewer))
            if again.broken:
                best, faults, part = again, [each for each in fewer if each in set(again.faults)], max(part - 1, 2)
                break
            if tries >= MOST_TRIES:
                break
        else:
            if size == 1:
                break
            part = min(part * 2, len(faults))
    return best
