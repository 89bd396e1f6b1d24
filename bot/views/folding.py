"""The waves as the card shows them: short enough for a phone, with what is being done below the wave it is done in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from bot.domain.drill import Drill
from bot.domain.states import WaveState
from bot.domain.wave_run import WaveRun
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.phases import so_far
from bot.views.progress import WAVE_ICONS, broke_glass, is_partial, wave_line
from bot.views.text import count

MOST_UNFOLDED = 8
"""So many lines of waves are no longer than a phone's screen."""
LEAST_FOLDED = 3


def folded_wave_blocks(drill: Drill, details: Mapping[int, Sequence[str]]) -> list[Block]:
    """A line for each wave; of many waves, those in a row that went well or are still to come have one line together.

    Args:
        drill: as it is.
        details: lines to be shown below a wave's own, set off from it, by the wave's number.
    """
    runs = _folded(drill.waves) if len(drill.waves) > MOST_UNFOLDED else [[wave] for wave in drill.waves]
    return blocks.sections("waves", [line for run in runs for line in _run_lines(run, details)])


def _run_lines(run: Sequence[WaveRun], details: Mapping[int, Sequence[str]]) -> list[str]:
    if len(run) > 1:
        return [_run_line(run)]
    return [wave_line(run[0]), *(f"> {line}" for line in details.get(run[0].number, ()))]


def _folded(waves: Sequence[WaveRun]) -> list[list[WaveRun]]:
    parts: list[list[WaveRun]] = []
    for sort, grouped in groupby(waves, key=_sort):
        run = list(grouped)
        parts += [run] if sort and len(run) >= LEAST_FOLDED else [[wave] for wave in run]
    return parts


def _sort(wave: WaveRun) -> WaveState | None:
    """What waves have in common that need no line of their own; None for one that does."""
    is_told = wave.state in {WaveState.SUCCEEDED, WaveState.PENDING, WaveState.NOT_RUN}
    return wave.state if is_told and not is_partial(wave) and not broke_glass(wave) else None


def _run_line(run: Sequence[WaveRun]) -> str:
    servers = [server for wave in run for server in wave.servers]
    told = so_far(servers) if run[0].state is WaveState.SUCCEEDED else count(len(servers), "server")
    return f"{WAVE_ICONS[run[0].state]} *{run[0].number} to {run[-1].number}* · {count(len(run), 'wave')}, {told}"
