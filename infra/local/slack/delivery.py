"""Requests from Slack to an app: signed, sent, and their answer taken within Slack's three seconds."""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from slack_sdk.signature import SignatureVerifier

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
ACK_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class SentRequest:
    """Exactly what went over the wire, so that it can be sent again."""

    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app said: `status` None when it said nothing, and then `failure` is why ("timeout", "unreachable")."""

    status: int | None
    body: str = ""
    failure: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Tampering:
    """How a request differs from what Slack would send.

    `secret` signs with another secret (a forgery), `age` dates it so many seconds back, `body` and `content_type`
    replace what is sent (and are signed), `headers` are added unsigned.
    """

    secret: str | None = None
    age: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str | None = None


UNTOUCHED = Tampering()


def signed_request(url: str, body: bytes, content_type: str, secret: str, tampering: Tampering) -> SentRequest:
    """A request as Slack signs it: v0, HMAC-SHA256 over timestamp and raw body, on wall time."""
    body = body if tampering.body is None else tampering.body
    timestamp = str(int(time.time() - tampering.age))
    signature = SignatureVerifier(tampering.secret or secret).generate_signature(timestamp=timestamp, body=body)
    headers = {
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "Accept": "application/json,*/*",
        "Accept-Encoding": "gzip,deflate",
        "Content-Type": tampering.content_type or content_type,
        "Content-Length": str(len(body)),
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature or "",
        **tampering.headers,
    }
    return SentRequest(url, tuple(headers.items()), body)


def deliver(request: SentRequest, timeout: float = ACK_SECONDS) -> Answer:
    """Send a request and wait at most `timeout` seconds for the answer."""
    address = urlsplit(request.url)
    target = address.path + (f"?{address.query}" if address.query else "")
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=timeout)
    started = time.monotonic()
    try:
        connection.request("POST", target or "/", request.body, dict(request.headers))
        reply = connection.getresponse()
        body = reply.read().decode("utf-8", "replace")
        return Answer(reply.status, body, seconds=time.monotonic() - started)
    except TimeoutError:
        return Answer(None, failure="timeout", seconds=time.monotonic() - started)
    except (OSError, http.client.HTTPException) as cause:
        return Answer(None, failure=f"unreachable: {cause}", seconds=time.monotonic() - started)
    finally:
        connection.close()
