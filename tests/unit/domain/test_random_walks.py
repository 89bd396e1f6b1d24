"""Random walks through random drills: whatever happens, in whatever order, the laws hold and there is a way out.

Each number of a walk chooses one of the moves that `moves.py` offers for the drill as it is. When a walk fails,
hypothesis shortens it and its notes tell it as a story.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from bot.domain.actions import awaits_approval, possible
from bot.domain.approval import Action
from bot.domain.cleanup_events import CleanupRequested
from bot.domain.commands import COMMAND
from bot.domain.drill import Drill
from bot.domain.duties import can_operate
from bot.domain.errors import DrillError, IllegalTransition
from bot.domain.events import (
    EVENT,
    DrillAborted,
    DrillHeld,
    DrillResumed,
    DrillStarted,
    Event,
    HoldRetried,
    HoldSkipped,
    JobStarted,
    ProposalWithdrawn,
    TimePassed,
    WarningsWaived,
    WaveApproved,
)
from bot.domain.launch import LaunchKey
from bot.domain.plan_checks import AutomationCheck, PlanCheck
from bot.domain.plan_servers import Impact
from bot.domain.plan_waves import Approval
from bot.domain.report_events import FollowUpAdded
from bot.domain.state_machine import RULES, transition
from bot.domain.states import DrillState, LaunchState
from tests.unit.domain.check_moves import Move
from tests.unit.domain.moves import PEOPLE, approval, helpful, likely, walk_out
from tests.unit.domain.orders import ADA, BOB, EVE, a_plan, a_wave
from tests.unit.domain.story import job
from tests.unit.domain.world import World
from tests.unit.domain.wrong_moves import mistakes

walks = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
STATUS, PORT = PlanCheck(status="ok"), PlanCheck(tcp=5432)
LOGIN, NICE = PlanCheck(manual="Finance has logged in"), PlanCheck(tcp=80, impact=Impact.OPTIONAL)
RUNBOOK = AutomationCheck(document="OpenTheDoor")
orders = st.builds(
    a_wave,
    st.just("A wave"),
    st.sampled_from([1, 2, 101]),
    st.integers(0, 2),
    approval=st.sampled_from([None, Approval.REQUIRED, Approval.NONE]),
    attempts=st.sampled_from([1, 2, 3]),
    tags=st.sampled_from([None, None, {"Tier": ("web",)}]),
    depends_on=st.sampled_from([None, None, (), ("Wave 1",)]),
    checks=st.sampled_from([(), (), (STATUS, PORT), (STATUS, LOGIN), (LOGIN, NICE)]),
    before=st.sampled_from([(), (), (RUNBOOK,), (RUNBOOK, RUNBOOK)]),
)
drills = st.fixed_dictionaries(
    {
        "waves": st.lists(orders, min_size=1, max_size=3),
        "needed": st.integers(1, 2),
        "four_eyes": st.booleans(),
        "separated": st.booleans(),
        "warnings": st.sampled_from(["tell", "waive"]),
        "allowed": st.sampled_from([(), ("daily 11:50-12:20 UTC",)]),
        "cleanup": st.sampled_from([{}, {"when": "on-click"}, {"when": "after", "after": "30m"}]),
        "wait": st.sampled_from([None, timedelta(minutes=10)]),
        "escalates": st.booleans(),
        "by": st.sampled_from([ADA, BOB]),
    }
)
choices = st.lists(st.integers(0, 10**6), min_size=30, max_size=70)
skipped_steps = st.integers(0, 3)


def begin(drill: dict[str, Any], steps: int) -> World:
    """A drill that things have gone well with for a few steps."""
    named = [
        replace(wave, name=f"Wave {number}", depends_on=wave.depends_on if number > 1 else None)
        for number, wave in enumerate(drill["waves"], start=1)
    ]
    followed = {number for number in range(1, len(named)) if named[number].depends_on is None}
    followed |= {1} if any(wave.depends_on for wave in named) else set()
    named = [replace(w, wait_after=drill["wait"] if n in followed else None) for n, w in enumerate(named, start=1)]
    escalation = {"after": "20m", "approvers": [EVE.user_id, ADA.user_id]} if drill["escalates"] else None
    access = {
        "minimum_approvals": drill["needed"],
        "four_eyes": drill["four_eyes"],
        "separation_of_duties": drill["separated"],
        "escalation": escalation,
        "break_glass": (EVE,),
    }
    also = {"warnings": drill["warnings"], "allowed": drill["allowed"], "cleanup": drill["cleanup"]}
    world = World(a_plan(*named, also=also, **access), drill["by"])
    for _step in range(steps):
        world.apply(*helpful(world))
    return world


def go(world: World, choice: int) -> None:
    """One move: one in four is a mistake, or comes too late."""
    which, kind = divmod(choice, 4)
    moves = likely(world) if kind else mistakes(world)
    move: Move = moves[which % len(moves)]
    world.now += move.after
    refused = world.apply(move.event, move.done)
    note(f"{world.now:%d %H:%M} {move.event!r} -> {refused or world.drill.state}")


@walks
@given(drills, skipped_steps, choices)
def test_the_laws_hold_on_every_walk(drill: dict[str, Any], steps: int, walk: list[int]) -> None:
    """`laws.py`, and the laws of the outbox in `world.py`, are asked at each step."""
    world = begin(drill, steps)
    for choice in walk:
        if world.drill.state is DrillState.ENDED:
            break
        go(world, choice)
        a_button_is_shown_exactly_where_its_click_applies(world)
        a_wave_is_shown_to_wait_exactly_where_an_approval_counts(world.drill)
    for decide in (HoldRetried, HoldSkipped, DrillAborted):
        walk_out(world.copy(), decide)
    all_reads_back_from_json(world)
    the_drill_is_replayed_from_its_events(world)


def a_button_is_shown_exactly_where_its_click_applies(world: World) -> None:
    drill, hold = world.drill, len(world.drill.holds)
    who = {action: person for action in Action for person in PEOPLE if person.user_id in can_operate(drill, action)}
    clicks: dict[Action, Event] = {
        Action.START: DrillStarted(actor=ADA),
        Action.WAIVE: WarningsWaived(actor=ADA, reason="known and harmless"),
        Action.WITHDRAW: ProposalWithdrawn(actor=ADA),
        Action.HOLD: DrillHeld(actor=ADA),
        Action.RESUME: DrillResumed(actor=who.get(Action.RESUME, ADA), hold=hold),
        Action.ABORT: DrillAborted(actor=ADA),
        Action.RETRY: HoldRetried(actor=who.get(Action.RETRY, ADA), hold=hold),
        Action.SKIP: HoldSkipped(actor=who.get(Action.SKIP, ADA), hold=hold, reason="not needed now"),
        Action.CLEAN_UP: CleanupRequested(actor=ADA),
        Action.ADD_FINDING: FollowUpAdded(actor=ADA, text="A larger disk.", owner=EVE.user_id, due=date.max),
    }
    checked_at = drill.preflight.at if drill.preflight else world.now  # it was open then, or has ended
    before_it_expires = min(checked_at, drill.expires_at - timedelta(microseconds=1))
    in_time = before_it_expires if drill.state is DrillState.READY else world.now
    shown = {action for action in possible(drill) if action in who}
    assert {action for action, click in clicks.items() if applies(drill, click, in_time)} == shown


def a_wave_is_shown_to_wait_exactly_where_an_approval_counts(drill: Drill) -> None:
    for wave in drill.waves:
        if awaits_approval(drill, wave):
            assert wave.round
            assert applies(drill, approval(drill, wave), wave.round.asked_at)
        elif wave.round:
            clicks = [WaveApproved(actor=p, wave=wave.number, round=wave.round.number) for p in PEOPLE]
            assert not any(applies(drill, click, wave.round.asked_at) for click in clicks)


def applies(drill: Drill, click: Event, now: datetime) -> bool:
    try:
        transition(drill, click, now)
    except DrillError:
        return False
    return True


def all_reads_back_from_json(world: World) -> None:
    for event, _at, decision in world.record:
        assert EVENT.validate_json(EVENT.dump_json(event)) == event
        assert [COMMAND.validate_json(COMMAND.dump_json(c)) for c in decision.commands] == list(decision.commands)
    assert Drill.model_validate_json(world.drill.model_dump_json()) == world.drill


def the_drill_is_replayed_from_its_events(world: World) -> None:
    drill: Drill | None = None
    for event, at, decision in world.record:
        again = transition(drill, event, at)
        assert again == decision
        drill = again.drill


@settings(walks, max_examples=30)
@given(drills, skipped_steps, choices)
def test_an_event_applies_only_where_the_table_has_it(drill: dict[str, Any], steps: int, walk: list[int]) -> None:
    """Every event of a walk, tried on every state that the walk comes through, is refused where no rule names it."""
    world = begin(drill, steps)
    for choice in walk[:30]:
        if world.drill.state is not DrillState.ENDED:
            go(world, choice)
    events = {type(event): event for event, _at, _decision in world.record}
    stages = {decision.drill.state: decision.drill for _event, _at, decision in world.record}
    for state, stage in stages.items():
        for event_type, event in events.items():
            if event_type not in RULES[state]:
                with pytest.raises(IllegalTransition):
                    transition(stage, event, world.now)


keys = st.builds(LaunchKey, wave=st.integers(-1, 4), attempt=st.integers(0, 3), batch=st.integers(0, 3))


@settings(walks, max_examples=30)
@given(drills, choices, keys)
def test_a_job_is_taken_in_only_for_a_launch_that_is_asked_for(
    drill: dict[str, Any], walk: list[int], key: LaunchKey
) -> None:
    world = begin(drill, 3)
    for choice in walk[:20]:
        if world.drill.state is not DrillState.ENDED:
            go(world, choice)
    asked = {launch.key for launch in world.drill.launches if launch.state is LaunchState.REQUESTED}
    assert applies(world.drill, JobStarted(key=key, job_id=job(key)), world.now) == (key in asked)


@settings(walks, max_examples=30)
@given(drills, skipped_steps, choices)
def test_a_drill_is_overdue_exactly_from_its_wake_up_time_on(
    drill: dict[str, Any], steps: int, walk: list[int]
) -> None:
    world = begin(drill, steps)
    for choice in walk:
        if world.drill.state is DrillState.ENDED:
            break
        wake_at = world.drill.wake_at
        early = (wake_at or world.now) - timedelta(microseconds=1)
        assert not applies(world.drill, TimePassed(), early)
        assert applies(world.drill, TimePassed(), wake_at or world.now) == (wake_at is not None)
        go(world, choice)
