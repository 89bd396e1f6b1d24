"""What is asked of IAM before a drill: whether a launch and the cleanup after it would be allowed.

A launch is two things: the bot's own calls, and what DRS then does in EC2 with the bot's rights. A gap in the second
shows minutes later, as the failed launch of one server. The actions are the dependent actions of StartRecovery and
TerminateRecoveryInstances (AWS: Service Authorization Reference); the context is what the conditions of AWS's own
AWSElasticDisasterRecoveryConsoleFullAccess_v2 look at. AWS publishes no minimal set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import Field

from bot.domain.model import Frozen

ITS_TAG = "AWSElasticDisasterRecoveryManaged"
"""What DRS makes in EC2 carries this tag."""
_THROUGH_DRS = {"aws:ViaAWSService": "true", "aws:CalledVia": "drs.amazonaws.com"}
_ITS_OWN = {
    **_THROUGH_DRS,
    f"aws:RequestTag/{ITS_TAG}": "drs.amazonaws.com",
    f"aws:ResourceTag/{ITS_TAG}": "drs.amazonaws.com",
}
ANY = "0" * 17
"""Stands for an id that nothing has."""


class Question(Frozen):
    """Actions, asked of each of the resources with one context (names of context keys to their values)."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    context: Mapping[str, str] = Field(default={})


class Evaluation(Frozen):
    """IAM's answer for one action on one resource.

    Attributes:
        decision: `allowed`, `implicitDeny` or `explicitDeny` (botocore `PolicyEvaluationDecisionType`).
        missing: context keys that policies look at, and that IAM was not given.
    """

    action: str
    resource: str
    decision: str
    missing: tuple[str, ...] = ()


def questions(partition: str, account_id: str, region: str, server_id: str) -> tuple[Question, ...]:
    """All that is asked; of the servers one stands for all, and of what is yet to be made an id that nothing has."""
    place = f"arn:{partition}:{{service}}:{region}:{account_id}:{{kind}}/"
    return (*_own_calls(place, server_id), *_calls_of_drs(place, partition, account_id, region))


def _own_calls(place: str, server_id: str) -> Iterator[Question]:
    for actions, kind, name in (
        (("drs:StartRecovery", "drs:CreateRecoveryInstanceForDrs"), "source-server", server_id),
        (("drs:TagResource",), "job", f"drsjob-{ANY}"),
        (("drs:TerminateRecoveryInstances",), "recovery-instance", f"i-{ANY}"),
    ):
        yield Question(actions=actions, resources=(place.format(service="drs", kind=kind) + name,))


def _calls_of_drs(place: str, partition: str, account_id: str, region: str) -> Iterator[Question]:
    ec2 = {kind: place.format(service="ec2", kind=kind) + f"{prefix}-{ANY}" for kind, prefix in _KINDS.items()}
    image = f"arn:{partition}:ec2:{region}::image/ami-{ANY}"
    for actions, kinds in _ON_ITS_OWN:
        named = tuple(f"ec2:{action}" for action in actions)
        yield Question(actions=named, resources=tuple(ec2[kind] for kind in kinds), context=_ITS_OWN)
    yield Question(
        actions=("ec2:RunInstances",),
        resources=(image, ec2["subnet"], ec2["security-group"], ec2["network-interface"], ec2["launch-template"]),
        context=_THROUGH_DRS,
    )
    # Staging volumes carry other tags than DRS's own.
    yield Question(actions=("ec2:DeleteVolume", "ec2:DetachVolume"), resources=(ec2["volume"],), context=_THROUGH_DRS)
    tagging = {**_ITS_OWN, "ec2:CreateAction": "RunInstances"}
    yield Question(actions=("ec2:CreateTags",), resources=(ec2["instance"], ec2["volume"]), context=tagging)
    roles = f"arn:{partition}:iam::{account_id}:role/service-role/AWSElasticDisasterRecovery"
    yield Question(
        actions=("iam:PassRole",),
        resources=(f"{roles}ConversionServerRole", f"{roles}RecoveryInstanceRole"),
        context={"iam:PassedToService": "ec2.amazonaws.com"},
    )


_KINDS = {
    "instance": "i",
    "launch-template": "lt",
    "network-interface": "eni",
    "security-group": "sg",
    "snapshot": "snap",
    "subnet": "subnet",
    "volume": "vol",
}
_ON_ITS_OWN: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("RunInstances", "AttachVolume", "DetachVolume"), ("instance", "volume")),
    (("StartInstances", "StopInstances", "TerminateInstances", "ModifyInstanceAttribute"), ("instance",)),
    (("CreateVolume",), ("volume",)),
    (("CreateSnapshot", "DeleteSnapshot"), ("snapshot",)),
    (
        ("CreateLaunchTemplate", "CreateLaunchTemplateVersion", "DeleteLaunchTemplateVersions", "ModifyLaunchTemplate"),
        ("launch-template",),
    ),
    (
        ("AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupEgress"),
        ("security-group",),
    ),
)
"""Actions of EC2, and the kinds of DRS's own resources that they are about."""
