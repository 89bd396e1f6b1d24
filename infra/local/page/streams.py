"""Server-sent events: what the page is told without asking."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from werkzeug.wrappers import Response

from infra.local.page.updates import Eyes
from infra.local.slack.feed import Subscription
from infra.local.slack.findings import Json

HEARTBEAT = 2.0
"""Seconds of silence after which something is sent: a page that is gone is noticed by it."""
LOOK = 0.5
"""Seconds between looks at the world and at DRS."""
Told = Callable[[], Json]


class Ending:
    """The end of all streams of a server, told at once to each that waits."""

    def __init__(self) -> None:
        self._come = threading.Event()
        self._waiting: set[Subscription] = set()
        self._lock = threading.Lock()

    @property
    def has_come(self) -> bool:
        """Whether it is over."""
        return self._come.is_set()

    def come(self) -> None:
        """End them all."""
        with self._lock:
            self._come.set()
            for following in self._waiting:
                following.close()

    def wait(self, seconds: float) -> None:
        """Wait for the end, at most so long."""
        self._come.wait(seconds)

    @contextmanager
    def cutting(self, following: Subscription) -> Iterator[None]:
        """Close the subscription when the end comes: look after entering whether it has."""
        with following:
            with self._lock:
                self._waiting.add(following)
            try:
                yield
            finally:
                with self._lock:
                    self._waiting.discard(following)


def stream(events: Iterator[bytes]) -> Response:
    """A response that goes on as long as there are events."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(events, mimetype="text/event-stream", headers=headers)


def person_events(eyes: Eyes, ending: Ending, heartbeat: float) -> Iterator[bytes]:
    """A `snapshot`, and each `change` that the person sees."""
    snapshot, following = eyes.begin()
    with ending.cutting(following):
        yield event("snapshot", snapshot)
        while not ending.has_come:
            change = following.get(timeout=heartbeat)
            if change is None:
                yield b": still here\n\n"
                continue
            for seen in eyes.see(change):
                yield event("change", seen)


def world_events(sources: dict[str, Told], ending: Ending, heartbeat: float) -> Iterator[bytes]:
    """An event for each source, by its name, whenever it tells something else than before."""
    told: dict[str, Json] = {}
    silent_since = time.monotonic()
    while not ending.has_come:
        for name, tell in sources.items():
            news = tell()
            if news != told.get(name):
                told[name] = news
                silent_since = time.monotonic()
                yield event(name, news)
        if time.monotonic() - silent_since > heartbeat:
            silent_since = time.monotonic()
            yield b": still here\n\n"
        ending.wait(LOOK)


def event(name: str, content: Json) -> bytes:
    """One event on the wire."""
    return f"event: {name}\ndata: {json.dumps(content, separators=(',', ':'))}\n\n".encode()
