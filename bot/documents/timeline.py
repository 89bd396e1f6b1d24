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
from bot.domain.evidence_wave_parts import WAITS_FOR_PEOPLE, SpanKind, Stretch, WaveEvidence
from bot.domain.states import Purpose, WaveState

WIDTH = 7.2
"""Inches, at `DPI`: 1,656 pixels. Slack shows a picture in a thread 360 pixels wide, and its text has to be read there:
as wide as this, letters of 12 points are 8 pixels high."""
PAGE = 10.2
"""The same in the report, where the page is as wide and its text is smaller."""
DPI = 230
ROW, AXIS, LEGEND = 0.36, 0.62, 0.27
"""Inches: of a row, of the time axis, of each line of the legend."""
TITLE = 0.95
LEFT = 2.1
"""Inches for the waves' names."""
LABEL, LONGEST_TITLE = 17, 46
"""Characters of a wave's name, and of the title."""
_MARKS = {WaveState.SUCCEEDED: "✔", WaveState.FAILED: "✘", WaveState.SKIPPED: "▷", WaveState.NOT_RUN: NOTHING}
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1_440, 2_880, 10_080)
"""Minutes between the marks of the time axis: the first with which no more than `MOST_MARKS` are needed."""
MOST_MARKS = 6

ACROSS = 3
"""So many things side by side in the legend; in the report, twice as many."""

Row = tuple[str, tuple[Stretch, ...]]


def timeline_picture(evidence: Evidence, *, is_titled: bool = True) -> bytes:
    """The picture, as PNG. The same evidence is the same picture.

    Args:
        evidence: what it is of.
        is_titled: whether the drill's title and verdict stand above it; not where they do already.
    """
    rows, kinds = tuple(_rows(evidence)), _kinds(evidence)
    width, above = (WIDTH, TITLE + 0.2) if is_titled else (PAGE, 0.2)
    across = ACROSS if is_titled else 2 * ACROSS
    below = AXIS + LEGEND * -(-len(kinds) // across)
    figure = Figure(figsize=(width, above + ROW * max(len(rows), 3) + below), dpi=DPI)
    FigureCanvasAgg(figure)
    height, left = figure.get_figheight(), LEFT / width
    axes = figure.add_axes((left, below / height, 0.98 - left, 1 - (above + below) / height))
    if is_titled:
        _title(figure, evidence)
    if evidence.verdict.started_at is None:
        _never_started(axes)
    else:
        _draw(axes, rows, evidence, evidence.verdict.started_at)
        _legend(figure, kinds, across)
    kept = BytesIO()
    figure.savefig(kept, format="png", metadata={"Software": None})
    return kept.getvalue()


def _rows(evidence: Evidence) -> Iterator[Row]:
    for wave in evidence.waves:
        yield _label(wave), wave.stretches
    cleaned, operated = evidence.cleanup, evidence.verdict.operated
    if cleaned.since and cleaned.ended_at:
        up = (
            (Stretch(kind=SpanKind.OPERATION, since=cleaned.since - operated, until=cleaned.since),) if operated else ()
        )
        yield "Cleanup", (*up, Stretch(kind=SpanKind.CLEANUP, since=cleaned.since, until=cleaned.ended_at))


def _kinds(evidence: Evidence) -> tuple[SpanKind, ...]:
    """What there is in the picture, each thing that is said of it once."""
    there = {each.kind for _label, stretches in _rows(evidence) for each in stretches}
    return tuple({SPANS[kind]: kind for kind in SpanKind if kind in there}.values())


def _label(wave: WaveEvidence) -> str:
    return f"{_MARKS.get(wave.state, '')} {wave.number} {_cut(wave.name, LABEL)} · {len(wave.servers)}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _title(figure: Figure, evidence: Evidence) -> None:
    verdict, height = evidence.verdict, figure.get_figheight()
    title = _cut(evidence.objective.title, LONGEST_TITLE)
    figure.text(0.02, 1 - 0.24 / height, title, size=16, weight="bold", color=looks.INK, va="center")
    day = f"{verdict.started_at or verdict.ended_at:%Y-%m-%d}"
    colour = looks.of_outcome(verdict.outcome)
    told = f"{OUTCOMES[verdict.outcome]} · {day}, UTC"
    figure.text(0.02, 1 - 0.51 / height, told, size=13, weight="bold", color=colour, va="center")
    figure.text(0.02, 1 - 0.75 / height, _figures(evidence), size=12, color=looks.GREY, va="center")


def _figures(evidence: Evidence) -> str:
    verdict, shown = evidence.verdict, len(evidence.cleanup.instances)
    if verdict.purpose is Purpose.SWEEP:
        return f"{shown - verdict.instances_left} of {shown} drill instances terminated"
    if verdict.started_at is None:
        return "Nothing was launched"
    return f"Recovery time {recovery(verdict.recovery)} · {verdict.launched} of {verdict.servers} servers launched"


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
    axes.set_yticks(range(len(rows)), [label for label, _stretches in rows], size=11.5, color=looks.INK)
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
    place, (left, right) = _minutes(at), axes.get_xlim()
    axes.axvline(place, color=colour, linewidth=2, linestyle="--", zorder=4)
    is_near_the_edge = (place - left) / (right - left) > 0.9  # noqa: PLR2004 - centred, the word would be cut off
    side = "right" if is_near_the_edge else "center"
    axes.text(place, -0.62, told, size=11, color=colour, ha=side, va="bottom", weight="bold")


def _legend(figure: Figure, kinds: tuple[SpanKind, ...], across: int) -> None:
    patches = [
        Patch(
            facecolor=looks.SPANS[kind],
            edgecolor="white",
            label=SPANS[kind],
            hatch="///" if kind in WAITS_FOR_PEOPLE else None,
        )
        for kind in kinds
    ]
    if patches:
        columns = min(len(patches), across)
        figure.legend(handles=patches, loc="lower center", ncols=columns, frameon=False, fontsize=11, borderaxespad=0.2)
