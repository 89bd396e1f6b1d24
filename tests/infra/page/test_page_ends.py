"""Streams, the server and the demo end when they should, and leave nothing behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from infra.local.page.server import PageServer
from infra.local.world import PROJECT, World
from tests.infra.page.conftest import ADA, GRACE, PATIENCE, Page

STARTS_WITHIN = 60
FUNCTIONS = 5
"""Each has a process of its own, at least."""


def test_the_server_stops_with_streams_open(world: World) -> None:
    server = PageServer(world)
    page = Page(server, world)
    streams = [page.updates(ADA), page.updates(GRACE), page.stream("/api/world/updates")]
    for stream, first in zip(streams, ("snapshot", "snapshot", "drs"), strict=True):
        stream.next(first)
    stopping = threading.Thread(target=server.stop)
    stopping.start()
    stopping.join(PATIENCE)
    assert not stopping.is_alive()
    assert all(stream.ended.wait(PATIENCE) for stream in streams)


def test_the_end_waits_for_no_heartbeat(world: World) -> None:
    with PageServer(world, heartbeat=10 * PATIENCE) as server:
        stream = Page(server, world).updates(ADA)
        stream.next("snapshot")
    assert stream.ended.wait(PATIENCE)


def test_a_page_that_is_closed_is_noticed_and_let_go(world: World) -> None:
    followers = world.slack.state.feed._followers
    before = len(followers)
    with PageServer(world, heartbeat=0.05) as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), PATIENCE) as window:
            window.sendall(f"GET /api/updates?as={ADA} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            assert window.recv(1)
            world.stack.wait_until(lambda: len(followers) == before + 1, PATIENCE)
        world.stack.wait_until(lambda: len(followers) == before, PATIENCE)


def test_a_port_that_is_taken_is_an_error(page: Page) -> None:
    with pytest.raises(OSError, match="in use"):
        PageServer(page.world, port=int(page.host.partition(":")[2]))


# ---------------------------------------------------------------------- make demo


def demo(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "infra.local.demo", *arguments]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own code


def processes() -> dict[int, int]:
    """Every process of the machine, with its parent."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout  # noqa: S607 - wherever it is
    return {int(pid): int(parent) for pid, parent in map(str.split, listed.splitlines())}


def started_by(process: int) -> set[int]:
    """A process with all that it has started, and they in turn."""
    parents, found = processes(), {process}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def test_the_demo_says_where_it_is_and_ends_with_all_it_has_started() -> None:
    with demo("--port", "0") as running:
        assert running.stdout
        said = ""
        give_up = time.monotonic() + STARTS_WITHIN
        while "Ctrl-C" not in said and time.monotonic() < give_up:
            said += running.stdout.readline()
        started = started_by(running.pid)
        for ending in (signal.SIGTERM, signal.SIGINT):  # the impatient press it twice
            running.send_signal(ending)
        assert running.wait(PATIENCE) == 0
        assert running.stderr
        assert running.stderr.read() == ""
    assert "http://127.0.0.1:" in said
    assert "/drs drill payments" in said
    assert len(started) > FUNCTIONS
    world_ends = time.monotonic() + PATIENCE
    while left := started & set(processes()):
        assert time.monotonic() < world_ends, left


@pytest.mark.parametrize(
    ("port", "said"), [("taken", "is taken: choose another, as in `make demo PORT="), ("70000", "is no port")]
)
def test_a_port_that_cannot_be_had_is_told_in_one_line(page: Page, port: str, said: str) -> None:
    with demo("--port", page.host.partition(":")[2] if port == "taken" else port) as refused:
        out, error = refused.communicate(timeout=PATIENCE)
    assert refused.returncode != 0
    assert said in error.splitlines()[-1]
    assert "Traceback" not in error
    assert out == ""


def test_a_speed_that_the_panel_does_not_have_is_refused() -> None:
    with demo("--speed", "601") as refused:
        _, error = refused.communicate(timeout=PATIENCE)
    assert refused.returncode != 0
    assert "is no speed" in error.splitlines()[-1]
