"""Each function may do what it does, and no more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from infra.local.aws.resources import TEMPLATE
from infra.local.aws.template import Json
from tests.infra.template.conftest import of_type

# AWS: Service Authorization Reference, actions without resource types.
NO_RESOURCE = {
    "dynamodb:ListStreams",
    "drs:DescribeJobs",
    "drs:DescribeSourceServers",
    "drs:DescribeRecoveryInstances",
    "drs:ListTagsForResource",
    "servicequotas:ListAWSDefaultServiceQuotas",
    "servicequotas:ListServiceQuotas",
    "ssm:DescribeInstanceInformation",
    "ssm:ListCommandInvocations",
    "ssm:ListCommands",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}
# AWS: Service Authorization Reference, dependent actions of StartRecovery and TerminateRecoveryInstances.
DEPENDENT_ACTIONS = {
    "drs:CreateRecoveryInstanceForDrs",
    "drs:DescribeSourceServers",
    "drs:ListTagsForResource",
    "ec2:AttachVolume",
    "ec2:AuthorizeSecurityGroupEgress",
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:CreateLaunchTemplate",
    "ec2:CreateLaunchTemplateVersion",
    "ec2:CreateSnapshot",
    "ec2:CreateTags",
    "ec2:CreateVolume",
    "ec2:DeleteLaunchTemplateVersions",
    "ec2:DeleteSnapshot",
    "ec2:DeleteVolume",
    "ec2:DescribeAccountAttributes",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceAttribute",
    "ec2:DescribeInstanceStatus",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInstances",
    "ec2:DescribeLaunchTemplateVersions",
    "ec2:DescribeLaunchTemplates",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSnapshots",
    "ec2:DescribeSubnets",
    "ec2:DescribeVolumes",
    "ec2:DetachVolume",
    "ec2:ModifyInstanceAttribute",
    "ec2:ModifyLaunchTemplate",
    "ec2:RevokeSecurityGroupEgress",
    "ec2:RunInstances",
    "ec2:StartInstances",
    "ec2:StopInstances",
    "ec2:TerminateInstances",
    "iam:PassRole",
}


def statements(resources: Json, role: str) -> list[dict[str, Any]]:
    (policy,) = resources[role]["Properties"]["Policies"]
    found: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return found


def launch_statements(resources: Json) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = resources["LaunchInOwnAccount"]["Properties"]["PolicyDocument"]["Statement"]
    return found


def verify_statements(resources: Json) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = resources["VerifyInOwnAccount"]["Properties"]["PolicyDocument"]["Statement"]
    return found


def every_statement(resources: Json) -> Iterator[dict[str, Any]]:
    for role in of_type(resources, "AWS::IAM::Role"):
        yield from statements(resources, role)
    yield from launch_statements(resources)
    yield from verify_statements(resources)


def actions(statement: dict[str, Any]) -> set[str]:
    return {statement["Action"]} if isinstance(statement["Action"], str) else set(statement["Action"])


def may(resources: Json, role: str) -> set[str]:
    return {action for statement in statements(resources, role) for action in actions(statement)}


def test_each_role_serves_one_function_and_only_lambda_may_take_it(resources: Json, functions: dict[str, Any]) -> None:
    roles = of_type(resources, "AWS::IAM::Role")
    assert sorted(item["Role"]["Fn::GetAtt"][0] for item in functions.values()) == sorted(roles)
    for role in roles.values():
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_no_right_is_a_wildcard(resources: Json) -> None:
    granted = {action for statement in every_statement(resources) for action in actions(statement)}
    assert [action for action in granted if "*" in action] == []


def test_every_resource_is_named_unless_the_action_knows_none(resources: Json) -> None:
    for statement in every_statement(resources):
        if statement["Resource"] == "*":
            unexpected = actions(statement) - NO_RESOURCE
            assert all(re.match(r"ec2:(Describe(?!InstanceAttribute)|Get)", action) for action in unexpected)


def test_each_statement_says_why_it_is_there() -> None:
    lines = TEMPLATE.read_text().splitlines()
    sids = [number for number, line in enumerate(lines) if re.match(r"\s+- Sid: ", line)]
    policies = [number for number in sids if number > lines.index("  SlackEventsRole:")]
    assert len(policies) > 30
    assert [lines[number] for number in policies if not lines[number - 1].lstrip().startswith("# ")] == []


def test_nobody_but_the_executor_may_launch_or_terminate_and_not_if_told_so(resources: Json) -> None:
    for role in of_type(resources, "AWS::IAM::Role"):
        assert not {action for action in may(resources, role) if re.match(r"drs:(Start|Terminate|Create)|ec2:", action)}
    policy = resources["LaunchInOwnAccount"]
    assert policy["Properties"]["Roles"] == [{"Ref": "ExecutorRole"}]
    assert policy["Condition"] == "DrillsOwnAccount"


def test_nobody_may_disconnect_a_server_or_change_how_it_launches(resources: Json) -> None:
    granted = {action for statement in every_statement(resources) for action in actions(statement)}
    assert {action for action in granted if action.startswith("drs:")} == {
        "drs:CreateRecoveryInstanceForDrs",
        "drs:DescribeJobLogItems",
        "drs:DescribeJobs",
        "drs:DescribeRecoveryInstances",
        "drs:DescribeRecoverySnapshots",
        "drs:DescribeSourceServers",
        "drs:GetLaunchConfiguration",
        "drs:ListTagsForResource",
        "drs:StartRecovery",
        "drs:TagResource",
        "drs:TerminateRecoveryInstances",
    }


def test_drs_gets_all_that_aws_says_it_needs_of_its_caller(resources: Json) -> None:
    granted = {action for statement in launch_statements(resources) for action in actions(statement)}
    assert granted >= DEPENDENT_ACTIONS


def test_what_changes_ec2_is_allowed_only_through_drs(resources: Json) -> None:
    for statement in launch_statements(resources):
        changes = {action for action in actions(statement) if re.match(r"ec2:(?!Describe|Get)", action)}
        if changes:
            condition = statement["Condition"]
            assert condition.get("Bool") == {"aws:ViaAWSService": "true"} or condition.get(
                "ForAnyValue:StringEquals"
            ) == {"aws:CalledVia": "drs.amazonaws.com"}
        if "iam:PassRole" in actions(statement):
            assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}


def test_only_who_talks_to_slack_reads_its_secret(resources: Json) -> None:
    roles = of_type(resources, "AWS::IAM::Role")
    readers = {role for role in roles if "secretsmanager:GetSecretValue" in may(resources, role)}
    assert readers == {"SlackEventsRole", "NotifierRole", "FinderRole", "ExecutorRole"}


def test_evidence_is_put_and_read_and_never_deleted_or_unlocked(resources: Json) -> None:
    touched = {role: sorted(a for a in may(resources, role) if a.startswith("s3:")) for role in roles_of(resources)}
    assert {role: actions for role, actions in touched.items() if actions} == {
        "ExecutorRole": ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
        "NotifierRole": ["s3:GetObject"],
    }


def roles_of(resources: Json) -> list[str]:
    return list(of_type(resources, "AWS::IAM::Role"))


def test_each_function_may_do_to_the_table_what_it_does_and_no_more(resources: Json) -> None:
    """Read, save (a transaction is checked write by write), and take work out of a lane; the finder reads and wakes."""
    read, save = {"GetItem", "Query"}, {"PutItem", "UpdateItem"}
    streams = {"DescribeStream", "GetShardIterator", "GetRecords", "ListStreams"}
    consumer = read | save | {"DeleteItem"} | streams
    granted = {
        role: {action.removeprefix("dynamodb:") for action in may(resources, role) if action.startswith("dynamodb:")}
        for role in of_type(resources, "AWS::IAM::Role")
    }
    assert granted == {
        "SlackEventsRole": read | save,
        "ExecutorRole": consumer,
        "NotifierRole": consumer,
        "FinderRole": read | {"PutItem"},
        "PollerRole": read | save,
    }


def test_only_who_asks_what_is_unfinished_reads_the_index(resources: Json) -> None:
    """A command's answer and an App Home list the drills under way; the finder and the poller look for work."""
    index = {"Fn::Sub": "${DrillTable.Arn}/index/unfinished"}
    readers = {
        role: actions(statement)
        for role in of_type(resources, "AWS::IAM::Role")
        for statement in statements(resources, role)
        if statement["Resource"] == index
    }
    assert set(readers) == {"SlackEventsRole", "NotifierRole", "FinderRole", "PollerRole"}
    assert set().union(*readers.values()) == {"dynamodb:Query"}


