"""The template's table, bucket and queues, made in ministack by its CloudFormation from the template's own properties.

Two things stay behind, on purpose. Time to live is not switched on: it would delete by wall time what lives in world
time, and AWS itself deletes up to days late, so that the code must check expiry anyway. Retention of messages runs in
wall time.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.local.aws.ministack import Ministack
from infra.local.aws.template import HOLDS, Json, stack_template, transform

TEMPLATE = Path(__file__).parents[3] / "template.yaml"
LOCAL_PARAMETERS = {"DeletionProtection": "false"}


class StackFailedError(Exception):
    """ministack's CloudFormation did not make the stack."""


@dataclass(frozen=True, slots=True)
class Resources:
    """A stack as it exists in ministack.

    `template` holds the transformed template's resources with each reference to a table, queue or parameter resolved;
    references to functions, roles and the like are left as they are. Queues and buckets go by logical id. `conditions`
    are those of the template that hold.
    """

    template: Mapping[str, Json]
    table_name: str
    stream_arn: str
    queue_urls: Mapping[str, str]
    buckets: Mapping[str, str]
    conditions: frozenset[str]


def create_resources(
    ministack: Ministack, template: Path = TEMPLATE, parameters: Mapping[str, str] | None = None
) -> Resources:
    """Make the template's table, bucket and queues under names of their own; some milliseconds, so cheap in each test.

    Args:
        ministack: a running one.
        template: a SAM template with one table.
        parameters: values for the template's parameters; those that it does not have are ignored.

    Raises:
        StackFailedError: with CloudFormation's reason.
    """
    transformed = transform(template.read_text(), ministack.region)
    cut = stack_template(transformed)
    declared = transformed.get("Parameters", {})
    values = {name: value for name, value in {**LOCAL_PARAMETERS, **(parameters or {})}.items() if name in declared}
    stack = _create_stack(ministack, cut.body, values)
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
    resolved = cut.resolved(transformed["Resources"], outputs)
    held = frozenset(name for name in cut.conditions if outputs[cut.conditions[name]] == HOLDS)
    return _described(ministack, stack["StackName"], resolved, held)


def create_secret(ministack: Ministack, name: str, values: Mapping[str, str]) -> None:
    """Make the secret that the template expects to exist, or replace its value."""
    secrets = ministack.client("secretsmanager")
    try:
        secrets.create_secret(Name=name, SecretString=json.dumps(values))
    except secrets.exceptions.ResourceExistsException:
        secrets.put_secret_value(SecretId=name, SecretString=json.dumps(values))


def _create_stack(ministack: Ministack, body: Mapping[str, Json], parameters: Mapping[str, str]) -> Json:
    formation = ministack.client("cloudformation")
    name = f"local-{uuid.uuid4().hex[:8]}"
    formation.create_stack(
        StackName=name,
        TemplateBody=json.dumps(body),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    )
    while True:
        stack = formation.describe_stacks(StackName=name)["Stacks"][0]
        if stack["StackStatus"] == "CREATE_COMPLETE":
            return stack
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            raise StackFailedError(_reasons(formation.describe_stack_events(StackName=name)["StackEvents"]))
        time.sleep(0.01)


def _reasons(events: Json) -> str:
    failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
    return "; ".join(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}" for event in failed)


def _described(
    ministack: Ministack, stack_name: str, resolved: Mapping[str, Json], conditions: frozenset[str]
) -> Resources:
    found = ministack.client("cloudformation").list_stack_resources(StackName=stack_name)["StackResourceSummaries"]
    physical = {(item["ResourceType"], item["LogicalResourceId"]): item["PhysicalResourceId"] for item in found}
    (table_name,) = [value for (kind, _), value in physical.items() if kind == "AWS::DynamoDB::Table"]
    table = ministack.client("dynamodb").describe_table(TableName=table_name)["Table"]
    return Resources(
        template=resolved,
        table_name=table_name,
        stream_arn=table["LatestStreamArn"],
        buckets={name: value for (kind, name), value in physical.items() if kind == "AWS::S3::Bucket"},
        conditions=conditions,
        queue_urls={name: value for (kind, name), value in physical.items() if kind == "AWS::SQS::Queue"},
    )
