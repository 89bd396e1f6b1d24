"""Writes the reference of the checks before Start from their rules, so that it tells what the code does."""

from __future__ import annotations

from itertools import groupby

from bot.domain.battery import RULES
from bot.domain.findings import Rule, Severity

_HEAD = """# Checks

Made by `python -m infra.generate` from the rules in `bot/domain` (`battery.RULES`).

What a drill is checked for before it can be started, by `/drs drill` and `/drs check` alike. What **blocks** refuses
the drill. What **warns** is shown with it. Each finding says what was seen, of which server, and what to do; its key is
the check and the server's id. Right before each launch, what a launch could destroy (`real_recovery`, `failback`) is
checked again. A check that cannot be made is a finding too.

| check | | found when | limit | what to do |
|---|---|---|---|---|
"""
_ORDER = {check: place for place, check in enumerate(dict.fromkeys(rule.check for rule in RULES))}
"""Checks in the order in which they first come in the rules."""
_MARKS = {Severity.BLOCK: "blocks", Severity.WARN: "warns"}


def reference() -> str:
    """The whole document."""
    rules = sorted(RULES, key=lambda rule: _ORDER[rule.check])
    groups = (list(group) for _, group in groupby(rules, key=lambda rule: rule.check))
    return _HEAD + "".join(_row(rule, is_first=rule is group[0]) for group in groups for rule in group)


def _row(rule: Rule, *, is_first: bool) -> str:
    check = f"`{rule.check}`" if is_first else ""
    return f"| {check} | {_MARKS[rule.severity]} | {rule.when} | {rule.limit} | {rule.remedy} |\n"
