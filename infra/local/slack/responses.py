"""HTTP answers of the simulated Slack, the missing one included."""

from __future__ import annotations

import json
from http import HTTPStatus

from werkzeug.wrappers import Response

from infra.local.slack.findings import Json


class ConnectionCut(ConnectionError):
    """Close the connection without an answer."""


def json_response(body: Json, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """A JSON answer as Slack sends it."""
    return Response(json.dumps(body), status, content_type="application/json; charset=utf-8")
