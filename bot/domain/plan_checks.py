"""What proves that a wave's servers do their work, and what is run before it is launched: the checks of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema, model_validator

from bot.domain.durations import Duration
from bot.domain.model import Frozen
from bot.domain.plan_parts import Place, Text, Title, refuse
from bot.domain.plan_servers import Impact, ServerId

MOST_CHECKS = 20
"""Of a wave, and of a plan for every wave."""
DocumentName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-zA-Z0-9_.:/-]{3,128}$"),
    Field(title="name of an SSM document", examples=["AWS-RunShellScript"]),
]
"""As SSM takes it (botocore model: `DocumentARN`)."""
ParameterName = Annotated[
    str, StringConstraints(min_length=1, max_length=50), Field(title="name of a parameter", examples=["commands"])
]
ParameterText = Annotated[
    str, StringConstraints(max_length=4_096), Field(title="text", examples=["systemctl is-active nginx"])
]


def _several(value: Any) -> Any:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


ParameterTexts = Annotated[
    tuple[ParameterText, ...],
    BeforeValidator(_several),
    WithJsonSchema(
        {
            "type": ["string", "array"],
            "title": "text, or list of texts",
            "items": {"type": "string", "title": "text", "maxLength": 4_096, "examples": ["systemctl is-active nginx"]},
            "maxLength": 4_096,
            "maxItems": 50,
            "examples": ["systemctl is-active nginx"],
        }
    ),
]
"""SSM takes each parameter as a list of texts (botocore model: `Parameters`)."""
Parameters = Annotated[
    dict[ParameterName, ParameterTexts],
    Field(max_length=50, examples=[{"commands": "systemctl is-active nginx"}]),
]


class CheckKind(StrEnum):
    """What a check looks at. Also the key by which a plan asks for it."""

    STATUS = "status"
    TCP = "tcp"
    HTTP = "http"
    COMMAND = "command"
    AUTOMATION = "automation"
    LAUNCH_ACTIONS = "launch_actions"
    MANUAL = "manual"


class HttpCheck(Frozen):
    """An HTTP request and what must come of it. Redirects are not followed; certificates are verified."""

    url: Annotated[
        str,
        StringConstraints(pattern=r"^https?://[^\s\"'`$\\]+$", max_length=1_000),
        Field(title="URL", examples=["https://pay.example.com/health"]),
    ] = Field(
        description="The address. Its host is the name for TLS and for the Host header; the connection goes to the "
        "launched instance itself, since in a drill DNS still points at production."
    )
    status: int = Field(default=200, ge=100, le=599, examples=[200], description="The status that must be answered.")
    text: Title | None = Field(
        default=None,
        examples=["UP"],
        description="What the answer's body must contain. Absent: anything.",
    )


class CommandCheck(Frozen):
    """A document of SSM Run Command, run on each launched instance. It must end with success."""

    document: DocumentName = Field(
        default="AWS-RunShellScript", description="The document's name, or the ARN of one that is shared."
    )
    parameters: Parameters = Field(default={}, description="Its parameters; each a text or a list of texts.")
    says: Title | None = Field(
        default=None, examples=["active"], description="What its output must contain, too. Absent: anything."
    )


THE_INSTANCES = "$instances"
"""A parameter of a runbook that stands for the ids of the launched instances."""


class AutomationCheck(Frozen):
    """A runbook of SSM Automation, run once. It must end with success."""

    document: DocumentName = Field(description="The runbook's name, or the ARN of one that is shared.")
    parameters: Parameters = Field(
        default={},
        description="Its parameters; each a text or a list of texts. The text $instances stands for the ids of the "
        "wave's launched instances.",
    )


_KINDS = ", ".join(CheckKind)


class PlanCheck(Frozen):
    """One thing that must hold of what was launched. Exactly one of the kinds is written."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [kind.value]} for kind in CheckKind]})

    status: Literal["ok"] | None = Field(
        default=None, description="ok: the instance runs, and both status checks of EC2 have passed."
    )
    tcp: int | None = Field(
        default=None, ge=1, le=65_535, examples=[5432], description="The port at which something must answer."
    )
    http: HttpCheck | None = Field(default=None, description="An HTTP or HTTPS request that must be answered.")
    command: CommandCheck | None = Field(
        default=None, description="A document of SSM Run Command that must succeed on each instance."
    )
    automation: AutomationCheck | None = Field(
        default=None, description="A runbook of SSM Automation that must succeed, once for the wave."
    )
    launch_actions: Literal["succeeded"] | None = Field(
        default=None, description="succeeded: what DRS itself runs after a launch (launch actions) has succeeded."
    )
    manual: Text | None = Field(
        default=None,
        max_length=200,
        examples=["Finance has logged in"],
        description="What a person has to confirm by a button, once the wave's other checks have passed.",
    )
    name: Title | None = Field(
        default=None, examples=["The ledger answers"], description="What people call it. Absent: what it looks at."
    )
    via: Literal["instance", "probe"] = Field(
        default="instance",
        description="Of tcp and http. instance: asked by SSM on the instance itself. probe: asked over the network by "
        "the probe function in the account of the servers.",
    )
    servers: tuple[ServerId, ...] = Field(
        default=(),
        max_length=500,
        description="The servers of the wave it is made of. Absent: each that was launched.",
    )
    impact: Impact = Field(
        default=Impact.CRITICAL,
        description="critical: if it does not pass, the drill is put on hold. optional: it is a finding.",
    )
    within: Duration = Field(
        default=timedelta(minutes=30),
        examples=["15m"],
        description="How long after the launch it may take to pass. Until then it is tried again and again.",
    )

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        refuse("PlanCheck", self._misfits())
        return self

    def _misfits(self) -> Iterator[tuple[Place, str]]:
        written = [kind for kind in CheckKind if getattr(self, kind) is not None]
        if len(written) != 1:
            told = f"looks at {' and '.join(written)}" if written else "looks at nothing"
            yield (), f"{told}; write exactly one of {_KINDS}"
            return
        if self.via == "probe" and self.kind not in {CheckKind.TCP, CheckKind.HTTP}:
            yield ("via",), "is of use only with tcp or http; leave it out"
        if self.servers and not self.of_each_server:
            yield ("servers",), f"is of no use with {self.kind}, which is made once for the wave; leave it out"

    @property
    def kind(self) -> CheckKind:
        """What it looks at."""
        return next(kind for kind in CheckKind if getattr(self, kind) is not None)

    @property
    def is_critical(self) -> bool:
        """Whether a wave cannot succeed without it."""
        return self.impact is Impact.CRITICAL

    @property
    def of_each_server(self) -> bool:
        """Whether it is made of each server; if not, once for the wave."""
        return self.kind not in {CheckKind.AUTOMATION, CheckKind.MANUAL}

    @property
    def starts_something(self) -> bool:
        """Whether each try starts something in SSM, so that a second try must be told from the first."""
        return self.kind in {CheckKind.COMMAND, CheckKind.AUTOMATION} or self._asks_on_the_instance

    @property
    def _asks_on_the_instance(self) -> bool:
        return self.kind in {CheckKind.TCP, CheckKind.HTTP} and self.via == "instance"

    @property
    def title(self) -> str:
        """What people call it."""
        return self.name or self._what()

    def _what(self) -> str:
        if self.http:
            return f"{self.http.url} answers {self.http.status}"
        if self.command:
            return f"Command {self.command.document}"
        if self.automation:
            return f"Runbook {self.automation.document}"
        if self.manual:
            return self.manual
        return f"TCP port {self.tcp}" if self.tcp else _TITLES[self.kind]


_TITLES = {CheckKind.STATUS: "EC2 status checks", CheckKind.LAUNCH_ACTIONS: "Launch actions of DRS"}


def preparations(before: Iterable[AutomationCheck]) -> tuple[PlanCheck, ...]:
    """What is run before a wave is launched, as checks: it too is begun, looked at, and must succeed."""
    return tuple(PlanCheck(automation=each) for each in before)


def misfits(checks: tuple[PlanCheck, ...], named: frozenset[str], *, selects: bool) -> Iterator[tuple[Place, str]]:
    """Checks of servers that are not in their wave, as far as the plan itself tells."""
    if selects:
        return
    for n, check in enumerate(checks):
        for m, server_id in enumerate(check.servers):
            if server_id not in named:
                yield ("checks", n, "servers", m), "is no server of this wave; write one of its ids, or leave it out"
