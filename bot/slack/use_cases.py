"""What each action leads to, however it was asked for: by a button, or by a form in which words were written."""

from __future__ import annotations

from collections.abc import Callable

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.domain.approval import Action
from bot.domain.offers import Offer
from bot.slack.payloads import STALE_BUTTON, Unreadable
from bot.views.action_ids import ButtonValue

UseCase = Callable[[Drills, ButtonValue, str, Click], object]
"""`(drills, at, words, click)`: `at` says what it is about, `words` what the person has written, if anything."""

USE_CASES: dict[Action, UseCase] = {
    Action.START: lambda drills, at, _words, click: drills.start(at.drill, click),
    Action.WAIVE: lambda drills, at, words, click: drills.waive(at.drill, words, click),
    Action.WITHDRAW: lambda drills, at, _words, click: drills.withdraw(at.drill, click),
    Action.APPROVE: lambda drills, at, words, click: drills.approve(
        at.drill, said(at.wave), said(at.round), click, words or None
    ),
    Action.REJECT: lambda drills, at, words, click: drills.reject(
        at.drill, said(at.wave), said(at.round), words, click
    ),
    Action.BREAK_GLASS: lambda drills, at, words, click: drills.break_glass(
        at.drill, said(at.wave), said(at.round), words, click
    ),
    Action.HOLD: lambda drills, at, words, click: drills.hold(at.drill, words, click),
    Action.RESUME: lambda drills, at, _words, click: drills.resume(at.drill, said(at.hold), click),
    Action.ABORT: lambda drills, at, _words, click: drills.abort(at.drill, click),
    Action.RETRY: lambda drills, at, _words, click: drills.retry(at.drill, said(at.hold), click),
    Action.SKIP: lambda drills, at, _words, click: drills.skip(at.drill, said(at.hold), click),
    Action.CLEAN_UP: lambda drills, at, _words, click: drills.clean_up(at.drill, click),
}


def said(number: int | None) -> int:
    """A number that a button must carry.

    Raises:
        Unreadable: it does not.
    """
    if number is None:
        raise Unreadable(STALE_BUTTON)
    return number


def offer_of(action: Action, at: ButtonValue) -> Offer:
    """What a button offered."""
    return Offer(action, wave=at.wave or 0, round=at.round or 0, hold=at.hold or 0)
