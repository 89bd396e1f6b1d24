"""The diagram in the documentation is drawn from the table of rules, all of it."""

from __future__ import annotations

import inspect
import re

from bot.domain import state_machine
from bot.domain.state_machine import RULES
from bot.domain.states import DrillState
from infra import generate, state_diagram

TEXT = state_diagram.text()


def test_the_committed_diagram_is_what_the_table_makes_of_it() -> None:
    """When this fails: python -m infra.generate."""
    assert (generate.ROOT / "docs/state-machine.md").read_text(encoding="utf-8") == TEXT


def test_it_begins_with_the_story_that_the_code_tells() -> None:
    assert str(inspect.getdoc(state_machine)) in TEXT


def test_the_diagram_has_every_arrow_between_two_states_and_no_other() -> None:
    drawn = {
        (start, event, end)
        for start, end, events in re.findall(r"^    (\w+) --> (\w+): (.+)$", TEXT, re.MULTILINE)
        for event in events.split(", ")
    }
    ruled = {
        (str(start), event.__name__, str(end))
        for start, rules in RULES.items()
        for event, rule in rules.items()
        for end in rule.leads_to - {start}
    }
    assert drawn == ruled


def test_the_diagram_begins_with_the_proposal_and_ends_with_the_end() -> None:
    assert "[*] --> proposed: DrillProposed" in TEXT
    assert "ended --> [*]" in TEXT


def test_the_table_says_of_every_event_where_it_leads_from_every_state() -> None:
    rows = [line.strip("| ").split(" | ") for line in TEXT.splitlines() if re.match(r"\| [A-Z]\w+ \|", line)]
    told = {row[0]: [cell.strip() for cell in row[1:]] for row in _padded(rows)}
    for event in {event for rules in RULES.values() for event in rules}:
        for state, cell in zip(DrillState, told[event.__name__], strict=True):
            rule = RULES[state].get(event)
            ends = {end.replace("_", " ") for end in rule.leads_to} if rule else set()
            assert set(filter(None, cell.split(", "))) == ends


def _padded(rows: list[list[str]]) -> list[list[str]]:
    return [[*row, *[""] * (1 + len(DrillState) - len(row))] for row in rows]


def test_every_event_is_explained() -> None:
    for event in {event for rules in RULES.values() for event in rules}:
        assert f"- **{event.__name__}**: " in TEXT
