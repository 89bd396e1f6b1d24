"""The way of every call: its fault, its form, the account, the operation, the fate of its reply; then on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from infra.local.drs import describe, recovery, shapes, tagging
from infra.local.drs.errors import DrsError, invalid, uninitialized
from infra.local.drs.faults import LostReply
from infra.local.drs.models import Call, DrsBackend

Operation = Callable[[DrsBackend, Mapping[str, Any], datetime], dict[str, Any]]

OPERATIONS: Mapping[str, Operation] = {
    "DescribeJobLogItems": describe.describe_job_log_items,
    "DescribeJobs": describe.describe_jobs,
    "DescribeRecoveryInstances": describe.describe_recovery_instances,
    "DescribeRecoverySnapshots": describe.describe_recovery_snapshots,
    "DescribeSourceServers": describe.describe_source_servers,
    "GetLaunchConfiguration": describe.get_launch_configuration,
    "ListTagsForResource": tagging.list_tags_for_resource,
    "StartRecovery": recovery.start_recovery,
    "TagResource": tagging.tag_resource,
    "TerminateRecoveryInstances": recovery.terminate_recovery_instances,
    "UntagResource": tagging.untag_resource,
}


class ReplyChecks:
    """Whether replies are checked against botocore's model before they leave. It costs time: tests switch it on."""

    on: ClassVar[bool] = False


def check_replies(*, on: bool) -> None:
    """Check each reply against botocore's model from now on, or no longer."""
    ReplyChecks.on = on


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation gave, and whether the caller gets to see it."""

    result: dict[str, Any]
    lost: LostReply | None


def perform(backend: DrsBackend, call: Call) -> Answer:
    """Carry out one call, and record it with its outcome. The caller holds the backend's lock.

    Raises:
        DrsError: the error that DRS answers with.
        ReplyOffModelError: the reply does not fit the model (only with `check_replies`).
    """
    try:
        answer = _perform(backend, call)
    except DrsError as error:
        backend.calls.append(replace(call, outcome=error.code))
        raise
    backend.calls.append(replace(call, reply_lost=answer.lost is not None))
    return answer


def _perform(backend: DrsBackend, call: Call) -> Answer:
    backend.faults.raise_for(call.operation)
    wrong = shapes.request_violations(call.operation, call.parameters)
    if wrong:
        raise invalid(wrong)
    if not backend.initialized and shapes.can_fail_with(call.operation, "UninitializedAccountException"):
        raise uninitialized()
    result = OPERATIONS[call.operation](backend, call.parameters, call.at)
    if ReplyChecks.on:
        shapes.check_reply(call.operation, result)
    return Answer(result, backend.faults.lost_reply(call.operation))
