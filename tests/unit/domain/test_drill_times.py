"""A plan's hours and frozen days: asked when its drill is checked, and again at Start; a running drill goes on."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.errors import IllegalTransition
from bot.domain.events import DrillStarted
from bot.domain.findings import Check, Severity
from bot.domain.plan_times import Freeze
from bot.domain.plan_waves import Approval
from bot.domain.states import DrillState, Outcome
from tests.unit.domain.orders import ADA, BOB, a_plan, a_wave
from tests.unit.domain.story import Story

HOURS = "weekdays 08:00-13:20 Europe/Berlin"
"""Noon UTC, when stories begin, is 13:00 in Berlin: 20 minutes are left."""
FREEZE = {"from": "2026-02-27", "to": "2026-03-03", "why": "quarter end", "zone": "Europe/Berlin"}


def planned(**also: Any) -> Story:
    return Story(a_plan(a_wave("Database"), a_wave("Web"), also=also))


def test_a_drill_within_the_hours_is_ready() -> None:
    assert planned(allowed=[HOURS]).checked().drill.state is DrillState.READY


def test_a_drill_out_of_hours_is_refused_with_the_next_opening() -> None:
    drill = planned(allowed=[HOURS]).after(minutes=20).checked().drill
    assert (drill.state, drill.outcome) == (DrillState.ENDED, Outcome.REFUSED)
    assert drill.preflight
    (found,) = drill.preflight.findings
    assert (found.check, found.severity, found.server_id) == (Check.DRILL_TIME, Severity.BLOCK, None)
    assert found.fact == (
        "Payments may be drilled only weekdays 08:00-13:20 Europe/Berlin; it is Mon 2026-03-02 13:20 Europe/Berlin."
    )
    assert found.remedy == "Ask for the drill when it is open again. Next open: Tue 2026-03-03 08:00 Europe/Berlin."


def test_a_drill_in_a_freeze_is_refused_with_the_reason_and_the_next_opening() -> None:
    drill = planned(allowed=[HOURS, "sat 10:00-12:00 UTC"], freeze=[FREEZE]).checked().drill
    assert drill.outcome is Outcome.REFUSED
    assert drill.preflight
    (found,) = drill.preflight.blocking
    assert found.fact == "Payments is not drilled from 2026-02-27 to 2026-03-03 (Europe/Berlin): quarter end."
    assert found.remedy.endswith("Next open: Wed 2026-03-04 08:00 Europe/Berlin.")


def test_a_freeze_takes_the_zone_of_the_windows() -> None:
    freeze = {key: value for key, value in FREEZE.items() if key != "zone"}
    assert planned(allowed=[HOURS], freeze=[freeze]).checked().drill.outcome is Outcome.REFUSED


def test_time_may_have_passed_between_the_checks_and_start() -> None:
    story = planned(allowed=[HOURS]).checked().after(minutes=20)
    refused = story.refused(DrillStarted(actor=ADA))
    assert isinstance(refused, IllegalTransition)
    assert str(refused) == (
        "Payments may be drilled only weekdays 08:00-13:20 Europe/Berlin; it is Mon 2026-03-02 13:20 Europe/Berlin. "
        "Ask for the drill when it is open again. Next open: Tue 2026-03-03 08:00 Europe/Berlin."
    )
    assert story.after(seconds=-1).starts().drill.state is DrillState.RUNNING


def test_closing_time_stops_no_drill_that_runs() -> None:
    story = planned(allowed=[HOURS]).is_started().jobs_start().after(minutes=30).jobs_complete()
    story.approves(BOB).jobs_start().jobs_complete()
    assert story.drill.state is DrillState.CLEANING_UP


@pytest.mark.parametrize("also", [{}, {"allowed": [HOURS], "freeze": [FREEZE]}])
def test_a_plan_reads_back_from_json_with_its_times(also: dict[str, Any]) -> None:
    plan = a_plan(a_wave("Database", approval=Approval.NONE), also=also)
    assert type(plan).model_validate_json(plan.model_dump_json()) == plan


def test_a_plan_is_itself_again_when_it_is_made_from_its_own_fields() -> None:
    plan = a_plan(a_wave("Database"), also={"allowed": [HOURS], "freeze": [FREEZE]})
    assert type(plan)(**dict(plan)) == plan
    (frozen,) = plan.freeze
    made = {"from": frozen.first, "to": frozen.last, "why": frozen.why, "zone": frozen.zone}
    assert Freeze.model_validate(made) == frozen, "days that are days already"
