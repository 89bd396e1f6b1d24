from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.adapters.drs_jobs import launch_tags
from bot.adapters.drs_replies import DRILL_TAG
from bot.adapters.identity import new_drill_id
from bot.domain.launch import LaunchKey

NOW = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)


def test_an_id_says_which_plan_and_which_day() -> None:
    plan, day, chance = new_drill_id("payments", NOW).rsplit("-", 2)
    assert (plan, day) == ("payments", "20261123")
    assert len(chance) == 5


def test_ids_of_one_plan_and_day_differ() -> None:
    assert len({new_drill_id("payments", NOW) for _ in range(500)}) == 500


def test_no_letter_looks_like_another() -> None:
    made = "".join(new_drill_id("p", NOW)[-5:] for _ in range(500))
    assert not set(made) & set("01ilou")
    assert made == made.lower()


@pytest.mark.parametrize("plan", ["p", "a" * 40])
def test_the_id_of_any_plan_fits_a_tag(plan: str) -> None:
    tags = launch_tags(new_drill_id(plan, NOW), LaunchKey(wave=1, attempt=1, batch=1))
    assert len(tags[DRILL_TAG]) <= 256  # AWS: Tagging AWS Resources
