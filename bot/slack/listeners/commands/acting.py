"""Commands that act on a drill: the one that is named, or the only one of the channel to which it can be done.

An abort, which cannot be undone, is done at once only with the word `confirm`; without it, a button asks back.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.application.typed import Unclear
from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.slack.listeners.commands.command import Asked
from bot.slack.typed_text import name
from bot.views import deeds
from bot.views.replies import Reply

CONFIRM = "confirm"


Run = Callable[[Asked], Reply]


def at_once(action: Action) -> Run:
    """The command that does it, with nothing but a drill's name behind it."""

    def run(asked: Asked) -> Reply:
        drill = asked.typed.find(asked.channel, (action,), _named_first(asked.words))
        return _unclear(asked, drill, ()) if isinstance(drill, Unclear) else _do(asked, action, drill)

    return run


def with_words(action: Action) -> Run:
    """The command that does it for a reason or with a comment: what does not name a drill."""

    def run(asked: Asked) -> Reply:
        meant = asked.typed.find_before(asked.channel, (action,), _named_first(asked.words))
        words = asked.words[len(asked.words) - len(meant.rest) :]
        if isinstance(meant.drill, Unclear):
            return _unclear(asked, meant.drill, words)
        return _do(asked, action, meant.drill, " ".join(words))

    return run


def abort(asked: Asked) -> Reply:
    """End the drill early, or ask back. One that was not started is cancelled."""
    words, is_sure = _sure(asked.words)
    drill = asked.typed.find(asked.channel, (Action.ABORT, Action.WITHDRAW), words, (CONFIRM,))
    if isinstance(drill, Unclear):
        return _unclear(asked, drill, (CONFIRM,) if is_sure else ())
    if drill.started_at is None:  # nothing is lost by it, so nothing is asked
        return _do(asked, Action.WITHDRAW, drill)
    if is_sure:
        return _do(asked, Action.ABORT, drill)
    asked.typed.could(drill, Action.ABORT, asked.click)
    return deeds.confirm_abort(drill, f"{asked.slash} abort {drill.id} {CONFIRM}")


def _do(asked: Asked, action: Action, drill: Drill, words: str = "") -> Reply:
    return deeds.done(action, asked.typed.act(drill, action, asked.click, words))


def _named_first(words: tuple[str, ...]) -> tuple[str, ...]:
    return (name(words[0]), *words[1:]) if words else ()


def _sure(words: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    named = tuple(name(word) for word in words)
    is_sure = bool(named) and named[-1].lower() == CONFIRM
    return (named[:-1], True) if is_sure else (named, False)


def _unclear(asked: Asked, which: Unclear, rest: tuple[str, ...]) -> Reply:
    return deeds.unclear(which, f"{asked.slash} {asked.word}", " ".join(rest), f"{asked.slash} status")
