"""template.yaml says what the architecture says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cfnlint.api import lint_file  # type: ignore[import-untyped]  # cfn-lint ships no types
from cfnlint.config import ManualArgs  # type: ignore[import-untyped]  # cfn-lint ships no types

from infra.local.aws.resources import TEMPLATE
from infra.local.aws.template import Json
from infra.local.runner.batches import Filter, matches
from tests.infra.template.conftest import of_type

FUNCTIONS = {"SlackEvents": 10, "Executor": 60, "Notifier": 60, "Finder": 30, "Poller": 60}


def test_cfn_lint_finds_nothing() -> None:
    assert lint_file(TEMPLATE, ManualArgs(regions=["eu-west-1"])) == []


@pytest.mark.parametrize(("name", "timeout"), FUNCTIONS.items())
def test_each_function_has_its_handler_runtime_timeout_role_and_log(
    resources: Json, functions: dict[str, Any], name: str, timeout: int
) -> None:
    function = functions[name]
    module = "slack_events" if name == "SlackEvents" else name.lower()
    assert function["Handler"] == f"bot.entrypoints.{module}.lambda_handler"
    assert (function["Runtime"], function["Architectures"]) == ("python3.13", ["arm64"])
    assert function["Timeout"] == timeout
    assert function["MemorySize"] == (1792 if name == "SlackEvents" else 1024)
    assert function["Role"] == {"Fn::GetAtt": [f"{name}Role", "Arn"]}
    assert function["LoggingConfig"] == {"LogGroup": {"Ref": f"{name}Logs"}}
    assert resources[f"{name}Logs"]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_there_are_these_five_functions_and_no_other(functions: dict[str, Any]) -> None:
    assert set(functions) == set(FUNCTIONS)


def test_the_executor_knows_its_own_timeout(functions: dict[str, Any]) -> None:
    executor = functions["Executor"]
    assert executor["Environment"]["Variables"]["EXECUTOR_TIMEOUT"] == str(executor["Timeout"])


def test_only_two_functions_read_the_stream_and_each_gives_up_into_the_dead_letter_queue(resources: Json) -> None:
    stream = {"Fn::GetAtt": ["DrillTable", "StreamArn"]}
    mappings = of_type(resources, "AWS::Lambda::EventSourceMapping").values()
    readers = [item for item in mappings if item["EventSourceArn"] == stream]
    assert [item["FunctionName"]["Ref"] for item in readers] == ["Executor", "Notifier"]
    for reader in readers:
        assert reader["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert reader["BisectBatchOnFunctionError"] is True
        assert 1 <= reader["MaximumRetryAttempts"] <= 10
        destination = reader["DestinationConfig"]["OnFailure"]["Destination"]
        assert destination == {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}


@pytest.mark.parametrize(
    ("event", "sort_key", "woken"),
    [
        ("INSERT", "OUT#work#0000000001#000", {"Executor"}),
        ("INSERT", "OUT#slack#0000000001#000", {"Notifier"}),
        ("INSERT", "WAKE#slack#2026-03-02T09:00:00Z", {"Notifier"}),
        ("MODIFY", "OUT#work#0000000001#000", set()),
        ("REMOVE", "OUT#slack#0000000001#000", set()),
        ("INSERT", "EVENT#0000000001", set()),
        ("INSERT", "DRILL", set()),
        ("INSERT", "LANE#work", set()),
    ],
)
def test_the_filters_wake_the_lane_that_an_item_belongs_to(
    resources: Json, event: str, sort_key: str, woken: set[str]
) -> None:
    record = {"eventName": event, "dynamodb": {"Keys": {"pk": {"S": "DRILL#1"}, "sk": {"S": sort_key}}}}
    mappings = of_type(resources, "AWS::Lambda::EventSourceMapping").values()
    assert woken == {
        item["FunctionName"]["Ref"]
        for item in mappings
        if "FilterCriteria" in item
        and Filter([entry["Pattern"] for entry in item["FilterCriteria"]["Filters"]]).passes(record)
    }


@pytest.mark.parametrize(("queue", "function"), [("PollQueue", "Poller"), ("WorkQueue", "Executor")])
def test_a_queue_wakes_its_function_and_hides_a_message_six_times_as_long_as_that_may_run(
    resources: Json, functions: dict[str, Any], queue: str, function: str
) -> None:
    mapping = next(
        item
        for item in of_type(resources, "AWS::Lambda::EventSourceMapping").values()
        if item["EventSourceArn"] == {"Fn::GetAtt": [queue, "Arn"]}
    )
    assert mapping["FunctionName"] == {"Ref": function}
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert resources[queue]["Properties"]["VisibilityTimeout"] >= 6 * functions[function]["Timeout"]


def test_work_is_given_up_after_five_receipts_and_an_old_poll_is_forgotten(resources: Json) -> None:
    queues = of_type(resources, "AWS::SQS::Queue")
    dead = {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}
    assert queues["WorkQueue"]["RedrivePolicy"] == {"deadLetterTargetArn": dead, "maxReceiveCount": 5}
    assert "RedrivePolicy" not in queues["PollQueue"]
    assert queues["PollQueue"]["MessageRetentionPeriod"] <= 300
    assert queues["DeadLetterQueue"]["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_each_queue_is_encrypted_at_rest_and_refuses_plain_connections(resources: Json) -> None:
    policies = of_type(resources, "AWS::SQS::QueuePolicy").values()
    for name, queue in of_type(resources, "AWS::SQS::Queue").items():
        assert queue["SqsManagedSseEnabled"] is True
        (policy,) = [item for item in policies if item["Queues"] == [{"Ref": name}]]
        deny = policy["PolicyDocument"]["Statement"][0]
        assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", "sqs:*")
        assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_only_our_rule_may_send_drs_events_into_the_poll_queue(resources: Json) -> None:
    (_, allow) = resources["PollQueuePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert allow["Principal"] == {"Service": "events.amazonaws.com"}
    assert allow["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["DrsEvents", "Arn"]}}}


def test_the_drs_rule_takes_launch_results_and_sends_them_whole(resources: Json) -> None:
    rule = resources["DrsEvents"]["Properties"]
    # AWS: DRS user guide, "Sample events for Elastic Disaster Recovery".
    event = {
        "version": "0",
        "detail-type": "DRS Source Server Launch Result",
        "source": "aws.drs",
        "account": "111122223333",
        "region": "us-west-2",
        "resources": ["arn:aws:drs:us-west-2:111122223333:source-server/s-12345678901234567"],
        "detail": {"state": "RECOVERY_LAUNCH_SUCCEEDED", "job-id": "drsjob-04ca7d0d3fb6afa3e", "is-drill": "TRUE"},
    }
    assert matches(rule["EventPattern"], event)
    assert not matches(rule["EventPattern"], {**event, "detail-type": "DRS PIT Snapshot Taken"})
    assert rule["Targets"] == [{"Id": "poll-queue", "Arn": {"Fn::GetAtt": ["PollQueue", "Arn"]}}]


def test_the_finder_runs_every_minute_and_a_missed_run_is_not_made_up(resources: Json) -> None:
    rule = resources["FinderEveryMinute"]["Properties"]
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    assert rule["Targets"][0]["Arn"] == {"Fn::GetAtt": ["Finder", "Arn"]}
    assert resources["FinderEventInvokeConfig"]["Properties"]["MaximumRetryAttempts"] == 0


def test_the_table_is_as_the_store_expects_and_outlives_the_stack(resources: Json) -> None:
    table = resources["DrillTable"]
    properties = table["Properties"]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert [key["AttributeName"] for key in properties["KeySchema"]] == ["pk", "sk"]
    (index,) = properties["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "unfinished"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["unfinished", "due_at"]
    assert properties["StreamSpecification"] == {"StreamViewType": "KEYS_ONLY"}
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["DeletionProtectionEnabled"] == {"Ref": "DeletionProtection"}


def test_there_is_one_way_in_from_outside(resources: Json) -> None:
    (route,) = of_type(resources, "AWS::ApiGatewayV2::Route").values()
    (integration,) = of_type(resources, "AWS::ApiGatewayV2::Integration").values()
    assert route["RouteKey"] == "POST /slack/events"
    assert integration["PayloadFormatVersion"] == "2.0"
    assert integration["IntegrationUri"] == {"Fn::GetAtt": ["SlackEvents", "Arn"]}
    invokers = of_type(resources, "AWS::Lambda::Permission").values()
    assert all("SourceArn" in item for item in invokers)


def test_each_parameter_says_what_it_is_and_what_it_may_be(transformed: Json) -> None:
    for parameter in transformed["Parameters"].values():
        assert len(parameter["Description"]) > 20
        assert {"AllowedPattern", "AllowedValues", "MaxValue"} & set(parameter)


def test_the_evidence_is_locked_versioned_encrypted_and_nobodys_but_the_owners(resources: Json) -> None:
    bucket = resources["EvidenceBucket"]
    properties = bucket["Properties"]
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert properties["ObjectLockEnabled"] is True
    kept = {"Mode": {"Ref": "EvidenceRetentionMode"}, "Days": {"Ref": "EvidenceRetentionDays"}}
    assert properties["ObjectLockConfiguration"]["Rule"] == {"DefaultRetention": kept}
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    (statement,) = resources["EvidenceBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Deny", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_template_is_within_cloudformations_quotas(transformed: Json) -> None:
    # AWS: CloudFormation quotas; `sam deploy` sends the template by way of S3.
    assert len(json.dumps(transformed)) < 1_000_000
    assert len(transformed["Resources"]) < 500
