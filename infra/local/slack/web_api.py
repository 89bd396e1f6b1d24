"""The Web API end of the simulated Slack: token, limits, faults, then the method itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Request, Response

from infra.local.slack.arguments import Arguments, arguments_of, token_of
from infra.local.slack.errors import SlackRefusal, too_many
from infra.local.slack.faults import Fault, FaultKind, Faults, Outage
from infra.local.slack.findings import Json
from infra.local.slack.methods import METHODS, Method
from infra.local.slack.rate_limits import RateLimits
from infra.local.slack.responses import ConnectionCut, json_response
from infra.local.slack.state import SlackState


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call that reached the server: its arguments (without the token), and how it was answered.

    `error` is empty when all went well; `reply_lost` when it was done but the app was not told.
    """

    method: str
    arguments: Mapping[str, Any]
    status: int
    error: str
    at: float
    reply_lost: bool = False


@dataclass(slots=True)
class WebApi:
    """Answers `/api/<method>`. `rate_limits` None switches the limits off."""

    state: SlackState
    faults: Faults
    rate_limits: RateLimits | None
    base_url: str = ""
    _calls: list[ApiCall] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def calls(self, method: str | None = None) -> list[ApiCall]:
        """Every call so far, in the order of their answers; of one method if asked."""
        with self._lock:
            return [call for call in self._calls if method in (None, call.method)]

    def answer(self, name: str, request: Request) -> Response:
        """Answer one call. Raises ConnectionCut when the answer is to be a closed connection."""
        try:
            method, arguments = self._admit(name, request)
        except SlackRefusal as refusal:
            return self._refuse(name, Arguments({}), refusal)
        try:
            self._hold_up(name, method, arguments)
            body = method.answer(self.state, arguments)
        except SlackRefusal as refusal:
            return self._refuse(name, arguments, refusal)
        lost = self.faults.take(FaultKind.REPLY_LOST, name)
        self._note(name, arguments, HTTPStatus.OK, reply_lost=lost is not None)
        return _lose(lost) if lost else json_response({"ok": True, **self._with_address(body)})

    def _admit(self, name: str, request: Request) -> tuple[Method, Arguments]:
        if name not in METHODS:
            raise SlackRefusal("unknown_method")
        token = token_of(request)
        if not token:
            raise SlackRefusal("not_authed")
        if token != self.state.app.bot_token:
            raise SlackRefusal("invalid_auth")
        return METHODS[name], arguments_of(request, json_allowed=METHODS[name].takes_json)

    def _hold_up(self, name: str, method: Method, arguments: Arguments) -> None:
        if fault := self.faults.take(FaultKind.RATE_LIMITED, name):
            raise too_many(fault.retry_after)
        if fault := self.faults.take(FaultKind.REFUSED, name):
            raise SlackRefusal(fault.error)
        if self.rate_limits:
            wait = self.rate_limits.wait_for(name, method.tier, arguments.text("channel") or "")
            if wait is not None:
                raise too_many(wait)

    def _refuse(self, name: str, arguments: Arguments, refusal: SlackRefusal) -> Response:
        status = HTTPStatus.OK if refusal.retry_after is None else HTTPStatus.TOO_MANY_REQUESTS
        self._note(name, arguments, status, refusal.error)
        body: Json = {"ok": False, "error": refusal.error}
        if refusal.problems:
            body["errors"] = list(refusal.problems)
            body["response_metadata"] = {"messages": [f"[ERROR] {problem}" for problem in refusal.problems]}
        response = json_response(body, status)
        if refusal.retry_after is not None:
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response

    def _with_address(self, body: Json) -> Json:
        path = body.get("upload_url")
        return {**body, "upload_url": f"{self.base_url}{path}"} if path else body

    def _note(
        self, name: str, arguments: Arguments, status: HTTPStatus, error: str = "", *, reply_lost: bool = False
    ) -> None:
        with self._lock:
            self._calls.append(ApiCall(name, arguments.values, status, error, time.time(), reply_lost))


def _lose(fault: Fault) -> Response:
    if fault.how is Outage.CONNECTION_CLOSED:
        raise ConnectionCut
    return Response("Internal Server Error", HTTPStatus.INTERNAL_SERVER_ERROR)
