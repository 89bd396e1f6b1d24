"""What streams and queues have in common: which records wake a function, and which of a batch failed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from moto.events.models import EventPattern, EventPatternParser

from infra.local.aws.template import Json
from infra.local.runner.deployment import EventSource
from infra.local.runner.functions import Function
from infra.local.runner.worker_process import FunctionError


class Filter:
    """The filter criteria of an event source mapping: a record passes when one pattern matches, or if there is none."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = [json.loads(text) for text in patterns]

    def passes(self, record: Json) -> bool:
        """Whether `record`, in the shape the function would get it, wakes the function."""
        return not self._patterns or any(matches(pattern, _with_parsed_body(record)) for pattern in self._patterns)


def matches(pattern: Json, event: Json) -> bool:
    """Whether an event pattern, EventBridge's and Lambda's alike, fits `event`; moto knows how.

    Raises:
        moto.events.exceptions.InvalidEventPatternException: it is no pattern.
    """
    text = json.dumps(pattern)
    return EventPattern(text, EventPatternParser(text).parse()).matches_event(event)


def failed_items(function: Function, source: EventSource, records: Sequence[Json], ids: Sequence[str]) -> set[str]:
    """Invoke the function with a batch; the ids of the records that it did not do.

    AWS: Lambda developer guide, "Configuring partial batch response": nothing reported is success, an item that is
    none of the batch makes the whole batch fail, and so does an error.
    """
    try:
        response = function.invoke({"Records": list(records)})
    except FunctionError:
        return set(ids)
    if not source.partial_failures:
        return set()
    reported = _reported(response)
    return set(ids) if reported - set(ids) else reported


def _reported(response: Any) -> set[str]:
    failures = (response or {}).get("batchItemFailures") or []
    return {str(item.get("itemIdentifier")) for item in failures}


def _with_parsed_body(record: Json) -> Json:
    # A queue's filter looks into a body that is JSON (AWS: "Using event filtering with an Amazon SQS event source").
    try:
        return {**record, "body": json.loads(record["body"])}
    except (KeyError, ValueError):
        return record
