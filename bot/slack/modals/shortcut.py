"""The shortcut in a message's menu: all that can be done to the drill whose message or thread it is."""

from __future__ import annotations

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.domain.person import Person
from bot.slack.modals.answers import Answer, on_top
from bot.slack.modals.forms import form_for
from bot.slack.modals.payloads import MessageShortcut, Submission
from bot.slack.payloads import Unreadable, read_choice
from bot.views.action_ids import DRILL_ACTIONS
from bot.views.modals.choose import CHOICE, choose, drills_here
from bot.views.modals.parts import Modal


def drill_actions(drills: Drills, used: MessageShortcut, person: Person) -> Modal:
    """What this person can do. A message of no drill under way gets the channel's drills instead.

    The drill is found by the card, which every message of its thread names: whether Slack sends a message's metadata
    along with a shortcut is not documented.
    """
    if used.callback_id != DRILL_ACTIONS:
        raise Unreadable("The bot does not know this shortcut any more.")
    drill = drills.offering.of_message(used.channel_id, used.root_ts)
    if drill is None:
        return drills_here(drills.offering.in_channel(used.channel_id))
    return choose(drills.offering.of(drill, person))


def submit_choice(drills: Drills, submitted: Submission, click: Click) -> Answer:
    """Lay the form for what was chosen on top, or say why it cannot be done any more."""
    chosen = read_choice(submitted.chosen(CHOICE))
    return on_top(form_for(drills, chosen.do, chosen.at, click))
