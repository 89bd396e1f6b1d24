"""A small HTTP server on loopback, in a thread of its own: what the simulators and the page are served by."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any, Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"
POLL_SECONDS = 0.02
"""How often the server looks whether it is to stop; werkzeug would take half a second."""


class LoopbackServer:
    """Serves `app`, a thread for each request. It listens from construction on, until `stop()` or the `with` ends.

    Args:
        app: what answers.
        port: where; 0 takes a free one.
        name: the thread's.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, app: WSGIApplication, *, port: int = 0, name: str = "loopback") -> None:
        self._http: BaseWSGIServer = make_server(
            HOST, free_port(port), app, threaded=True, request_handler=_QuietHandler
        )
        self._thread = threading.Thread(target=self._http.serve_forever, args=(POLL_SECONDS,), name=name, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._http.server_port

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    def stop(self) -> None:
        """Stop listening; harmless when done before."""
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


def free_port(port: int = 0) -> int:
    """The port, seen to be free (0: any that is): where it is not, werkzeug would end the whole process.

    Raises:
        OSError: it is taken, or not for this user.
    """
    with socket.create_server((HOST, port)) as free:
        found: int = free.getsockname()[1]
        return found


class _QuietHandler(WSGIRequestHandler):
    """Says nothing on the terminal."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 (werkzeug's name)
        """Drop the line."""
