"""What becomes of the drill instances when the waves are done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.durations import Duration
from bot.domain.model import Frozen
from bot.domain.plan_parts import Place, refuse


class Cleanup(Frozen):
    """When the drill instances are terminated. Until then they run, and cost money."""

    when: Literal["at-once", "after", "on-click"] = Field(
        default="at-once",
        description="at-once: as soon as the last wave has ended. after: some time later, until when the instances can "
        "be used and looked at. on-click: when somebody clicks Clean up. An aborted drill is cleaned up at once, "
        "whatever this says, and operators and approvers can clean up sooner.",
    )
    after: Duration | None = Field(
        default=None, examples=["2h"], description="How long the instances stay up, with when: after."
    )
    remind_every: Duration = Field(
        default=timedelta(hours=4),
        description="How often people are reminded of instances that wait for a click, with the instance-hours so far.",
    )

    check_every: Duration = Field(
        default=timedelta(minutes=15),
        description="How often the waves' checks are made again while the instances stay up, but for those that people "
        "answer. What does not pass then is a finding.",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        refuse("Cleanup", self._misfits())
        return self

    def _misfits(self) -> Iterator[tuple[Place, str]]:
        if self.when == "after" and self.after is None:
            yield ("after",), "is missing; write how long the instances stay up, like 2h"
        if self.when != "after" and self.after is not None:
            yield ("after",), "is of use only with when: after; write that too, or leave after out"

    @property
    def keeps_up(self) -> bool:
        """Whether the instances stay up for a while."""
        return self.when != "at-once"
