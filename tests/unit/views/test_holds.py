"""What is said about a hold: what happened, what each way out of it would do, and what to do about the cause."""

from __future__ import annotations

import pytest

from bot.domain.commands import Topic, TopicKind
from bot.domain.plan_waves import Approval
from bot.domain.states import HoldReason
from bot.views.hold_words import skip_means
from tests.unit.builders import GRACE, Story, a_plan
from tests.unit.views.reading import draw, reads

FIRST = Topic(kind=TopicKind.HOLD, number=1)


def launching(servers: int = 1, optional: list[int] | None = None) -> Story:
    return Story(a_plan(("Database", servers), optional=optional or [])).checked().started().jobs_started()


def failed(*names: str, servers: int = 1, optional: list[int] | None = None) -> Story:
    return launching(servers, optional).launched(failing=dict.fromkeys(names, "no capacity"))


def shown(story: Story) -> list[str]:
    message = draw(story.drill, FIRST)
    assert message is not None
    return reads(message)


@pytest.mark.parametrize(
    ("story", "means"),
    [
        (failed("server-1"), "goes on without 1 server; the drill then fails, because it is critical"),
        (
            failed("server-1", "server-2", servers=2),
            "goes on without 2 servers; the drill then fails, because they are critical",
        ),
        (
            failed("server-1", "server-2", servers=2, optional=[2]),
            "goes on without 2 servers; the drill then fails, because 1 of them is critical",
        ),
        (
            launching().overdue(),
            "goes on without 1 server; the drill then fails unless it is launched after all",
        ),
        (
            launching(3, [3]).overdue(),
            "goes on without 3 servers; the drill then fails unless the 2 critical ones are launched after all",
        ),
        (launching(1, [1]).overdue(), "goes on without 1 server"),
        (
            launching().jobs_lost(),
            "goes on without 1 server; the drill then fails, because it is critical",
        ),
    ],
)
def test_what_a_skip_leads_to_is_told_as_it_is(story: Story, means: str) -> None:
    wave = story.drill.wave(1)
    assert skip_means(wave) == means


def test_a_drill_fails_after_a_skip_for_sure_only_when_nothing_can_come_any_more() -> None:
    late, lost = launching().overdue().skipped(), failed("server-1").skipped()
    assert late.launched().drill.outcome != lost.drill.outcome


def test_a_decided_hold_still_says_how_many_servers_had_failed() -> None:
    story = failed("server-1", "server-2", servers=3)
    assert "2 critical servers of wave 1 (Database) did not launch." in shown(story)
    assert "2 critical servers of wave 1 (Database) did not launch." in shown(story.retried())
    assert story.drill.holds[0].reason is HoldReason.SERVERS_FAILED


def test_what_ec2_often_answers_comes_with_advice() -> None:
    full = launching(2).launched(
        failing={
            "server-1": "(LAUNCH_FAILED): InsufficientInstanceCapacity: We currently do not have sufficient capacity",
            "server-2": "(LAUNCH_FAILED): InsufficientInstanceCapacity: We currently do not have sufficient capacity",
        }
    )
    told = [line for line in shown(full) if line.startswith("💡")]
    assert len(told) == 1
    assert "Retry in a few minutes, or choose another instance type or subnet" in told[0]


def test_each_well_known_error_has_its_own_advice_and_others_have_none() -> None:
    both = launching(2).launched(failing={"server-1": "VcpuLimitExceeded", "server-2": "UnauthorizedOperation"})
    assert len([line for line in shown(both) if line.startswith("💡")]) == 2
    assert not any(line.startswith("💡") for line in shown(failed("server-1")))


def test_what_a_person_wrote_is_given_no_advice() -> None:
    rejected = Story(a_plan(("Web", 1), approval=Approval.REQUIRED)).checked().started()
    rejected.rejected(GRACE, "We saw VcpuLimitExceeded yesterday.")
    assert not any(line.startswith("💡") for line in shown(rejected))


def test_a_wave_that_was_launched_as_often_as_the_plan_allows_offers_no_retry_and_says_so() -> None:
    plan = a_plan(("Database", 1))
    story = Story(plan.model_copy(update={"waves": (plan.waves[0].model_copy(update={"attempts": 1}),)}))
    told = shown(story.checked().started().jobs_started().launched(failing={"server-1": "no capacity"}))
    assert "No Retry: it was launched 1 time, which is all that the plan allows." in told
    assert told[-1] == "[Skip wave] [Abort drill]"
