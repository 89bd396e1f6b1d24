"""The form in which a plan is picked, and its submission."""

from __future__ import annotations

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.domain.errors import NotAllowed
from bot.domain.person import Person
from bot.slack.modals.answers import Answer, instead
from bot.slack.modals.payloads import Submission
from bot.slack.payloads import SlashCommand
from bot.views.modals import told
from bot.views.modals.parts import Modal
from bot.views.modals.picker import NOTHING_TO_PICK, PLAN, picker

DRILL = "drill"
"""The command's word."""


def opens_picker(typed: SlashCommand) -> bool:
    """Whether somebody has typed that they want a drill, but not of which plan."""
    return tuple(word.lower() for word in typed.words) == (DRILL,)


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
    """Ask for the drill, and say that its card is on the way."""
    return instead(told.coming(drills.propose(submitted.chosen(PLAN), click)))
