"""The form in which a wave is skipped, or only some of its servers that failed."""

from __future__ import annotations

from bot.domain.drill import Drill
from bot.domain.states import WaveState
from bot.views.blocks import Block
from bot.views.hold_words import skip_means
from bot.views.modals.parts import OPTIONS_IN_A_MENU, option, several
from bot.views.naming import server_name, the_wave

SERVERS = "servers"
"""The input that tells which servers are left out."""


def skipping(drill: Drill) -> str:
    """What a skip means."""
    wave = drill.wave(drill.holds[-1].wave)
    return f"The drill {skip_means(wave)}. This is about {the_wave(drill, wave)}."


def servers(drill: Drill) -> list[Block]:
    """Those that failed, to choose from; nothing where there is no choice, since only one did."""
    wave = drill.wave(drill.holds[-1].wave)
    failed = wave.failed(critical=True) if wave.state is WaveState.FAILED else ()
    if len(failed) < 2:  # noqa: PLR2004 - nothing to choose from
        return []
    options = [option(server_name(server), server.id, server.failure or "") for server in failed[:OPTIONS_IN_A_MENU]]
    hint = "Choose some to leave out only these: then you are asked about the others. Choose none to skip the wave."
    return [several(SERVERS, "Only these servers", options, "The rest of the wave", hint)]
