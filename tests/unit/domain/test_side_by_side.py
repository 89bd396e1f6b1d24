"""Waves that do not wait for each other: launched, approved, held and timed side by side."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.commands import LaunchBatch
from bot.domain.events import HoldRetried, WaveApproved
from bot.domain.measures import recovery_time
from bot.domain.plan_order import most_at_once
from bot.domain.plan_waves import Approval
from bot.domain.states import DrillState, HoldReason, Outcome, WaveState
from tests.unit.domain.orders import ADA, BOB, CAT, a_plan, a_wave
from tests.unit.domain.story import Story, key

NONE = Approval.NONE
DIAMOND = (
    a_wave("Database"),
    a_wave("Queue", approval=NONE),
    a_wave("Mail", depends_on=("Database",)),
    a_wave("Web", depends_on=("Queue", "Mail")),
)
"""Server n is in wave n. Queue and Mail both come after Database, and Web after both."""


def branched() -> Story:
    """Database is launched: Queue is launched next to it, and Mail waits for approval."""
    return Story(a_plan(*DIAMOND)).is_started().jobs_start().after(minutes=9).jobs_complete()


def states(story: Story) -> list[WaveState]:
    return [wave.state for wave in story.drill.waves]


S, L, A, P = WaveState.SUCCEEDED, WaveState.LAUNCHING, WaveState.AWAITING_APPROVAL, WaveState.PENDING


def test_waves_whose_needs_are_met_begin_together() -> None:
    story = branched()
    assert states(story) == [S, L, A, P]
    assert story.commands == (LaunchBatch(key=key(2)),)
    assert story.drawn == ["wave/1/1", "wave/2/1", "approval/3/1"]
    assert [wave.number for wave in story.drill.open_waves] == [2, 3]


def test_a_wave_begins_when_the_last_of_its_needs_is_over() -> None:
    story = branched().jobs_start().jobs_complete()
    assert states(story) == [S, S, A, P]
    story.approves(BOB).jobs_start().jobs_complete()
    assert states(story) == [S, S, S, A]
    story.approves(BOB).jobs_start().jobs_complete().is_clean()
    assert story.drill.outcome is Outcome.PASSED


def test_an_empty_list_begins_at_start() -> None:
    plan = a_plan(a_wave("Database"), a_wave("Web", depends_on=(), approval=NONE))
    story = Story(plan).is_started()
    assert states(story) == [L, L]
    assert story.commands == (LaunchBatch(key=key(1)), LaunchBatch(key=key(2)))


def test_a_wave_can_come_before_one_that_stands_above_it() -> None:
    plan = a_plan(a_wave("Web", depends_on=("Database",)), a_wave("Database", depends_on=(), approval=NONE))
    story = Story(plan).is_started()
    assert states(story) == [P, L]
    assert states(story.jobs_start().jobs_complete()) == [L, S]


def test_a_failure_holds_the_drill_while_the_other_jobs_are_followed() -> None:
    story = branched().approves(BOB).jobs_start().jobs_complete(key(2), failed=[2])
    assert story.drill.hold is not None
    assert story.drill.hold.wave == 2
    story.jobs_complete(key(3))
    assert (story.drill.state, states(story)) == (DrillState.ON_HOLD, [S, WaveState.FAILED, S, P])
    story.retries()
    assert states(story) == [S, L, S, P]


def test_two_that_fail_are_decided_one_after_the_other() -> None:
    story = branched().approves(BOB).jobs_start().jobs_complete(failed=[2, 3])
    assert story.drill.hold is not None
    assert story.drill.hold.wave == 2
    story.retries()
    assert story.drill.hold is not None
    assert story.drill.hold.wave == 3
    assert not any(story.drill.may_launch(launch.key) for launch in story.drill.launches)
    story.skips()
    assert (story.drill.state, states(story)) == (DrillState.RUNNING, [S, L, WaveState.SKIPPED, P])


def test_nothing_is_launched_beside_a_wave_that_has_just_failed() -> None:
    plan = a_plan(a_wave("A"), a_wave("B", depends_on=(), approval=NONE), a_wave("C", depends_on=("A",), approval=NONE))
    story = Story(plan).is_started().jobs_start().jobs_complete(failed=[2])
    assert (story.drill.state, states(story)) == (DrillState.ON_HOLD, [S, WaveState.FAILED, P])
    assert story.commands == ()


def test_each_wave_has_its_own_time() -> None:
    order = (
        a_wave("A", launch_timeout=timedelta(minutes=30)),
        a_wave("B", depends_on=(), approval=NONE, launch_timeout=timedelta(minutes=20)),
    )
    story = Story(a_plan(*order)).is_started().jobs_start()
    assert story.drill.wake_at == story.now + timedelta(minutes=20)
    story.overdue()
    assert story.drill.hold is not None
    assert (story.drill.hold.reason, story.drill.hold.wave) == (HoldReason.LAUNCH_TIMEOUT, 2)
    story.after(minutes=1).jobs_complete(key(2))  # overtaken: it has ended after all
    assert story.drill.state is DrillState.RUNNING
    assert story.drill.wake_at == story.drill.wave(1).deadline


def test_the_wait_after_a_wave_is_for_those_that_depend_on_it() -> None:
    ten = timedelta(minutes=10)
    plan = a_plan(a_wave("A", wait_after=ten), a_wave("B"), a_wave("C", depends_on=(), approval=NONE))
    story = Story(plan).is_started().jobs_start().jobs_complete()
    assert states(story) == [S, P, S]
    assert story.drill.wake_at == story.now + ten


def test_the_longest_wait_counts_where_several_come_before() -> None:
    waits = [timedelta(minutes=10), timedelta(minutes=3)]
    plan = a_plan(
        a_wave("A", wait_after=waits[0]),
        a_wave("B", depends_on=(), approval=NONE, wait_after=waits[1]),
        a_wave("C", depends_on=("A", "B")),
    )
    story = Story(plan).is_started().jobs_start().jobs_complete()
    assert story.drill.wave(3).opens_at == story.now + waits[0]


def test_people_are_not_waited_for_while_another_wave_is_launched() -> None:
    story = branched().jobs_start().after(minutes=20).jobs_complete().after(minutes=5).approves(BOB)
    story.jobs_start().after(minutes=6).jobs_complete().approves(CAT).jobs_start().after(minutes=7).jobs_complete()
    reached = recovery_time(story.drill)
    assert reached
    assert (reached.gross, reached.waiting) == (timedelta(minutes=47), timedelta(minutes=5))


def test_an_approval_is_for_the_wave_it_names() -> None:
    plan = a_plan(a_wave("A"), a_wave("B", depends_on=()), a_wave("C", depends_on=()))
    story = Story(plan).is_started()
    story.tell(WaveApproved(actor=BOB, wave=3, round=1))
    assert states(story) == [L, A, L]


def test_an_abort_ends_all_of_them() -> None:
    story = branched().jobs_start().aborts()
    asked = story.drill.wave(3).round
    assert (story.drill.state, asked and asked.closed_at) == (DrillState.ABORTING, story.now)
    assert story.jobs_complete().drill.state is DrillState.CLEANING_UP


def test_a_retry_of_one_does_not_touch_the_other() -> None:
    story = branched().approves(BOB).jobs_start().jobs_complete(key(2), failed=[2])
    deadline = story.drill.wave(3).deadline
    story.tell(HoldRetried(actor=ADA, hold=1))
    assert story.drill.wave(3).deadline == deadline


@pytest.mark.parametrize(
    ("sizes", "needs", "expected"),
    [
        ([5], [()], (1,)),
        ([5, 6, 5], [(), (1,), (2,)], (2,)),
        ([5, 6, 5], [(), (1,), (1,)], (2, 3)),
        ([5, 6, 5, 9], [(), (1,), (1,), (2, 3)], (2, 3)),
        ([5, 6, 5, 12], [(), (1,), (1,), (2, 3)], (4,)),
        ([1, 1, 1], [(), (), ()], (1, 2, 3)),
        ([9, 1, 1, 9], [(), (1,), (), (3,)], (1, 4)),
        ([0, 0], [(), (1,)], (1,)),
        ([1] * 20, [()] * 20, tuple(range(1, 21))),
        ([1] * 20, [(), *((n,) for n in range(1, 20))], (1,)),
    ],
)
def test_which_waves_are_the_most_at_once(
    sizes: list[int], needs: list[tuple[int, ...]], expected: tuple[int, ...]
) -> None:
    assert most_at_once(sizes, needs) == expected
