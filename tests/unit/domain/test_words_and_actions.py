"""What can be clicked in each state, and what somebody is told who clicks something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.actions import awaits_approval, possible
from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.errors import IllegalTransition, ServersLocked
from bot.domain.events import (
    DrillAborted,
    DrillStarted,
    Event,
    GlassBroken,
    HoldRetried,
    JobsObserved,
    ProposalWithdrawn,
    TimePassed,
    WaveApproved,
)
from bot.domain.mark_up import moment
from bot.domain.state_machine import RULES, Rule
from bot.domain.states import DrillState
from tests.unit.domain.orders import ADA, BOB, CAT, DAN, EVE, a_plan, a_wave, server
from tests.unit.domain.story import Story, at


def proposed() -> Story:
    return Story(a_plan(a_wave("Database"), a_wave("Web")))


def running() -> Story:
    return proposed().is_started().jobs_start()


def starting() -> Story:
    """Its second wave is chosen by tags."""
    story = Story(a_plan(a_wave("Database"), a_wave("Web", 0, tags={"Tier": ("web",)})))
    return story.checked(chosen=[[1], [2]]).starts()


def operating() -> Story:
    """What it has launched stays up."""
    plan = a_plan(a_wave("Database"), a_wave("Web"), also={"cleanup": {"when": "on-click"}})
    return Story(plan).is_started().jobs_start().jobs_complete().approves(CAT).jobs_start().jobs_complete()


STATES: dict[DrillState, tuple[Callable[[], Story], set[Action]]] = {
    DrillState.PROPOSED: (proposed, {Action.WITHDRAW}),
    DrillState.READY: (lambda: proposed().checked(), {Action.START, Action.WITHDRAW}),
    DrillState.STARTING: (starting, {Action.WITHDRAW}),
    DrillState.RUNNING: (running, {Action.HOLD, Action.ABORT}),
    DrillState.ON_HOLD: (lambda: running().overdue(), {Action.RETRY, Action.SKIP, Action.ABORT}),
    DrillState.ABORTING: (lambda: running().aborts(), set()),
    DrillState.OPERATING: (operating, {Action.CLEAN_UP}),
    DrillState.CLEANING_UP: (lambda: running().jobs_complete().aborts(), {Action.CLEAN_UP}),
    DrillState.ENDED: (lambda: proposed().tell(ProposalWithdrawn(actor=CAT)), set()),
}


@pytest.mark.parametrize("state", DrillState)
def test_what_can_be_clicked_in_each_state(state: DrillState) -> None:
    tell, expected = STATES[state]
    assert tell().drill.state is state
    assert possible(tell().drill) == expected


def test_a_wave_can_be_approved_only_while_it_waits_and_the_drill_runs() -> None:
    story = running().jobs_complete()
    assert [awaits_approval(story.drill, wave) for wave in story.drill.waves] == [False, True]
    assert not awaits_approval(story.overdue().drill, story.drill.wave(2))
    story.retries().approves(BOB)
    assert not awaits_approval(story.drill, story.drill.wave(2))


def click(drill: Drill) -> Event:
    """A click that does not apply in any state but RUNNING, with a wave that waits."""
    return WaveApproved(actor=CAT, wave=2, round=len(drill.wave(2).rounds))


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (DrillState.PROPOSED, "This does not apply now: the drill is still being checked."),
        (DrillState.READY, "This does not apply now: the drill has not been started yet."),
        (DrillState.STARTING, "This does not apply now: the drill is being started."),
        (
            DrillState.ON_HOLD,
            (
                f"This drill was put on hold, {at('13:00')}: nobody can approve until it is decided how to go on "
                "(<@U0ADA>, <@U0BOB> can retry or skip the wave)."
            ),
        ),
        (DrillState.ABORTING, f"This drill was aborted by <@U0ADA>, {at('12:00')}."),
        (
            DrillState.OPERATING,
            (
                "This does not apply now: the drill has ended its waves, and its instances stay up until they are "
                "cleaned up."
            ),
        ),
        (DrillState.CLEANING_UP, f"This drill was aborted by <@U0ADA>, {at('12:00')}."),
        (DrillState.ENDED, "This drill has ended (withdrawn by <@U0CAT>)."),
    ],
)
def test_a_click_that_does_not_apply_is_told_what_is_the_case_instead(state: DrillState, told: str) -> None:
    story = STATES[state][0]()
    refused = story.refused(click(story.drill))
    assert isinstance(refused, IllegalTransition)
    assert str(refused) == told


def test_a_hold_button_without_a_hold_is_told_so() -> None:
    assert str(running().refused(HoldRetried(actor=ADA, hold=1))) == "This drill is not on hold."
    early = proposed().checked().refused(HoldRetried(actor=ADA, hold=1))
    assert str(early) == "This does not apply now: the drill has not been started yet."


def test_an_old_hold_is_told_of_only_while_the_drill_is_under_way() -> None:
    story = running().overdue().retries(BOB)
    old = HoldRetried(actor=ADA, hold=1)
    assert str(story.refused(old)) == f"Already decided: retried by <@U0BOB>, {moment(story.now)}."
    ended = story.jobs_complete().approves(CAT).jobs_start().jobs_complete().is_clean()
    assert str(ended.refused(old)).startswith("This drill has ended (passed")


def test_whoever_waits_for_an_approval_that_is_held_is_told_who_can_resume() -> None:
    story = running().jobs_complete()
    glass = GlassBroken(actor=CAT, wave=2, round=1, reason="Nobody else is awake.")
    answers = (story.approval_by(CAT), story.rejection_by(CAT), glass)
    story.holds(BOB)
    for event in answers:
        assert str(story.refused(event)) == (
            f"This drill was put on hold by <@U0BOB>, {at('12:00')}: "
            "nobody can approve until it is resumed (<@U0ADA>, <@U0BOB> can do that)."
        )


def test_a_request_that_was_answered_is_told_of_also_while_the_drill_is_on_hold_for_something_else() -> None:
    story = running().jobs_complete()
    late = story.rejection_by(DAN)
    story.approves(CAT).holds()
    assert str(story.refused(late)) == f"Already approved by <@U0CAT>, {at('12:00')}."


def test_a_cleanup_that_nobody_asked_for_is_told_as_such() -> None:
    story = Story(a_plan()).is_started().jobs_start().jobs_complete()
    told = "This does not apply now: the drill is cleaning up its instances."
    assert str(story.refused(DrillAborted(actor=ADA))) == told


def test_an_ended_drill_tells_its_outcome_in_words() -> None:
    story = Story(a_plan(a_wave("Database", 1, 1))).is_started().jobs_start().jobs_complete(failed=[2]).is_clean()
    assert str(story.refused(DrillAborted(actor=ADA))) == "This drill has ended (passed with findings)."


def test_a_start_after_the_end_is_told_who_started_it() -> None:
    story = Story(a_plan()).is_started(BOB).jobs_start().jobs_complete().is_clean()
    assert str(story.refused(DrillStarted(actor=ADA))) == f"Already started by <@U0BOB>, {at('12:00')}."


@pytest.mark.parametrize("state", DrillState)
def test_an_event_that_does_not_apply_changes_nothing(state: DrillState) -> None:
    """Values are frozen: what was read stays as it was, whatever is tried on it."""
    story = STATES[state][0]()
    before = story.drill.model_dump_json()
    for event in (TimePassed(), JobsObserved(jobs=()), DrillAborted(actor=EVE), click(story.drill)):
        story.refused(event)
    assert story.drill.model_dump_json() == before


def test_a_rule_that_leads_where_it_does_not_say_is_a_mistake_in_the_table() -> None:
    expire = RULES[DrillState.READY][TimePassed]
    drill = STATES[DrillState.READY][0]().drill
    with pytest.raises(AssertionError, match="TimePassed led from ready to ended: amend RULES"):
        Rule(expire.apply, frozenset({DrillState.READY})).step(drill, TimePassed(), drill.expires_at)


def test_locked_servers_are_named_and_with_them_their_drills() -> None:
    held = ServersLocked({server(2): "orders-7", "plan:payments": "payments-3"})
    assert held.owners == {server(2): "orders-7", "plan:payments": "payments-3"}
    assert str(held) == f"held by another active drill: plan:payments, {server(2)}"
