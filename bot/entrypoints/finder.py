"""The function that looks round every minute: woken by the schedule."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from bot import bootstrap
from bot.entrypoints.log import logger


@logger.inject_lambda_context
def lambda_handler(_event: dict[str, Any], _context: LambdaContext) -> None:
    """Queue what the coming minute needs; then look up who is in which user group, which may take or fail."""
    under_way = bootstrap.finder().look_round()
    bootstrap.refreshing().refresh(under_way)
