"""From what was typed to the command that is meant."""

from __future__ import annotations

from bot.application.deciding import Click
from bot.application.drills import Drills
from bot.slack.listeners.commands.command import Asked
from bot.slack.listeners.commands.registry import command_named, unknown
from bot.slack.payloads import SlashCommand
from bot.views import helping
from bot.views.modals.parts import Modal
from bot.views.replies import Reply


def dispatch(drills: Drills, sent: SlashCommand, click: Click) -> Reply | Modal:
    """Do what was typed. Nothing typed is a call for help. What comes back is an answer, or a form to be filled in.

    Raises:
        DrillError: it cannot be done; the text says why.
    """
    word, *rest = sent.words or ("help",)
    found = command_named(word)
    if found is None:
        return unknown(word, sent.command)
    if not found.least <= len(rest) <= found.most:
        return helping.wrong_use(found.usage(sent.command), too_much=len(rest) > found.most)
    return found.run(
        Asked(
            drills=drills,
            slash=sent.command,
            word=found.word,
            words=tuple(rest),
            channel=sent.channel_id,
            click=click,
        )
    )
