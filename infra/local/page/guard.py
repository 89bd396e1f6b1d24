"""What a request to the page's server must be like: from this machine's own page, and nothing else.

A page of another site could else act for the people of the workspace, by a form or by a name that resolves to loopback.
"""

from __future__ import annotations

from werkzeug.wrappers import Request, Response

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def why_refused(request: Request, port: int) -> str | None:
    """Why a request is none of our page's; None lets it in."""
    hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
    if request.host not in hosts:
        return "this server answers to 127.0.0.1 and localhost only"
    origin = request.headers.get("Origin")
    if origin is not None and origin not in {f"http://{host}" for host in hosts}:
        return "a page of another site asks"
    if request.method == "POST" and request.mimetype != "application/json":
        return "only application/json is taken"
    return None


def with_headers(response: Response) -> Response:
    """The response with what every one has."""
    response.headers.update(HEADERS)
    return response
