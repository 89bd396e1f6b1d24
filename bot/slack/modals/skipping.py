"""The submission of the form in which a wave is skipped, or some of its servers."""

from __future__ import annotations

from dataclasses import replace

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.domain.approval import Action
from bot.slack.modals.answers import CLOSED, Answer
from bot.slack.modals.payloads import Submission
from bot.slack.payloads import offer_of
from bot.views.modals.forms import WORDS
from bot.views.modals.skipping import SERVERS


def submit_skip(drills: Drills, submitted: Submission, click: Click) -> Answer:
    """Skip what was chosen. The domain decides now, on the drill as it is now."""
    at = submitted.about_drill
    offer = replace(offer_of(Action.SKIP, at), servers=submitted.ticked(SERVERS))
    drills.act(at.drill, offer, click, submitted.text(WORDS))
    return CLOSED
