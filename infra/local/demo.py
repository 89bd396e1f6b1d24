"""`make demo`: the simulated workspace in a browser, with the real bot in it."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EADDRINUSE
from pathlib import Path
from typing import NoReturn

from infra.local.loopback import free_port
from infra.local.page.controls import SPEEDS
from infra.local.page.server import BUNDLE, PageServer
from infra.local.people import PEOPLE
from infra.local.world import World

DEFAULT_PORT = 8765
FIRST_PORT, LAST_PORT = 1024, 65535
"""What a user may listen at without being root."""
LOOK = 0.5
"""Seconds between looks at whether a function has failed, or somebody wants to end it."""
ENDINGS = (signal.SIGINT, signal.SIGTERM)


class Ended(Exception):
    """Somebody wants it to end."""


def _end(_number: int, _frame: object) -> None:
    for number in ENDINGS:
        signal.signal(number, _ending_already)
    raise Ended


def _ending_already(_number: int, _frame: object) -> None:
    """A second Ctrl-C must not cut the ending short and leave processes behind.

    SIG_IGN would do, but for a line that Python prints when both signals come at the same moment.
    """


class NoPort(Exception):
    """The page cannot be served at this port."""


def main(arguments: list[str] | None = None) -> int:
    """Run until interrupted; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--port", type=_port, default=DEFAULT_PORT, help="where the page is served; 0 takes a free port"
    )
    parser.add_argument("--speed", type=_speed, default=60.0, help="how many times as fast as wall time, at first")
    parser.add_argument("--bundle", type=Path, default=BUNDLE, help="the folder of the built page")
    options = parser.parse_args(arguments)
    for number in ENDINGS:
        signal.signal(number, _end)
    try:
        with _port_at_hand(options.port):  # asked before the seconds that a world takes to begin
            port = free_port(options.port)
        with World(speed=options.speed) as world:
            _serve(world, port, options.bundle)
    except NoPort as error:
        print(error, file=sys.stderr)
        return 1
    except Ended:
        return 0


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: take one from {FIRST_PORT} to {LAST_PORT}")
    return int(text)


def _speed(text: str) -> float:
    try:
        if 0 <= float(text) <= SPEEDS[-1]:
            return float(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is no speed: take one from 0 to {SPEEDS[-1]}")


@contextmanager
def _port_at_hand(port: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = "is taken" if error.errno == EADDRINUSE else f"cannot be had ({error.strerror})"
        other = port + 1 if FIRST_PORT <= port < LAST_PORT else DEFAULT_PORT
        raise NoPort(f"Port {port} {why}: choose another, as in `make demo PORT={other}`.") from error


def _serve(world: World, port: int, bundle: Path) -> NoReturn:
    with _port_at_hand(port):
        page = PageServer(world, port=port, bundle=bundle)
    with page:
        print(_welcome(page.url), flush=True)
        told = 0
        while True:
            time.sleep(LOOK)
            for failure in world.stack.failures[told:]:
                told += 1
                print(f"a function failed: {failure.function}: {failure.error}", file=sys.stderr, flush=True)


def _welcome(url: str) -> str:
    asker = PEOPLE[0].real_name
    return f"""
  A simulated Slack workspace with the real bot in it: no Slack, no AWS.

      {url}

  As {asker}, type  /drs drill payments  and click Start when the card offers it.
  Then be somebody else, and approve. The panel at the right runs the world.
  Ctrl-C ends it all.
"""


if __name__ == "__main__":
    sys.exit(main())
