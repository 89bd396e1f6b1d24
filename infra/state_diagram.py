"""Draws `docs/state-machine.md` from the table of rules: the story, a Mermaid diagram, each event in each state."""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Iterator

from bot.domain import state_machine
from bot.domain.events import DrillProposed, Event
from bot.domain.state_machine import RULES
from bot.domain.states import DrillState

_STATES = tuple(DrillState)
_TABLE_TEXT = """\
Where each event leads from each state. Where a cell is empty the event does not apply: it changes nothing, and whoever
caused it is told why."""


def text() -> str:
    """The whole file."""
    told = inspect.getdoc(state_machine)
    return (
        "\n\n".join(
            (
                "# How a drill moves",
                "<!-- made by python -m infra.generate from bot/domain/state_machine.py -->",
                str(told),
                "## The states",
                f"```mermaid\n{_diagram()}\n```",
                "An event that leaves a drill in its state is in the table only.",
                "## Every event in every state",
                _TABLE_TEXT,
                _table(),
                "## The events",
                "\n".join(f"- **{event.__name__}**: {_meaning(event)}" for event in _events()),
            )
        )
        + "\n"
    )


def _diagram() -> str:
    return "\n".join(("stateDiagram-v2", *(f"    {line}" for line in _diagram_lines())))


def _diagram_lines() -> Iterator[str]:
    yield from (f'state "{_words(state)}" as {state}' for state in _STATES)
    yield f"[*] --> {DrillState.PROPOSED}: {DrillProposed.__name__}"
    for (start, end), events in _arrows().items():
        yield f"{start} --> {end}: {', '.join(events)}"
    yield f"{DrillState.ENDED} --> [*]"


def _arrows() -> dict[tuple[DrillState, DrillState], list[str]]:
    """The events that lead from one state to another, by both."""
    arrows = defaultdict(list)
    for start, rules in RULES.items():
        for event, rule in rules.items():
            for end in sorted(rule.leads_to - {start}, key=_STATES.index):
                arrows[start, end].append(event.__name__)
    return arrows


def _table() -> str:
    head = f"| event | {' | '.join(_words(state) for state in _STATES)} |\n|---{'|---' * len(_STATES)}|\n"
    return head + "\n".join(_row(event) for event in _events() if event is not DrillProposed)


def _row(event: type[Event]) -> str:
    cells = (_ends(state, event) for state in _STATES)
    return f"| {event.__name__} | {' | '.join(cells)} |"


def _ends(state: DrillState, event: type[Event]) -> str:
    rule = RULES[state].get(event)
    return ", ".join(_words(end) for end in sorted(rule.leads_to, key=_STATES.index)) if rule else ""


def _events() -> tuple[type[Event], ...]:
    """Every event, the one that makes a drill first, then as the table of rules names them."""
    return tuple(dict.fromkeys((DrillProposed, *(event for rules in RULES.values() for event in rules))))


def _meaning(event: type[Event]) -> str:
    return " ".join(str(inspect.getdoc(event)).split())


def _words(state: DrillState) -> str:
    return state.replace("_", " ")
