"""Other bots than ours behind the simulated Slack, for what ours does not do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from infra.local.world import World

Answer = Callable[[Request], Response]


class QuietHandler(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 (werkzeug's name)
        """Keep the test's output clean."""


@contextmanager
def bot_that(world: World, answer: Answer) -> Iterator[None]:
    """Let another bot answer Slack's requests for a while."""
    app = Request.application(answer)
    http = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    before, world.slack.request_url = world.slack.request_url, f"http://127.0.0.1:{http.server_port}/slack/events"
    try:
        yield
    finally:
        world.slack.request_url = before
        http.shutdown()
        thread.join()
        http.server_close()


@contextmanager
def late_bot(world: World) -> Iterator[None]:
    """A bot that answers nothing until it is no longer asked."""
    over = threading.Event()

    def wait(_request: Request) -> Response:
        over.wait(30)
        return Response("")

    try:
        with bot_that(world, wait):
            yield
            over.set()
    finally:
        over.set()
