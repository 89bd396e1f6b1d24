"""The form in which a plan is picked, and its submission."""

from __future__ import annotations

from datetime import datetime

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.domain.errors import NotAllowed, UnfitTime
from bot.domain.launch_point import PLANNED, LaunchPoint, NewestBefore
from bot.domain.person import Person
from bot.domain.states import Purpose
from bot.slack.modals.answers import Answer, Misfilled, instead
from bot.slack.modals.payloads import Submission
from bot.views.modals import told
from bot.views.modals.parts import Modal
from bot.views.modals.picker import (
    BEFORE,
    FRESH,
    NEWEST,
    NOTHING_TO_PICK,
    ONLY_CHECK,
    PLAN,
    POINT,
    PURPOSE,
    TIME,
    picker,
)


def new_drill(drills: Drills, person: Person) -> Modal:
    """The form, with the plans of which this person can ask for a drill now.

    Raises:
        NotAllowed: there is none.
    """
    plans = drills.offering.plans(person)
    if not plans:
        raise NotAllowed(NOTHING_TO_PICK)
    return picker(plans)


def submit_plan(drills: Drills, submitted: Submission, click: Click) -> Answer:
    """Ask for the drill, and say that its card is on the way.

    Raises:
        Misfilled: the time that was chosen, or was not, does not fit the rest.
    """
    point = _launch_point(submitted.chosen(POINT), submitted.moment(TIME))
    purpose = Purpose.CHECK if ONLY_CHECK in submitted.ticked(PURPOSE) else Purpose.DRILL
    try:
        drill = drills.propose(submitted.chosen(PLAN), click, launch_point=point, purpose=purpose)
        return instead(told.coming(drill))
    except UnfitTime as unfit:
        raise Misfilled(str(unfit), TIME) from unfit


def _launch_point(chosen: str, at: datetime | None) -> LaunchPoint | None:
    """What was chosen; None: what the plan says."""
    if chosen == BEFORE:
        if at is None:
            raise Misfilled("Choose the day and the time before which the recovery points are to be.", TIME)
        return NewestBefore(at=at)
    if at:
        raise Misfilled("A time is only for “Newest before a time”: choose that above, or clear the time.", TIME)
    return {FRESH: PLANNED["fresh"], NEWEST: PLANNED["newest"]}.get(chosen)
