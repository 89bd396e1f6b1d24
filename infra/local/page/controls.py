"""The world's controls: how fast time runs, and what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from infra.local.page.troubles import Troubles
from infra.local.slack.findings import Json
from infra.local.world import World

SPEEDS = (1, 10, 60, 300, 600)
"""World seconds per wall second that the page offers; 0 pauses."""
FAILURES_SHOWN = 20


class SpeedOrder(BaseModel):
    """Run time faster or slower."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order: Literal["speed"]
    speed: float = Field(ge=0, le=SPEEDS[-1])


class FaultOrder(BaseModel):
    """Let something go wrong, or no longer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order: Literal["fault"]
    name: str
    on: bool
    server: str = ""


class MendOrder(BaseModel):
    """Let nothing go wrong any more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order: Literal["mend"]


WorldOrder = Annotated[SpeedOrder | FaultOrder | MendOrder, Field(discriminator="order")]
ORDER: TypeAdapter[WorldOrder] = TypeAdapter(WorldOrder)
"""Reads any order."""


@dataclass(slots=True)
class Controls:
    """The panel of one world."""

    world: World
    troubles: Troubles = field(init=False)

    def __post_init__(self) -> None:
        self.troubles = Troubles(self.world)

    def obey(self, order: WorldOrder) -> None:
        """Carry an order out.

        Raises:
            UnknownTrouble: it names a trouble or a server that there is not.
        """
        match order:
            case SpeedOrder():
                self.world.stack.set_speed(order.speed)
            case FaultOrder():
                self.troubles.order(order.name, order.server, on=order.on)
            case MendOrder():
                self.troubles.mend()

    def close(self) -> None:
        """Let go of the world; what goes wrong stays so."""
        self.troubles.close()

    def show(self) -> Json:
        """The panel as it stands."""
        reading = self.world.clock.reading()
        faults, of_servers = self.troubles.on_show()
        return {
            "wall": reading.wall,
            "world": reading.world,
            "speed": reading.speed,
            "speeds": list(SPEEDS),
            "faults": faults,
            "serverFaults": of_servers,
            "failures": [
                {"function": failed.function, "at": failed.at.timestamp(), "error": str(failed.error)}
                for failed in self.world.stack.failures[-FAILURES_SHOWN:]
            ],
        }
