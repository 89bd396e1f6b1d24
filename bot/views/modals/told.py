"""What a person is told in front of a form: why it was not done, that it broke, or what comes of it."""

from __future__ import annotations

from bot.domain.drill import Drill
from bot.views import replies
from bot.views.modals.parts import Modal, notice
from bot.views.text import escape


def refused(why: str) -> Modal:
    """Why something was not done. Laid on top of the form, so that nothing that was written is lost."""
    return notice("That was not done", replies.refused(why).blocks, close="Back")


def failed(reference: str) -> Modal:
    """Something broke, and here is the reference under which the log has it."""
    return notice("Something went wrong", replies.failed(reference).blocks)


def noted(drill: Drill) -> Modal:
    """A message was put on record."""
    text = f"The message is on the record of {escape(drill.id, 80)}, and will be in its report."
    return notice("Added to the notes", replies.only(text).blocks)


def coming(drill: Drill) -> Modal:
    """A drill was proposed; its card is on the way."""
    return notice("On its way", replies.coming(drill).blocks)
