"""The message about a batch of stream records that Lambda gave up: where it is in the stream, not what it was."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from infra.local.aws.template import Json


def given_up(records: Sequence[Json], function_arn: str, stream_arn: str, invocations: int) -> Json:
    """As AWS words it: Lambda developer guide, "Retain discarded records for a DynamoDB event source"."""
    changes = [record["dynamodb"] for record in records]
    return {
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": f"{function_arn}:$LATEST",
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": invocations,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "DDBStreamBatchInfo": {
            "shardId": "shardId-00000000000000000000-00000000",
            "startSequenceNumber": changes[0]["SequenceNumber"],
            "endSequenceNumber": changes[-1]["SequenceNumber"],
            "approximateArrivalOfFirstRecord": _instant(changes[0]),
            "approximateArrivalOfLastRecord": _instant(changes[-1]),
            "batchSize": len(records),
            "streamArn": stream_arn,
        },
    }


def _instant(change: Json) -> str:
    return datetime.fromtimestamp(change["ApproximateCreationDateTime"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
