"""What IAM says of rights, through boto3's SimulatePrincipalPolicy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.domain.rights import Evaluation, Question

_TYPES = {"aws:ViaAWSService": "boolean", "aws:CalledVia": "stringList"}
"""Types of context keys that are no plain text (AWS: global condition context keys; botocore `ContextKeyTypeEnum`)."""


def simulated(iam: Any, principal: str, question: Question) -> Iterator[Evaluation]:
    """IAM's answers to one question about a role or user, each action and resource by itself.

    Args:
        iam: boto3's client for IAM.
        principal: the ARN of the role or user. Of an assumed role, its role's.
        question: what is asked.
    """
    pages = iam.get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn=principal,
        ActionNames=list(question.actions),
        ResourceArns=list(question.resources),
        ContextEntries=[_entry(name, value) for name, value in question.context.items()],
    )
    for page in pages:
        yield from (answer for result in page["EvaluationResults"] for answer in _answers(result))


def role_of(caller_arn: str) -> str | None:
    """The role or user behind a caller (`Arn` of GetCallerIdentity); None: an account's root user, who has no policy.

    A role's path is not in it: a role that has one is not found by this name.
    """
    head, _, name = caller_arn.partition(":assumed-role/")
    if name:
        return f"{head.replace(':sts:', ':iam:')}:role/{name.split('/')[0]}"
    return None if caller_arn.endswith(":root") else caller_arn


def _entry(name: str, value: str) -> dict[str, Any]:
    return {"ContextKeyName": name, "ContextKeyValues": [value], "ContextKeyType": _TYPES.get(name, "string")}


def _answers(result: Mapping[str, Any]) -> Iterable[Evaluation]:
    """One a resource; an answer that is not given by resource is about all of them."""
    action, missing = result["EvalActionName"], tuple(result.get("MissingContextValues", ()))
    if by_resource := result.get("ResourceSpecificResults"):
        return [
            Evaluation(
                action=action,
                resource=each["EvalResourceName"],
                decision=each["EvalResourceDecision"],
                missing=tuple(each.get("MissingContextValues", ())),
            )
            for each in by_resource
        ]
    resource, decision = result.get("EvalResourceName", "*"), result["EvalDecision"]
    return [Evaluation(action=action, resource=resource, decision=decision, missing=missing)]
