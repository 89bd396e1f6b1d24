"""An HTTP API as API Gateway is one: each route calls its function with a payload of version 2.0.

AWS: API Gateway developer guide, "Create AWS Lambda proxy integrations for HTTP APIs". Which bodies count as binary AWS
does not say; measured (ministackorg/ministack, pull request 766): text/*, application/json, application/xml and
application/javascript come as text, all others as base64, Slack's forms included.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from infra.local.aws.template import Json
from infra.local.runner.deployment import Route
from infra.local.runner.functions import Function
from infra.local.runner.worker_process import FunctionError

TEXT = ("application/json", "application/xml", "application/javascript")


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as it came over the wire."""

    method: str
    target: str
    protocol: str
    headers: Mapping[str, str]
    body: bytes
    source_ip: str


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response; header names may repeat."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def event_of(request: Request, route: Route, account_id: str, api_id: str = "local") -> Json:
    """The event that the function gets for a request."""
    url = urlsplit(request.target)
    now = datetime.now(UTC)
    event: dict[str, Json] = {
        "version": "2.0",
        "routeKey": f"{route.method} {route.path}",
        "rawPath": url.path,
        "rawQueryString": url.query,
        "headers": {name: value for name, value in request.headers.items() if name != "cookie"},
        "requestContext": {
            "accountId": account_id,
            "apiId": api_id,
            "domainName": request.headers.get("host", ""),
            "domainPrefix": api_id,
            "http": {
                "method": request.method,
                "path": url.path,
                "protocol": request.protocol,
                "sourceIp": request.source_ip,
                "userAgent": request.headers.get("user-agent", ""),
            },
            "requestId": uuid.uuid4().hex[:15],
            "routeKey": f"{route.method} {route.path}",
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    if "cookie" in request.headers:
        event["cookies"] = [cookie.strip() for cookie in request.headers["cookie"].split(";")]
    if url.query:
        event["queryStringParameters"] = _query(url.query)
    if request.body:
        event |= _body(request)
    return event


def response_of(result: Any) -> Response:
    """The HTTP response that a function's return value means; without a statusCode the value itself is the body."""
    if not isinstance(result, dict) or "statusCode" not in result:
        text = result if isinstance(result, str) else json.dumps(result)
        return Response(200, (("content-type", "application/json"),), text.encode())
    text = result.get("body") or ""
    body = base64.b64decode(text) if result.get("isBase64Encoded") else text.encode()
    headers = [(name.lower(), str(value)) for name, value in (result.get("headers") or {}).items()]
    headers += [("set-cookie", cookie) for cookie in result.get("cookies") or []]
    if body and "content-type" not in dict(headers):
        headers.append(("content-type", "text/plain;charset=UTF-8"))
    return Response(int(result["statusCode"]), tuple(headers), body)


def _query(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        values[name] = f"{values[name]},{value}" if name in values else value
    return values


def _body(request: Request) -> dict[str, Json]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("text/") or kind in TEXT:
        return {"body": request.body.decode(), "isBase64Encoded": False}
    return {"body": base64.b64encode(request.body).decode(), "isBase64Encoded": True}


def _message(status: int, text: str) -> Response:
    return Response(status, (("content-type", "application/json"),), json.dumps({"message": text}).encode())


@dataclass(slots=True)
class Gateway:
    """The template's routes on a loopback port."""

    routes: Mapping[tuple[str, str], tuple[Route, Function]]
    account_id: str
    _server: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = False  # so that `close` waits for the requests under way

    @property
    def url(self) -> str:
        """Where it listens, without a path."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def threads(self) -> list[Thread]:
        """The thread that accepts requests, until `stop`."""
        return [Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})]

    def stop(self) -> None:
        """Accept no more requests."""
        self._server.shutdown()

    def close(self) -> None:
        """Wait for the requests under way and let go of the port."""
        self._server.server_close()

    def answer(self, request: Request) -> Response:
        """What API Gateway answers: the function's response, 404 without a route, 500 when the function fails."""
        found = self.routes.get((request.method, urlsplit(request.target).path))
        if found is None:
            return _message(404, "Not Found")
        route, function = found
        try:
            return response_of(function.invoke(event_of(request, route, self.account_id)))
        except FunctionError:
            return _message(500, "Internal Server Error")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                response = gateway.answer(self._request())
                self.send_response_only(response.status)
                for name, value in response.headers:
                    self.send_header(name, value)
                self.send_header("content-length", str(len(response.body)))
                self.end_headers()
                self.wfile.write(response.body)

            do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815  the base class finds them by these names

            def _request(self) -> Request:
                headers: dict[str, str] = {}
                for name, value in self.headers.items():
                    key = name.lower()
                    headers[key] = f"{headers[key]},{value}" if key in headers else value
                forwarded = {"x-forwarded-for": self.client_address[0], "x-forwarded-proto": "https"}
                body = self.rfile.read(int(headers.get("content-length", 0)))
                headers |= {**forwarded, "x-forwarded-port": "443", "x-amzn-trace-id": f"Root=1-{uuid.uuid4().hex}"}
                return Request(self.command, self.path, self.request_version, headers, body, self.client_address[0])

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
                """Say nothing: the functions have logs of their own."""

        return Handler
