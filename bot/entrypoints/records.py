"""Unpacking batches of stream and queue records, and reporting which of them failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from bot.adapters import emf
from bot.application.ports.figures import Figure, Measured
from bot.domain.errors import UnreadableDrill
from bot.entrypoints.log import logger

Answer = dict[str, Any]
_PREFIX = "DRILL#"
_MARGIN = timedelta(seconds=3)
"""Kept free at the end of an invocation, for saving and answering."""


def time_left(context: LambdaContext) -> Callable[[], timedelta]:
    """How long the invocation may still run."""
    return lambda: timedelta(milliseconds=context.get_remaining_time_in_millis()) - _MARGIN


def for_each_drill(event: dict[str, Any], context: LambdaContext, use: Callable[[str], None]) -> Answer:
    """Call `use` with each drill id in a batch of stream records, once. A stream record is only a wake-up."""
    seen: set[str] = set()

    def handle(record: DynamoDBRecord) -> None:
        keys = record.dynamodb.keys if record.dynamodb else {}
        drill_id = str(keys["pk"]).removeprefix(_PREFIX)
        if drill_id not in seen:
            seen.add(drill_id)
            with_log_key(drill_id, use)

    return _partial(event, context, EventType.DynamoDBStreams, handle)


def for_each_message(event: dict[str, Any], context: LambdaContext, use: Callable[[str], None]) -> Answer:
    """Call `use` with the body of each queue message."""

    def handle(record: SQSRecord) -> None:
        use(record.body)

    return _partial(event, context, EventType.SQS, handle)


def with_log_key(drill_id: str, use: Callable[[str], None]) -> None:
    """Call `use` with a drill's id, which is then on every line of the log; one that cannot be read is left out."""
    logger.append_keys(drill_id=drill_id)
    try:
        use(drill_id)
    except UnreadableDrill as broken:  # delivered again it would be no better, and hold up those behind it
        logger.exception("a drill is left as it is: %s", broken.why)
        emf.write([Measured(Figure.UNREADABLE, 1)])
    finally:
        logger.remove_keys(["drill_id"])


def _partial(event: dict[str, Any], context: LambdaContext, kind: EventType, handle: Callable[..., None]) -> Answer:
    logger.set_correlation_id(context.aws_request_id)
    processor = BatchProcessor(event_type=kind, raise_on_entire_batch_failure=False)

    def handle_logged(record: Any) -> None:
        try:
            handle(record)
        except Exception:  # told here with its traceback, since the batch processor only counts it as failed
            logger.exception("a record failed; it will be delivered again")
            raise

    answer = process_partial_response(event=event, record_handler=handle_logged, processor=processor, context=context)
    return dict(answer)
