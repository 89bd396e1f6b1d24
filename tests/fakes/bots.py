"""Other bots than ours behind the simulated Slack, for what ours does not do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from werkzeug.wrappers import Request, Response

from infra.local.loopback import LoopbackServer
from infra.local.world import World

Answer = Callable[[Request], Response]


@contextmanager
def bot_that(world: World, answer: Answer) -> Iterator[None]:
    """Let another bot answer Slack's requests for a while."""
    app = Request.application(answer)
    before = world.slack.request_url
    with LoopbackServer(app) as server:
        world.slack.request_url = f"{server.url}/slack/events"
        try:
            yield
        finally:
            world.slack.request_url = before


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
