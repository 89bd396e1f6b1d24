"""The submission of the form in which warnings are waived."""

from __future__ import annotations

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.domain.approval import Action
from bot.domain.findings import Check
from bot.domain.offers import Offer
from bot.slack.modals.answers import CLOSED, Answer
from bot.slack.modals.payloads import Submission
from bot.slack.payloads import STALE_BUTTON, Unreadable
from bot.views.modals.forms import WORDS
from bot.views.modals.waiving import ALL, WHICH


def submit_waiver(drills: Drills, submitted: Submission, click: Click) -> Answer:
    """Waive what was chosen. The domain decides now, on the drill as it is now."""
    checks = _chosen(submitted.chosen(WHICH))
    drills.act(submitted.about_drill.drill, Offer(Action.WAIVE, checks=checks), click, submitted.text(WORDS))
    return CLOSED


def _chosen(value: str) -> tuple[Check, ...]:
    """The check whose warnings are meant; none: all. There is nothing to choose where all are of one check."""
    if value in {"", ALL}:
        return ()
    try:
        return (Check(value),)
    except ValueError as unknown:
        raise Unreadable(STALE_BUTTON) from unknown
