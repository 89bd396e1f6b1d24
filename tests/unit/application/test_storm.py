"""Whole drills while everything goes wrong that can: the promises hold for every seed of the storm."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.application.ports.drs import Refused
from bot.application.ports.slack import SlackError
from bot.application.ports.storage import StoreUnavailable
from bot.domain.actions import awaits_approval
from bot.domain.audit import GENESIS, digest
from bot.domain.drill import Drill
from bot.domain.errors import DrillError
from bot.domain.states import DrillState, JobStatus, LaunchState, Outcome
from tests.unit.application.faults import refused, unavailable
from tests.unit.application.house import House
from tests.unit.application.town import Killed, Town

SLOWEST = timedelta(minutes=4)
"""How long DRS takes over a job."""
LAST_MINUTES = 12 * 60
ABORTED = 0.1
"""How likely an abort is in a minute."""
MOODS = {"faults": (False, False), "faults and kills": (True, False), "faults, kills and an abort": (True, True)}
TO_READS = (Refused.THROTTLED, Refused.UNCLEAR)
TO_WRITES = (*TO_READS, Refused.CONFLICT, Refused.OVER_QUOTA)


@dataclass(slots=True)
class Storm:
    """Faults by chance, always the same for one seed: the table, DRS, Slack, and functions killed at any call."""

    chance: random.Random
    kills: bool
    is_over: bool = False
    dead: bool = False
    struck: Counter[str] = field(default_factory=Counter)

    def over_table(self, call: str) -> None:
        self._kill()
        self._strike(call, 0.03, unavailable)

    def over_drs(self, call: str) -> None:
        self._kill()
        after = call.endswith(" done")
        kinds = TO_WRITES if call in {"start_drill", "terminate"} else TO_READS
        kind = Refused.UNCLEAR if after else self.chance.choice(kinds)
        self._strike(call, 0.2 if after else 0.1, lambda: refused(kind))

    def over_slack(self, town: Town) -> None:
        if not self.is_over and self.chance.random() < 0.2:
            unclear = SlackError("no answer", is_unclear=True)
            busy = SlackError("ratelimited", retry_after=timedelta(seconds=20))
            done = self.chance.random() < 0.5
            town.slack.fail(unclear if done else self.chance.choice((unclear, busy)), done=done)

    def revive(self) -> None:
        self.dead = False

    def _kill(self) -> None:
        if self.kills and not self.is_over and self.chance.random() < 0.01:
            self.struck["killed"] += 1
            self.dead = True
        if self.dead:
            raise Killed

    def _strike(self, call: str, likely: float, error: Callable[[], Exception]) -> None:
        if not self.is_over and self.chance.random() < likely:
            self.struck[call] += 1
            raise error()


@dataclass(slots=True)
class Crowd:
    """The people and the servers of a drill: they do what the drill waits for, whatever the weather."""

    town: Town
    storm: Storm
    aborts: bool
    drill_id: str = ""

    def go_on(self) -> None:
        self.storm.over_slack(self.town)
        for job in self.town.house.drs.jobs.values():
            if job.status is not JobStatus.COMPLETED and self.town.house.clock() - job.created_at > SLOWEST:
                self.town.house.drs.finish(job.id)
        if not self.drill_id:
            self._insist(self._ask)
            return
        drill = self.town.drill(self.drill_id)
        wave = drill.current_wave
        if drill.state is DrillState.READY:
            self._insist(lambda: self.town.start(self.drill_id))
        elif drill.hold:
            self._insist(lambda: self.town.decide(self.drill_id, "retry"))
        elif wave and awaits_approval(drill, wave):
            self._insist(lambda: self.town.approve(self.drill_id))
        elif self.aborts and self.storm.chance.random() < ABORTED:
            self._insist(lambda: self.town.abort(self.drill_id))

    def _ask(self) -> None:
        self.town.ask()

    def _insist(self, click: Callable[[], object]) -> None:
        """A person clicks once more when Slack says that it did not work, and may hear that it has."""
        with suppress(StoreUnavailable, DrillError):
            try:
                click()
            except Killed:
                self.storm.revive()
        self.drill_id = next(iter(self.town.house.table.drills), "")

    def drilled(self) -> Drill:
        """The drill once it has ended and nothing of it is left to do."""
        for _ in range(LAST_MINUTES):
            self.go_on()
            self.town.pass_time(timedelta(minutes=1))
            if self.drill_id and self.town.drill(self.drill_id).state is DrillState.ENDED:
                break
        self.storm.is_over = True
        self.town.slack._faults.clear()
        self.town.pass_time(timedelta(minutes=15))
        assert self.town.is_finished(self.drill_id)
        return self.town.drill(self.drill_id)


def stormy(seed: int, *, kills: bool, aborts: bool) -> Crowd:
    town, storm = Town(House()), Storm(random.Random(seed), kills)  # noqa: S311 - chance, not secrets
    house = town.house
    town.revive = storm.revive
    for ears in (house.store.ears, house.outbox.ears, house.messages.ears):
        ears.weather = storm.over_table
    house.drs.ears.weather = storm.over_drs
    return Crowd(town, storm, aborts)


@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("seed", range(10))
def test_whatever_goes_wrong_a_drill_ends_with_every_promise_kept(seed: int, mood: str) -> None:
    kills, aborts = MOODS[mood]
    crowd = stormy(seed, kills=kills, aborts=aborts)
    town, house = crowd.town, crowd.town.house
    drill = crowd.drilled()

    fails_closed = {Outcome.REFUSED, Outcome.ABORTED} if aborts else {Outcome.REFUSED}
    assert drill.outcome in {Outcome.PASSED, Outcome.PASSED_WITH_FINDINGS, *fails_closed}
    assert crowd.storm.struck.total()

    launched = Counter((job.drill_id, job.key) for job in house.drs.jobs.values() if job.key)
    assert set(launched.values()) <= {1}
    assert {key for _, key in launched} == {launch.key for launch in drill.launches if launch.job_id}
    assert not any(launch.is_open for launch in drill.launches)
    assert aborts or all(launch.state is LaunchState.COMPLETED for launch in drill.launches)

    assert house.drs.instances == {}
    assert house.store.locks(drill.target) == {}
    assert house.table.work == {}

    assert len(town.topics(drill.id)) == len(set(town.topics(drill.id)))
    assert town.thread(drill.id) == town.topics(drill.id)[1:]
    records = house.store.records(drill.id)
    assert [record.version for record in records] == list(range(1, drill.version + 1))
    assert [record.previous for record in records] == [GENESIS, *(record.hash for record in records[:-1])]
    assert all(record.hash == digest(record.model_dump(mode="json")) for record in records)
