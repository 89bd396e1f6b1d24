"""Termination of what a drill has launched, and of nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.cleaning import INSIST
from bot.application.ports.drs import Refused
from bot.domain.approval import Action
from bot.domain.cleanup_rules import APPEARANCE, HINDERED, LOOK_AGAIN
from bot.domain.commands import CleanUp
from bot.domain.drill import Drill
from bot.domain.facts import RecoveryInstance
from bot.domain.states import DrillState, InstanceState, Outcome
from tests.unit.application.faults import refused
from tests.unit.application.house import House
from tests.unit.builders import a_plan, server_id

ONE_WAVE = (a_plan(("Web", 2)),)
DENIED = refused(Refused.DENIED, "no right to terminate")


@pytest.fixture
def house() -> House:
    return House(ONE_WAVE)


def look(house: House, drill_id: str) -> Drill:
    """The next look at the cleanup, whenever it is due."""
    (item,) = house.work(drill_id)
    house.pass_time(max(item.due_at - house.clock(), timedelta(0)))
    return house.drain(drill_id)


def problem(drill: Drill) -> str | None:
    assert drill.cleanup is not None
    return drill.cleanup.problem


def states(drill: Drill) -> list[InstanceState | None]:
    return [server.instance.state if server.instance else None for server in drill.servers]


def test_everything_that_was_launched_is_terminated_and_then_the_drill_ends(house: House) -> None:
    drill_id = house.cleaning_up()
    made = house.instances_of(drill_id)
    drill = look(house, drill_id)
    assert house.drs.called("terminate") == [(tuple(made),)]
    assert states(drill) == [InstanceState.TERMINATING] * 2
    house.finish_termination()
    drill = look(house, drill_id)
    assert (drill.state, drill.outcome) == (DrillState.ENDED, Outcome.PASSED)
    assert states(drill) == [InstanceState.GONE] * 2
    assert house.work(drill_id) == ()
    assert house.store.locks(drill.target) == {}


FOREIGN: dict[str, dict[str, object]] = {
    "of another drill": {"is_drill": True, "job_id": "drsjob-of-another-drill"},
    "that is a real recovery": {"is_drill": False},
    "of which DRS does not say what it is": {"is_drill": None},
    "without a job": {"is_drill": True, "job_id": None},
}


@pytest.mark.parametrize("whose", FOREIGN)
def test_an_instance_that_is_not_certainly_this_drills_is_not_touched(house: House, whose: str) -> None:
    drill_id = house.cleaning_up()
    (job_id,) = house.drill(drill_id).job_ids
    mine, other = house.instances_of(drill_id)
    house.drs.instances[other] = house.drs.instances[other].model_copy(update={"job_id": job_id, **FOREIGN[whose]})
    look(house, drill_id)
    assert house.drs.called("terminate") == [((mine,),)]
    house.finish_termination()
    for _ in range(APPEARANCE // LOOK_AGAIN + 2):
        if house.work(drill_id):
            look(house, drill_id)
    assert house.drill(drill_id).state is DrillState.ENDED
    assert list(house.drs.instances) == [other]


def test_instances_go_in_batches_of_a_hundred() -> None:
    house = House((a_plan(("Web", 250)),))
    drill_id = house.cleaning_up()
    for told in (100, 200, 250):
        drill = look(house, drill_id)
        assert states(drill).count(InstanceState.TERMINATING) == told
    assert [len(ids) for (ids,) in house.drs.called("terminate") if isinstance(ids, tuple)] == [100, 100, 50]


def test_as_long_as_instances_only_shut_down_nothing_is_written(house: House) -> None:
    drill_id = house.cleaning_up()
    look(house, drill_id)
    version = house.drill(drill_id).version
    for _ in range(5):
        assert look(house, drill_id).version == version
        (item,) = house.work(drill_id)
        assert (item.due_at, item.attempts) == (house.clock() + LOOK_AGAIN, 0)
    assert len(house.drs.called("terminate")) == 1


def test_what_of_the_instances_has_gone_is_noted_as_it_goes(house: House) -> None:
    drill_id = house.cleaning_up()
    look(house, drill_id)
    house.drs.instances.pop(house.instances_of(drill_id)[0])
    assert states(look(house, drill_id)) == [InstanceState.GONE, InstanceState.TERMINATING]


@pytest.mark.parametrize("ec2_state", ["TERMINATED", "NOT_FOUND"])
def test_an_instance_that_drs_still_lists_though_ec2_has_none_is_gone(house: House, ec2_state: str) -> None:
    drill_id = house.cleaning_up()
    look(house, drill_id)
    for each in house.instances_of(drill_id):
        house.drs.instances[each] = house.drs.instances[each].model_copy(update={"ec2_state": ec2_state})
    assert look(house, drill_id).state is DrillState.ENDED


def test_an_instance_that_does_not_go_is_terminated_once_more_after_ten_minutes(house: House) -> None:
    drill_id = house.cleaning_up()
    look(house, drill_id)
    told_at = house.clock()
    stuck, _ = house.instances_of(drill_id)
    house.drs.jobs.popitem()  # DRS has forgotten about it
    house.drs.instances[stuck] = house.drs.instances[stuck].model_copy(update={"ec2_state": "RUNNING"})
    while house.clock() + LOOK_AGAIN < told_at + INSIST:
        look(house, drill_id)
    assert len(house.drs.called("terminate")) == 1
    look(house, drill_id)
    assert house.clock() == told_at + INSIST
    assert house.drs.called("terminate")[1:] == [((stuck,),)]
    look(house, drill_id)
    assert len(house.drs.called("terminate")) == 2


def test_instances_that_somebody_else_has_terminated_are_waited_for(house: House) -> None:
    drill_id = house.cleaning_up()
    for each in house.instances_of(drill_id):
        house.drs.instances[each] = house.drs.instances[each].model_copy(update={"ec2_state": "SHUTTING-DOWN"})
    assert look(house, drill_id).state is DrillState.CLEANING_UP
    assert house.drs.called("terminate") == []


# ---------------------------------------------------------------------- trouble


def test_what_is_in_the_way_is_said_once_however_often_it_is_met(house: House) -> None:
    drill_id = house.cleaning_up()
    house.drs.fail_next("terminate", DENIED, times=3)
    assert problem(look(house, drill_id)) == "no right to terminate"
    version = house.drill(drill_id).version
    for attempts in (1, 2):
        assert look(house, drill_id).version == version
        (item,) = house.work(drill_id)
        assert (item.due_at, item.attempts) == (house.clock() + HINDERED, attempts)
    drill = look(house, drill_id)
    assert (problem(drill), states(drill)) == (None, [InstanceState.TERMINATING] * 2)


def test_another_trouble_is_said_too(house: House) -> None:
    drill_id = house.cleaning_up()
    house.drs.fail_next("terminate", DENIED)
    house.drs.fail_next("recovery_instances", refused(Refused.THROTTLED, "Rate exceeded"))
    assert problem(look(house, drill_id)) == "Rate exceeded"
    assert problem(look(house, drill_id)) == "no right to terminate"


def test_a_trouble_that_is_over_is_not_shown_any_more_though_nothing_else_has_changed(house: House) -> None:
    drill_id = house.cleaning_up()
    look(house, drill_id)
    house.drs.fail_next("recovery_instances", refused(Refused.UNCLEAR, "no answer"))
    assert problem(look(house, drill_id)) == "no answer"
    drill = look(house, drill_id)
    assert (problem(drill), states(drill)) == (None, [InstanceState.TERMINATING] * 2)
    assert len(house.drs.called("terminate")) == 1


def test_an_answer_to_a_termination_that_was_lost_is_seen_by_what_it_did(house: House) -> None:
    drill_id = house.cleaning_up()
    house.drs.fail_next("terminate", refused(Refused.UNCLEAR, "no answer"), after_effect=True)
    assert problem(look(house, drill_id)) == "no answer"
    assert problem(look(house, drill_id)) is None
    house.finish_termination()
    assert look(house, drill_id).outcome is Outcome.PASSED
    assert len(house.drs.called("terminate")) == 1


def test_an_instance_that_shows_up_late_is_terminated_too(house: House) -> None:
    drill_id = house.cleaning_up()
    hidden = dict(house.drs.instances)
    house.drs.instances.clear()
    assert look(house, drill_id).state is DrillState.CLEANING_UP
    house.drs.instances.update(hidden)
    look(house, drill_id)
    assert house.drs.called("terminate") == [(tuple(hidden),)]


def test_an_instance_that_never_shows_up_is_a_finding_once_ten_minutes_are_over(house: House) -> None:
    drill_id = house.cleaning_up()
    since = house.clock()
    house.drs.instances.clear()
    while (drill := look(house, drill_id)).state is not DrillState.ENDED:
        pass
    assert house.clock() == since + APPEARANCE
    assert drill.outcome is Outcome.PASSED_WITH_FINDINGS
    assert len(drill.findings) == 2
    assert "DRS never showed a recovery instance of s-00000000000000001" in drill.findings[0]


def test_what_is_left_of_an_earlier_attempt_is_terminated_as_well(house: House) -> None:
    drill_id = house.launched()
    house.follow(drill_id, failed={server_id(2): "no capacity"})
    house.do(drill_id, Action.RETRY, hold=1)
    house.drain(drill_id)
    (first_job, *_) = house.drs.jobs
    house.drs.add_instance(
        RecoveryInstance(id="i-of-the-failed", server_id=server_id(2), is_drill=True, job_id=first_job)
    )
    house.follow(drill_id)
    look(house, drill_id)
    ((told,),) = house.drs.called("terminate")
    assert isinstance(told, tuple)
    assert "i-of-the-failed" in told
    assert len(told) == 3


def test_a_drill_that_does_not_clean_up_any_more_terminates_nothing(house: House) -> None:
    drill_id = house.cleaning_up()
    (item,) = house.work(drill_id)
    look(house, drill_id)
    house.finish_termination()
    look(house, drill_id)
    house.drs.calls.clear()
    house.table.work[drill_id, item.lane, item.position] = item
    house.drain(drill_id)
    assert house.drs.calls == []
    assert house.work(drill_id) == ()


BUSY = refused(Refused.CONFLICT, "Recovery instance is currently being processed by a job")


def test_one_instance_that_drs_will_not_terminate_does_not_keep_the_others_running(house: House) -> None:
    drill_id = house.cleaning_up()
    stays, goes = house.instances_of(drill_id)
    house.drs.fail_next("terminate", BUSY, times=2)  # both together, then the first of them alone
    drill = look(house, drill_id)
    assert house.drs.called("terminate") == [((stays, goes),), ((stays,),), ((goes,),)]
    assert states(drill) == [InstanceState.RUNNING, InstanceState.TERMINATING]
    assert problem(drill) == BUSY.words
    house.drs.calls.clear()
    drill = look(house, drill_id)
    assert house.drs.called("terminate") == [((stays,),)]
    assert problem(drill) is None


def test_a_right_that_is_missing_is_not_tried_out_instance_by_instance(house: House) -> None:
    drill_id = house.cleaning_up()
    house.drs.fail_next("terminate", DENIED)
    look(house, drill_id)
    assert len(house.drs.called("terminate")) == 1


def test_a_cleanup_that_is_wanted_sooner_is_looked_at_at_once_and_the_look_before_is_dropped(house: House) -> None:
    house.drs.fail_next("terminate", DENIED)
    drill_id = house.cleaning_up()
    assert problem(house.drain(drill_id))
    house.do(drill_id, Action.CLEAN_UP)
    assert [item.command.turn for item in house.work(drill_id) if isinstance(item.command, CleanUp)] == [0, 1]
    assert problem(house.drain(drill_id)) is None, "no minute has passed"
    house.pass_time(HINDERED)
    house.drs.calls.clear()
    house.drain(drill_id)
    assert len(house.drs.called("recovery_instances")) == 1, "one row of looks"


def test_a_look_that_is_cut_off_after_the_termination_leaves_nobody_wondering_what_was_there(house: House) -> None:
    drill_id = house.cleaning_up()
    house.drs.fail_next("terminate", RuntimeError("killed right after it"), after_effect=True)
    drill = look(house, drill_id)
    assert {server.instance.state for server in drill.servers if server.instance} == {InstanceState.RUNNING}
    house.finish_termination()
    for _ in range(3):
        drill = look(house, drill_id) if house.work(drill_id) else drill
    assert (drill.state, drill.findings) == (DrillState.ENDED, ())
