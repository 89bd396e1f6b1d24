"""The function that keeps Slack equal to the drills: woken by the table's stream, Slack lane."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from bot import bootstrap
from bot.entrypoints.records import Answer, for_each_drill, time_left


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> Answer:
    """Bring the messages of the drills that the records name up to date."""
    notifier, left = bootstrap.notifier(), time_left(context)
    return for_each_drill(event, context, lambda drill_id: notifier.drain(drill_id, left))
