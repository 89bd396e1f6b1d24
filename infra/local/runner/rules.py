"""EventBridge's rules for events: a matching event goes, whole, to the rule's queues."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.local.aws.template import Json
from infra.local.runner.batches import matches
from infra.local.runner.deployment import Rule

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class EventRules:
    """The default event bus with the template's rules on it."""

    rules: Sequence[Rule]
    queues: SQSClient

    def put(self, event: Mapping[str, Json]) -> int:
        """Put an event on the bus; to how many queues it went."""
        arns = [arn for rule in self.rules if _matches(rule, event) for arn in rule.queue_arns]
        for arn in arns:
            url = self.queues.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"]
            self.queues.send_message(QueueUrl=url, MessageBody=json.dumps(event))
        return len(arns)


def _matches(rule: Rule, event: Mapping[str, Json]) -> bool:
    if rule.pattern is None:
        return False
    return matches(rule.pattern, event)
