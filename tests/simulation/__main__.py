"""`python -m tests.simulation --drills 1000 --seed 1`: tell stories until so many drills were run, and what happened.

Exit status 0: every promise was kept in each of them. 1: one was broken; the shortest story that still breaks it is
printed, with the seed that tells it again.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context

from tests.simulation.shortest import Tell, shortest
from tests.simulation.simulation import Outcome, tell

AT_A_TIME = 64
LINES = 120
"""So much of a story is printed: its end."""


def main(arguments: list[str] | None = None) -> int:
    """Run; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--drills", type=int, default=1000, help="tell stories until so many drills were run")
    parser.add_argument("--seed", type=int, default=1, help="the first story's seed; the others count up from it")
    parser.add_argument("--only", action="store_true", help="tell the story of --seed alone, and print it")
    parser.add_argument("--adapters", action="store_true", help="keep things in DynamoDB and S3, as ministack has them")
    options = parser.parse_args(arguments)
    telling: Tell = tell
    if options.adapters:
        from tests.simulation.kept_by_aws import tell_by_adapters as telling  # noqa: PLC0415 - boto3 takes a second
    if options.only:
        told = telling(options.seed)
        print("\n".join(told.told))
        return _verdict(told)
    begun, drills, stories = time.monotonic(), 0, 0
    kinds: Counter[tuple[str, str]] = Counter()
    ends: Counter[str] = Counter()
    for story in _stories(options.seed, telling):
        if story.broken:
            return _verdict(shortest(story, telling), was=story)
        kinds.update(story.kinds)
        ends.update(story.outcomes)
        drills, stories = drills + len(story.outcomes), stories + 1
        if drills >= options.drills:
            break
    _table(kinds, ends)
    last, took = options.seed + stories - 1, time.monotonic() - begun
    print(f"\n{drills} drills in {stories} stories, seeds {options.seed} to {last}: every promise was kept.")
    print(f"{sum(kinds.values())} faults in {took:.0f} s, by {os.cpu_count()} processes.")
    return 0


def _stories(seed: int, telling: Tell) -> Iterator[Outcome]:
    """In the order of their seeds, told side by side; some at a time, as a pool reads what it is given to its end."""
    with get_context("spawn").Pool(os.cpu_count()) as pool:
        for first in itertools.count(seed, AT_A_TIME):
            yield from pool.imap(telling, range(first, first + AT_A_TIME))


def _table(kinds: Counter[tuple[str, str]], ends: Counter[str]) -> None:
    print(f"{'fault':<44}{'survived':>10}")
    for (what, how), times in sorted(kinds.items()):
        print(f"{f'{what}: {how}' if how else what:<44}{times:>10}")
    print(f"\n{'how drills ended':<44}{'drills':>10}")
    for end, times in ends.most_common():
        print(f"{end:<44}{times:>10}")


def _verdict(told: Outcome, was: Outcome | None = None) -> int:
    if not told.broken:
        return 0
    if was:
        print("\n".join(told.told[-LINES:]))
        print(f"\n{len(told.faults)} of {len(was.faults)} faults are enough: {', '.join(told.faults) or 'none'}")
    print(f"\nseed {told.seed}: {len(told.broken)} promise(s) broken")
    for each in told.broken:
        print(f"  {each}")
    print(f"\npython -m tests.simulation --only --seed {told.seed}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
