"""`make demo`: the simulated workspace in a browser, with the real bot in it."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path

from infra.local.page.server import BUNDLE, PageServer
from infra.local.people import PEOPLE
from infra.local.world import World

LOOK = 0.5
"""Seconds between looks at whether a function has failed, or somebody wants to end it."""


class Ended(Exception):
    """Somebody wants it to end."""


def _end(_number: int, _frame: object) -> None:
    raise Ended


def main(arguments: list[str] | None = None) -> int:
    """Run until interrupted; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8765, help="where the page is served; 0 takes a free port")
    parser.add_argument("--speed", type=float, default=60.0, help="how many times as fast as wall time, at first")
    parser.add_argument("--bundle", type=Path, default=BUNDLE, help="the folder of the built page")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    try:
        with World(speed=options.speed) as world:
            return _serve(world, options.port, options.bundle)
    except Ended:
        return 0


def _serve(world: World, port: int, bundle: Path) -> int:
    try:
        page = PageServer(world, port=port, bundle=bundle)
    except OSError:
        print(f"Port {port} is taken: choose another, as in `make demo PORT={port + 1}`.", file=sys.stderr)
        return 1
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
