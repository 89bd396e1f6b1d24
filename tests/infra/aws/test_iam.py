"""The rules by which the local stack judges the functions' calls: IAM's, as its user guide has them."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.aws.iam import Asked, CannotJudgeError, Place, Rights, asked_by, rights_of

TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/drills"
HERE = Place("111122223333", "eu-west-1")
KEY = {"pk": {"S": "a"}}


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def rights(*statements: dict[str, Any]) -> Rights:
    return Rights(statements)


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("dynamodb:GetItem", TABLE, True),
        ("DynamoDB:getitem", TABLE, True),
        ("dynamodb:PutItem", TABLE, False),
        ("dynamodb:GetItem", f"{TABLE}/index/unfinished", False),
        ("dynamodb:GetItem", TABLE.replace("drills", "Drills"), False),
        ("dynamodb:GetItem", "*", False),
    ],
)
def test_action_and_resource_must_both_be_named(action: str, resource: str, *, allowed: bool) -> None:
    assert rights(allow(["dynamodb:GetItem"], TABLE)).allow(Asked(action, resource)) is allowed


@pytest.mark.parametrize(
    ("pattern", "resource", "matches"),
    [
        ("arn:aws:drs:*:111122223333:job/*", "arn:aws:drs:eu-west-1:111122223333:job/drsjob-1", True),
        ("arn:aws:drs:*:111122223333:job/*", "arn:aws:drs:eu-west-1:444455556666:job/drsjob-1", False),
        ("secret:a-??????", "secret:a-AbCdEf", True),
        ("secret:a-??????", "secret:a-AbCdEfG", False),
        ("secret:a.b", "secret:axb", False),
        ({"Fn::GetAtt": ["Logs", "Arn"]}, "arn:aws:logs:eu-west-1:111122223333:log-group:x", False),
    ],
)
def test_wildcards_are_iams_and_nothing_else_is_one(pattern: Any, resource: str, *, matches: bool) -> None:
    assert rights(allow("*", pattern)).allow(Asked("a:B", resource)) is matches


def test_a_denial_wins() -> None:
    denied = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    assert not rights(allow("s3:GetObject"), denied).allow(Asked("s3:GetObject", "arn:aws:s3:::b/k"))


@pytest.mark.parametrize(
    ("condition", "context", "holds"),
    [
        ({"Bool": {"aws:ViaAWSService": "true"}}, {}, False),
        ({"Bool": {"aws:ViaAWSService": "true"}}, {"aws:ViaAWSService": "true"}, True),
        ({"Null": {"aws:RequestTag/x": "false"}}, {}, False),
        ({"Null": {"aws:RequestTag/x": "false"}}, {"aws:RequestTag/x": "y"}, True),
        ({"StringEquals": {"k": ["a", "b"]}}, {"k": "b"}, True),
        ({"StringEquals": {"k": ["a", "b"]}}, {"k": "c"}, False),
        ({"StringEquals": {"k": "a"}, "Bool": {"l": "true"}}, {"k": "a"}, False),
        ({"ForAnyValue:StringEquals": {"aws:CalledVia": "drs.amazonaws.com"}}, {}, False),
    ],
)
def test_every_condition_must_hold(condition: Any, context: dict[str, str], *, holds: bool) -> None:
    assert rights(allow("a:B", Condition=condition)).allow(Asked("a:B", "*", context)) is holds


@pytest.mark.parametrize("more", [{"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}, {"NotAction": "x"}])
def test_what_it_does_not_know_is_an_error_and_never_a_yes(more: dict[str, Any]) -> None:
    with pytest.raises(CannotJudgeError):
        rights(allow("a:B", **more)).allow(Asked("a:B"))


def test_a_managed_policy_counts_only_where_its_condition_holds() -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": {}}
    document = {"Statement": [allow("a:B")]}
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Condition": "Wanted", "Properties": {"Roles": [{"Ref": "R"}]}}
    policy["Properties"] |= {"PolicyDocument": document}  # type: ignore[operator]
    template = {"R": role, "P": policy}
    assert rights_of(template, "R", frozenset({"Wanted"})).granted == {"a:B"}
    assert rights_of(template, "R", frozenset()).granted == frozenset()


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "actions"),
    [
        ("dynamodb", "Query", {"TableName": "drills", "IndexName": "u"}, [("dynamodb:Query", f"{TABLE}/index/u")]),
        (
            "dynamodb",
            "TransactWriteItems",
            {
                "TransactItems": [
                    {"Put": {"TableName": "drills", "Item": KEY}},
                    {"Delete": {"TableName": "drills", "Key": KEY}},
                ]
            },
            [("dynamodb:PutItem", TABLE), ("dynamodb:DeleteItem", TABLE)],
        ),
        (
            "sqs",
            "SendMessageBatch",
            {"QueueUrl": "http://127.0.0.1:1/111122223333/work"},
            [("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:work")],
        ),
        ("s3", "ListObjectsV2", {"Bucket": "b", "Prefix": "p"}, [("s3:ListBucket", "arn:aws:s3:::b")]),
        ("s3", "PutObject", {"Bucket": "b", "Key": "k"}, [("s3:PutObject", "arn:aws:s3:::b/k")]),
        ("sts", "GetCallerIdentity", {}, []),
        ("drs", "DescribeJobs", {"filters": {}}, [("drs:DescribeJobs", "*")]),
        (
            "drs",
            "StartRecovery",
            {"sourceServers": [{"sourceServerID": "s-1"}], "tags": {"a": "b"}},
            [
                ("drs:StartRecovery", "arn:aws:drs:eu-west-1:111122223333:source-server/s-1"),
                ("drs:TagResource", "arn:aws:drs:eu-west-1:111122223333:job/drsjob-00000000000000000"),
            ],
        ),
        (
            "ssm",
            "SendCommand",
            {"DocumentName": "AWS-RunShellScript", "InstanceIds": ["i-1"]},
            [
                ("ssm:SendCommand", "arn:aws:ssm:eu-west-1::document/AWS-RunShellScript"),
                ("ssm:SendCommand", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"),
            ],
        ),
    ],
)
def test_a_call_asks_for_its_actions_on_its_resources(
    service: str, operation: str, parameters: dict[str, Any], actions: list[tuple[str, str]]
) -> None:
    assert [(asked.action, asked.resource) for asked in asked_by(service, operation, parameters, HERE)] == actions


def test_a_call_that_is_in_no_table_is_an_error() -> None:
    with pytest.raises(CannotJudgeError):
        asked_by("route53", "ListHostedZones", {}, HERE)
