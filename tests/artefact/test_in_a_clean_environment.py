"""The same recipe for this machine: an artefact runs by itself, with no package and no file of the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_sdk.signature import SignatureVerifier

from infra.artefact import build, imports
from infra.local.aws.resources import TEMPLATE
from infra.local.aws.template import transform

PROGRAMS = Path(__file__).with_name("programs")
EVIDENCE = Path(__file__).parents[1] / "golden" / "evidence" / "passed.json"
SIGNING_SECRET = "of-nobody"
SETTINGS = {
    "ACCOUNT_ID": "111122223333",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_LAMBDA_FUNCTION_NAME": "clean",
    "AWS_REGION": "eu-west-1",
    "AWS_SECRET_ACCESS_KEY": "none",
    "EVIDENCE_BUCKET": "evidence",
    "EXECUTOR_TIMEOUT": "60",
    "POLL_QUEUE_URL": "http://127.0.0.1:9/poll",
    "POWERTOOLS_SERVICE_NAME": "drs-drill-bot",
    "SLACK_API_URL": "http://127.0.0.1:9/",
    "SLACK_BOT_TOKEN": "xoxb-of-nobody",
    "SLACK_SECRET_NAME": "drs-drill-bot/slack",
    "SLACK_SIGNING_SECRET": SIGNING_SECRET,
    "TABLE_NAME": "drills",
    "WORK_QUEUE_URL": "http://127.0.0.1:9/work",
}
SLOWEST = 6.0
"""Seconds that a handler's import may take here, on two busy cores. Lambda allows a cold start ten."""
Built = Callable[[str], Path]
FUNCTIONS = transform(TEMPLATE.read_text(), "eu-west-1")["Resources"]
HANDLERS: dict[str, str] = {
    name: found["Properties"]["Handler"]
    for name, found in FUNCTIONS.items()
    if found["Type"] == "AWS::Lambda::Function"
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The artefact of a function; all but the executor's are alike."""
    made: dict[bool, Path] = {}

    def artefact(function: str) -> Path:
        has_documents = function == "Executor"
        if has_documents not in made:
            made[has_documents] = tmp_path_factory.mktemp(function)
            build(function, made[has_documents], None)
        return made[has_documents]

    return artefact


def run(artefact: Path, program: str, *arguments: str) -> str:
    """The last line that a program prints which sees the standard library and the artefact, as on Lambda."""
    code = f"import sys; sys.path.insert(0, {str(artefact)!r})\n{(PROGRAMS / program).read_text()}"
    python = [sys.executable, "-I", "-S", "-B", "-c", code, *arguments]
    done = subprocess.run(python, env=SETTINGS, cwd=os.sep, check=False, capture_output=True, text=True)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("function", sorted(HANDLERS))
def test_each_handler_is_imported_from_its_artefact_in_good_time(
    built: Built, function: str, record_property: Callable[[str, object], None]
) -> None:
    took = imports(built(function), HANDLERS[function])
    record_property("seconds", took)
    assert took < SLOWEST


def test_a_signed_command_is_answered(built: Built) -> None:
    body = urlencode(
        {
            "command": "/drs",
            "text": "help",
            "user_id": "U0ADA00001",
            "team_id": "T0DRILLS01",
            "channel_id": "C0DRILLS01",
            "response_url": "http://127.0.0.1:9/",
            "trigger_id": "1.1",
        }
    )
    timestamp = str(int(time.time()))
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=timestamp, body=body),
    }
    event = {
        "version": "2.0",
        "requestContext": {"http": {"method": "POST", "path": "/slack/events"}, "requestId": "1"},
        "headers": headers,
        "body": body,
        "isBase64Encoded": False,
    }
    answer = ask(built("SlackEvents"), event)
    assert answer["statusCode"] == HTTPStatus.OK
    assert "/drs drill" in answer["body"]
    headers["x-slack-signature"] = "v0=" + "0" * 64
    assert ask(built("SlackEvents"), event)["statusCode"] == HTTPStatus.UNAUTHORIZED


def ask(artefact: Path, event: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(artefact, "answer.py", json.dumps(event)))
    return answer


def test_every_client_that_the_bot_makes_can_be_made(built: Built) -> None:
    """The artefact leaves out the models of services that are not called."""
    assert run(built("Executor"), "clients.py") == "made"


def test_a_report_can_be_made(built: Built) -> None:
    assert run(built("Executor"), "documents.py", str(EVIDENCE)) == "b'%PDF-' b'PNG'"
