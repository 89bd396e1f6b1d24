"""Whether instances run and EC2's two status checks have passed: one DescribeInstanceStatus for up to a hundred."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from bot.adapters.check_answers import UNKNOWN_INSTANCE, failed, passed
from bot.domain.checks import Answer, Ask

INSTANCES_OF_A_CALL = 100
"""As many as AWS advises for calls that name instances."""
_NOT_THERE = frozenset({"InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed"})


def look_at_status(ec2: Any, asks: Sequence[Ask]) -> list[Answer]:
    """The state and both status checks of the servers' instances."""
    wanted = [ask.ec2_instance_id for ask in asks if ask.ec2_instance_id]
    seen: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(wanted), INSTANCES_OF_A_CALL):
        seen |= dict(_statuses(ec2, wanted[start : start + INSTANCES_OF_A_CALL]))
    return [_answer(ask, seen) for ask in asks]


def _statuses(ec2: Any, instance_ids: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """EC2 refuses a call that names one instance it does not know: then the halves are asked for by themselves."""
    pages = ec2.get_paginator("describe_instance_status").paginate(
        InstanceIds=list(instance_ids), IncludeAllInstances=True
    )
    try:
        yield from [(each["InstanceId"], each) for page in pages for each in page["InstanceStatuses"]]
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in _NOT_THERE:
            raise
        if len(instance_ids) > 1:
            half = len(instance_ids) // 2
            yield from _statuses(ec2, instance_ids[:half])
            yield from _statuses(ec2, instance_ids[half:])


def _answer(ask: Ask, seen: Mapping[str, Mapping[str, Any]]) -> Answer:
    if ask.ec2_instance_id is None:
        return failed(ask, UNKNOWN_INSTANCE)
    status = seen.get(ask.ec2_instance_id)
    if status is None:
        return failed(ask, f"EC2 does not know instance {ask.ec2_instance_id}.")
    state = status.get("InstanceState", {}).get("Name", "unknown")
    system, instance = (status.get(each, {}).get("Status", "unknown") for each in ("SystemStatus", "InstanceStatus"))
    output = f"state: {state}\nsystem status: {system}\ninstance status: {instance}"
    if (state, system, instance) == ("running", "ok", "ok"):
        return passed(ask, "It runs, and both status checks have passed.", output)
    return failed(ask, f"It is {state}; status checks: system {system}, instance {instance}.", output)
