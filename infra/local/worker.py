"""One Lambda execution environment: a process that imports a handler and gives it one event at a time.

Started by `infra.local.runner.functions` as `python -m infra.local.worker FD HANDLER CLOCK_HOOK`, with the function's
environment. Over the socket FD come JSON objects: `{"clock": …}` first and whenever the speed changes, `{"event": …,
"context": …}` for an invocation. Back go `{"ready": true}` once, then `{"result": …}` or `{"error": …}` for each.

When the socket closes, because the stack ends or has died, the process ends at once, in mid-invocation too.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

from infra.local.clock import ClockReading
from infra.local.runner.delays import delay_on_world_time
from infra.local.runner.guarded import guard_calls


@dataclass(slots=True)
class WorldTime:
    """World time as the stack last told it."""

    reading: ClockReading

    def now(self) -> datetime:
        """World time now, in UTC."""
        return self.reading.now()


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler gets beside the event (AWS: Lambda developer guide, "Python context object")."""

    function_name: str
    memory_limit_in_mb: str
    aws_request_id: str
    invoked_function_arn: str
    deadline: float
    function_version: str = "$LATEST"
    log_group_name: str = field(default_factory=lambda: os.environ["AWS_LAMBDA_LOG_GROUP_NAME"])
    log_stream_name: str = field(default_factory=lambda: os.environ["AWS_LAMBDA_LOG_STREAM_NAME"])
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        """Wall time until the function is killed, in ms."""
        return max(0, int((self.deadline - time.time()) * 1000))


def main(descriptor: int, handler: str, clock_hook: str) -> None:
    """Serve invocations until the socket closes."""
    stack = Connection(descriptor)
    clock = WorldTime(ClockReading(**json.loads(stack.recv_bytes())["clock"]))
    invocations: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=listen, args=(stack, clock, invocations), daemon=True).start()
    guard_calls()  # first: what comes next makes boto3's default session
    delay_on_world_time(clock.now)
    try:
        attribute(clock_hook)(clock.now)
        function = attribute(handler)
    except Exception as error:  # noqa: BLE001  as in Lambda, whatever stops the import is the answer
        send(stack, failure(error))
        return
    send(stack, {"ready": True})
    while True:
        send(stack, invoke(function, **invocations.get()))


def listen(stack: Connection, clock: WorldTime, invocations: queue.Queue[dict[str, Any]]) -> None:
    """Take what the stack sends, also while the handler runs; leave when it is gone."""
    while True:
        try:
            message = json.loads(stack.recv_bytes())
        except (EOFError, OSError):
            os._exit(0)
        if "clock" in message:
            clock.reading = ClockReading(**message["clock"])
        else:
            invocations.put(message)


def invoke(function: Callable[[Any, Context], Any], event: Any, context: dict[str, Any]) -> dict[str, Any]:
    """Call the handler, and say what it returned or raised."""
    try:
        result = function(event, Context(**context))
        json.dumps(result)  # what is not JSON is the handler's error, as in Lambda
    except Exception as error:  # noqa: BLE001  as in Lambda, whatever the handler raises is the answer
        return failure(error)
    return {"result": result}


def failure(error: Exception) -> dict[str, Any]:
    """An error as Lambda reports it; its traceback also goes to the log."""
    traceback.print_exception(error)
    frames = traceback.format_tb(error.__traceback__)
    return {"error": {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": frames}}


def attribute(path: str) -> Callable[..., Any]:
    """The function that `package.module.name` means."""
    module, _, name = path.rpartition(".")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def send(stack: Connection, message: dict[str, Any]) -> None:
    """Write one message; leave when nobody reads."""
    sys.stdout.flush()
    try:
        stack.send_bytes(json.dumps(message).encode())
    except OSError:
        os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
