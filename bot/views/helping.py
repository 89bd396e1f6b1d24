"""How commands are typed: the help, and what is answered to somebody who typed something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.views import blocks
from bot.views.replies import Reply, only
from bot.views.text import escape

WORD_LENGTH = 40
FORM_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Usage:
    """A command as it is typed.

    Attributes:
        typed: its form: `/drs hold [drill] [reason …]`.
        does: what it does, in a sentence that goes on from the form.
        examples: as people type it.
        more: what to know besides; may be empty.
    """

    typed: str
    does: str
    examples: tuple[str, ...] = ()
    more: str = ""


def help_text(usages: Sequence[Usage], command: str) -> Reply:
    """Every command and what it does."""
    spoken = " ".join(f"{_form(usage)}: {usage.does}" for usage in usages)
    intro = "*Disaster recovery drills:* a plan is recovered wave by wave, timed, and cleaned up again."
    last = (
        f"`{command} help abort` tells more about one command. Slack takes no commands in threads: there, use "
        "*Drill actions* in a message's menu."
    )
    return Reply(spoken, (blocks.section("help", intro, *_typed(usages)), blocks.context("more", last)))


def command_help(usage: Usage) -> Reply:
    """One command: its form, what it does, and how people type it."""
    shown = (
        blocks.section("command", f"`{_form(usage)}` {usage.does}", usage.more),
        blocks.context("examples", f"For example: {_examples(usage)}"),
    )
    return Reply(f"{_form(usage)}: {usage.does} {usage.more}".strip(), shown)


def unknown_word(typed: str, nearest: str | None, usages: Sequence[Usage]) -> Reply:
    """A word that is no command: what was probably meant, and all there is."""
    guess = f" Did you mean `{nearest}`?" if nearest else ""
    told = f"There is no command `{escape(typed, WORD_LENGTH)}`.{guess}"
    return Reply(told, (blocks.section("unknown", told, *_typed(usages)),))


def wrong_use(usage: Usage, *, too_much: bool) -> Reply:
    """A command that was typed with too little or too much."""
    what = "Those are too many words" if too_much else "Something is missing"
    return only(f"{what}. Type it like this: `{_form(usage)}`. For example: {_examples(usage)}.")


def _examples(usage: Usage) -> str:
    return ", ".join(f"`{example}`" for example in usage.examples)


def _typed(usages: Sequence[Usage]) -> list[str]:
    return [f"`{_form(usage)}` {usage.does}" for usage in usages]


def _form(usage: Usage) -> str:
    """Escaped: Slack takes `<plan>` for a link, also within code."""
    return escape(usage.typed, FORM_LENGTH)
