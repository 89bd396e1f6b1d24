"""Asking for a drill: who may, what is refused at once, and what the checks lead to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.commands import Draw, RunPreflight, Topic, TopicKind
from bot.domain.drill import Drill
from bot.domain.errors import IllegalTransition, NotAllowed
from bot.domain.events import DrillStarted, PreflightCompleted, ProposalWithdrawn, TimePassed
from bot.domain.findings import Check, Finding, Severity
from bot.domain.person import Person
from bot.domain.plan_waves import Approval
from bot.domain.preflight import unreadable
from bot.domain.state_machine import Locks, transition
from bot.domain.states import DrillState, Outcome, WaveState
from tests.unit.domain.orders import ADA, BOB, CAT, DAN, EVE, a_plan, a_wave, proposal, server
from tests.unit.domain.story import NOON, Story

BLOCKING = Finding(check=Check.EXISTS, severity=Severity.BLOCK, fact="s-1 does not exist.", remedy="Correct the plan.")
WARNING = Finding(check=Check.REPLICATION, severity=Severity.WARN, fact="db lags.", remedy="It can be drilled.")


def test_a_proposed_drill_is_checked_and_nothing_is_locked_or_launched() -> None:
    story = Story(a_plan(a_wave("Database", 2), a_wave("Web")))
    drill = story.drill
    assert (drill.state, drill.version, drill.requester) == (DrillState.PROPOSED, 1, ADA)
    assert story.decision.commands == (Draw(topic=Topic(kind=TopicKind.CARD)), RunPreflight())
    assert story.decision.locks is Locks.KEEP
    assert [(wave.number, wave.name, wave.state) for wave in drill.waves] == [
        (1, "Database", WaveState.PENDING),
        (2, "Web", WaveState.PENDING),
    ]
    assert [found.id for found in drill.servers] == [server(1), server(2), server(3)]


def test_the_plan_is_frozen_into_the_drill_by_content_and_hash() -> None:
    plan = a_plan(a_wave("Database"))
    drill = Story(plan).drill
    assert drill.plan == plan
    assert drill.plan_hash == plan.content_hash


@pytest.mark.parametrize("person", [CAT, EVE])
def test_only_an_operator_may_ask_for_a_drill(person: Person) -> None:
    with pytest.raises(NotAllowed, match=r"You may not drill payments\. Its operators may: <@U0ADA>, <@U0BOB>\."):
        transition(None, proposal(a_plan(), by=person), NOON)


def test_a_drill_that_nobody_could_approve_is_refused_at_once() -> None:
    plan = a_plan(a_wave("Database"), a_wave("Web"), operators=(ADA, BOB), approvers=(BOB,))
    with pytest.raises(NotAllowed, match=r"each needs an approval, .*nobody could give one"):
        transition(None, proposal(plan, by=BOB), NOON)
    assert Story(plan, by=ADA).drill.state is DrillState.PROPOSED


def test_two_approvals_need_two_people_besides_the_requester() -> None:
    plan = a_plan(a_wave("Database"), a_wave("Web"), approvers=(BOB, CAT), minimum_approvals=2)
    with pytest.raises(NotAllowed, match="only <@U0CAT> could give one"):
        transition(None, proposal(plan, by=BOB), NOON)


def test_without_four_eyes_the_requester_counts_among_the_approvers() -> None:
    plan = a_plan(a_wave("Database"), a_wave("Web"), approvers=(BOB,), four_eyes=False)
    assert Story(plan, by=BOB).is_started(BOB).drill.state is DrillState.RUNNING


def test_a_plan_without_approvals_needs_no_approvers() -> None:
    plan = a_plan(a_wave("Database"), a_wave("Web", approval=Approval.NONE), approvers=())
    assert Story(plan).drill.state is DrillState.PROPOSED


def test_a_drill_without_findings_is_ready() -> None:
    story = Story(a_plan()).after(minutes=1).checked(names={server(1): "db-1"})
    assert story.drill.state is DrillState.READY
    assert story.drill.preflight
    assert story.drill.preflight.at == story.now
    assert story.drill.waves[0].servers[0].name == "db-1"
    assert story.drawn == ["preflight"]


def test_a_warning_does_not_refuse_the_drill() -> None:
    story = Story(a_plan()).checked(WARNING)
    assert story.drill.state is DrillState.READY
    assert story.drill.preflight
    assert (story.drill.preflight.findings, story.drill.preflight.blocking) == ((WARNING,), ())


def test_one_blocking_finding_refuses_the_drill_for_good() -> None:
    story = Story(a_plan()).checked(WARNING, BLOCKING)
    assert (story.drill.state, story.drill.outcome) == (DrillState.ENDED, Outcome.REFUSED)
    assert story.drill.preflight
    assert story.drill.preflight.blocking == (BLOCKING,)
    assert story.drill.ended_at == story.now
    refused = story.refused(DrillStarted(actor=ADA))
    assert str(refused) == "This drill has ended (refused)."


def test_what_could_not_be_read_refuses_the_drill() -> None:
    assert Story(a_plan()).checked(unreadable("DRS", "AccessDenied")).drill.outcome is Outcome.REFUSED


@pytest.mark.parametrize("person", [ADA, BOB, CAT, DAN])
def test_operators_and_approvers_may_cancel_a_proposal(person: Person) -> None:
    withdrawn = ProposalWithdrawn(actor=person)
    for story in (Story(a_plan()), Story(a_plan()).checked()):
        drill = story.tell(withdrawn).drill
        assert (drill.state, drill.outcome, drill.ended_at) == (DrillState.ENDED, Outcome.WITHDRAWN, story.now)


def test_a_stranger_may_not_cancel_a_proposal() -> None:
    refused = Story(a_plan()).refused(ProposalWithdrawn(actor=EVE))
    assert isinstance(refused, NotAllowed)
    assert str(refused) == ("You may not cancel this drill. These people may: <@U0ADA>, <@U0BOB>, <@U0CAT>, <@U0DAN>.")


@pytest.mark.parametrize("checked", [False, True])
def test_a_proposal_that_nobody_starts_expires_after_an_hour(checked: bool) -> None:  # noqa: FBT001 - parametrised
    story = Story(a_plan())
    if checked:
        story.checked()
    assert story.drill.wake_at == NOON + timedelta(hours=1)
    story.after(minutes=59)
    assert str(story.refused(TimePassed())) == "Nothing is overdue."
    drill = story.overdue().drill
    assert (drill.state, drill.outcome) == (DrillState.ENDED, Outcome.EXPIRED)


def test_a_drill_is_checked_once() -> None:
    again = PreflightCompleted(findings=(), names={})
    assert isinstance(Story(a_plan()).checked().refused(again), IllegalTransition)


def test_nothing_happens_to_a_drill_before_it_is_proposed() -> None:
    with pytest.raises(IllegalTransition, match="There is no such drill yet"):
        transition(None, TimePassed(), NOON)


def test_a_drill_is_proposed_once() -> None:
    story = Story(a_plan())
    assert isinstance(story.refused(proposal(story.drill.plan)), IllegalTransition)


def test_a_drill_reads_back_from_json_as_it_was_written() -> None:
    drill = Story(a_plan(a_wave("Database", 2))).is_started().jobs_start().drill
    assert Drill.model_validate_json(drill.model_dump_json()) == drill
