"""Delays of messages in world time.

ministack would count `DelaySeconds` in wall time. So in a worker the SDK turns it, before a message is sent, into an
attribute with the world time from which on the message may be delivered; the runner holds the message until then, and
takes the attribute off before the function sees the message.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

DELIVER_AT = "LocalDeliverAt"


def delay_on_world_time(now: Callable[[], datetime]) -> None:
    """From here on, clients of boto3's default session turn `DelaySeconds` into `DELIVER_AT`."""

    def single(params: dict[str, Any], **_: object) -> None:
        _stamp(params, now())

    def batch(params: dict[str, Any], **_: object) -> None:
        for entry in params["Entries"]:
            _stamp(entry, now())

    session = boto3.DEFAULT_SESSION = boto3.Session()
    session.events.register("before-parameter-build.sqs.SendMessage", single)
    session.events.register("before-parameter-build.sqs.SendMessageBatch", batch)


def deliver_at(message: Any) -> datetime | None:
    """Take the world time of delivery off a received message, if it carries one."""
    attribute = message.get("MessageAttributes", {}).pop(DELIVER_AT, None)
    return datetime.fromtimestamp(float(attribute["StringValue"]), UTC) if attribute else None


def _stamp(message: dict[str, Any], now: datetime) -> None:
    delay = message.pop("DelaySeconds", 0)
    if delay:
        at = (now + timedelta(seconds=delay)).timestamp()
        attributes = message.setdefault("MessageAttributes", {})
        attributes[DELIVER_AT] = {"DataType": "Number", "StringValue": repr(at)}
