"""The simulated Slack as an HTTP server on loopback: Web API, uploads and response_urls.

    with SlackServer(small_workspace("ada", "grace")) as slack:
        client = WebClient(token=slack.state.app.bot_token, base_url=slack.api_url)
        slack.request_url = "http://127.0.0.1:3000/slack/events"
        person(slack, "ada").command("/drs", "drill payments", channel="dr-drills")
        lines = transcript(slack.state, "dr-drills")

`state` holds what can be seen, `state.feed` what happens, `faults` what is to go wrong, `calls()` what the app asked.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

from werkzeug.wrappers import Request, Response

from infra.local.loopback import LoopbackServer
from infra.local.slack.errors import SlackRefusal
from infra.local.slack.faults import Faults, Outage
from infra.local.slack.feed import Clock
from infra.local.slack.methods.files import UPLOAD_PATH
from infra.local.slack.rate_limits import RateLimits
from infra.local.slack.response_urls import answer_response_url
from infra.local.slack.responses import ConnectionCut
from infra.local.slack.state import SlackState
from infra.local.slack.web_api import ApiCall, WebApi
from infra.local.slack.workspace import Workspace

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

RESPONSE_URL_KINDS = ("commands", "actions", "app")


class SlackServer:
    """A running Slack. It listens from construction on; stop it with `stop()` or by leaving the `with` block.

    Args:
        workspace: who and what is there.
        rate_limits: whether Slack's rate limits hold.
        clock: seconds for timestamps, trigger ids and response_urls. Wall time, but for tests.
        rate_clock: seconds for the rate limits, if other than `clock` (a local run may use world time here).
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        rate_limits: bool = True,
        clock: Clock = time.time,
        rate_clock: Clock | None = None,
    ) -> None:
        self.state = SlackState(workspace, clock)
        self.faults = Faults()
        self.request_url: str | None = None
        """The bot's address, to which people's commands, clicks and events go."""
        limits = RateLimits(rate_clock or clock) if rate_limits else None
        self._web_api = WebApi(self.state, self.faults, limits)
        self._http = LoopbackServer(self._wsgi, name="slack")
        self._web_api.base_url = self.url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The server's address, without a slash at the end."""
        return self._http.url

    @property
    def api_url(self) -> str:
        """`base_url` for a slack_sdk WebClient; the bot's SLACK_API_URL."""
        return f"{self.url}/api/"

    def calls(self, method: str | None = None) -> list[ApiCall]:
        """Every Web API call so far; of one method if asked."""
        return self._web_api.calls(method)

    def stop(self) -> None:
        """Stop listening and let every follower of the feed go; harmless when done before."""
        self._http.stop()
        self.state.feed.close()

    def _wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        request.get_data()
        try:
            return self._answer(request)(environ, start_response)
        except ConnectionCut:
            with contextlib.suppress(OSError):
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise

    def _answer(self, request: Request) -> Response:
        outage = self.faults.outage
        if outage is Outage.CONNECTION_CLOSED:
            raise ConnectionCut
        if outage is Outage.HTTP_ERROR:
            return Response("Service Unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
        area, _, rest = request.path.lstrip("/").partition("/")
        if area == "api":
            return self._web_api.answer(rest, request)
        if area in RESPONSE_URL_KINDS:
            return answer_response_url(self.state, rest.rpartition("/")[2], request)
        if request.path.startswith(UPLOAD_PATH):
            return self._take_upload(request.path.removeprefix(UPLOAD_PATH), request)
        return Response("Not Found", HTTPStatus.NOT_FOUND)

    def _take_upload(self, file_id: str, request: Request) -> Response:
        parts = list(request.files.values()) if request.mimetype == "multipart/form-data" else []
        body = parts[0].read() if parts else request.get_data()
        try:
            self.state.files.receive(file_id, body)
        except SlackRefusal:
            return Response("Not Found", HTTPStatus.NOT_FOUND)
        return Response(f"OK - {len(body)}", content_type="text/plain")
