"""The forms about a drill's report: signing it, and the findings that people add to it."""

from __future__ import annotations

from bot.domain.approval import mention
from bot.domain.drill import Drill
from bot.domain.offers import Offer
from bot.views.blocks import Block
from bot.views.modals.parts import date_input, person_input
from bot.views.text import escape

OWNER = "owner"
DUE = "due"
"""The inputs for who sees to a finding, and until when."""
ADDING = "A finding is something to be put right before the next drill of this plan, whose report shows whether it was."
TEXT_LENGTH = 500


def signing(drill: Drill) -> str:
    """What a signature is of."""
    newest = drill.report.newest if drill.report else None
    seen = f" Its evidence has the SHA-256 `{newest.sha256}`." if newest else ""
    return f"You have read the newest report and accept it.{seen} The report is made again, with your signature."


def fixing(drill: Drill, offer: Offer) -> str:
    """Which finding it is about."""
    found = drill.follow_ups[offer.finding - 1]
    return f"{escape(found.text, TEXT_LENGTH)}\n{mention(found.owner)}, until {found.due}."


def owner_and_date() -> list[Block]:
    """Who has to see to it, until when."""
    return [person_input(OWNER, "Who sees to it?"), date_input(DUE, "Until when?")]
