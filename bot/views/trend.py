"""The trend of a plan's recovery times: a small picture in a line of text, and all of it as CSV to be copied."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import timedelta
from io import StringIO

from bot.domain.durations import spell
from bot.domain.results import DrillResult
from bot.views.text import code_block

COLUMNS = ("drill", "ended (UTC)", "outcome", "recovery (s)", "with waiting (s)", "objective (s)", "met")
ROWS = 20
"""That many fit into a message; of more, evidence.json of each drill has the comparison."""
_BARS = "▁▂▃▄▅▆▇█"
_NONE = "·"
"""Stands for a drill in which not every critical server was recovered."""


def sparkline(results: Sequence[DrillResult]) -> str:
    """Recovery times of drills that were run (the newest first), drawn from the oldest to the newest.

    The highest bar is the longest of them, or the objective where that is longer. Empty where fewer than two have one.
    """
    run = [result for result in reversed(results) if result.was_run]
    reached = [result.recovery for result in run]
    known = [each for each in reached if each]
    if len(known) < 2:  # noqa: PLR2004 - one is no trend
        return ""
    top = max((*(each.net for each in known), known[-1].objective), default=timedelta(0)) or timedelta(seconds=1)
    drawn = "".join(_bar(each.net / top) if each else _NONE for each in reached)
    newest = known[-1].objective
    return f"{drawn} · objective {spell(newest)} is {_bar(newest / top)} · oldest to newest"


def _bar(part: float) -> str:
    return _BARS[min(max(round(part * (len(_BARS) - 1)), 0), len(_BARS) - 1)]


def as_csv(results: Iterable[DrillResult]) -> str:
    """Results as CSV, the newest first, set apart as code so that it can be copied. Times are in seconds."""
    kept = StringIO()
    rows = csv.writer(kept, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows(_row(result) for result in list(results)[:ROWS])
    return code_block(kept.getvalue())


def _row(result: DrillResult) -> tuple[str, ...]:
    reached = result.recovery
    when = f"{result.ended_at:%Y-%m-%d %H:%M:%S}"
    if reached is None:
        return result.drill_id, when, result.outcome, "", "", "", ""
    figures = (str(int(span.total_seconds())) for span in (reached.net, reached.gross, reached.objective))
    return result.drill_id, when, result.outcome, *figures, "yes" if reached.is_met else "no"
