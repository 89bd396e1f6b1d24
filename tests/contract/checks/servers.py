"""Real servers on loopback: right, slow, wrong, with certificates good and bad; and a port at which nothing listens."""

from __future__ import annotations

import socket
import ssl
import tempfile
import threading
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.contract.checks.certificates import Authority

LOOPBACK = "127.0.0.1"


class _Handler(BaseHTTPRequestHandler):
    released = threading.Event()

    def do_GET(self) -> None:
        """Answer as the path says; tell by which name the server was asked for."""
        if self.path == "/slow":
            self.released.wait(30)
        if self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            return
        status = 503 if self.path == "/broken" else 302 if self.path == "/moved" else 200
        body = f"status UP for {self.headers['Host']}".encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/health")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class calls it
        """Say nothing."""


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that have gone: some of them do not trust the server, others were too slow."""


class Servers:
    """The ports of the servers, by what they are: `http`, `https`, and `https` with a certificate that is bad."""

    def __init__(self, authority: Authority, ending: ExitStack) -> None:
        self._ending = ending
        ending.callback(_Handler.released.set)
        self.http = self._serve(None)
        self.https = self._serve(authority.server())
        self.wrong_name = self._serve(authority.server("other.example.com"))
        self.expired = self._serve(authority.server(expired=True))
        self.self_signed = self._serve(authority.server(self_signed=True))
        with socket.socket() as nobody:
            nobody.bind((LOOPBACK, 0))
            self.closed = int(nobody.getsockname()[1])

    def _serve(self, certificate: bytes | None) -> int:
        server = _Quiet((LOOPBACK, 0), _Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            folder = Path(self._ending.enter_context(tempfile.TemporaryDirectory()))
            (folder / "server.pem").write_bytes(certificate)
            context.load_cert_chain(folder / "server.pem")
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self._ending.callback(server.server_close)
        self._ending.callback(server.shutdown)
        return server.server_port
