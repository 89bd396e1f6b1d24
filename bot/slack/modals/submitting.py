"""Which submission leads where, by the form's callback_id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.domain.approval import Action
from bot.slack.modals.answers import Answer
from bot.slack.modals.forms import submit_form
from bot.slack.modals.payloads import Submission, read_submission
from bot.slack.modals.picker import submit_plan
from bot.slack.modals.reporting import submit_finding
from bot.slack.modals.shortcut import submit_choice
from bot.slack.modals.skipping import submit_skip
from bot.slack.modals.waiving import submit_waiver
from bot.slack.payloads import Unreadable
from bot.views.action_ids import CHOOSE, PICK

FORMS: dict[str, Callable[[Drills, Submission, Click], Answer]] = {
    PICK: submit_plan,
    CHOOSE: submit_choice,
    **{action.value: submit_form for action in Action},
    Action.WAIVE.value: submit_waiver,
    Action.SKIP.value: submit_skip,
    Action.ADD_FINDING.value: submit_finding,
}


def submit(drills: Drills, body: Mapping[str, Any], click: Click) -> Answer:
    """Take what somebody has filled in.

    Raises:
        DrillError: it cannot be done; the text says why.
    """
    submitted = read_submission(body)
    if submitted.callback_id not in FORMS:
        raise Unreadable("The bot does not know this form any more. Close it and use the newest message of the drill.")
    return FORMS[submitted.callback_id](drills, submitted, click)
