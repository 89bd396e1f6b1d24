"""`/drs …`: one registry, from which commands are found, helped with, hinted at in Slack, and documented.

A new command is an entry of `registry.COMMANDS` and the function it names. `make generate` then writes the manifest's
hint and `docs/reference/commands.md`.
"""

from bot.slack.listeners.commands.dispatch import dispatch
from bot.slack.listeners.commands.registry import COMMANDS

__all__ = ["COMMANDS", "dispatch"]