def test_no_function_may_send_to_the_queue_that_it_reads(resources: Json) -> None:
    for role in of_type(resources, "AWS::IAM::Role"):
        read, written = (
            [str(statement["Resource"]) for statement in statements(resources, role) if action in actions(statement)]
            for action in ("sqs:ReceiveMessage", "sqs:SendMessage")
        )
        assert not [queue for queue in read if any(queue in target for target in written)]


def test_policies_are_within_iams_limits(resources: Json) -> None:
    # AWS: IAM quotas, in characters without white space: 6,144 a managed policy, 10,240 all inline policies of a role.
    def size(document: Json) -> int:
        return len(re.sub(r"\s", "", json.dumps(document)))

    assert size(resources["LaunchInOwnAccount"]["Properties"]["PolicyDocument"]) < 6144
    for role in of_type(resources, "AWS::IAM::Role").values():
        assert size(role["Policies"]) < 10_240


def test_commands_run_only_on_what_drs_has_launched(resources: Json) -> None:
    sends = [each for each in verify_statements(resources) if each["Action"] == "ssm:SendCommand"]
    documents, instances = sends
    assert ":document/" in json.dumps(documents["Resource"])
    assert ":instance/" in json.dumps(instances["Resource"])
    tag = "ssm:resourceTag/AWSElasticDisasterRecoveryManaged"
    assert instances["Condition"] == {"StringEquals": {tag: "drs.amazonaws.com"}}


def test_checks_through_ssm_are_allowed_only_where_somebody_has_said_so(resources: Json) -> None:
    assert resources["VerifyInOwnAccount"]["Condition"] == "ChecksOwnAccount"
    assert of_type(resources, "AWS::IAM::ManagedPolicy").keys() == {"LaunchInOwnAccount", "VerifyInOwnAccount"}
