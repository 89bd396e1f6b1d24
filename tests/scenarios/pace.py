"""DRS jobs that take about a minute of world time instead of nine, so that a story takes seconds."""

from __future__ import annotations

from infra.local.drs import Pace, Pause, Phase, Span

QUICK = Pace().changed(
    {
        Phase.CONVERSION: Span(15, 20),
        Phase.LAUNCH: Span(15, 20),
        Phase.TERMINATION: Span(10, 15),
        Pause.SETTLING: Span(5, 8),
    }
)
