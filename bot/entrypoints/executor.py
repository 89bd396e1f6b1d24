"""The function that does the work lane: woken by the table's stream, and by the finder through the work queue."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from bot import bootstrap
from bot.adapters.wakes import WakeMessage
from bot.entrypoints.records import Answer, for_each_drill, for_each_message, time_left, with_log_key


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> Answer:
    """Do what is due in the drills that the records name."""
    executor, left = bootstrap.executor(), time_left(context)
    if event["Records"][0]["eventSource"] == "aws:dynamodb":
        return for_each_drill(event, context, lambda drill_id: executor.drain(drill_id, left))

    def wake(body: str) -> None:
        message = WakeMessage.model_validate_json(body)
        with_log_key(message.drill_id, lambda drill_id: executor.wake(drill_id, left))

    return for_each_message(event, context, wake)
