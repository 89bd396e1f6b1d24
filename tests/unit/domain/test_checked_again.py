"""Checks that are made again while what was launched stays up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.checks import CheckResult, RoundPurpose
from bot.domain.commands import RunChecks
from bot.domain.errors import IllegalTransition
from bot.domain.events import TimePassed
from bot.domain.plan_checks import PlanCheck
from bot.domain.plan_servers import Impact
from bot.domain.plan_waves import Approval
from bot.domain.states import DrillState, Outcome, WaveState
from bot.domain.verifying import LOOK_AGAIN, asks
from tests.unit.domain.orders import ADA, BOB, a_plan, a_wave, server
from tests.unit.domain.story import Story

STATUS, PORT = PlanCheck(status="ok"), PlanCheck(tcp=5432, within=timedelta(minutes=30))
NICE, LOGIN = PlanCheck(tcp=80, impact=Impact.OPTIONAL), PlanCheck(manual="Finance has logged in")
EVERY = timedelta(minutes=15)
TWO_HOURS = {"when": "after", "after": "2h"}


def operating(*checks: PlanCheck, **cleanup: str) -> Story:
    """One verified wave, which stays up: for two hours unless told."""
    plan = a_plan(a_wave("Database", checks=checks), also={"cleanup": cleanup or TWO_HOURS})
    story = Story(plan).is_started().jobs_start().after(minutes=9).jobs_complete()
    if any(check.manual is None for check in checks):
        story.after(minutes=1).checks_show(1)
    if LOGIN in checks:
        story.confirms(BOB, 1, len(checks))
    return story


def again(story: Story) -> Story:
    """The time for the next round has come."""
    assert story.drill.wake_at == story.drill.checks_again_at
    return story.reminds()


def test_checks_are_made_again_after_a_while_and_again() -> None:
    story = operating(STATUS)
    assert story.drill.wake_at == story.now + EVERY
    assert isinstance(story.refused(TimePassed()), IllegalTransition)
    again(story)
    assert story.commands == (RunChecks(wave=1, round=2),)
    assert (story.drill.state, story.drill.wave(1).state) == (DrillState.OPERATING, WaveState.SUCCEEDED)
    story.checks_show(1)
    assert story.drawn[-1] == "operation"
    again(story).checks_show(1)
    assert [each.purpose for each in story.drill.wave(1).checks[1:]] == [RoundPurpose.REPEAT] * 2
    assert story.drill.findings == ()


def test_all_of_them_are_made_again_but_those_that_people_answer() -> None:
    story = again(operating(STATUS, PORT, LOGIN))
    assert [ask.check for ask in asks(story.drill.wave(1))] == [STATUS, PORT]


def test_what_is_open_is_looked_at_again() -> None:
    story = again(operating(PORT)).checks_show(1, CheckResult.RUNNING)
    assert story.commands == (RunChecks(wave=1, round=2, not_before=story.now + LOOK_AGAIN),)


@pytest.mark.parametrize("check", [PORT, NICE])
def test_one_that_does_not_pass_any_more_is_a_finding_and_no_hold(check: PlanCheck) -> None:
    story = again(operating(check)).checks_show(1, CheckResult.FAILED, said="refused")
    assert not story.drill.findings, "it is tried again for some minutes"
    story.after(minutes=5).checks_show(1, CheckResult.FAILED, said="refused")
    told = f"While it stayed up, a check did not pass: {check.title} on {server(1)}: refused"
    assert list(story.drill.findings) == [told]
    assert (story.drill.state, story.drill.outcome) == (DrillState.OPERATING, Outcome.PASSED_WITH_FINDINGS)
    story.wants_cleanup().is_clean()
    assert story.drill.outcome is Outcome.PASSED_WITH_FINDINGS


def test_one_that_nobody_looks_at_is_a_finding_too() -> None:
    story = again(operating(PORT))
    assert story.drill.wake_at == story.now + timedelta(minutes=5)
    story.reminds()
    assert "Nothing was heard of it within 5m." in story.drill.findings[0]


def test_the_end_of_the_operation_ends_the_checks() -> None:
    by_hand = again(operating(PORT)).wants_cleanup(ADA)
    by_time = again(operating(PORT)).after(hours=2).tell(TimePassed())
    for story in (by_hand, by_time):
        assert story.drill.state is DrillState.CLEANING_UP
        assert story.drill.wave(1).checking is None


def test_reminders_go_on_beside_them() -> None:
    story = operating(STATUS, when="on-click", remind_every="20m")
    again(story).checks_show(1)
    story.reminds()
    assert story.drawn == ["operation", "still_up/1"]
    assert len(story.drill.wave(1).checks) == 2


def test_no_round_is_begun_that_the_end_would_cut_off() -> None:
    story = operating(STATUS, when="after", after="15m")
    assert story.drill.wake_at == story.drill.operation.until if story.drill.operation else None
    assert story.drill.checks_again_at is None


@pytest.mark.parametrize("checks", [(), (LOGIN,)])
def test_without_checks_by_machines_nothing_is_made_again(checks: tuple[PlanCheck, ...]) -> None:
    assert operating(*checks).drill.checks_again_at is None


def test_a_wave_that_was_skipped_is_not_checked_again() -> None:
    plan = a_plan(
        a_wave("Database", checks=(PORT,)),
        a_wave("Web", approval=Approval.NONE),
        also={"cleanup": TWO_HOURS},
    )
    story = Story(plan).is_started().jobs_start().jobs_complete().after(minutes=31)
    story.checks_show(1, CheckResult.FAILED).skips().jobs_start().jobs_complete()
    assert (story.drill.state, story.drill.checks_again_at) == (DrillState.OPERATING, None)


def test_a_round_that_is_still_open_when_the_next_is_due_goes_on() -> None:
    story = operating(PORT, when="on-click", check_every="2m")
    again(story).checks_show(1, CheckResult.RUNNING)
    again(story)
    assert len(story.drill.wave(1).checks) == 2
    assert story.commands == ()
