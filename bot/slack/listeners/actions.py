"""The buttons: each click leads to the use case of its action. The drill's thread shows what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.domain.approval import Action
from bot.domain.errors import ConcurrentUpdate, DrillError, Replayed
from bot.domain.person import Person
from bot.slack.payloads import ButtonClick, Unreadable, is_in_home, read_click
from bot.views.action_ids import PROPOSE, ButtonValue

UseCase = Callable[[Drills, ButtonValue, Click], object]

USE_CASES: dict[Action, UseCase] = {
    Action.START: lambda drills, at, click: drills.start(at.drill, click),
    Action.WITHDRAW: lambda drills, at, click: drills.withdraw(at.drill, click),
    Action.APPROVE: lambda drills, at, click: drills.approve(at.drill, _said(at.wave), _said(at.round), click),
    Action.HOLD: lambda drills, at, click: drills.hold(at.drill, "", click),
    Action.RESUME: lambda drills, at, click: drills.resume(at.drill, _said(at.hold), click),
    Action.ABORT: lambda drills, at, click: drills.abort(at.drill, click),
    Action.RETRY: lambda drills, at, click: drills.retry(at.drill, _said(at.hold), click),
    Action.SKIP: lambda drills, at, click: drills.skip(at.drill, _said(at.hold), click),
    Action.CLEAN_UP: lambda drills, at, click: drills.clean_up(at.drill, click),
}
"""What each button does. Its `action_id` is the action's name."""


def use_button(drills: Drills, person: Person, body: Mapping[str, Any], click: Click) -> None:
    """Do what a button is for. On the App Home a refusal is told on the Home itself.

    Raises:
        DrillError: it cannot be done; the text says why.
    """
    try:
        _act(drills, read_click(body), click)
    except (Replayed, ConcurrentUpdate):
        raise
    except DrillError as refused:
        if not is_in_home(body):
            raise
        drills.tell_at_home(person, str(refused))


def _act(drills: Drills, clicked: ButtonClick, click: Click) -> None:
    if clicked.action_id == PROPOSE:
        drills.propose(clicked.about_plan.plan, click)
        return
    if clicked.action_id not in {action.value for action in USE_CASES}:
        raise Unreadable("The bot does not know this button any more. Use the newest message of the drill.")
    USE_CASES[Action(clicked.action_id)](drills, clicked.about_drill, click)


def _said(number: int | None) -> int:
    if number is None:
        raise Unreadable("This button is of no use any more. Use the newest message of the drill.")
    return number
