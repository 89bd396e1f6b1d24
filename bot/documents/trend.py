"""The picture of a plan's trend: the recovery time of each of its drills, against the objective."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.documents import looks
from bot.domain.durations import spell
from bot.domain.evidence_parts import Trend

SHOWN = 12
"""Drills: three years of a plan that is drilled each quarter."""
LEAST = 2
"""One drill is no trend."""
_SIZE, _DPI = (11.0, 2.3), 150


def trend_picture(drills: Sequence[Trend]) -> bytes | None:
    """The picture, as PNG; None where there is no trend to be drawn. `drills`: the newest first."""
    shown = [each for each in reversed(drills[:SHOWN]) if each.net is not None]
    if len(shown) < LEAST:
        return None
    figure = Figure(figsize=_SIZE, dpi=_DPI)
    FigureCanvasAgg(figure)
    _draw(figure.add_axes((0.06, 0.2, 0.92, 0.6)), shown)
    figure.text(0.02, 0.9, "Recovery time of the plan's drills, in minutes", size=13, weight="bold", color=looks.INK)
    kept = BytesIO()
    figure.savefig(kept, format="png", metadata={"Software": None})
    return kept.getvalue()


def _draw(axes: Axes, shown: Sequence[Trend]) -> None:
    for place, each in enumerate(shown):
        colour = looks.GOOD if each.is_met else looks.BAD
        axes.bar(place, _minutes(each.net), width=0.5, color=colour, zorder=2)
        told = spell(each.net or timedelta(0))
        axes.text(place, 0, told, size=11, ha="center", va="bottom", color="white", weight="bold", zorder=4)
        if each.objective:
            limit = _minutes(each.objective)
            axes.plot((place - 0.4, place + 0.4), (limit, limit), color=looks.INK, linestyle="--", zorder=3)
    axes.set_xticks(range(len(shown)), [f"{each.ended_at:%Y-%m-%d}" for each in shown], size=11, color=looks.INK)
    axes.set_xlim(-0.7, len(shown) - 0.3)
    highest = max(_minutes(span) for each in shown for span in (each.net, each.objective))
    axes.set_ylim(0, highest * 1.2)
    axes.tick_params(length=0, labelsize=10)
    axes.spines[["top", "right", "left"]].set_visible(False)


def _minutes(span: timedelta | None) -> float:
    return (span or timedelta(0)) / timedelta(minutes=1)
