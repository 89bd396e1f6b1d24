"""Which drill a command is about, and that a decision falls on the hold that was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.typed import Meant, Typed, Unclear
from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.errors import IllegalTransition, NotAllowed, UnknownDrill
from bot.domain.states import DrillState, HoldDecision
from tests.unit.application.house import House
from tests.unit.builders import CHANNEL, EVE, LINUS, a_plan

ELSEWHERE = "C0ELSEWHERE"


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
    assert found(typed.find(CHANNEL, ())) == mine
    assert found(typed.find(ELSEWHERE, ())) == other


def test_it_costs_one_query_and_a_read_of_each_drill_under_way(house: House, typed: Typed) -> None:
    house.proposed()
    house.proposed("other")
    house.store.calls.clear()
    typed.find(CHANNEL, ())
    assert house.store.calls == ["unfinished", "load", "load"]


def test_of_several_none_is_meant(house: House, typed: Typed) -> None:
    first, second, other = (house.proposed(name) for name in ("payments", "shop", "other"))
    which = typed.find(CHANNEL, ())
    assert isinstance(which, Unclear)
    assert ({drill.id for drill in which.here}, [drill.id for drill in which.elsewhere]) == ({first, second}, [other])


def test_in_a_channel_without_drills_those_elsewhere_are_told(house: House, typed: Typed) -> None:
    other = house.proposed("other")
    which = typed.find("D0DIRECT", ())
    assert isinstance(which, Unclear)
    assert (which.here, [drill.id for drill in which.elsewhere]) == ((), [other])


def test_a_drill_that_has_ended_is_not_meant_by_its_channel(house: House, typed: Typed) -> None:
    house.do(house.proposed(), Action.WITHDRAW)
    assert typed.find(CHANNEL, ()) == Unclear((), ())


def test_an_id_names_any_drill_also_one_that_has_ended_and_costs_one_read(house: House, typed: Typed) -> None:
    ended = house.proposed("other")
    house.do(ended, Action.WITHDRAW)
    house.store.calls.clear()
    assert found(typed.find(CHANNEL, (ended.upper(),))) == ended
    assert house.store.calls == ["load"]


def test_a_word_that_is_no_id_never_means_another_drill(house: House, typed: Typed) -> None:
    house.proposed()
    with pytest.raises(UnknownDrill, match=r"There is no drill payment-1\. Did you mean payments-1\?"):
        typed.find(CHANNEL, ("payment-1",))
    with pytest.raises(UnknownDrill, match=r"There is no drill confrim\. Did you mean confirm\?"):
        typed.find(CHANNEL, ("payments-1", "confrim"), ("confirm",))
    with pytest.raises(UnknownDrill, match=r"There is no such drill\."):
        typed.find(CHANNEL, ("x" * 3_000,))


def test_words_that_are_no_id_are_a_reason(house: House, typed: Typed) -> None:
    drill_id = house.proposed()
    for words in ((), ("payments", "are", "down"), ("CHG-0047112",), ("confirm",)):
        meant = typed.find_before(CHANNEL, words)
        assert (found(meant.drill), meant.rest) == (drill_id, words)


def test_an_id_comes_before_a_reason(house: House, typed: Typed) -> None:
    house.proposed()
    other = house.proposed("other")
    meant = typed.find_before(CHANNEL, (other, "not", "now"))
    assert (found(meant.drill), meant.rest) == (other, ("not", "now"))
    assert typed.find_before("D0DIRECT", ("wait",)) == Meant(typed.find("D0DIRECT", ()), ("wait",))


def test_what_looks_like_an_id_is_never_taken_for_a_reason(house: House) -> None:
    drills = replace(house.drills, new_id=lambda name, _now: f"{name}-20260302-x7k2m")
    drills.propose("payments", house.click())
    typed = Typed(drills)
    assert found(typed.find_before("D0DIRECT", ("payments-20260302-x7k2m",)).drill) == "payments-20260302-x7k2m"
    for wrong in ("payments-20260302-x7k2", "payments-20260302-x7k2n", "payments-20260302"):
        with pytest.raises(UnknownDrill, match=r"Did you mean payments-20260302-x7k2m\?"):
            typed.find_before(CHANNEL, (wrong, "wait"))


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
    assert typed.act(on_hold(house), Action.SKIP, house.click()).wave(1).state == "skipped"


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
