"""The page in a real Chromium, with the whole world behind it. A story uses it as people do: by name and by role."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from infra.local import drs
from infra.local.aws.ministack import Ministack
from infra.local.page.server import PageServer
from infra.local.world import World
from tests.browser.window import Window
from tests.scenarios.pace import QUICK

SPEED = 120
DESK: ViewportSize = {"width": 1440, "height": 900}
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-component-update",
    "--disable-background-networking",
    "--no-first-run",
)
Open = Callable[..., Window]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=SWITCHES)


@pytest.fixture
def world(ministack: Ministack) -> Iterator[World]:
    with World(speed=SPEED, ministack=ministack) as world:
        drs.configure(world.account, world.region, drs.Settings(pace=QUICK))
        yield world


@pytest.fixture
def page_server(world: World) -> Iterator[PageServer]:
    with PageServer(world) as server:
        yield server


@pytest.fixture
def open_window(browser: Browser, page_server: PageServer) -> Iterator[Open]:
    """Open the page: `open_window(who="Grace")`. No window may have logged an error when its story is over."""
    windows: list[Window] = []

    def open_one(who: str = "Ada", size: ViewportSize = DESK) -> Window:
        context = browser.new_context(viewport=size, locale="en-GB", timezone_id="UTC", reduced_motion="reduce")
        window = Window(context.new_page())
        windows.append(window)
        window.go(page_server.url)
        if who != "Ada":
            window.become(who)
        return window

    yield open_one
    complaints = [complaint for window in windows for complaint in window.complaints]
    for window in windows:
        window.page.context.close()
    assert complaints == []


@pytest.fixture
def ada(open_window: Open) -> Window:
    """Ada's window: she is who the page begins as."""
    return open_window()


AXE = Path(__file__).parents[2] / "infra" / "local" / "web" / "node_modules" / "axe-core" / "axe.min.js"
