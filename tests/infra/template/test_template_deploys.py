"""The whole template deploys into a local AWS, API and functions included."""

from __future__ import annotations

import io
import json
import time
import zipfile
from http.client import HTTPConnection
from typing import Any

import pytest

from infra.local.aws.ministack import Ministack
from infra.local.aws.template import Json
from infra.local.deployed import is_known

HANDLER = """
import os
def lambda_handler(event, context):
    return {"statusCode": 200, "body": f"{event['body']} {event['isBase64Encoded']} {os.environ['TABLE_NAME']}"}
"""


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as code:
        for name in ("slack_events", "executor", "notifier", "finder", "poller"):
            code.writestr(f"bot/entrypoints/{name}.py", HANDLER)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def outputs(ministack: Ministack, transformed: Json) -> dict[str, Any]:
    storage, formation = ministack.client("s3"), ministack.client("cloudformation")
    storage.create_bucket(Bucket="local", CreateBucketConfiguration={"LocationConstraint": ministack.region})
    storage.put_object(Bucket="local", Key="code.zip", Body=archive())
    resources = {name: each for name, each in transformed["Resources"].items() if is_known(each)}
    body = json.dumps({**transformed, "Resources": resources})
    formation.create_stack(StackName="bot", TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    give_up = time.monotonic() + 20
    while (stack := formation.describe_stacks(StackName="bot")["Stacks"][0])["StackStatus"] != "CREATE_COMPLETE":
        assert stack["StackStatus"] == "CREATE_IN_PROGRESS"
        assert time.monotonic() < give_up
        time.sleep(0.02)
    return {item["OutputKey"]: item["OutputValue"] for item in stack["Outputs"]}


def test_a_request_to_the_deployed_route_reaches_slack_events(ministack: Ministack, outputs: dict[str, Any]) -> None:
    api = outputs["RequestUrl"].removeprefix("https://").partition(".")[0]
    address = ministack.endpoint_url.removeprefix("http://")
    connection = HTTPConnection(address, timeout=20)
    headers = {"Host": f"{api}.execute-api.{address}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/slack/events", "a=1", headers)
    answer = connection.getresponse()
    assert (answer.status, answer.read().decode()) == (200, f"YT0x True {outputs['TableName']}")
    connection.close()


def test_the_deployed_mappings_are_enabled(ministack: Ministack, outputs: dict[str, Any]) -> None:
    assert outputs["RequestUrl"].endswith("/slack/events")
    mappings = ministack.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    assert len(mappings) == 4
    assert {item["State"] for item in mappings} == {"Enabled"}
