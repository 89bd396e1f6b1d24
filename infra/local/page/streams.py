"""Server-sent events: what the page is told without asking."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator

from werkzeug.wrappers import Response

from infra.local.page.updates import Eyes
from infra.local.slack.findings import Json

HEARTBEAT = 2.0
"""Seconds of silence after which something is sent: a page that is gone is noticed by it."""
LOOK = 0.5
"""Seconds between looks at the world and at DRS."""
Told = Callable[[], Json]


def stream(events: Iterator[bytes]) -> Response:
    """A response that goes on as long as there are events."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(events, mimetype="text/event-stream", headers=headers)


def person_events(eyes: Eyes, stopping: threading.Event) -> Iterator[bytes]:
    """A `snapshot`, and each `change` that the person sees."""
    snapshot, following = eyes.begin()
    with following:
        yield event("snapshot", snapshot)
        while not stopping.is_set():
            change = following.get(timeout=HEARTBEAT)
            if change is None:
                yield b": still here\n\n"
                continue
            for seen in eyes.see(change):
                yield event("change", seen)


def world_events(sources: dict[str, Told], stopping: threading.Event) -> Iterator[bytes]:
    """An event for each source, by its name, whenever it tells something else than before."""
    told: dict[str, Json] = {}
    silent_since = time.monotonic()
    while not stopping.is_set():
        for name, tell in sources.items():
            news = tell()
            if news != told.get(name):
                told[name] = news
                silent_since = time.monotonic()
                yield event(name, news)
        if time.monotonic() - silent_since > HEARTBEAT:
            silent_since = time.monotonic()
            yield b": still here\n\n"
        stopping.wait(LOOK)


def event(name: str, content: Json) -> bytes:
    """One event on the wire."""
    return f"event: {name}\ndata: {json.dumps(content, separators=(',', ':'))}\n\n".encode()
