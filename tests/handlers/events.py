"""Events as Lambda gets them: DynamoDB stream records, SQS messages, the schedule; and the context beside them.

The shapes are those of the AWS Lambda developer guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from aws_lambda_powertools.utilities.typing import LambdaContext

STREAM_ARN = "arn:aws:dynamodb:eu-west-1:111122223333:table/drills/stream/2026-03-02T09:00:00.000"


@dataclass(frozen=True, slots=True)
class Context:
    """The part of Lambda's context that is read. `left`: milliseconds."""

    function_name: str = "executor"
    memory_limit_in_mb: str = "1024"
    invoked_function_arn: str = "arn:aws:lambda:eu-west-1:111122223333:function:executor"
    aws_request_id: str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
    left: int = 60_000

    def get_remaining_time_in_millis(self) -> int:
        """As Lambda spells it."""
        return self.left


def context(left: int = 60_000) -> LambdaContext:
    """Lambda's context, with so many milliseconds left."""
    return cast("LambdaContext", Context(left=left))


def stream(*keys: tuple[str, str]) -> dict[str, Any]:
    """A batch of INSERTs of a KEYS_ONLY stream; their sequence numbers count from 100."""
    return {"Records": [_insert(number, pk, sk) for number, (pk, sk) in enumerate(keys, start=100)]}


def _insert(number: int, pk: str, sk: str) -> dict[str, Any]:
    return {
        "eventID": f"{number:032x}",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1772442000.0,
            "Keys": {"pk": {"S": pk}, "sk": {"S": sk}},
            "SequenceNumber": str(number),
            "SizeBytes": 62,
            "StreamViewType": "KEYS_ONLY",
        },
        "eventSourceARN": STREAM_ARN,
    }


def work(drill_id: str, number: int = 1) -> tuple[str, str]:
    """The keys of a piece of work."""
    return f"DRILL#{drill_id}", f"OUT#work#0000000001#{number:03}"


def slack(drill_id: str, number: int = 1) -> tuple[str, str]:
    """The keys of a message to be drawn."""
    return f"DRILL#{drill_id}", f"OUT#slack#0000000001#{number:03}"


def queue(*bodies: str, name: str = "work") -> dict[str, Any]:
    """A batch of a queue; the message ids count from `m-0`."""
    return {"Records": [_message(number, body, name) for number, body in enumerate(bodies)]}


def _message(number: int, body: str, name: str) -> dict[str, Any]:
    return {
        "messageId": f"m-{number}",
        "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1772442000000",
            "SenderId": "AIDAIENQZJOLO23YVJ4VO",
            "ApproximateFirstReceiveTimestamp": "1772442000012",
        },
        "messageAttributes": {},
        "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:eu-west-1:111122223333:{name}",
        "awsRegion": "eu-west-1",
    }


def schedule() -> dict[str, Any]:
    """What EventBridge sends each minute."""
    return {
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "111122223333",
        "time": "2026-03-02T14:00:00Z",
        "region": "eu-west-1",
        "resources": ["arn:aws:events:eu-west-1:111122223333:rule/every-minute"],
        "detail": {},
    }


def failures(answer: dict[str, Any]) -> list[str]:
    """Which records an answer reports as failed."""
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]
