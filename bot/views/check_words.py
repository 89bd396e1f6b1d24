"""How far a wave's checks are, in a few words."""

from __future__ import annotations

from bot.domain.checks import CheckRound, CheckState
from bot.views.text import count


def checks_so_far(newest: CheckRound) -> str:
    """`3 of 5 checks passed`."""
    passed = sum(run.state is CheckState.PASSED for run in newest.runs)
    return f"{passed} of {count(len(newest.runs), 'check')} passed"
