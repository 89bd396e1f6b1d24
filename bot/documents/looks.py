"""Colours and fonts of pictures and pages. The colours are told apart by the colour-blind (Okabe and Ito, 2008)."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

from bot.domain.evidence_wave_parts import SpanKind
from bot.domain.states import Outcome

INK = "#1d2733"
GREY = "#667380"
PALE = "#e9edf1"
GOOD = "#00754f"
POOR = "#b8720a"
BAD = "#b3261e"
SPANS: dict[SpanKind, str] = {
    SpanKind.APPROVAL: "#f0c869",
    SpanKind.CONFIRMATION: "#f0c869",
    SpanKind.HOLD: "#d55e00",
    SpanKind.PREPARE: "#8d6bb1",
    SpanKind.SNAPSHOT: "#9fd3f2",
    SpanKind.CONVERSION: "#4fa5dc",
    SpanKind.LAUNCH: "#0064a6",
    SpanKind.CHECKS: "#009e73",
    SpanKind.OPERATION: "#cc79a7",
    SpanKind.CLEANUP: "#a3adb8",
}
OUTCOMES: dict[Outcome, str] = {
    Outcome.PASSED: GOOD,
    Outcome.PASSED_WITH_FINDINGS: POOR,
    Outcome.FAILED: BAD,
    Outcome.ABORTED: BAD,
    Outcome.REFUSED: BAD,
    Outcome.SWEPT: GOOD,
}

CRITERIA: dict[bool | None, tuple[str, str]] = {True: ("✔", GOOD), False: ("✘", BAD), None: ("?", GREY)}
"""The mark, and its colour, of what holds, of what does not, and of what nobody knows."""


def of_outcome(outcome: Outcome) -> str:
    """The colour of a verdict; what was never started is neither good nor bad."""
    return OUTCOMES.get(outcome, GREY)


def rgb(colour: str) -> tuple[int, int, int]:
    """A colour as red, green and blue, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def font_file(name: str) -> Path:
    """A font of the DejaVu family: it comes with matplotlib, is free, and has what names of people need."""
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf"
