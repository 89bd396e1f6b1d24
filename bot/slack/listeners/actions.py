"""The buttons and menus: each does what it offers, or opens a form for it.

The drill's thread shows what came of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.domain.approval import Action
from bot.domain.errors import ConcurrentUpdate, DrillError, Replayed
from bot.domain.person import Person
from bot.domain.states import Purpose
from bot.slack.modals.forms import form_for
from bot.slack.modals.opening import Show
from bot.slack.modals.picker import new_drill
from bot.slack.payloads import ButtonClick, Unreadable, is_in_home, offer_of, read_click
from bot.views.action_ids import CHECK, MORE, PICK, PROPOSE
from bot.views.replies import BUSY

OPENS_A_FORM = {
    Action.WAIVE,
    Action.REJECT,
    Action.SKIP,
    Action.HOLD,
    Action.BREAK_GLASS,
    Action.DENY,
    Action.SIGN_OFF,
    Action.ADD_FINDING,
    Action.FIX_FINDING,
}
"""The buttons for what takes words. Every option of a menu opens one too."""

PURPOSES = {PROPOSE: Purpose.DRILL, CHECK: Purpose.CHECK}


def use_button(drills: Drills, person: Person, body: Mapping[str, Any], click: Click, show: Show) -> None:
    """Do what a button is for. On the App Home a refusal is told on the Home itself.

    Raises:
        DrillError: it cannot be done; the text says why.
    """
    try:
        _act(drills, read_click(body), click, show)
    except Replayed:
        raise
    except DrillError as refused:
        if not is_in_home(body):
            raise
        drills.tell_at_home(person, BUSY if isinstance(refused, ConcurrentUpdate) else str(refused))


def _act(drills: Drills, clicked: ButtonClick, click: Click, show: Show) -> None:
    if clicked.action_id in PURPOSES:
        drills.propose(clicked.about_plan.plan, click, purpose=PURPOSES[clicked.action_id])
    elif clicked.action_id == PICK:
        show(new_drill(drills, click.actor))
    elif clicked.action_id == MORE:
        chosen = clicked.of_menu
        show(form_for(drills, chosen.do, chosen.at, click))
    else:
        _press(drills, clicked, click, show)


def _press(drills: Drills, clicked: ButtonClick, click: Click, show: Show) -> None:
    if clicked.action_id not in set(Action):
        raise Unreadable("The bot does not know this button any more. Use the newest message of the drill.")
    action, at = Action(clicked.action_id), clicked.about_drill
    if action in OPENS_A_FORM:
        show(form_for(drills, action, at, click))
    else:
        drills.act(at.drill, offer_of(action, at), click)
