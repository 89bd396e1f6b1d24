"""A wave of a plan: servers that are launched together, and when."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from pydantic import ConfigDict, Field

from bot.domain.durations import Duration
from bot.domain.expectation import Expectation
from bot.domain.model import Frozen
from bot.domain.plan_checks import MOST_CHECKS, AutomationCheck, PlanCheck
from bot.domain.plan_parts import Title
from bot.domain.plan_servers import MOST_SERVERS, Exclusion, PlanServer, Selector


class Approval(StrEnum):
    """Whether people must approve before a wave is launched."""

    REQUIRED = "required"
    NONE = "none"


class PlanWave(Frozen):
    """Servers that are launched together: named by their ids, chosen by their tags, or both."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["servers"]}, {"required": ["select"]}]})

    name: Title = Field(description="What people call the wave; once in a plan.", examples=["Database"])
    servers: tuple[PlanServer, ...] = Field(
        default=(),
        max_length=MOST_SERVERS,
        json_schema_extra={"minItems": 1},
        description="Servers of the wave, by their ids.",
    )
    select: Selector | None = Field(
        default=None,
        description="Servers of the wave that are chosen by their tags, beside those named by their ids. They are "
        "chosen when the drill is asked for and shown on its card, and looked up again at Start.",
    )
    exclude: Exclusion | None = Field(default=None, description="What is left out of what select chooses.")
    depends_on: tuple[Title, ...] | None = Field(
        default=None,
        max_length=19,
        examples=[["Database"]],
        description="Names of the waves that must be over before anything is done about this one; waves whose needs "
        "are met run side by side. An empty list: it begins at Start. Absent: the wave before it in the list.",
    )
    before: tuple[AutomationCheck, ...] = Field(
        default=(),
        max_length=5,
        description="Runbooks of SSM Automation that are run, one after the other, before the wave is launched.",
    )
    checks: tuple[PlanCheck, ...] = Field(
        default=(),
        max_length=MOST_CHECKS,
        description="What must hold once its servers are launched, before the wave is done. Absent: that they are.",
    )
    approval: Approval | None = Field(
        default=None, description="Absent: the first wave needs none beyond Start, each later one does."
    )
    launch_timeout: Duration = Field(
        default=timedelta(hours=1), description="How long a launch may take before the drill is put on hold."
    )
    wait_after: Duration | None = Field(
        default=None,
        examples=["10m"],
        description="How long to wait once it was launched, before anything is done about the waves that depend on it. "
        "Absent: not.",
    )
    attempts: int = Field(
        default=3,
        ge=1,
        le=10,
        examples=[1],
        description="How often it may be launched in all: each retry launches the servers that failed once more.",
    )
    expect: Expectation | None = Field(
        default=None,
        description="What the launch settings of its servers in DRS should be. The checks before Start warn where they "
        "are otherwise; nothing is changed. Absent: anything.",
    )
