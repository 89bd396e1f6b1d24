"""One DynamoDB table: the calls, their retries, and what their errors mean. The stores share it."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError

from bot.adapters.dynamodb_requests import Item, Request, stamp, text
from bot.application.ports.storage import StoreUnavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

UNFINISHED = "unfinished"
"""The sparse index's name, its hash attribute's name; the hash itself is the constant `1`."""
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Upper bounds, in seconds, of the pauses between attempts: together they fit into a click's three seconds."""
_CONFLICTS = {"TransactionConflict", "TransactionConflictException"}
_THROTTLES = {
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingError",
    "ThrottlingException",
    "TransactionInProgressException",
}
_REFUSED = "ConditionalCheckFailed"
_SERVER_ERROR = 500


def wall_clock() -> datetime:
    """Wall time: replay keys expire by it, since the age of a signature is wall time too."""
    return datetime.now(UTC)


class ConditionFailed(Exception):
    """The item is not as the write wants it; `item` is what is there instead, empty if nothing is."""

    def __init__(self, item: Item) -> None:
        self.item = item
        super().__init__("an item is not as expected")


class Contended(StoreUnavailable):
    """Other transactions kept touching the same items."""

    def __init__(self) -> None:
        super().__init__("other transactions keep touching the same items", retryable=True)


class _TransactionRefused(Exception):
    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = codes
        super().__init__(f"conditions failed: {codes}")


@dataclass(frozen=True, slots=True)
class Write:
    """One write of a transaction.

    Attributes:
        means: what is raised when its condition does not hold. An unconditional write never needs it.
    """

    verb: Literal["Put", "Update", "Delete"]
    request: Request
    means: Exception | None = None


class Table:
    """A table, by client and name. Its methods raise `StoreUnavailable` when DynamoDB cannot be had.

    Args:
        client: made by the caller, whose time-outs and own retries must fit the function it serves.
        name: the table's.
        sleep: pauses between attempts, in seconds.
        chance: a number from 0 to 1, which spreads the pauses of those who collided.
    """

    def __init__(
        self,
        client: DynamoDBClient,
        name: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._client = client
        self._name = name
        self._sleep = sleep
        self._chance = chance

    def get(self, key: Item) -> Item | None:
        """The item, as it is now."""
        found = self._call(self._client.get_item, TableName=self._name, Key=key, ConsistentRead=True)
        item: Item | None = found.get("Item")
        return item

    def starting(self, pk: str, prefix: str) -> tuple[Item, ...]:
        """The items of a partition whose sort keys start so, in their order, all pages."""
        return tuple(self._starting(pk, prefix))

    def newest(self, pk: str, prefix: str, limit: int) -> tuple[Item, ...]:
        """The last `limit` (from 1) of them, in reverse order: one page, unless they are very large."""
        return tuple(islice(self._starting(pk, prefix, ScanIndexForward=False, Limit=limit), limit))

    def _starting(self, pk: str, prefix: str, **more: Any) -> Iterator[Item]:
        values = {":pk": text(pk), ":prefix": text(prefix)}
        condition = "pk = :pk AND begins_with(sk, :prefix)"
        return self._query(
            KeyConditionExpression=condition, ExpressionAttributeValues=values, ConsistentRead=True, **more
        )

    def unfinished(self, until: datetime | None) -> tuple[Item, ...]:
        """What the index of unfinished things holds, soonest first; with `until`, only what is due by then."""
        condition, values = "unfinished = :one", {":one": text("1")}
        if until:
            condition, values = f"{condition} AND due_at <= :until", {**values, ":until": text(stamp(until))}
        return tuple(
            self._query(IndexName=UNFINISHED, KeyConditionExpression=condition, ExpressionAttributeValues=values)
        )

    def _query(self, **parameters: Any) -> Iterator[Item]:
        while True:
            page = self._call(self._client.query, TableName=self._name, **parameters)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            parameters["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def put(self, request: Request) -> None:
        """Write one item.

        Raises:
            ConditionFailed: with the item that is there instead.
        """
        self._write(self._client.put_item, request)

    def update(self, request: Request) -> None:
        """Change one item. Raises as `put`."""
        self._write(self._client.update_item, request)

    def delete(self, request: Request) -> None:
        """Remove one item. Raises as `put`."""
        self._write(self._client.delete_item, request)

    def _write(self, operation: Callable[..., Any], request: Request) -> None:
        self._call(operation, TableName=self._name, ReturnValuesOnConditionCheckFailure="ALL_OLD", **request)

    def transact(self, writes: Sequence[Write]) -> None:
        """Make all of the writes or none.

        All attempts carry one token: should an answer be lost after the writes were made, the next attempt is answered
        like the first and changes nothing (AWS: TransactWriteItems, ClientRequestToken, valid for ten minutes).

        Raises:
            Exception: the first write's `means` whose condition does not hold.
            Contended: other transactions kept touching the same items.
        """
        items = [{write.verb: {"TableName": self._name, **write.request}} for write in writes]
        try:
            self._call(self._client.transact_write_items, TransactItems=items, ClientRequestToken=uuid.uuid4().hex)
        except _TransactionRefused as refused:
            codes = zip(writes, refused.codes, strict=True)
            raise next(write.means for write, code in codes if code == _REFUSED and write.means) from refused

    def _call(self, operation: Callable[..., Any], **parameters: Any) -> Any:
        pauses = iter(PAUSES)
        while True:
            try:
                return operation(**parameters)
            except (ClientError, NoConnectionError, HTTPClientError) as error:
                meaning, pause = _meaning(error), next(pauses, None)
                if pause is None or not isinstance(meaning, StoreUnavailable) or not meaning.retryable:
                    raise meaning from error
                self._sleep(pause * self._chance())


def _meaning(error: ClientError | NoConnectionError | HTTPClientError) -> Exception:
    if not isinstance(error, ClientError):
        return StoreUnavailable(str(error), retryable=True)
    response: dict[str, Any] = {**error.response}
    code = response["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        return ConditionFailed(response.get("Item", {}))
    reasons = [reason["Code"] for reason in response.get("CancellationReasons", ())]
    if _REFUSED in reasons:
        return _TransactionRefused(reasons)
    codes = set(reasons) - {"None"} or {code}
    if codes <= _CONFLICTS:
        return Contended()
    failed_itself = response["ResponseMetadata"]["HTTPStatusCode"] >= _SERVER_ERROR
    return StoreUnavailable(str(error), retryable=failed_itself or codes <= _CONFLICTS | _THROTTLES)
