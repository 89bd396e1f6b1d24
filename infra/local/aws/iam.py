"""IAM's rules for identity policies, as far as this project's template uses them, and what each call needs.

Sources: AWS IAM User Guide, "Policy evaluation logic", "JSON policy elements: Condition operators"; Service
Authorization Reference for the actions and resources of each API. What it does not know it refuses loudly: a policy
that uses more, or a call that is in no table, is an error and never a yes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = Any
Context: TypeAlias = Mapping[str, str]
DRS_TAG = "AWSElasticDisasterRecoveryManaged"


class CannotJudgeError(Exception):
    """A policy uses, or a call needs, what is not known here: to guess would be to prove nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One action on one resource, with the context in which it is asked."""

    action: str
    resource: str = "*"
    context: Context = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rights:
    """The statements of a role's policies. Those about a resource that the local stack does not make allow nothing."""

    statements: tuple[Json, ...]

    def allow(self, asked: Asked) -> bool:
        """Whether a statement allows it and none denies it.

        Raises:
            CannotJudgeError: a statement about it uses what is not known here.
        """
        effects = {each["Effect"] for each in self.statements if _is_about(each, asked)}
        return effects == {"Allow"}

    @property
    def granted(self) -> frozenset[str]:
        """The actions that are allowed on anything."""
        return frozenset(action for each in self.statements for action in _listed(each["Action"]))


def rights_of(template: Mapping[str, Json], role: str, conditions: frozenset[str]) -> Rights:
    """What a role of the template may do: its own policies, and the managed ones that name it and are made.

    Args:
        template: the transformed template's resources, with references resolved.
        role: the role's logical id.
        conditions: the template's conditions that hold.
    """
    documents = [policy["PolicyDocument"] for policy in template[role]["Properties"].get("Policies", ())]
    for item in template.values():
        is_made = item.get("Condition") is None or item["Condition"] in conditions
        if item["Type"] == "AWS::IAM::ManagedPolicy" and is_made and {"Ref": role} in item["Properties"]["Roles"]:
            documents.append(item["Properties"]["PolicyDocument"])
    return Rights(tuple(statement for document in documents for statement in document["Statement"]))


def _is_about(statement: Json, asked: Asked) -> bool:
    if set(statement) - {"Sid", "Effect", "Action", "Resource", "Condition"}:
        raise CannotJudgeError(f"policy elements of {statement.get('Sid')}")
    return (
        any(_matches(pattern, asked.action, ignore_case=True) for pattern in _listed(statement["Action"]))
        and any(_matches(pattern, asked.resource) for pattern in _listed(statement["Resource"]))
        and all(_holds(operator, keys, asked.context) for operator, keys in statement.get("Condition", {}).items())
    )


def _listed(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else [value]


def _matches(pattern: Json, value: str, *, ignore_case: bool = False) -> bool:
    """IAM's wildcards: `*` for any characters, `?` for one. A reference that was not resolved matches nothing."""
    if not isinstance(pattern, str):
        return False
    regex = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)
    return re.fullmatch(regex, value, re.IGNORECASE if ignore_case else 0) is not None


def _holds(operator: str, keys: Json, context: Context) -> bool:
    test = _OPERATORS.get(operator)
    if test is None:
        raise CannotJudgeError(f"condition operator {operator}")
    return all(test(context.get(key), _listed(wanted)) for key, wanted in keys.items())


_OPERATORS: Mapping[str, Callable[[str | None, Sequence[str]], bool]] = {
    "StringEquals": lambda value, wanted: value in wanted,
    "ForAnyValue:StringEquals": lambda value, wanted: value in wanted,
    "Bool": lambda value, wanted: (value or "").lower() in {str(each).lower() for each in wanted},
    "Null": lambda value, wanted: str(value is None).lower() in {str(each).lower() for each in wanted},
}


