"""Opening a form is tried once, and not for longer than a click can wait."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

import pytest

from bot.slack.modals.opening import NO_ANSWER, TIMEOUT, FormNotOpened, open_form, web_client
from bot.views.modals.told import refused

VIEW = refused("You may not.")


@dataclass
class Line:
    """Somebody who takes calls, and says nothing or hangs up."""

    hangs_up: bool
    socket: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    calls: int = 0
    over: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/api/"

    def serve(self) -> None:
        held = []
        while not self.over.is_set():
            try:
                caller, _ = self.socket.accept()
            except OSError:
                break
            self.calls += 1
            caller.recv(65_536)
            if self.hangs_up:
                caller.close()
            else:
                held.append(caller)
        for caller in held:
            caller.close()


@contextmanager
def line(*, hangs_up: bool) -> Iterator[Line]:
    running = Line(hangs_up)
    thread = Thread(target=running.serve)
    thread.start()
    try:
        yield running
    finally:
        running.over.set()
        running.socket.shutdown(socket.SHUT_RDWR)
        running.socket.close()
        thread.join()


@pytest.mark.parametrize("hangs_up", [True, False], ids=["hangs up", "says nothing"])
def test_whoever_does_not_answer_is_called_once_and_not_waited_for(*, hangs_up: bool) -> None:
    with line(hangs_up=hangs_up) as slack:
        began = time.monotonic()
        with pytest.raises(FormNotOpened, match=NO_ANSWER):
            open_form(web_client(slack.url), {"trigger_id": "1.2.3"}, VIEW)
        assert time.monotonic() - began < TIMEOUT + 1
        assert slack.calls == 1


def test_an_address_at_which_nobody_listens_is_no_answer() -> None:
    with line(hangs_up=True) as slack:
        url = slack.url
    with pytest.raises(FormNotOpened, match=NO_ANSWER):
        open_form(web_client(url), {"trigger_id": "1.2.3"}, VIEW)
