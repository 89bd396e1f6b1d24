"""The function that follows DRS jobs: woken by the poll queue, through which DRS's own events come too."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from bot import bootstrap
from bot.adapters.wakes import DrsNotice, read_poll
from bot.entrypoints.records import Answer, for_each_message


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> Answer:
    """Look at the jobs that the messages name."""
    poller = bootstrap.poller()

    def poll(body: str) -> None:
        message = read_poll(body)
        if isinstance(message, DrsNotice):
            poller.poll_place(message.account, message.region)
        else:
            poller.poll(message.drills)

    return for_each_message(event, context, poll)
