"""The timeline picture: each wave in a row, what its time was spent on, and where people were waited for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from bot.documents import looks
from bot.documents.words import NOTHING, OUTCOMES, SPANS, recovery
from bot.domain.durations import spell
from bot.domain.evidence import Evidence
from bot.domain.evidence_parts import WAITS_FOR_PEOPLE, SpanKind, Stretch, WaveEvidence
from bot.domain.states import WaveState

WIDTH = 11.0
"""Inches, at `DPI`: 1,650 pixels. Slack shows a picture in a thread about a third as wide, so that text is large."""
DPI = 150
ROW, AROUND = 0.42, 2.3
"""Inches: of a row, and of all that is around the rows."""
LABEL = 26
_MARKS = {WaveState.SUCCEEDED: "✔", WaveState.FAILED: "✘", WaveState.SKIPPED: "▷", WaveState.NOT_RUN: NOTHING}
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1_440, 2_880, 10_080)
"""Minutes between the marks of the time axis: the first with which no more than `MOST_MARKS` are needed."""
MOST_MARKS = 9

Row = tuple[str, tuple[Stretch, ...]]


def timeline_picture(evidence: Evidence) -> bytes:
    """The picture, as PNG. The same evidence is the same picture."""
    rows = tuple(_rows(evidence))
    figure = Figure(figsize=(WIDTH, AROUND + ROW * max(len(rows), 3)), dpi=DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_axes(_place(figure))
    _title(figure, evidence)
    if evidence.verdict.started_at is None:
        _never_started(axes)
    else:
        _draw(axes, rows, evidence, evidence.verdict.started_at)
        _legend(figure, rows)
    kept = BytesIO()
    figure.savefig(kept, format="png", metadata={"Software": None})
    return kept.getvalue()


def _place(figure: Figure) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of the rows, as parts of the figure."""
    height = figure.get_figheight()
    return 0.235, 1.05 / height, 0.745, 1 - 2.1 / height


def _rows(evidence: Evidence) -> Iterator[Row]:
    for wave in evidence.waves:
        yield _label(wave), wave.stretches
    cleaned, operated = evidence.cleanup, evidence.verdict.operated
    if cleaned.since and cleaned.ended_at:
        up = (
            (Stretch(kind=SpanKind.OPERATION, since=cleaned.since - operated, until=cleaned.since),) if operated else ()
        )
        yield "Cleanup", (*up, Stretch(kind=SpanKind.CLEANUP, since=cleaned.since, until=cleaned.ended_at))


def _label(wave: WaveEvidence) -> str:
    name = wave.name if len(wave.name) <= LABEL else f"{wave.name[: LABEL - 1]}…"
    return f"{_MARKS.get(wave.state, '')} {wave.number} {name} · {len(wave.servers)}"


def _title(figure: Figure, evidence: Evidence) -> None:
    verdict, height = evidence.verdict, figure.get_figheight()
    figure.text(0.02, 1 - 0.33 / height, evidence.objective.title, size=17, weight="bold", color=looks.INK, va="center")
    told = OUTCOMES[verdict.outcome]
    colour = looks.of_outcome(verdict.outcome)
    figure.text(0.98, 1 - 0.33 / height, told, size=17, weight="bold", color=colour, va="center", ha="right")
    reached = f"Recovery time {recovery(verdict.recovery)}" if verdict.started_at else "Nothing was launched"
    servers = f"{verdict.launched} of {verdict.servers} servers launched"
    day = f"{verdict.started_at or verdict.ended_at:%Y-%m-%d}"
    figure.text(0.02, 1 - 0.64 / height, f"{reached} · {servers} · {day}, UTC", size=13, color=looks.GREY, va="center")


def _never_started(axes: Axes) -> None:
    axes.set_axis_off()
    axes.text(0.5, 0.5, "The drill was never started.", size=15, color=looks.GREY, ha="center", va="center")


def _draw(axes: Axes, rows: tuple[Row, ...], evidence: Evidence, start: datetime) -> None:
    for place, (_label, stretches) in enumerate(rows):
        for each in stretches:
            _bar(axes, place, each, start)
    end = max([evidence.verdict.ended_at, *(each.until for _label, stretches in rows for each in stretches)])
    _axis(axes, rows, start, end - start)
    reached = evidence.verdict.recovery
    if reached:
        colour = looks.GOOD if reached.is_met else looks.BAD
        _line(axes, reached.recovered_at - start, "recovered", colour)
        if reached.due_at <= end:
            _line(axes, reached.due_at - start, "objective", looks.BAD)


def _bar(axes: Axes, place: int, each: Stretch, start: datetime) -> None:
    people = each.kind in WAITS_FOR_PEOPLE
    axes.barh(
        place,
        _minutes(each.until - each.since),
        left=_minutes(each.since - start),
        height=0.34 if people else 0.68,
        color=looks.SPANS[each.kind],
        edgecolor="white",
        linewidth=0.6,
        hatch="///" if people else None,
        zorder=3 if people else 2,
    )


def _minutes(span: timedelta) -> float:
    return span / timedelta(minutes=1)


def _axis(axes: Axes, rows: tuple[Row, ...], start: datetime, whole: timedelta) -> None:
    axes.set_yticks(range(len(rows)), [label for label, _stretches in rows], size=12, color=looks.INK)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    minutes = max(_minutes(whole), 1.0)
    step = next((each for each in _STEPS if minutes / each <= MOST_MARKS), _STEPS[-1])
    marks = [step * number for number in range(int(minutes // step) + 1)]
    times = [f"{start + timedelta(minutes=mark):%H:%M}\n+{spell(timedelta(minutes=mark))}" for mark in marks]
    axes.set_xticks(marks, times, size=11, color=looks.INK)
    axes.set_xlim(-minutes * 0.01, minutes * 1.02)
    axes.grid(axis="x", color=looks.PALE, zorder=0)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _line(axes: Axes, at: timedelta, told: str, colour: str) -> None:
    axes.axvline(_minutes(at), color=colour, linewidth=2, linestyle="--", zorder=4)
    axes.text(_minutes(at), -0.62, told, size=11, color=colour, ha="center", va="bottom", weight="bold")


def _legend(figure: Figure, rows: tuple[Row, ...]) -> None:
    there = {each.kind for _label, stretches in rows for each in stretches}
    shown = {SPANS[kind]: kind for kind in SpanKind if kind in there}
    patches = [
        Patch(
            facecolor=looks.SPANS[kind],
            edgecolor="white",
            label=told,
            hatch="///" if kind in WAITS_FOR_PEOPLE else None,
        )
        for told, kind in shown.items()
    ]
    if patches:
        columns = min(len(patches), 6)
        figure.legend(handles=patches, loc="lower center", ncols=columns, frameon=False, fontsize=11)
