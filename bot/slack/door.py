"""The door: what of an HTTP API event may reach Bolt at all. Nothing here is trusted; `signature` is what comes next.

Shape of the event: AWS, "Working with AWS Lambda proxy integrations for HTTP APIs", payload format 2.0.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
EVENT, QUESTION = "event_callback", "url_verification"
"""What Slack's Events API sends as JSON: an event, or the question whether this is the address for them."""
MAX_BODY = 1_000_000
"""Characters. Slack sends a clicked message along; with every character escaped that is some 100,000."""
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_TIMESTAMP = re.compile(r"[0-9]{1,11}")
_FIELDS = {"payload", "command", "ssl_check"}
"""Of these Slack's forms have one: an interaction, a slash command, or a look at the certificate."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A form or an event that looks like Slack's. `headers` are by lower-case name."""

    body: str
    headers: Mapping[str, str]

    @property
    def is_command(self) -> bool:
        """Whether it is the form of a slash command (or of a look at the certificate)."""
        return not self.body.startswith("{") and "payload" not in dict(parse_qsl(self.body, keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an event goes no further."""

    status: HTTPStatus
    why: str

    @property
    def response(self) -> dict[str, Any]:
        """The answer, as an HTTP API takes it."""
        body = json.dumps({"error": self.why})
        return {"statusCode": self.status.value, "headers": {"content-type": "application/json"}, "body": body}


def admit(event: Mapping[str, Any]) -> Admitted | Refused:
    """Let a form or an event in, or say why not."""
    method = _method(event)
    if method is None or not isinstance(event.get("isBase64Encoded"), bool):
        return Refused(HTTPStatus.BAD_REQUEST, "not an HTTP API event")
    if method != "POST":
        return Refused(HTTPStatus.METHOD_NOT_ALLOWED, "only POST")
    headers = _headers(event)
    return _refused_headers(headers) or _readable(event, headers)


def _method(event: Mapping[str, Any]) -> str | None:
    request = event.get("requestContext")
    http = request.get("http") if isinstance(request, Mapping) else None
    method = http.get("method") if isinstance(http, Mapping) else None
    return method if isinstance(method, str) else None


def _headers(event: Mapping[str, Any]) -> dict[str, str]:
    given = event.get("headers")
    return {str(name).lower(): str(value) for name, value in given.items()} if isinstance(given, Mapping) else {}


def _refused_headers(headers: Mapping[str, str]) -> Refused | None:
    # Bolt's own between two of its invocations, and not covered by the signature (slack_bolt/request/request.py).
    if any(name.startswith("x-slack-bolt-") for name in headers):
        return Refused(HTTPStatus.BAD_REQUEST, "headers that only the bot itself may send")
    if _content_type(headers) not in {FORM, JSON}:
        return Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "neither a form nor JSON")
    signature, timestamp = headers.get("x-slack-signature", ""), headers.get("x-slack-request-timestamp", "")
    if not _SIGNATURE.fullmatch(signature) or not _TIMESTAMP.fullmatch(timestamp):
        return Refused(HTTPStatus.UNAUTHORIZED, "not signed by Slack")
    return None


def _content_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _readable(event: Mapping[str, Any], headers: Mapping[str, str]) -> Admitted | Refused:
    try:
        body = _body(event)
    except (ValueError, binascii.Error):  # ValueError: not UTF-8
        return Refused(HTTPStatus.BAD_REQUEST, "unreadable body")
    if len(body) > MAX_BODY:
        return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large")
    if _content_type(headers) == JSON:
        is_event = _is_event(body)
        return Admitted(body, headers) if is_event else Refused(HTTPStatus.BAD_REQUEST, "not an event of Slack's")
    # Bolt takes whatever begins with a brace for JSON, whatever its content type says.
    if body.startswith("{") or not _FIELDS & dict(parse_qsl(body, keep_blank_values=True)).keys():
        return Refused(HTTPStatus.BAD_REQUEST, "not a form of Slack's")
    return Admitted(body, headers)


def _is_event(body: str) -> bool:
    try:
        content = json.loads(body) if body.startswith("{") else None
    except (ValueError, RecursionError):
        return False
    if not isinstance(content, dict):
        return False
    event = content.get("event")
    # Bolt looks for a listener by the event's own type, and stumbles where there is none.
    is_named = isinstance(event, dict) and isinstance(event.get("type"), str)
    return content.get("type") == QUESTION or (content.get("type") == EVENT and is_named)


def _body(event: Mapping[str, Any]) -> str:
    body = event.get("body")
    if not isinstance(body, str):
        return ""
    return base64.b64decode(body, validate=True).decode() if event["isBase64Encoded"] else body
