"""The part of the composition root that puts evidence together: used by `bootstrap`, and for nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from bot.adapters.dynamodb import DynamoDbStore
from bot.adapters.dynamodb_outbox import DynamoDbOutbox
from bot.adapters.dynamodb_table import Table
from bot.application.ports import Clock
from bot.settings import ExecutorSettings

if TYPE_CHECKING:
    from bot.adapters.s3_shelf import S3Shelf
    from bot.application.earlier import EarlierDrills
    from bot.application.reporting import Reporting
    from bot.domain.evidence import Evidence

QUICK = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 3})
"""For DynamoDB, S3, SQS and Secrets Manager, which answer in milliseconds: a click must end within 3 s."""


def reporting(settings: ExecutorSettings, table: Table, token: Callable[[], str], clock: Clock) -> Reporting:
    """What makes reports and anchors. `token`: gives the bot token in force, when somebody is to be looked up."""
    from bot.adapters.slack_profiles import SlackProfiles
    from bot.application.reporting import Reporting

    return Reporting(
        store=DynamoDbStore(table),
        outbox=DynamoDbOutbox(table),
        earlier=earlier_drills(table),
        shelf=shelf(settings.evidence_bucket),
        profiles=SlackProfiles(token, settings.slack_api_url),
        draw=_draw_timeline,
        write=_write_report,
        clock=clock,
    )


def earlier_drills(table: Table) -> EarlierDrills:
    """What earlier drills of a plan have left."""
    from bot.adapters.dynamodb_results import DynamoDbResults
    from bot.application.earlier import EarlierDrills

    return EarlierDrills(DynamoDbStore(table), DynamoDbResults(table))


def shelf(bucket: str) -> S3Shelf:
    """The evidence bucket."""
    from bot.adapters.s3_shelf import S3Shelf

    return S3Shelf(boto3.client("s3", config=QUICK), bucket)


def _draw_timeline(evidence: Evidence) -> bytes:
    """Import matplotlib only now, and in the executor alone: it takes a second."""
    from bot.documents.timeline import timeline_picture

    return timeline_picture(evidence)


def _write_report(evidence: Evidence) -> bytes:
    from bot.documents.report import report

    return report(evidence)