# ---------------------------------------------------------------------- what a call asks for


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call is made."""

    account_id: str
    region: str

    def arn(self, service: str, resource: str, *, account: str | None = None) -> str:
        """An ARN there."""
        return f"arn:aws:{service}:{self.region}:{self.account_id if account is None else account}:{resource}"


def asked_by(service: str, operation: str, parameters: Mapping[str, Json], place: Place) -> list[Asked]:
    """What a call needs.

    Args:
        service: botocore's name of the service.
        operation: the API's.
        parameters: as the client was given them.
        place: account and Region of the caller.

    Raises:
        CannotJudgeError: the call is in no table here.
    """
    found = _BY_SERVICE.get(service)
    if found is None:
        raise CannotJudgeError(f"calls of {service}")
    return list(found(operation, parameters, place))


_WRITES = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}


def _dynamodb(operation: str, parameters: Mapping[str, Json], place: Place) -> Iterator[Asked]:
    """A transaction has no action of its own: each of its writes is asked for (Developer Guide, "IAM")."""
    if operation == "TransactWriteItems":
        for item in parameters["TransactItems"]:
            for verb, write in item.items():
                yield from _dynamodb(_WRITES[verb], write, place)
        return
    table = place.arn("dynamodb", f"table/{parameters['TableName']}")
    index = f"/index/{parameters['IndexName']}" if "IndexName" in parameters else ""
    yield Asked(f"dynamodb:{operation}", f"{table}{index}")


def _sqs(operation: str, parameters: Mapping[str, Json], place: Place) -> Iterator[Asked]:
    queue = parameters["QueueUrl"].rpartition("/")[2]
    yield Asked(f"sqs:{operation.removesuffix('Batch')}", place.arn("sqs", queue))


_OF_S3 = {"ListObjectsV2": "ListBucket", "ListObjectVersions": "ListBucketVersions"}


def _s3(operation: str, parameters: Mapping[str, Json], _place: Place) -> Iterator[Asked]:
    bucket = f"arn:aws:s3:::{parameters['Bucket']}"
    action = _OF_S3.get(operation, "GetObject" if operation == "HeadObject" else operation)
    yield Asked(f"s3:{action}", bucket if operation in _OF_S3 else f"{bucket}/{parameters['Key']}")


def _secrets(operation: str, parameters: Mapping[str, Json], place: Place) -> Iterator[Asked]:
    """Secrets Manager adds six characters of its own to a secret's name."""
    yield Asked(f"secretsmanager:{operation}", place.arn("secretsmanager", f"secret:{parameters['SecretId']}-AbCdEf"))


_OF_ALL = {"DescribeJobs", "DescribeSourceServers", "DescribeRecoveryInstances"}


def _drs(operation: str, parameters: Mapping[str, Json], place: Place) -> Iterator[Asked]:
    action = f"drs:{operation}"
    if operation in _OF_ALL:
        yield Asked(action)
    elif operation == "StartRecovery":
        for server in parameters["sourceServers"]:
            yield Asked(action, place.arn("drs", f"source-server/{server['sourceServerID']}"))
        if parameters.get("tags"):
            yield Asked("drs:TagResource", place.arn("drs", "job/drsjob-00000000000000000"))
    elif operation == "TerminateRecoveryInstances":
        for each in parameters["recoveryInstanceIDs"]:
            yield Asked(action, place.arn("drs", f"recovery-instance/{each}"))
    elif operation == "TagResource":
        yield Asked(action, parameters["resourceArn"])
    else:
        kind, name = ("job", "jobID") if operation == "DescribeJobLogItems" else ("source-server", "sourceServerID")
        yield Asked(action, place.arn("drs", f"{kind}/{parameters[name]}"))


def _ssm(operation: str, parameters: Mapping[str, Json], place: Place) -> Iterator[Asked]:
    """The bot sends commands to what DRS has launched only, which carries DRS's tag."""
    action = f"ssm:{operation}"
    if operation == "SendCommand":
        yield Asked(action, place.arn("ssm", f"document/{parameters['DocumentName']}", account=""))
        for instance in parameters["InstanceIds"]:
            tagged = {f"ssm:resourceTag/{DRS_TAG}": "drs.amazonaws.com"}
            yield Asked(action, place.arn("ec2", f"instance/{instance}"), tagged)
    elif operation == "StartAutomationExecution":
        yield Asked(action, place.arn("ssm", f"automation-definition/{parameters['DocumentName']}:$DEFAULT"))
    elif operation == "GetAutomationExecution":
        yield Asked(action, place.arn("ssm", f"automation-execution/{parameters['AutomationExecutionId']}"))
    else:
        yield Asked(action)


def _sts(operation: str, parameters: Mapping[str, Json], _place: Place) -> Iterator[Asked]:
    """GetCallerIdentity needs no right."""
    if operation != "GetCallerIdentity":
        yield Asked(f"sts:{operation}", parameters["RoleArn"])


def _iam(operation: str, parameters: Mapping[str, Json], _place: Place) -> Iterator[Asked]:
    yield Asked(f"iam:{operation}", parameters["PolicySourceArn"])


def _lambda(_operation: str, parameters: Mapping[str, Json], place: Place) -> Iterator[Asked]:
    name = parameters["FunctionName"]
    yield Asked("lambda:InvokeFunction", name if name.startswith("arn:") else place.arn("lambda", f"function:{name}"))


def _on_all(prefix: str) -> Callable[[str, Mapping[str, Json], Place], Iterator[Asked]]:
    def asked(operation: str, _parameters: Mapping[str, Json], _place: Place) -> Iterator[Asked]:
        yield Asked(f"{prefix}:{operation}")

    return asked


_BY_SERVICE: Mapping[str, Callable[[str, Mapping[str, Json], Place], Iterator[Asked]]] = {
    "drs": _drs,
    "dynamodb": _dynamodb,
    "ec2": _on_all("ec2"),
    "iam": _iam,
    "lambda": _lambda,
    "s3": _s3,
    "secretsmanager": _secrets,
    "service-quotas": _on_all("servicequotas"),
    "sqs": _sqs,
    "ssm": _ssm,
    "sts": _sts,
}
