"""The part of a plan that says who may do what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.domain.durations import Duration, spell
from bot.domain.model import Frozen
from bot.domain.plan_parts import Place, UserId, Who, is_group, later


class Escalation(Frozen):
    """Who else may approve a wave that has waited for a while."""

    after: Duration = Field(
        examples=["30m"], description="How long a wave waits before they may approve too; less than approval_timeout."
    )
    approvers: tuple[Who, ...] = Field(
        min_length=1,
        description="Who may approve too from then on. They are mentioned when the time has come.",
        json_schema_extra={"uniqueItems": True},
    )


class Access(Frozen):
    """Who may run the drill and who may approve its waves. Checked at each click, against the frozen plan."""

    operators: tuple[Who, ...] = Field(
        min_length=1,
        description="Who may ask for the drill, start it, stop it, waive warnings of its checks, retry or skip what "
        "failed: people or user groups.",
        json_schema_extra={"uniqueItems": True},
    )
    approvers: tuple[Who, ...] = Field(
        default=(),
        description="Who may approve a wave or abort the drill. May be left out only if no wave needs approval.",
        json_schema_extra={"uniqueItems": True},
    )
    minimum_approvals: Annotated[int, Field(ge=1, le=20)] = Field(
        default=1, examples=[2], description="How many different approvers must approve each wave that needs approval."
    )
    four_eyes: bool = Field(
        default=True, examples=[False], description="Nobody approves a drill that they requested or started."
    )
    separation_of_duties: bool = Field(
        default=False,
        examples=[True],
        description="Nobody acts on both sides of a drill: who requests, starts, waives warnings, resumes, retries "
        "or skips approves nothing in it, and who has approved or rejected does none of that.",
    )
    approval_timeout: Duration = Field(
        default=timedelta(hours=4), description="How long a wave may wait for its approvals. Reminders come before."
    )
    escalation: Escalation | None = Field(
        default=None, description="Who else may approve when a wave has waited for a while. Absent: nobody."
    )
    break_glass: tuple[UserId, ...] = Field(
        default=(),
        description="Who may launch a wave without its approvals, alone and whatever their part in the drill, for a "
        "reason that everybody is shown. People, not user groups: each answers for it by name.",
        json_schema_extra={"uniqueItems": True},
    )

    @property
    def bars_whoever_starts(self) -> bool:
        """Whether those who ask for a drill or start it can approve nothing in it."""
        return self.four_eyes or self.separation_of_duties

    @property
    def groups(self) -> tuple[str, ...]:
        """Every user group that is named."""
        named = dict.fromkeys(who for _place, people in self._people() for who in people)
        return tuple(who for who in named if is_group(who))

    def misfits(self) -> Iterator[tuple[Place, str]]:
        """What does not fit together, each at its place in `access`."""
        for role, people in self._people():
            for place, _first in later(((*role, n), person) for n, person in enumerate(people)):
                yield place, f"{people[int(place[-1])]} is named twice; name each person once"
        if self.escalation and self.escalation.after >= self.approval_timeout:
            limit = spell(self.approval_timeout)
            yield ("escalation", "after"), f"is no earlier than approval_timeout ({limit}); write a shorter time"

    def _people(self) -> Iterator[tuple[Place, tuple[str, ...]]]:
        yield ("operators",), self.operators
        yield ("approvers",), self.approvers
        if self.escalation:
            yield ("escalation", "approvers"), self.escalation.approvers
        yield ("break_glass",), self.break_glass
