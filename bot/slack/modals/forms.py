"""The form for something that is done to a drill, and its submission."""

from __future__ import annotations

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.domain.approval import Action
from bot.slack.modals.answers import CLOSED, Answer
from bot.slack.modals.payloads import Submission
from bot.slack.payloads import offer_of
from bot.views.action_ids import ButtonValue
from bot.views.modals.forms import WORDS, form
from bot.views.modals.parts import Modal


def form_for(drills: Drills, action: Action, at: ButtonValue, click: Click) -> Modal:
    """The form, for somebody whose submission would be taken as things are now.

    Raises:
        DrillError: it would be refused: nobody writes a comment for nothing.
    """
    offer = offer_of(action, at)
    return form(drills.admit(at.drill, offer, click), offer)


def submit_form(drills: Drills, submitted: Submission, click: Click) -> Answer:
    """Do what the form was for. The domain decides now, on the drill as it is now."""
    at = submitted.about_drill
    drills.act(at.drill, offer_of(Action(submitted.callback_id), at), click, submitted.text(WORDS))
    return CLOSED
