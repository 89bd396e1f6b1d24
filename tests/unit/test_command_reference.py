"""What is made from the registry of commands is whole, and keeps to Slack's limits."""

from __future__ import annotations

import pytest

from bot.slack.listeners.commands import COMMANDS
from bot.slack.listeners.commands.registry import usage_hint
from infra.command_reference import SLASH, reference, with_hint
from infra.local.app_manifest import features

HINT_LENGTH = 1_000
"""slackapi/manifest-schema: `usage_hint`, maxLength."""


def test_the_manifest_hints_at_every_command_as_the_registry_has_it() -> None:
    (command,) = features()["slash_commands"]
    assert command["usage_hint"] == usage_hint()
    assert len(usage_hint()) <= HINT_LENGTH
    assert [part.split()[0] for part in usage_hint().split(" | ")] == [command.word for command in COMMANDS]


def test_a_hint_has_no_bar_but_between_commands() -> None:
    """The page's composer takes it apart there."""
    assert usage_hint().count("|") == len(COMMANDS) - 1


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.word)
def test_each_command_is_documented_with_examples_that_it_takes(command: object) -> None:
    found = next(each for each in COMMANDS if each is command)
    assert f"## {found.word}\n" in reference()
    assert found.examples
    for example in found.examples:
        word, *rest = example.split()
        assert word == found.word
        assert found.least <= len(rest) <= found.most
        assert f"\n{SLASH} {example}\n" in reference()


def test_a_manifest_that_has_lost_its_hint_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="has 0 lines with usage_hint"):
        with_hint("features: {}\n")
