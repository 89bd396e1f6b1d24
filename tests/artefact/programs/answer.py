"""Prints what the ingress answers to the event of its first argument."""

import json
import sys
import types
from typing import Any

from bot.entrypoints.slack_events import lambda_handler

context: Any = types.SimpleNamespace(
    function_name="clean",
    memory_limit_in_mb=1792,
    invoked_function_arn="arn:aws:lambda:eu-west-1:111122223333:function:clean",
    aws_request_id="1",
    get_remaining_time_in_millis=lambda: 3000,
)
print(json.dumps(lambda_handler(json.loads(sys.argv[1]), context)))
