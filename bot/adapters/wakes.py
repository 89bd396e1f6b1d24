"""The two queues between the functions, and what their messages say: written and read in this one place."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

_BATCH = 10
"""SendMessageBatch takes at most ten messages (AWS: SQS quotas)."""


class PollMessage(BaseModel):
    """Poll the jobs of these drills, which are all in one account and Region."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    account_id: str
    region: str
    drills: tuple[str, ...]


class WakeMessage(BaseModel):
    """See what is overdue in a drill and do what its work lane holds."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    drill_id: str


class DrsNotice(BaseModel):
    """An event of DRS's own through EventBridge. It only means: look there now."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: str
    account: str
    region: str


def read_poll(body: str) -> PollMessage | DrsNotice:
    """Read a message of the poll queue.

    Raises:
        ValueError: it is neither the finder's nor DRS's.
    """
    content = json.loads(body)
    notice = isinstance(content, dict) and "detail-type" in content
    return DrsNotice.model_validate(content) if notice else PollMessage.model_validate(content)


@dataclass(frozen=True, slots=True)
class SqsWakes:
    """The finder's end of both queues."""

    sqs: SQSClient
    poll_queue_url: str
    work_queue_url: str

    def poll(self, account_id: str, region: str, drill_ids: Sequence[str], delays: Sequence[timedelta]) -> None:
        """Have the jobs of these drills polled, once after each delay."""
        body = PollMessage(account_id=account_id, region=region, drills=tuple(drill_ids)).model_dump_json()
        self._send(self.poll_queue_url, [(body, delay) for delay in delays])

    def wake(self, drill_id: str, delay: timedelta) -> None:
        """Have a drill looked at after a delay."""
        self._send(self.work_queue_url, [(WakeMessage(drill_id=drill_id).model_dump_json(), delay)])

    def _send(self, queue_url: str, messages: Sequence[tuple[str, timedelta]]) -> None:
        rest = iter(messages)
        while batch := list(islice(rest, _BATCH)):
            entries: list[SendMessageBatchRequestEntryTypeDef] = [
                {"Id": str(n), "MessageBody": body, "DelaySeconds": _whole_seconds(delay)}
                for n, (body, delay) in enumerate(batch)
            ]
            answer = self.sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
            if failed := answer.get("Failed"):
                raise RuntimeError(f"SQS did not take {len(failed)} of {len(entries)} messages: {failed[0]['Code']}")


def _whole_seconds(delay: timedelta) -> int:
    """SQS counts whole seconds. A wake-up that comes too early finds nothing overdue, and the next is a minute off."""
    return math.ceil(delay.total_seconds())
