"""Which drill a command is about, and that a decision falls on the hold that was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.typed import Meant, Typed, Unclear
from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.errors import IllegalTransition, NotAllowed, UnknownDrill
from bot.domain.findings import Severity
from bot.domain.plan_waves import Approval
from bot.domain.states import DrillState, HoldDecision
from tests.unit.application.house import House
from tests.unit.builders import CHANNEL, EVE, GRACE, LINUS, a_finding, a_plan

ELSEWHERE = "C0ELSEWHERE"
STOP, HOLD = (Action.ABORT, Action.WITHDRAW), (Action.HOLD,)


@pytest.fixture
def house() -> House:
    other = a_plan(("Other", 5), name="other", channel=ELSEWHERE)
    return House((a_plan(("Database", 2), ("Web", 2)), other, a_plan(("Shop", 1), name="shop")))


@pytest.fixture
def typed(house: House) -> Typed:
    return Typed(house.drills)


def found(which: Drill | Unclear) -> str:
    assert isinstance(which, Drill)
    return which.id


def test_without_an_id_the_channels_only_drill_is_meant(house: House, typed: Typed) -> None:
    mine, other = house.proposed(), house.proposed("other")
    assert found(typed.find(CHANNEL, STOP, ())) == mine
    assert found(typed.find(ELSEWHERE, STOP, ())) == other


def test_it_costs_one_query_and_a_read_of_each_drill_under_way(house: House, typed: Typed) -> None:
    house.proposed()
    house.proposed("other")
    house.store.calls.clear()
    typed.find(CHANNEL, STOP, ())
    assert house.store.calls == ["unfinished", "load", "load"]


def test_of_several_none_is_meant(house: House, typed: Typed) -> None:
    first, second, other = (house.proposed(name) for name in ("payments", "shop", "other"))
    which = typed.find(CHANNEL, STOP, ())
    assert isinstance(which, Unclear)
    assert ({drill.id for drill in which.here}, which.fits) == ({first, second}, True)
    assert other not in {first, second}


def test_a_proposal_does_not_stand_in_the_way_of_an_abort(house: House, typed: Typed) -> None:
    waiting = house.proposed("shop")
    running = house.launched()
    assert found(typed.find(CHANNEL, STOP, ())) == running
    assert found(typed.find_before(CHANNEL, HOLD, ("wait",)).drill) == running
    which = typed.find(CHANNEL, (Action.RETRY,), ())
    assert isinstance(which, Unclear)
    assert ({drill.id for drill in which.here}, which.fits) == ({waiting, running}, False)


def test_a_plans_name_names_its_drill(house: House, typed: Typed) -> None:
    house.proposed()
    other = house.proposed("other")
    assert found(typed.find(CHANNEL, STOP, ("OTHER",))) == other
    meant = typed.find_before(CHANNEL, HOLD, ("other", "not", "now"))
    assert (found(meant.drill), meant.rest) == (other, ("not", "now"))
    house.do(other, Action.WITHDRAW)
    for look in (typed.find, typed.find_before):
        with pytest.raises(UnknownDrill, match=r"No drill of other is under way\."):
            look(CHANNEL, HOLD, ("other",))


def test_in_a_channel_without_drills_those_elsewhere_are_told(house: House, typed: Typed) -> None:
    other = house.proposed("other")
    which = typed.find("D0DIRECT", STOP, ())
    assert isinstance(which, Unclear)
    assert (which.here, [drill.id for drill in which.elsewhere]) == ((), [other])


def test_a_drill_that_has_ended_is_not_meant_by_its_channel(house: House, typed: Typed) -> None:
    house.do(house.proposed(), Action.WITHDRAW)
    assert typed.find(CHANNEL, STOP, ()) == Unclear((), ())


def test_an_id_names_any_drill_also_one_that_has_ended_and_costs_one_read(house: House, typed: Typed) -> None:
    ended = house.proposed("other")
    house.do(ended, Action.WITHDRAW)
    house.store.calls.clear()
    assert found(typed.find(CHANNEL, STOP, (ended.upper(),))) == ended
    assert house.store.calls == ["load"]


def test_a_word_that_is_no_id_never_means_another_drill(house: House, typed: Typed) -> None:
    house.proposed()
    with pytest.raises(UnknownDrill, match=r"There is no drill or plan payment-1\. Did you mean payments-1\?"):
        typed.find(CHANNEL, STOP, ("payment-1",))
    with pytest.raises(UnknownDrill, match=r"There is no drill or plan confrim\. Did you mean confirm\?"):
        typed.find(CHANNEL, STOP, ("payments-1", "confrim"), ("confirm",))
    with pytest.raises(UnknownDrill, match=r"There is no such drill\."):
        typed.find(CHANNEL, STOP, ("x" * 3_000,))


def test_words_that_are_no_id_are_a_reason(house: House, typed: Typed) -> None:
    drill_id = house.proposed()
    for words in ((), ("paying", "is", "down"), ("CHG-0047112",), ("confirm",)):
        meant = typed.find_before(CHANNEL, HOLD, words)
        assert (found(meant.drill), meant.rest) == (drill_id, words)


def test_an_id_comes_before_a_reason(house: House, typed: Typed) -> None:
    house.proposed()
    other = house.proposed("other")
    meant = typed.find_before(CHANNEL, HOLD, (other, "not", "now"))
    assert (found(meant.drill), meant.rest) == (other, ("not", "now"))
    assert typed.find_before("D0DIRECT", HOLD, ("wait",)) == Meant(typed.find("D0DIRECT", HOLD, ()), ("wait",))


def test_what_looks_like_an_id_is_never_taken_for_a_reason(house: House) -> None:
    drills = replace(house.drills, new_id=lambda name, _now: f"{name}-20260302-x7k2m")
    drills.propose("payments", house.click())
    typed = Typed(drills)
    assert found(typed.find_before("D0DIRECT", HOLD, ("payments-20260302-x7k2m",)).drill) == "payments-20260302-x7k2m"
    for wrong in ("payments-20260302-x7k2", "payments-20260302-x7k2n", "payments-20260302"):
        with pytest.raises(UnknownDrill, match=r"Did you mean payments-20260302-x7k2m\?"):
            typed.find_before(CHANNEL, HOLD, (wrong, "wait"))


def test_a_hold_is_resumed(house: House, typed: Typed) -> None:
    drill = house.drill(house.launched())
    held = typed.act(drill, Action.HOLD, house.click(), "Wait for Grace.")
    assert held.hold
    assert held.hold.detail == "Wait for Grace."
    assert typed.act(held, Action.RESUME, house.click()).state is DrillState.RUNNING


def on_hold(house: House) -> Drill:
    drill_id = house.launched()
    return house.follow(drill_id, failed={server.id: "no room" for server in house.drill(drill_id).wave(1).servers})


def test_a_problem_is_retried_or_skipped(house: House, typed: Typed) -> None:
    held = on_hold(house)
    typed.could(held, Action.SKIP, house.click())
    assert house.drill(held.id) == held
    assert typed.act(held, Action.RETRY, house.click()).state is DrillState.RUNNING


def test_a_wave_is_skipped(house: House, typed: Typed) -> None:
    assert typed.act(on_hold(house), Action.SKIP, house.click(), "not needed now").wave(1).state == "skipped"


def test_a_cleanup_goes_on_now(house: House, typed: Typed) -> None:
    cleaned = typed.act(house.drill(house.cleaning_up()), Action.CLEAN_UP, house.click())
    assert cleaned.cleanup
    assert cleaned.cleanup.turn == 1


def test_whoever_was_not_quick_enough_decides_no_later_hold(house: House, typed: Typed) -> None:
    seen = typed.act(house.drill(house.launched()), Action.HOLD, house.click())
    house.do(seen.id, Action.RESUME, by=LINUS, hold=1)
    house.do(seen.id, Action.HOLD, by=LINUS)
    with pytest.raises(IllegalTransition, match=f"Already decided: {HoldDecision.RESUMED} by <@U0LINUS>"):
        typed.act(seen, Action.RESUME, house.click())
    assert house.drill(seen.id).hold


def test_a_drill_that_never_was_on_hold_is_told_so(house: House, typed: Typed) -> None:
    running = house.drill(house.launched())
    for action in (Action.RESUME, Action.RETRY, Action.SKIP):
        for act in (typed.act, typed.could):
            with pytest.raises(IllegalTransition, match=r"^This drill is not on hold\.$"):
                act(running, action, house.click())


def test_a_hold_that_was_decided_before_it_was_typed_is_not_told_of(house: House, typed: Typed) -> None:
    held = typed.act(house.drill(house.launched()), Action.HOLD, house.click())
    resumed = typed.act(held, Action.RESUME, house.click(LINUS))
    with pytest.raises(IllegalTransition, match=r"^This drill is not on hold\.$"):
        typed.act(resumed, Action.RETRY, house.click())
    aborted = typed.act(resumed, Action.ABORT, house.click(LINUS))
    with pytest.raises(IllegalTransition, match=r"^This drill was aborted by <@U0LINUS>, "):
        typed.act(aborted, Action.RETRY, house.click())


def test_an_abort_that_is_only_tried_changes_nothing_and_is_refused_as_it_would_be(house: House, typed: Typed) -> None:
    running = house.drill(house.launched())
    typed.could(running, Action.ABORT, house.click())
    with pytest.raises(NotAllowed, match="You may not abort this drill"):
        typed.could(running, Action.ABORT, house.click(EVE))
    assert house.drill(running.id) == running
    assert [refusal.actor for refusal in house.store.refusals(running.id)] == [EVE], "it was tried, and is on record"
    assert typed.act(running, Action.ABORT, house.click()).state is DrillState.ABORTING


def test_a_cancel_of_a_drill_that_is_started_in_between_aborts_nothing(house: House, typed: Typed) -> None:
    seen = house.drill(house.ready())
    house.do(seen.id, Action.START, by=LINUS)
    with pytest.raises(IllegalTransition, match="the drill is running"):
        typed.act(seen, Action.WITHDRAW, house.click())
    house.pass_time(timedelta(minutes=1))
    assert house.drill(seen.id).state is DrillState.RUNNING


def test_the_wave_that_waits_is_the_one_that_is_answered(house: House, typed: Typed) -> None:
    drill_id = house.launched()
    running = house.drill(drill_id)
    for action in (Action.APPROVE, Action.REJECT, Action.BREAK_GLASS):
        with pytest.raises(IllegalTransition, match="No wave of this drill waits for approval now"):
            typed.act(running, action, house.click(GRACE), "Not before noon.")
    waiting = house.follow(drill_id)
    with pytest.raises(NotAllowed, match="You may not break glass in this drill"):
        typed.act(waiting, Action.BREAK_GLASS, house.click(GRACE), "Nobody else is there.")
    assert typed.act(waiting, Action.APPROVE, house.click(GRACE), "Go.").wave(2).state == "launching"


def test_words_do_not_choose_between_waves_side_by_side() -> None:
    plan = a_plan()
    waves = [wave.model_copy(update={"depends_on": (), "approval": Approval.REQUIRED}) for wave in plan.waves]
    house = House((plan.model_copy(update={"waves": tuple(waves)}),))
    running = house.drill(house.launched())
    with pytest.raises(IllegalTransition, match=r"Waves 1, 2 and 3 of this drill wait for approval\. Use"):
        Typed(house.drills).act(running, Action.APPROVE, house.click(GRACE), "Go.")
    approved = house.do(running.id, Action.APPROVE, by=GRACE, wave=2, round=1)
    assert [wave.state for wave in approved.waves] == ["awaiting_approval", "launching", "awaiting_approval"]


def test_before_a_drill_runs_nothing_of_it_waits_for_approval(house: House, typed: Typed) -> None:
    proposed = house.drill(house.proposed())
    with pytest.raises(IllegalTransition, match="is still being checked"):
        typed.act(proposed, Action.APPROVE, house.click(GRACE))


def test_all_warnings_of_the_drill_that_is_meant_are_waived() -> None:
    house = House((a_plan(warnings="waive"),))
    drill_id = house.proposed()
    house.finds(drill_id, a_finding(1, severity=Severity.WARN))
    waived = Typed(house.drills).act(house.drill(drill_id), Action.WAIVE, house.click(), "It is from a backup.")
    assert [waiver.reason for waiver in waived.waivers] == ["It is from a backup."]
