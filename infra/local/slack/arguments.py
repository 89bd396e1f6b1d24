"""The arguments of a Web API call, however they were sent: query, form, multipart or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request

from infra.local.slack.errors import SlackRefusal, missing
from infra.local.slack.findings import Json

TRUE = (True, "1", "true", "True", 1)


@dataclass(frozen=True, slots=True)
class Arguments:
    """A call's arguments. A JSON body gives real values, a form strings: the accessors take both."""

    values: Mapping[str, Any]

    def text(self, name: str) -> str | None:
        """A string, or None when absent. Numbers in JSON are taken as their digits, as Slack does."""
        value = self.values.get(name)
        return None if value is None else str(value)

    def required(self, name: str) -> str:
        """A string that must be there; refuses with invalid_arguments."""
        value = self.text(name)
        if not value:
            raise missing(name)
        return value

    def flag(self, name: str) -> bool:
        """True when sent as true, 1, "1" or "true"."""
        return self.values.get(name) in TRUE

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to `most`; refuses with invalid_limit."""
        value = self.values.get(name)
        if value in (None, ""):
            return default
        if not str(value).isdigit() or int(value) < 1:
            raise SlackRefusal("invalid_limit")
        return min(int(value), most)

    def structure(self, name: str, error: str) -> Any:
        """A JSON value, sent as itself in a JSON body or as a string in any body; None when absent or empty.

        Refuses with `error` when it is a string that is not JSON.
        """
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as cause:
            raise SlackRefusal(error) from cause


def arguments_of(request: Request, *, json_allowed: bool) -> Arguments:
    """Read a request. A JSON body to a method that takes only forms counts for nothing, as with the real API.

    Refuses with invalid_json or json_not_object.
    """
    values: Json = {**request.args.to_dict(), **request.form.to_dict()}
    if request.mimetype == "application/json" and json_allowed:
        values.update(_json_body(request.get_data()))
    values.pop("token", None)
    return Arguments(values)


def token_of(request: Request) -> str | None:
    """The token: a Bearer header, or the `token` parameter of a query or form."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ").strip()
    return request.values.get("token")


def _json_body(raw: bytes) -> Json:
    try:
        body = json.loads(raw or b"{}")
    except ValueError as cause:
        raise SlackRefusal("invalid_json") from cause
    if not isinstance(body, dict):
        raise SlackRefusal("json_not_object")
    return body
