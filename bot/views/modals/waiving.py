"""The form in which warnings are waived: what stands, and whether all of it is meant or what one check found."""

from __future__ import annotations

from collections import Counter

from bot.domain.drill import Drill
from bot.views.blocks import Block
from bot.views.checks import check_name
from bot.views.modals.parts import option, select
from bot.views.naming import fact
from bot.views.text import bullets, count

WHICH = "which"
"""The input that tells which warnings are meant."""
ALL = "all"
FACTS_SHOWN = 5
FACT_LENGTH = 250


def waiving(drill: Drill) -> str:
    """What stands, and what a waiver of it means."""
    facts = [fact(drill, finding, FACT_LENGTH) for finding in drill.standing_warnings]
    means = "Once no warning stands any more, an operator can start the drill."
    return f"You answer for starting it in spite of this:\n{bullets(facts, FACTS_SHOWN)}\n{means}"


def which(drill: Drill) -> list[Block]:
    """All of them, or those of one check; nothing to choose where they are all of one."""
    found = Counter(finding.check for finding in drill.standing_warnings)
    if len(found) < 2:  # noqa: PLR2004 - nothing to choose from
        return []
    everything = option(f"All {count(found.total(), 'warning')}", ALL)
    by_check = [option(f"{check_name(check)}: {count(number, 'warning')}", check) for check, number in found.items()]
    return [select(WHICH, "Which warnings?", [("", [everything, *by_check])], "Choose", chosen=everything)]
