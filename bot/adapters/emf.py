"""Figures as CloudWatch's embedded metric format, through powertools: lines of the log that become metrics."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from aws_lambda_powertools import single_metric
from aws_lambda_powertools.metrics import MetricUnit

from bot.application.ports.figures import Measured

NAMESPACE = "drs-drill-bot"
log = logging.getLogger(__name__)


def write(figures: Iterable[Measured]) -> None:
    """Write them (port `Meter`), each with at most one dimension."""
    for each in figures:
        try:
            with single_metric(each.figure, MetricUnit(each.unit), each.value, namespace=NAMESPACE) as metric:
                if each.of:
                    metric.add_dimension(*each.of)
        except Exception:  # a figure that is lost stops nobody
            log.exception("a figure could not be written", extra={"figure": each.figure})
