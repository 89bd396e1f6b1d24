"""Commands that act on a drill: the one that is named, or the only one of the channel.

What cannot be undone is done at once only with the word `confirm`; without it, a button asks back.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.application.deciding import Click
from bot.application.typed import Unclear
from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.slack.listeners.commands.command import Asked
from bot.slack.typed_text import name
from bot.views import deeds
from bot.views.replies import Reply

CONFIRM = "confirm"
Act = Callable[[Drill, Click], Drill]
ActForReason = Callable[[Drill, str, Click], Drill]


def hold(asked: Asked) -> Reply:
    """Launch nothing more for now. What does not name a drill is the reason."""
    return _for_a_reason(asked, Action.HOLD, asked.typed.hold)


def waive(asked: Asked) -> Reply:
    """Answer for starting a drill in spite of its warnings. What does not name a drill is the reason."""
    return _for_a_reason(asked, Action.WAIVE, asked.typed.waive)


def _for_a_reason(asked: Asked, action: Action, act: ActForReason) -> Reply:
    meant = asked.typed.find_before(asked.channel, _named_first(asked.words))
    if isinstance(meant.drill, Unclear):
        return _unclear(asked, meant.drill)
    reason = " ".join(asked.words[len(asked.words) - len(meant.rest) :])
    return deeds.done(action, act(meant.drill, reason, asked.click))


def resume(asked: Asked) -> Reply:
    """Go on after a hold that somebody asked for."""
    return _at_once(asked, Action.RESUME, asked.typed.resume)


def retry(asked: Asked) -> Reply:
    """Try again what put the drill on hold."""
    return _at_once(asked, Action.RETRY, asked.typed.retry)


def cleanup(asked: Asked) -> Reply:
    """Let the cleanup go on now, not at its next turn."""
    return _at_once(asked, Action.CLEAN_UP, asked.typed.clean_up)


def skip(asked: Asked) -> Reply:
    """Go on without the wave that put the drill on hold, or ask back."""
    words, is_sure = _sure(asked.words)
    drill = asked.typed.find(asked.channel, words, (CONFIRM,))
    if isinstance(drill, Unclear):
        return _unclear(asked, drill)
    if is_sure or drill.hold is None:  # without a hold it is refused, in the domain's words
        return deeds.done(Action.SKIP, asked.typed.skip(drill, asked.click))
    asked.typed.could_skip(drill, asked.click)
    return deeds.confirm_skip(drill, drill.hold, f"{asked.slash} skip {drill.id} {CONFIRM}")


def abort(asked: Asked) -> Reply:
    """End the drill early, or ask back."""
    words, is_sure = _sure(asked.words)
    drill = asked.typed.find(asked.channel, words, (CONFIRM,))
    if isinstance(drill, Unclear):
        return _unclear(asked, drill)
    if drill.started_at is None:  # nothing is lost by it, so nothing is asked
        return deeds.done(Action.WITHDRAW, asked.typed.abort(drill, asked.click))
    if is_sure:
        return deeds.done(Action.ABORT, asked.typed.abort(drill, asked.click))
    asked.typed.could_abort(drill, asked.click)
    return deeds.confirm_abort(drill, f"{asked.slash} abort {drill.id} {CONFIRM}")


def _at_once(asked: Asked, action: Action, act: Act) -> Reply:
    drill = asked.typed.find(asked.channel, _named_first(asked.words))
    if isinstance(drill, Unclear):
        return _unclear(asked, drill)
    return deeds.done(action, act(drill, asked.click))


def _named_first(words: tuple[str, ...]) -> tuple[str, ...]:
    return (name(words[0]), *words[1:]) if words else ()


def _sure(words: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    named = tuple(name(word) for word in words)
    is_sure = bool(named) and named[-1].lower() == CONFIRM
    return (named[:-1], True) if is_sure else (named, False)


def _unclear(asked: Asked, which: Unclear) -> Reply:
    return deeds.unclear(which, f"{asked.slash} {asked.word}", f"{asked.slash} status")
