"""Which drill a command is about, and that a decision falls on the hold that was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.typed import Meant, Typed, Unclear
from bot.domain.drill import Drill
from bot.domain.errors import IllegalTransition, NotAllowed, UnknownDrill
from bot.domain.findings import Severity
from bot.domain.states import DrillState, HoldDecision, Outcome
from tests.unit.application.house import House
from tests.unit.builders import CHANNEL, EVE, LINUS, a_finding, a_plan

ELSEWHERE = "C0ELSEWHERE"


@pytest.fixture
def house() -> House:
    return House((a_plan(("Database", 2), ("Web", 2)), a_plan(("Other", 5), name="other", channel=ELSEWHERE)))


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
    first, second, other = house.proposed(), house.proposed(), house.proposed("other")
    which = typed.find(CHANNEL, ())
    assert isinstance(which, Unclear)
    assert ({drill.id for drill in which.here}, [drill.id for drill in which.elsewhere]) == ({first, second}, [other])


def test_in_a_channel_without_drills_those_elsewhere_are_told(house: House, typed: Typed) -> None:
    other = house.proposed("other")
    which = typed.find("D0DIRECT", ())
    assert isinstance(which, Unclear)
    assert (which.here, [drill.id for drill in which.elsewhere]) == ((), [other])


def test_a_drill_that_has_ended_is_not_meant_by_its_channel(house: House, typed: Typed) -> None:
    house.drills.withdraw(house.proposed(), house.click())
    assert typed.find(CHANNEL, ()) == Unclear((), ())


def test_an_id_names_any_drill_also_one_that_has_ended_and_costs_one_read(house: House, typed: Typed) -> None:
    ended = house.proposed("other")
    house.drills.withdraw(ended, house.click())
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
    held = typed.hold(drill, "Wait for Grace.", house.click())
    assert held.hold
    assert held.hold.detail == "Wait for Grace."
    assert typed.resume(held, house.click()).state is DrillState.RUNNING


def on_hold(house: House) -> Drill:
    drill_id = house.launched()
    return house.follow(drill_id, failed={server.id: "no room" for server in house.drill(drill_id).wave(1).servers})


def test_a_problem_is_retried_or_skipped(house: House, typed: Typed) -> None:
    held = on_hold(house)
    typed.could_skip(held, house.click())
    assert house.drill(held.id) == held
    assert typed.retry(held, house.click()).state is DrillState.RUNNING


def test_a_wave_is_skipped(house: House, typed: Typed) -> None:
    assert typed.skip(on_hold(house), house.click()).wave(1).state == "skipped"


def test_a_cleanup_goes_on_now(house: House, typed: Typed) -> None:
    cleaned = typed.clean_up(house.drill(house.cleaning_up()), house.click())
    assert cleaned.cleanup
    assert cleaned.cleanup.turn == 1


def test_whoever_was_not_quick_enough_decides_no_later_hold(house: House, typed: Typed) -> None:
    seen = typed.hold(house.drill(house.launched()), "", house.click())
    house.drills.resume(seen.id, 1, house.click(LINUS))
    house.drills.hold(seen.id, "", house.click(LINUS))
    with pytest.raises(IllegalTransition, match=f"Already decided: {HoldDecision.RESUMED} by <@U0LINUS>"):
        typed.resume(seen, house.click())
    assert house.drill(seen.id).hold


def test_a_drill_that_never_was_on_hold_says_how_it_is_instead(house: House, typed: Typed) -> None:
    running = house.drill(house.launched())
    for act in (typed.resume, typed.retry, typed.skip, typed.could_skip):
        with pytest.raises(IllegalTransition, match="This does not apply now: the drill is running"):
            act(running, house.click())


def test_an_abort_that_is_only_tried_changes_nothing_and_is_refused_as_it_would_be(house: House, typed: Typed) -> None:
    running = house.drill(house.launched())
    typed.could_abort(running, house.click())
    with pytest.raises(NotAllowed, match="You may not abort this drill"):
        typed.could_abort(running, house.click(EVE))
    assert house.drill(running.id) == running
    assert [refusal.actor for refusal in house.store.refusals(running.id)] == [EVE], "it was tried, and is on record"
    assert typed.abort(running, house.click()).state is DrillState.ABORTING


def test_what_was_not_started_is_cancelled(house: House, typed: Typed) -> None:
    assert typed.abort(house.drill(house.ready()), house.click()).outcome is Outcome.WITHDRAWN


def test_a_drill_that_is_started_in_between_is_not_aborted_unasked(house: House, typed: Typed) -> None:
    seen = house.drill(house.ready())
    house.drills.start(seen.id, house.click(LINUS))
    with pytest.raises(IllegalTransition, match="the drill is running"):
        typed.abort(seen, house.click())
    house.pass_time(timedelta(minutes=1))
    assert house.drill(seen.id).state is DrillState.RUNNING


def test_all_warnings_of_the_drill_that_is_meant_are_waived() -> None:
    house = House((a_plan(warnings="waive"),))
    drill_id = house.proposed()
    house.finds(drill_id, a_finding(1, severity=Severity.WARN))
    waived = Typed(house.drills).waive(house.drill(drill_id), "It is from a backup.", house.click())
    assert [waiver.reason for waiver in waived.waivers] == ["It is from a backup."]
