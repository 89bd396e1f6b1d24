"""Stories with every kind of fault: the promises hold. `make simulate` tells thousands of them."""

from __future__ import annotations

import os
import random
import time

import pytest

from tests.simulation import mutants
from tests.simulation.chance import Chance
from tests.simulation.shortest import shortest
from tests.simulation.simulation import tell

FIXED = range(1, 61)
FRESH_SECONDS = float(os.environ.get("FRESH_SECONDS", "20"))
"""So long stories are told that nobody has told before."""


@pytest.mark.parametrize("seed", FIXED)
def test_whatever_goes_wrong_every_promise_is_kept(seed: int) -> None:
    told = tell(seed)
    assert told.broken == [], f"python -m tests.simulation --only --seed {seed}"
    assert told.outcomes


def test_stories_that_nobody_has_told_before() -> None:
    until = time.monotonic() + FRESH_SECONDS
    while time.monotonic() < until:
        seed = random.SystemRandom().randrange(10**6, 10**9)
        told = tell(seed)
        assert told.broken == [], f"python -m tests.simulation --only --seed {seed}"


@pytest.mark.parametrize("seed", [2, 5])
def test_a_seed_tells_the_same_story_each_time(seed: int) -> None:
    assert tell(seed).told == tell(seed).told


def test_much_goes_wrong_in_them_and_many_drills_pass() -> None:
    stories = [tell(seed) for seed in range(100, 120)]
    struck = {what for story in stories for what, _how in story.kinds}
    assert struck >= {"table", "drs", "slack", "s3", "sqs", "stream record lost", "message twice", "schedule twice"}
    assert sum("killed" in how for story in stories for _what, how in story.kinds) > 5
    assert sum(end in {"passed", "passed_with_findings"} for story in stories for end in story.outcomes) > 10


@pytest.mark.parametrize(
    ("name", "enough"), [("sends a launch again without looking for its job", 12), ("never polls", 0)]
)
def test_a_fault_in_the_product_is_found_and_its_story_made_short(name: str, enough: int) -> None:
    with mutants.mutated(name):
        failed = next(told for told in map(tell, range(1, 200)) if told.broken)
        short = shortest(failed)
    assert short.broken
    assert len(short.faults) <= min(len(failed.faults), enough)


def test_chance_answers_each_question_for_itself() -> None:
    one, other = Chance(7), Chance(7)
    other.number("something else")
    assert [one.number("this"), one.number("this")] == [other.number("this"), other.number("this")]
    assert Chance(8).number("this") != Chance(7).number("this")
