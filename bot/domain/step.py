"""A drill as it should be now, and the work that this causes: what every rule returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.commands import Command, Draw, Topic, TopicKind
from bot.domain.drill import Drill
from bot.domain.wave_run import WaveRun


@dataclass(frozen=True, slots=True)
class Step:
    """A drill, and the work that leading up to it has caused so far."""

    drill: Drill
    commands: tuple[Command, ...] = ()

    def then(self, *commands: Command, **changes: Any) -> Step:
        """The step with more work and with fields of the drill changed."""
        drill = self.drill.model_copy(update=changes) if changes else self.drill
        return Step(drill, (*self.commands, *commands))

    def with_wave(self, wave: WaveRun) -> Step:
        """The step with one wave replaced."""
        return Step(self.drill.with_wave(wave), self.commands)


def draw(kind: TopicKind, wave: int | None = None, number: int | None = None) -> Draw:
    """The work of bringing one Slack message up to date."""
    return Draw(topic=Topic(kind=kind, wave=wave, number=number))


def draw_checks(drill: Drill) -> tuple[Draw, ...]:
    """The work of showing what the newest checks have found, and who has waived what of it."""
    number = drill.times_checked
    shown = draw(TopicKind.PREFLIGHT, None, number if number > 1 else None)
    files = draw(TopicKind.FINDINGS, None, len(drill.waivers) + number)
    return (shown, files) if drill.preflight and drill.preflight.findings else (shown,)
