"""`/drs …`: one registry, from which commands are found and the help is written.

A new command is a line in `COMMANDS` and the function it names.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.domain.errors import UnknownDrill
from bot.slack.payloads import SlashCommand
from bot.views import replies
from bot.views.replies import Reply, Usage

LONGEST_ID = 100
"""Characters; a drill's id is a plan's name (40 at most) and a time."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command on its way: what was typed behind its word, and by whom."""

    drills: Drills
    typed: str
    words: tuple[str, ...]
    click: Click


@dataclass(frozen=True, slots=True)
class Command:
    """One word behind `/drs`.

    Attributes:
        takes: how what follows the word is written in the help; `[…]` may be left out.
        most: how many words may follow.
    """

    word: str
    takes: str
    does: str
    run: Callable[[Asked], Reply]
    most: int = 0

    @property
    def least(self) -> int:
        """How many words must follow."""
        return 0 if self.takes.startswith("[") else self.most

    def usage(self, typed: str) -> Usage:
        """How it is typed, behind the slash command by the name it has in this workspace."""
        return Usage(" ".join(filter(None, [typed, self.word, self.takes])), self.does)


def dispatch(drills: Drills, command: SlashCommand, click: Click) -> Reply:
    """Do what was typed. Nothing typed is a call for help."""
    word, *rest = command.words or ("help",)
    found = next((each for each in COMMANDS if each.word == word.lower()), None)
    if found is None:
        near = difflib.get_close_matches(word.lower(), [each.word for each in COMMANDS], n=1)
        return replies.unknown_word(word, near[0] if near else None, _usages(command.command))
    asked = Asked(drills, command.command, tuple(rest), click)
    if not found.least <= len(rest) <= found.most:
        return replies.wrong_use(found.usage(asked.typed), f"`{asked.typed} plans` shows what can be drilled.")
    return found.run(asked)


def _drill(asked: Asked) -> Reply:
    return replies.coming(asked.drills.propose(asked.words[0].lower(), asked.click))


def _plans(asked: Asked) -> Reply:
    return replies.plans(asked.drills.plans(), asked.typed)


def _status(asked: Asked) -> Reply:
    if asked.words and len(asked.words[0]) > LONGEST_ID:
        raise UnknownDrill("There is no such drill.")
    if asked.words:
        return replies.drill_status(asked.drills.status(asked.words[0]))
    return replies.status(asked.drills.active(), asked.typed)


def _help(asked: Asked) -> Reply:
    return replies.help_text(_usages(asked.typed))


COMMANDS = (
    Command("drill", "[plan]", "checks a plan's servers and offers to start its drill.", _drill, most=1),
    Command("plans", "", "shows what can be drilled.", _plans),
    Command("status", "[drill]", "shows the drills under way, or one drill.", _status, most=1),
    Command("help", "", "shows this.", _help),
)


def _usages(typed: str) -> list[Usage]:
    return [command.usage(typed) for command in COMMANDS]
