"""The shortcut in a message's menu: all that can be done to the drill whose message or thread it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.domain.errors import UnknownDrill
from bot.domain.person import Person
from bot.slack.modals.answers import Answer, on_top
from bot.slack.modals.forms import form_for
from bot.slack.modals.payloads import MessageShortcut, Submission
from bot.slack.payloads import Unreadable, read_choice
from bot.views.action_ids import DRILL_ACTIONS
from bot.views.modals import told
from bot.views.modals.choose import CHOICE, choose, drills_here
from bot.views.modals.parts import Modal


def drill_actions(drills: Drills, used: MessageShortcut, person: Person) -> Modal:
    """What this person can do. A message of no such drill (`Offering.of_message`) gets the channel's instead.

    The drill is found by the card, which every message of its thread names: whether Slack sends a message's metadata
    along with a shortcut is not documented.
    """
    if used.callback_id != DRILL_ACTIONS:
        raise Unreadable("The bot does not know this shortcut any more.")
    drill = drills.offering.of_message(used.channel_id, used.root_ts)
    if drill is None:
        return drills_here(drills.offering.in_channel(used.channel_id))
    return choose(drills.offering.of(drill, person))


def add_note(drills: Drills, used: MessageShortcut, body: Mapping[str, Any], click: Click) -> Modal:
    """Put the message on the record of the drill whose message or thread it is.

    Raises:
        UnknownDrill: it belongs to none that is under way, or was a plan's last.
    """
    drill = drills.offering.of_message(used.channel_id, used.root_ts)
    if drill is None:
        raise UnknownDrill(
            "This message belongs to no drill under way, nor to the last one of a plan: notes are taken in the thread "
            "of one of these."
        )
    noted = drills.note(drill.id, click, used.author, used.text, permalink_of(used, body))
    return told.noted(noted)


def permalink_of(used: MessageShortcut, body: Mapping[str, Any]) -> str:
    """Where the message stands, as chat.getPermalink would write it: no call is made for it."""
    team = body.get("team")
    domain = team.get("domain", "app") if isinstance(team, Mapping) else "app"
    place = f"https://{domain}.slack.com/archives/{used.channel_id}/p{used.ts.replace('.', '')}"
    return place if used.ts == used.root_ts else f"{place}?thread_ts={used.root_ts}&cid={used.channel_id}"


def submit_choice(drills: Drills, submitted: Submission, click: Click) -> Answer:
    """Lay the form for what was chosen on top, or say why it cannot be done any more."""
    chosen = read_choice(submitted.chosen(CHOICE))
    return on_top(form_for(drills, chosen.do, chosen.at, click))
