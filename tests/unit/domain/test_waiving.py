"""Warnings that must be waived before Start: by whom, for what reason, and what cannot be waived at all."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.actions import possible
from bot.domain.approval import Action
from bot.domain.errors import IllegalTransition, NotAllowed, UnfitText
from bot.domain.events import DrillStarted, ProposalWithdrawn, WarningsWaived
from bot.domain.findings import Check, Finding, Severity
from bot.domain.mark_up import moment
from bot.domain.states import DrillState, Outcome
from tests.unit.domain.orders import ADA, BOB, CAT, DAN, EVE, a_plan, a_wave
from tests.unit.domain.story import Story

REASON = "Known, and harmless here."


def warning(check: Check = Check.REPLICATION, number: int = 1) -> Finding:
    fact = f"server {number} is not as it should be"
    return Finding(check=check, severity=Severity.WARN, server_id=f"s-{number}", fact=fact, remedy="Look at it.")


LAG, LAG_TOO, LEFTOVER = warning(), warning(number=2), warning(Check.LEFTOVER_DRILL)


def checked(*findings: Finding, warnings: str = "waive", **access: Any) -> Story:
    return Story(a_plan(a_wave("Database"), a_wave("Web"), also={"warnings": warnings}, **access)).checked(*findings)


def waiver(by: Any = ADA, *checks: Check, reason: str = REASON) -> WarningsWaived:
    return WarningsWaived(actor=by, reason=reason, checks=checks)


def test_start_is_refused_as_long_as_warnings_stand() -> None:
    story = checked(LAG, LEFTOVER)
    refused = story.refused(DrillStarted(actor=ADA))
    assert isinstance(refused, IllegalTransition)
    assert str(refused) == (
        "2 warnings stand that nobody has waived, and this plan wants that before Start. "
        "They can, with a reason: <@U0ADA>, <@U0BOB>."
    )
    assert str(checked(LAG).refused(DrillStarted(actor=ADA))).startswith("1 warning stands that nobody has waived")
    assert possible(story.drill) == {Action.WAIVE, Action.WITHDRAW}


def test_all_that_stands_is_waived_at_once_on_record() -> None:
    story = checked(LAG, LAG_TOO, LEFTOVER).after(minutes=2).waives(BOB)
    (kept,) = story.drill.waivers
    assert (kept.by, kept.at, kept.reason) == (BOB, story.now, REASON)
    assert kept.checks == (Check.REPLICATION, Check.LEFTOVER_DRILL)
    assert story.drawn == ["preflight", "findings/2"]
    assert story.drill.standing_warnings == ()
    assert possible(story.drill) == {Action.START, Action.WITHDRAW}
    assert story.starts().drill.state is DrillState.RUNNING


def test_warnings_can_be_waived_by_check() -> None:
    story = checked(LAG, LAG_TOO, LEFTOVER).waives(ADA, Check.LEFTOVER_DRILL)
    assert story.drill.standing_warnings == (LAG, LAG_TOO)
    assert story.drill.waiver_of(LAG) is None
    assert story.drill.waiver_of(LEFTOVER) == story.drill.waivers[0]
    story.refused(DrillStarted(actor=ADA))
    story.waives(BOB, Check.REPLICATION, Check.LEFTOVER_DRILL)
    assert [(each.by, each.checks) for each in story.drill.waivers] == [
        (ADA, (Check.LEFTOVER_DRILL,)),
        (BOB, (Check.REPLICATION,)),
    ]
    assert story.drawn == ["preflight", "findings/3"]


def test_what_nobody_waives_can_be_cancelled() -> None:
    assert checked(LAG).tell(ProposalWithdrawn(actor=CAT)).drill.outcome is Outcome.WITHDRAWN


@pytest.mark.parametrize("person", [CAT, DAN, EVE])
def test_only_an_operator_may_waive(person: Any) -> None:
    refused = checked(LAG).refused(waiver(person))
    assert isinstance(refused, NotAllowed)
    assert str(refused) == "You may not waive warnings of this drill. These people may: <@U0ADA>, <@U0BOB>."


@pytest.mark.parametrize(("reason", "told"), [("", "at least 10"), ("it is ok", "at least 10"), ("x" * 501, "501")])
def test_a_reason_must_be_given(reason: str, told: str) -> None:
    refused = checked(LAG).refused(waiver(reason=reason))
    assert isinstance(refused, UnfitText)
    assert told in str(refused)


def test_there_may_be_nothing_to_waive() -> None:
    assert str(checked().refused(waiver())) == "There is nothing to waive. The checks found no such warning."
    assert str(checked(LAG).refused(waiver(ADA, Check.FAILBACK))).startswith("There is nothing to waive.")
    told = checked(LAG, warnings="tell")
    assert str(told.refused(waiver())) == (
        "There is nothing to waive. The plan only tells its warnings: the drill can be started with them."
    )
    assert told.starts().drill.state is DrillState.RUNNING
    late_by = checked(LAG).waives(BOB)
    late = late_by.refused(waiver())
    assert str(late) == f"There is nothing to waive. <@U0BOB> waived warnings, {moment(late_by.now)}: {REASON}"


def test_nothing_is_waived_before_the_checks_or_after_start() -> None:
    story = Story(a_plan(also={"warnings": "waive"}))
    assert isinstance(story.refused(waiver()), IllegalTransition)
    assert story.drill.standing_warnings == ()
    assert isinstance(story.checked(LAG).waives().starts().refused(waiver()), IllegalTransition)


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("check", [Check.REAL_RECOVERY, Check.FAILBACK])
def test_what_a_drill_would_destroy_blocks_whatever_it_is_called(check: Check, severity: Severity) -> None:
    found = LAG.model_copy(update={"check": check, "severity": severity})
    story = checked(LAG, found)
    assert story.drill.outcome is Outcome.REFUSED
    assert story.drill.waiver_of(found) is None
    story.refused(waiver(ADA, check))


def test_under_separated_duties_whoever_waives_approves_nothing() -> None:
    story = checked(LAG, separation_of_duties=True).waives(BOB).starts().jobs_start().jobs_complete()
    assert str(story.refused(story.approval_by(BOB))) == (
        "You have waived warnings of this drill, and its plan separates the duties: "
        "somebody else must approve (<@U0CAT>, <@U0DAN>)."
    )
    assert story.approves(CAT).drill.wave(2).is_settled is False


def test_without_separated_duties_whoever_waives_may_approve() -> None:
    story = checked(LAG).waives(BOB).starts().jobs_start().jobs_complete()
    assert story.approves(BOB).drill.wave(2).round.is_met  # type: ignore[union-attr]  # it was asked for


def test_a_waiver_that_would_leave_nobody_to_approve_is_refused() -> None:
    story = checked(LAG, separation_of_duties=True, approvers=(BOB,))
    refused = story.refused(waiver(BOB))
    assert isinstance(refused, NotAllowed)
    assert "without <@U0BOB>, who asked for it, started it or waived its warnings, nobody could" in str(refused)
    assert "Let somebody else start it or waive its warnings" in str(refused)
    assert story.waives(ADA).starts(ADA).drill.state is DrillState.RUNNING
