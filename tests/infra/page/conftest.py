from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from infra.local import drs
from infra.local.aws.ministack import Ministack
from infra.local.page.server import PageServer
from infra.local.world import World
from tests.scenarios.pace import QUICK

CHANNEL = "C0DRILLS01"
ADA, GRACE, MALLORY = "U0ADA00001", "U0GRACE001", "U0MALLORY1"
PATIENCE = 20.0


@dataclass
class Stream:
    """A stream of the server's events, read by a thread of its own."""

    response: HTTPResponse
    connection: HTTPConnection
    events: queue.SimpleQueue[tuple[str, Any]] = field(default_factory=queue.SimpleQueue)
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        name = ""
        try:
            for line in self.response:
                field_name, _, value = line.decode().rstrip("\n").partition(": ")
                if field_name == "event":
                    name = value
                elif field_name == "data":
                    self.events.put((name, json.loads(value)))
        finally:
            self.ended.set()

    def next(self, name: str) -> Any:
        """The next event of that name; others are passed over."""
        while True:
            found, content = self.events.get(timeout=PATIENCE)
            if found == name:
                return content

    def change(self, kind: str) -> Any:
        """The next change of that kind."""
        while (change := self.next("change"))["kind"] != kind:
            continue
        return change

    def close(self) -> None:
        self.connection.close()


@dataclass
class Page:
    """The page's server, asked as the page asks it."""

    server: PageServer
    world: World

    @property
    def host(self) -> str:
        return self.server.url.removeprefix("http://")

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status, and the content: of JSON what it says, else the response."""
        connection = HTTPConnection(self.host, timeout=PATIENCE)
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        given = {"Content-Type": "application/json"} if body is not None else {}
        connection.request(method, path, sent, given | {name.replace("_", "-"): text for name, text in headers.items()})
        response = connection.getresponse()
        content = response.read()
        if response.headers.get_content_type() == "application/json":
            return response.status, json.loads(content)
        return response.status, (content, response.headers)

    def get(self, path: str) -> Any:
        status, content = self.ask("GET", path)
        assert status == 200, content
        return content

    def act(self, who: str, act: str, **fields: Any) -> Any:
        status, content = self.ask("POST", "/api/act", {"as": who, "act": act, **fields})
        assert status == 200, content
        return content

    def order(self, order: str, **fields: Any) -> Any:
        status, content = self.ask("POST", "/api/world", {"order": order, **fields})
        assert status == 200, content
        return content

    def stream(self, path: str) -> Stream:
        connection = HTTPConnection(self.host, timeout=PATIENCE)
        connection.request("GET", path)
        response = connection.getresponse()
        assert response.status == 200
        return Stream(response, connection)

    def updates(self, who: str) -> Stream:
        return self.stream(f"/api/updates?as={who}")


def is_on(world: Any, name: str) -> bool:
    """Whether the panel shows a trouble, of the whole or of a server."""
    of_servers = [name for names in world["serverFaults"].values() for name in names]
    return name in of_servers or any(fault["isOn"] for fault in world["faults"] if fault["name"] == name)


@pytest.fixture(scope="module")
def world(ministack: Ministack) -> Iterator[World]:
    with World(speed=120, ministack=ministack) as world:
        drs.configure(world.account, world.region, drs.Settings(pace=QUICK))
        yield world


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>the page</title>")
    (folder / "assets" / "app.js").write_text("console.log('here')")
    (folder.parent / "secret.txt").write_text("not for the page")
    return folder


@pytest.fixture
def page(world: World, bundle: Path) -> Iterator[Page]:
    with PageServer(world, bundle=bundle) as server:
        yield Page(server, world)
        Page(server, world).order("mend")
        Page(server, world).order("speed", speed=120)
