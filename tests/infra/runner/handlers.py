"""Real handlers for the runner's tests: they note what they got, and what they do is said in what they get.

`fail`: this record fails, every time; `fail-once`: the first time. `raise`, `raise-once`: the whole batch does.
`hang-once`: the first time, the handler does not come back.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3

NOTES = Path(os.environ["NOTES"])
clock: list[Callable[[], datetime]] = []


def use_world_clock(now: Callable[[], datetime]) -> None:
    clock.append(now)


def slack_events(event: dict[str, Any], context: Any) -> Any:
    note(context, event)
    body = base64.b64decode(event["body"]).decode() if event["isBase64Encoded"] else event.get("body", "")
    if body == "context":
        return {key: getattr(context, key) for key in ("function_name", "memory_limit_in_mb", "invoked_function_arn")}
    if body == "remaining":
        return context.get_remaining_time_in_millis()
    if body == "environment":
        return dict(os.environ)
    if body == "raise":
        sys.stdout.write("about to raise\n")
        raise RuntimeError("as told")
    if body == "hang":
        threading.Event().wait()
    if body == "meet":
        wait_for_notes(2)
    if body.startswith("send "):
        send(json.loads(body.removeprefix("send ")))
    return {"statusCode": 202, "headers": {"X-Seen": "yes"}, "cookies": ["a=1", "b=2"], "body": "seen"}


def executor(event: dict[str, Any], context: Any) -> Any:
    failed = obey(event, context)
    return {"batchItemFailures": [{"itemIdentifier": item} for item in failed]}


def notifier(event: dict[str, Any], context: Any) -> None:
    obey(event, context)


def finder(event: dict[str, Any], context: Any) -> None:
    note(context, event)


def poller(event: dict[str, Any], context: Any) -> None:
    note(context, event)


def obey(event: dict[str, Any], context: Any) -> list[str]:
    before = note_path(context.function_name).read_text() if note_path(context.function_name).exists() else ""
    note(context, event)
    failed = []
    for record in event["Records"]:
        order = record["dynamodb"]["Keys"]["sk"]["S"] if "dynamodb" in record else record["body"]
        identifier = record["dynamodb"]["SequenceNumber"] if "dynamodb" in record else record["messageId"]
        if order.endswith("-once") and identifier in before:
            continue
        if "raise" in order:
            raise RuntimeError(order)
        if "hang" in order:
            threading.Event().wait()
        if "fail" in order:
            failed.append(identifier)
    return failed


def send(order: dict[str, Any]) -> None:
    sqs = boto3.client("sqs")
    url = os.environ["POLL_QUEUE_URL"]
    if order["batch"]:
        entry = {"Id": "1", "MessageBody": order["body"], "DelaySeconds": order["delay"]}
        sqs.send_message_batch(QueueUrl=url, Entries=[entry])  # type: ignore[list-item]  # a plain dict will do
    else:
        sqs.send_message(QueueUrl=url, MessageBody=order["body"], DelaySeconds=order["delay"])


def note(context: Any, event: dict[str, Any]) -> None:
    line = {"event": event, "at": clock[-1]().isoformat(), "pid": os.getpid()}
    with note_path(context.function_name).open("a") as notes:
        notes.write(json.dumps(line) + "\n")


def note_path(function: str) -> Path:
    return NOTES / f"{function}.jsonl"


def wait_for_notes(count: int) -> None:
    pause = threading.Event()
    while note_path("slack_events").read_text().count('"meet"') < count:
        pause.wait(0.01)
