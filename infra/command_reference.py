"""What is made from the registry of commands: `docs/reference/commands.md`, and the hint in the Slack manifest."""

from __future__ import annotations

import re

from bot.slack.listeners.commands import COMMANDS
from bot.slack.listeners.commands.command import Command
from bot.slack.listeners.commands.registry import usage_hint

SLASH = "/drs"
_HINT = re.compile(r"^( +usage_hint: ).*$", re.MULTILINE)
_HEAD = f"""# Commands

Made by `python -m infra.generate` from the registry (`bot/slack/listeners/commands`), as `{SLASH} help` is.

Every answer is for whoever typed the command alone; what was done is in the drill's thread. Commands work in any
channel and in direct messages, but Slack takes none in a thread. `<…>` must be there, `[…]` may be left out. Capitals
do not matter. Who may do what is judged when it is done, by the plan that is frozen in the drill.

| command | what it does |
|---|---|
"""


def reference() -> str:
    """The page."""
    rows = "".join(f"| [`{SLASH} {command.form}`](#{command.word}) | {_sentence(command)} |\n" for command in COMMANDS)
    return _HEAD + rows + "".join(map(_section, COMMANDS))


def _section(command: Command) -> str:
    more = f" {command.more}" if command.more else ""
    examples = "\n".join(f"{SLASH} {example}" for example in command.examples)
    return f"\n## {command.word}\n`{SLASH} {command.form}` {command.does}{more}\n\n```\n{examples}\n```\n"


def _sentence(command: Command) -> str:
    return command.does[0].upper() + command.does[1:]


def with_hint(manifest: str) -> str:
    """The manifest with the hint that the registry makes.

    Raises:
        ValueError: it has not just one hint.
    """
    changed, found = _HINT.subn(lambda line: f'{line[1]}"{usage_hint()}"', manifest)
    if found != 1:
        raise ValueError(f"infra/slack/manifest.yaml has {found} lines with usage_hint, not one")
    return changed
