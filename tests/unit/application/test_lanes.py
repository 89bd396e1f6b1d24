from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.application.lanes import LEASE, LONGEST_STEP, LaneDrain, TimeLeft, backoff
from bot.application.ports.work import WorkItem
from bot.domain.commands import Draw, Lane, Topic, TopicKind
from tests.fakes.clock import ManualClock
from tests.fakes.store import MemoryTable
from tests.unit.application.house import plenty
from tests.unit.application.watched import WatchedOutbox

DRILL = "payments-1"
SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class Bench:
    """A lane with work in it, and a consumer that notes what it does. `answers`: what doing a piece comes to."""

    clock: ManualClock = field(default_factory=ManualClock)
    wall: ManualClock = field(default_factory=ManualClock)
    table: MemoryTable = field(default_factory=MemoryTable)
    outbox: WatchedOutbox = field(init=False)
    performed: list[str] = field(default_factory=list)
    answers: dict[str, Callable[[], bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outbox = WatchedOutbox(self.table)

    def add(self, position: str, after: timedelta = timedelta(0)) -> WorkItem:
        command = Draw(topic=Topic(kind=TopicKind.CARD))
        item = WorkItem(DRILL, Lane.SLACK, position, command, self.clock() + after)
        self.table.work[DRILL, Lane.SLACK, position] = item
        return item

    def drain(self, time_left: TimeLeft | None = None, *, in_order: bool = True, owner: str = "consumer-1") -> None:
        drain = LaneDrain(self.outbox, self.clock, Lane.SLACK, self._perform, in_order, owner, self.wall)
        drain.drain(DRILL, time_left or plenty())

    def _perform(self, item: WorkItem) -> bool:
        self.performed.append(item.position)
        if act := self.answers.get(item.position):
            return act()
        self.outbox.done(item)
        return True


@pytest.fixture
def bench() -> Bench:
    return Bench()


def seconds(*left: int) -> TimeLeft:
    """A time that is left, in seconds, going down with each question."""
    times = iter(left)
    return lambda: next(times) * SECOND


def test_a_lane_is_drained_from_the_oldest_to_the_newest(bench: Bench) -> None:
    for position in ("2", "3", "1"):
        bench.add(position)
    bench.drain()
    assert bench.performed == ["1", "2", "3"]
    assert bench.table.work == {}
    assert bench.table.leases == {}


def test_an_empty_lane_costs_one_read_and_no_lease(bench: Bench) -> None:
    bench.drain()
    assert bench.outbox.calls == ["pending"]


@pytest.mark.parametrize(("in_order", "done"), [(True, []), (False, ["2"])])
def test_work_that_is_not_due_holds_up_what_comes_behind_it_only_where_order_counts(
    bench: Bench, *, in_order: bool, done: list[str]
) -> None:
    bench.add("1", after=SECOND)
    bench.add("2")
    bench.drain(in_order=in_order)
    assert bench.performed == done
    bench.clock.advance(SECOND)
    bench.drain(in_order=in_order)
    assert sorted(bench.performed) == ["1", "2"]


def test_a_piece_that_did_not_go_holds_up_the_others_and_gives_the_lane_back(bench: Bench) -> None:
    bench.add("1")
    bench.add("2")
    bench.answers["1"] = lambda: False
    bench.drain()
    assert bench.performed == ["1"]
    assert bench.outbox.calls == ["pending", "lease", "pending", "release"]


def test_a_lane_that_another_consumer_holds_is_left_to_it(bench: Bench) -> None:
    bench.add("1")
    assert bench.outbox.lease(DRILL, Lane.SLACK, "consumer-2", bench.wall(), LEASE)
    bench.drain()
    assert bench.performed == []


def test_the_lane_of_a_consumer_that_was_killed_is_free_after_the_lease(bench: Bench) -> None:
    bench.add("1")
    bench.outbox.lease(DRILL, Lane.SLACK, "consumer-2", bench.wall(), LEASE)
    bench.wall.advance(LEASE - SECOND)
    bench.clock.advance(timedelta(hours=1))  # leases are timed by their own clock
    bench.drain()
    assert bench.performed == []
    bench.wall.advance(SECOND)
    bench.drain()
    assert bench.performed == ["1"]


def test_work_that_comes_in_while_the_lane_is_drained_is_done_as_well(bench: Bench) -> None:
    bench.add("1")
    bench.outbox.before("pending", lambda: None)
    bench.outbox.before("pending", lambda: None)
    bench.outbox.before("pending", lambda: bench.add("2"))
    bench.drain()
    assert bench.performed == ["1", "2"]


def test_work_that_comes_in_right_before_the_lane_is_given_back_is_not_left_behind(bench: Bench) -> None:
    def come_in() -> None:
        bench.add("2")
        bench.drain(owner="consumer-2")  # its own wake-up finds the lane held
        assert bench.performed == ["1"]

    bench.add("1")
    bench.outbox.before("release", come_in)
    bench.drain()
    assert bench.performed == ["1", "2"]


def test_no_step_is_begun_that_might_not_end_in_time(bench: Bench) -> None:
    for position in ("1", "2", "3"):
        bench.add(position)
    bench.drain(seconds(60, 50, 26, 25))
    assert bench.performed == ["1", "2"]
    assert [item.position for item in bench.outbox.pending(DRILL, Lane.SLACK)] == ["3"]
    assert bench.table.leases == {}
    bench.drain(seconds(LONGEST_STEP // SECOND))
    assert bench.performed == ["1", "2"]


def test_work_that_stays_due_ends_with_the_time(bench: Bench) -> None:
    bench.add("1")
    bench.answers["1"] = lambda: True
    bench.drain(seconds(60, 55, 50, 45, 40, 35, 30, 25))
    assert bench.performed == ["1"] * 6


def test_a_consumer_that_breaks_down_gives_the_lane_back(bench: Bench) -> None:
    def break_down() -> bool:
        raise KeyError("a bug")

    bench.add("1")
    bench.answers["1"] = break_down
    with pytest.raises(KeyError):
        bench.drain()
    assert bench.table.leases == {}


def test_waits_grow_up_to_five_minutes() -> None:
    assert [backoff(attempts) // SECOND for attempts in range(6)] == [10, 30, 60, 300, 300, 300]
