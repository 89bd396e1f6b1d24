"""What the checks ask IAM about is what the template grants: else a sound installation would be warned, or worse."""

from __future__ import annotations

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

import pytest

from bot.domain.rights import Question, questions
from infra.local.aws.template import Json
from tests.infra.template.test_template_rights import actions, launch_statements

ACCOUNT, REGION = "123456789012", "eu-west-1"
KNOWN = {"${AWS::Partition}": "aws", "${AWS::AccountId}": ACCOUNT, "${AWS::Region}": REGION}
QUESTIONS = questions("aws", ACCOUNT, REGION, "s-3c1730a9e0771ea14")


def patterns(statement: dict[str, Any]) -> list[str]:
    resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
    written = [each if isinstance(each, str) else each.get("Fn::Sub", "") for each in resources]
    for name, value in KNOWN.items():
        written = [each.replace(name, value) for each in written]
    return written


def holds(condition: Json, context: dict[str, str]) -> bool:
    """The four operators that the template uses."""
    checks: dict[str, Callable[[str, Any], bool]] = {
        "Bool": lambda key, value: context.get(key) == value,
        "Null": lambda key, value: (key not in context) is json.loads(value),
        "StringEquals": lambda key, value: context.get(key) in (value if isinstance(value, list) else [value]),
        "ForAnyValue:StringEquals": lambda key, value: context.get(key) == value,
    }
    return all(checks[operator](key, value) for operator, pairs in condition.items() for key, value in pairs.items())


def granted(resources: Json, action: str, resource: str, context: dict[str, str]) -> bool:
    return any(
        action in actions(statement)
        and any(fnmatchcase(resource, pattern) for pattern in patterns(statement))
        and holds(statement.get("Condition", {}), context)
        for statement in launch_statements(resources)
    )


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.actions[0])
def test_each_right_that_is_asked_for_is_granted_on_each_resource(resources: Json, question: Question) -> None:
    refused = [
        (action, resource)
        for action in question.actions
        for resource in question.resources
        if not granted(resources, action, resource, dict(question.context))
    ]
    assert refused == []


def test_without_drs_in_between_nothing_of_ec2_is_granted(resources: Json) -> None:
    for question in QUESTIONS:
        for action in question.actions:
            if action.startswith("ec2:"):
                assert not any(granted(resources, action, resource, {}) for resource in question.resources)
