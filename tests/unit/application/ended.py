"""Drills that have ended, and whose report is made, for tests of what becomes of them."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.afterwards import EVIDENCE
from bot.domain.evidence import Evidence
from bot.domain.states import DrillState
from tests.unit.application.house import House

SOON = timedelta(minutes=1)
PLACE = "payments/payments-1/report-001/"


def ended() -> tuple[House, str]:
    """A drill that has ended; its report is still to be made."""
    house = House()
    drill_id = house.cleaning_up()
    while house.drill(drill_id).state is not DrillState.ENDED:
        house.drain(drill_id)
        if house.instances_of(drill_id):
            house.finish_termination()
        house.pass_time(timedelta(seconds=30))
    return house, drill_id


def reported() -> tuple[House, str]:
    house, drill_id = ended()
    house.pass_time(SOON)
    house.drain(drill_id)
    return house, drill_id


def evidence_of(house: House, place: str = PLACE) -> Evidence:
    return Evidence.model_validate_json(house.shelf.files[f"{place}{EVIDENCE}"])
