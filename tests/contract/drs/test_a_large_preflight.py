"""The checks before Start of five hundred servers: through the real adapter, against the simulator."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from mypy_boto3_drs.client import DrsClient

from bot.adapters.drs import DrsAdapter
from bot.adapters.side_by_side import SideBySide
from bot.application.checking import Checking
from bot.application.earlier import EarlierDrills
from bot.application.gathering import Gathering
from bot.application.ports.gathered import GatheredFacts
from bot.application.ports.work import WorkItem
from bot.application.results import Again
from bot.domain.commands import Lane, RunPreflight
from bot.domain.drill import Drill
from bot.domain.events import PreflightCompleted
from bot.domain.facts import SourceServer
from bot.domain.launch_point import Fresh, LaunchPoint, NewestExisting
from bot.domain.plan import Target
from infra.local.drs import recorded_calls
from tests.contract.drs.worlds import ACCOUNT, REGION, SimulatorWorld
from tests.fakes.accounts import FakeAccounts
from tests.fakes.gathered import MemoryGathered
from tests.fakes.results import MemoryResults
from tests.fakes.store import MemoryStore, MemoryTable
from tests.unit.builders import Story, a_plan, server_id

SERVERS = 500
IDS = [server_id(number) for number in range(1, SERVERS + 1)]
BATCHED = {"DescribeSourceServers": 3, "DescribeRecoveryInstances": 3, "DescribeJobs": 1}
"""A call for every two hundred servers (botocore: filters of 200), and one for all jobs."""
STEPS = SideBySide(per_second=500, at_once=10, budget=0.3)
"""So little time that it takes several steps."""


@dataclass
class Everywhere:
    """The same DRS for every account and Region (port `DrsClients`)."""

    drs: DrsAdapter

    def at(self, _target: Target) -> DrsAdapter:
        return self.drs


@dataclass
class Killed(MemoryGathered):
    """The function is killed before the second step's facts are kept."""

    kept: dict[tuple[str, int, datetime], GatheredFacts] = field(default_factory=dict)
    steps: int = 0

    def keep(self, drill_id: str, check: int, now: datetime, facts: GatheredFacts) -> None:
        self.steps += 1
        if self.steps == 2:
            raise KeyboardInterrupt
        super().keep(drill_id, check, now, facts)


@pytest.fixture
def large(simulator: SimulatorWorld) -> SimulatorWorld:
    simulator.add_servers(*(SourceServer(id=each, name=each, replication_state="CONTINUOUS") for each in IDS))
    return simulator


def a_drill(world: SimulatorWorld, point: LaunchPoint) -> Drill:
    return Story(a_plan(("All", SERVERS)), at=world.clock.now(), launch_point=point).drill


def checking(world: SimulatorWorld, drs: DrsAdapter, kept: MemoryGathered) -> Checking:
    """As a new container would make it."""
    table = MemoryTable()
    accounts, store = FakeAccounts(), MemoryStore(table)
    gathering, earlier = Gathering(kept, lambda: datetime.now(UTC)), EarlierDrills(store, MemoryResults(table))
    return Checking(store, Everywhere(drs), accounts, gathering, earlier, world.clock.now)


def work(drill: Drill) -> WorkItem:
    return WorkItem(drill.id, Lane.WORK, "1", RunPreflight(), drill.proposed_at)


def calls() -> Mapping[str, int]:
    return Counter(call.operation for call in recorded_calls(ACCOUNT, REGION))


@pytest.mark.parametrize("point", [Fresh(), NewestExisting()], ids=["fresh", "newest"])
def test_five_hundred_servers_are_checked_in_fifteen_seconds_with_as_few_calls_as_drs_allows(
    large: SimulatorWorld, point: LaunchPoint
) -> None:
    drill, began = a_drill(large, point), time.monotonic()
    found = checking(large, large.drs, MemoryGathered()).check(drill, work(drill))
    took = time.monotonic() - began
    assert isinstance(found, PreflightCompleted)
    assert [finding.fact for finding in found.findings if finding.blocks] == []
    assert sum(len(group.server_ids) for group in found.settings) == SERVERS
    of_each = {"GetLaunchConfiguration": SERVERS} | (
        {} if isinstance(point, Fresh) else {"DescribeRecoverySnapshots": SERVERS}
    )
    assert calls() == {**BATCHED, **of_each}
    assert len(found.snapshots) == (0 if isinstance(point, Fresh) else SERVERS)
    assert took < 15


def test_what_takes_longer_than_a_step_goes_on_in_the_next_and_begins_nothing_anew(
    large: SimulatorWorld, client: DrsClient
) -> None:
    drill, kept, steps = a_drill(large, Fresh()), MemoryGathered(), 1
    slow = DrsAdapter(client, client, large.clock.now, STEPS)
    while isinstance(found := checking(large, slow, kept).check(drill, work(drill)), Again):
        assert (found.after, found.error) == (timedelta(0), None)
        steps += 1
    assert isinstance(found, PreflightCompleted)
    assert steps > 2
    made = calls()
    assert made["DescribeSourceServers"] == 3 * steps
    assert (made["DescribeRecoveryInstances"], made["DescribeJobs"]) == (3, 1)
    # What was under way when a step ended is asked again: as many calls as run at once, and those that overtook others.
    assert SERVERS <= made["GetLaunchConfiguration"] <= SERVERS + (steps - 1) * 4 * STEPS.at_once
    assert sum(len(group.server_ids) for group in found.settings) == SERVERS


def test_a_step_that_is_killed_is_made_again(large: SimulatorWorld, client: DrsClient) -> None:
    drill, kept = a_drill(large, Fresh()), Killed()
    slow = DrsAdapter(client, client, large.clock.now, STEPS)
    assert isinstance(checking(large, slow, kept).check(drill, work(drill)), Again)
    with pytest.raises(KeyboardInterrupt):
        checking(large, slow, kept).check(drill, work(drill))
    while isinstance(found := checking(large, slow, kept).check(drill, work(drill)), Again):
        pass
    assert isinstance(found, PreflightCompleted)
    assert sum(len(group.server_ids) for group in found.settings) == SERVERS
