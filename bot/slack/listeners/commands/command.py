"""What a command is, and what it is given when somebody has typed it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.application.looking import Looking
from bot.application.typed import Typed
from bot.views.helping import Usage
from bot.views.modals.parts import Modal
from bot.views.replies import Reply

MANY = 10_000
"""More words than Slack lets anybody type: where as many may follow as people like."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command on its way: what was typed behind its word, where and by whom.

    Attributes:
        slash: the slash command itself, by the name it has in this workspace.
        word: the command's own word.
        words: what was typed behind the word.
        channel: the id of the channel it was typed in; may be a direct message.
    """

    drills: Drills
    slash: str
    word: str
    words: tuple[str, ...]
    channel: str
    click: Click

    @property
    def looking(self) -> Looking:
        """Looks things up."""
        return Looking(self.drills)

    @property
    def typed(self) -> Typed:
        """Finds the drill that is meant, and acts on it."""
        return Typed(self.drills)


@dataclass(frozen=True, slots=True)
class Command:
    """One word behind `/drs`.

    Attributes:
        takes: how what follows the word is written in the help: `<…>` must be there, `[…]` may be left out.
        does: what it does, in a sentence that goes on from the form.
        run: does it.
        examples: what people type behind the slash command, at least one.
        more: what to know besides.
        least: how many words must follow.
        most: how many words may follow.
    """

    word: str
    takes: str
    does: str
    run: Callable[[Asked], Reply | Modal]
    examples: tuple[str, ...]
    more: str = ""
    least: int = 0
    most: int = 0

    @property
    def form(self) -> str:
        """The word and what it takes."""
        return f"{self.word} {self.takes}".strip()

    def usage(self, slash: str) -> Usage:
        """How it is typed, behind the slash command by the name it has in this workspace."""
        return Usage(f"{slash} {self.form}", self.does, tuple(f"{slash} {each}" for each in self.examples), self.more)
