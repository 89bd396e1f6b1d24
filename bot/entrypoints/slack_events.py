"""The function behind the HTTP API: slash commands, buttons, forms and shortcuts."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from bot import bootstrap
from bot.entrypoints.log import logger
from bot.slack.app import answer


@logger.inject_lambda_context(correlation_id_path="requestContext.requestId")
def lambda_handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answer one request of Slack's."""
    return answer(bootstrap.slack_events(), event)
