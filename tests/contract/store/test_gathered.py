"""What a check has read so far is kept between its steps."""

from __future__ import annotations

from datetime import timedelta

from bot.application.ports.gathered import GatheredFacts
from bot.domain.facts import LaunchSettings
from bot.domain.launch_point import RecoverySnapshot
from tests.contract.store.backends import Storage
from tests.contract.store.drills import NOON, plan_of, ready, server

POINT = RecoverySnapshot(id="pit-00000000000000001", at=NOON)
STEP = timedelta(seconds=12)


def facts(*numbers: int) -> GatheredFacts:
    settings = LaunchSettings(launch_disposition="STARTED", template_id="lt-00000000000000001")
    return GatheredFacts(
        settings={server(number): settings for number in numbers},
        snapshots={server(number): POINT if number % 2 else None for number in numbers},
    )


def test_nothing_is_kept_at_first(storage: Storage) -> None:
    assert storage.gathered.gathered("d-1", 1, NOON) == GatheredFacts()


def test_the_steps_of_a_check_come_together(storage: Storage) -> None:
    storage.gathered.keep("d-1", 1, NOON, facts(1, 2))
    storage.gathered.keep("d-1", 1, NOON + STEP, facts(3))
    assert storage.gathered.gathered("d-1", 1, NOON) == facts(1, 2, 3)


def test_what_is_older_is_left_out(storage: Storage) -> None:
    storage.gathered.keep("d-1", 1, NOON, facts(1, 2))
    storage.gathered.keep("d-1", 1, NOON + STEP, facts(3))
    assert storage.gathered.gathered("d-1", 1, NOON + timedelta(microseconds=1)) == facts(3)


def test_another_check_and_another_drill_have_their_own(storage: Storage) -> None:
    storage.gathered.keep("d-1", 1, NOON, facts(1))
    assert storage.gathered.gathered("d-1", 2, NOON) == GatheredFacts()
    assert storage.gathered.gathered("d-11", 1, NOON) == GatheredFacts()


def test_a_step_of_six_hundred_servers_is_kept_whole(storage: Storage) -> None:
    storage.gathered.keep("d-1", 1, NOON, facts(*range(600)))
    assert storage.gathered.gathered("d-1", 1, NOON) == facts(*range(600))


def test_the_drill_beside_it_is_read_as_before(storage: Storage) -> None:
    stored = ready(storage.store, "d-1", plan_of(1))
    storage.gathered.keep("d-1", 1, NOON, facts(1))
    assert storage.store.load("d-1") == stored
