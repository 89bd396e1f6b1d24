"""The submission of the form in which a finding is added."""

from __future__ import annotations

from dataclasses import replace

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.domain.approval import Action
from bot.slack.modals.answers import CLOSED, Answer, Misfilled
from bot.slack.modals.payloads import Submission
from bot.slack.payloads import offer_of
from bot.views.modals.forms import WORDS
from bot.views.modals.reporting import DUE, OWNER


def submit_finding(drills: Drills, submitted: Submission, click: Click) -> Answer:
    """Add it. The domain decides now, on the drill as it is now.

    Raises:
        Misfilled: nobody, or no day, was chosen: Slack lets nobody leave them out, but what it sends could.
    """
    at = submitted.about_drill
    owner, due = submitted.person(OWNER), submitted.day(DUE)
    if not owner:
        raise Misfilled("Choose who sees to it.", OWNER)
    if due is None:
        raise Misfilled("Choose the day until which it is to be seen to.", DUE)
    offer = replace(offer_of(Action.ADD_FINDING, at), owner=owner, due=due)
    drills.act(at.drill, offer, click, submitted.text(WORDS))
    return CLOSED
