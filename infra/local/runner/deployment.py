"""The transformed template as the runner reads it: functions, what wakes them, and how failures are treated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from infra.local.aws.template import Json

# Lambda's own default for asynchronous invocations (AWS: Lambda developer guide, "Asynchronous invocation").
ASYNC_RETRIES = 2
SUPPORTED_TARGET = {"Arn", "Id"}


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """A Lambda function: `name` is its logical id in snake case, `timeout` in seconds, `memory` in MB.

    `reserved` is its reserved concurrency, if it has one; `role` is its role's logical id, if the template has it.
    """

    name: str
    handler: str
    timeout: float
    memory: int
    environment: Mapping[str, str]
    reserved: int | None = None
    async_retries: int = ASYNC_RETRIES
    role: str | None = None


@dataclass(frozen=True, slots=True)
class EventSource:
    """An event source mapping. `retries` None means without end, `lanes` is the parallelization factor."""

    function: str
    arn: str
    batch_size: int
    patterns: tuple[str, ...] = ()
    partial_failures: bool = False
    bisect: bool = False
    retries: int | None = None
    on_failure: str | None = None
    starting_position: Literal["TRIM_HORIZON", "LATEST"] = "TRIM_HORIZON"
    lanes: int = 1

    @property
    def service(self) -> str:
        """`dynamodb` or `sqs`."""
        return self.arn.split(":")[2]


@dataclass(frozen=True, slots=True)
class Rule:
    """An EventBridge rule: `expression` of a schedule or `pattern` of events, and where it sends them."""

    name: str
    expression: str | None
    pattern: Mapping[str, Json] | None
    functions: tuple[str, ...]
    queue_arns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """A route of the HTTP API, such as `POST /slack/events`, and the function behind it."""

    method: str
    path: str
    function: str


def functions(template: Mapping[str, Json]) -> list[FunctionSpec]:
    """The template's functions."""
    retries = {target(item["FunctionName"]): item for _, item in _of_type(template, "AWS::Lambda::EventInvokeConfig")}
    return [
        FunctionSpec(
            name=snake_case(logical_id),
            handler=item["Handler"],
            timeout=float(item["Timeout"]),
            memory=item["MemorySize"],
            environment=item.get("Environment", {}).get("Variables", {}),
            reserved=item.get("ReservedConcurrentExecutions"),
            async_retries=retries.get(snake_case(logical_id), {}).get("MaximumRetryAttempts", ASYNC_RETRIES),
            role=_role(item),
        )
        for logical_id, item in _of_type(template, "AWS::Lambda::Function")
    ]


def event_sources(template: Mapping[str, Json]) -> list[EventSource]:
    """The template's event source mappings; defaults are Lambda's (AWS: CreateEventSourceMapping)."""
    return [
        EventSource(
            function=target(item["FunctionName"]),
            arn=item["EventSourceArn"],
            batch_size=item.get("BatchSize", 100 if ":dynamodb:" in item["EventSourceArn"] else 10),
            patterns=tuple(entry["Pattern"] for entry in item.get("FilterCriteria", {}).get("Filters", [])),
            partial_failures="ReportBatchItemFailures" in item.get("FunctionResponseTypes", []),
            bisect=item.get("BisectBatchOnFunctionError", False),
            retries=None if (tries := item.get("MaximumRetryAttempts", -1)) < 0 else tries,
            on_failure=item.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"),
            starting_position=item.get("StartingPosition", "TRIM_HORIZON"),
            lanes=item.get("ParallelizationFactor", 1),
        )
        for _, item in _of_type(template, "AWS::Lambda::EventSourceMapping")
    ]


def rules(template: Mapping[str, Json]) -> list[Rule]:
    """The template's enabled EventBridge rules."""
    return [
        Rule(
            name=logical_id,
            expression=item.get("ScheduleExpression"),
            pattern=item.get("EventPattern"),
            functions=tuple(target(arn) for arn in _target_arns(logical_id, item) if not isinstance(arn, str)),
            queue_arns=tuple(arn for arn in _target_arns(logical_id, item) if isinstance(arn, str)),
        )
        for logical_id, item in _of_type(template, "AWS::Events::Rule")
        if item.get("State", "ENABLED") == "ENABLED"
    ]


def routes(template: Mapping[str, Json]) -> list[Route]:
    """The HTTP API's routes that end in a function."""
    integrations = dict(_of_type(template, "AWS::ApiGatewayV2::Integration"))
    found = []
    for _, item in _of_type(template, "AWS::ApiGatewayV2::Route"):
        method, path = item["RouteKey"].split(" ")
        (integration,) = re.findall(r"\w+", item["Target"]["Fn::Sub"].removeprefix("integrations/"))
        found.append(Route(method, path, target(integrations[integration]["IntegrationUri"])))
    return found


def _role(function: Json) -> str | None:
    reference = function.get("Role", {})
    return reference["Fn::GetAtt"][0] if isinstance(reference, dict) and "Fn::GetAtt" in reference else None


def target(reference: Json) -> str:
    """The name of the function that a `Ref` or `Fn::GetAtt` means."""
    logical_id = reference["Ref"] if "Ref" in reference else reference["Fn::GetAtt"][0]
    return snake_case(logical_id)


def snake_case(logical_id: str) -> str:
    """`SlackEvents` as `slack_events`: the function's name in the local stack and in `bot.entrypoints`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", logical_id).lower()


def _target_arns(name: str, rule: Json) -> Iterator[Json]:
    for item in rule["Targets"]:
        if set(item) > SUPPORTED_TARGET:
            raise ValueError(f"target of rule {name}: the runner sends whole events, not {sorted(item)}")
        yield item["Arn"]


def _of_type(template: Mapping[str, Json], kind: str) -> Iterator[tuple[str, Json]]:
    for logical_id, resource in template.items():
        if resource["Type"] == kind:
            yield logical_id, resource["Properties"]
